#!/usr/bin/env python3
"""Checks the locked dependencies: none may be yanked, none may have a known vulnerability.

What is yanked the registry knows, and cargo tells it when it packs a crate. Vulnerabilities are in the RustSec database, which no package
ships; WAQIA_ADVISORY_DB names a checkout of https://github.com/rustsec/advisory-db, without it they are not looked for.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def yanked():
    with tempfile.TemporaryDirectory() as target:
        command = ["cargo", "package", "--no-verify", "--allow-dirty", "--locked", "--target-dir", target]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo package failed:\n{done.stderr}")
    return [line for line in done.stderr.splitlines() if "is yanked" in line]


def numbers(version):
    """Major, minor, patch; a part that is not named is 0. Pre-releases count as the release."""
    parts = re.match(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?", version).groups()
    return tuple(int(part or 0) for part in parts)


def fits(version, requirement):
    """Whether a version is one of those that a requirement of an advisory names, such as ">= 1.2.3, < 2"."""
    for part in requirement.split(","):
        operator, named = re.match(r"\s*(>=|<=|>|<|=|\^|~)?\s*([\d.]+)", part).groups()
        limit = numbers(named)
        if operator in (None, "^"):
            first = next((i for i, n in enumerate(limit) if n), 2)
            holds = limit <= version < tuple(n + 1 if i == first else n * (i < first) for i, n in enumerate(limit))
        elif operator == "~":
            holds = limit <= version < (limit[0], limit[1] + 1, 0)
        else:
            holds = {">=": version >= limit, "<=": version <= limit, ">": version > limit, "<": version < limit, "=": version == limit}[operator]
        if not holds:
            return False
    return True


def advisories(database, packages):
    """Pairs of whether it is a vulnerability and what is to be said."""
    for package in packages:
        version = numbers(package["version"])
        for file in sorted(database.glob(f"crates/{package['name']}/*.md")):
            text = file.read_text()
            front = tomllib.loads(re.search(r"```toml\n(.*?)\n```", text, re.S).group(1))
            advisory, versions = front["advisory"], front.get("versions", {})
            safe = [*versions.get("patched", []), *versions.get("unaffected", [])]
            if advisory.get("withdrawn") or any(fits(version, requirement) for requirement in safe):
                continue
            title = re.search(r"^# (.*)", text, re.M).group(1)
            kind = advisory.get("informational")
            patched = ", ".join(versions.get("patched", [])) or "none"
            yield kind is None, f"{package['name']} {package['version']}: {advisory['id']} ({kind or 'vulnerability'}) {title}; patched: {patched}"


def main():
    faults = yanked()
    packages = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    named = os.environ.get("WAQIA_ADVISORY_DB")
    if named:
        database = Path(named)
        if not (database / "crates").is_dir():
            sys.exit(f"WAQIA_ADVISORY_DB={named}: there is no folder crates in it")
        for is_vulnerability, text in advisories(database, packages):
            print(text)
            if is_vulnerability:
                faults.append(text)
    else:
        print("advisories are not looked for: WAQIA_ADVISORY_DB names no checkout of rustsec/advisory-db")
    print(f"{len(packages)} packages, {len(faults)} that must be changed")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
