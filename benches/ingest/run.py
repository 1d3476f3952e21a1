#!/usr/bin/env python3
"""How fast `waqia ingest` fills one base, and what it takes: documents a second for each tenth, processor time, peak memory, size of the file.

    benches/ingest/run.py [--documents 100000] [--folder DIR] BINARY [BINARY]

Each binary fills a base of its own with the same made-up texts (`texts.py`), a tenth in each run of the program. Two binaries take turns, tenth
by tenth, so that what else the machine does hits both. The times are those of the whole process, its start and its end included.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import texts

PARTS = 10


def ingest(binary, base, source):
    """Seconds by the clock, of the processor, and peak memory in MiB of one run."""
    began = time.monotonic()
    child = subprocess.Popen([binary, "ingest", "--database", base, source], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = child.stdout.read() + child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{binary}: {output.decode(errors='replace')[-800:]}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", nargs="+", metavar="BINARY")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where texts and bases go; a temporary folder without it")
    given = parser.parse_args()
    folder = Path(given.folder or tempfile.mkdtemp(prefix="waqia-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    bases = [folder / f"base-{n}.db" for n in range(len(given.binaries))]
    for left in [left for base in bases for left in folder.glob(f"{base.name}*")]:
        left.unlink()
    newsroom, each = texts.Newsroom(given.seed), given.documents // PARTS
    source, rates, size = folder / "part.ndjson", [[] for _ in bases], 0
    print(f"{'tenth':>5}  {'binary':>6}  {'documents/s':>11}  {'ms of CPU':>9}  {'peak MiB':>8}  {'kB/document':>11}")
    for part in range(1, PARTS + 1):
        size += texts.write(source, each, newsroom)
        for n, (binary, base) in enumerate(zip(given.binaries, bases)):
            seconds, cpu, peak = ingest(binary, base, source)
            rates[n].append(each / seconds)
            kept = base.stat().st_size / 1000 / (each * part)
            print(f"{part:>5}  {n + 1:>6}  {each / seconds:>11.0f}  {1000 * cpu / each:>9.2f}  {peak:>8.0f}  {kept:>11.1f}", flush=True)
    print(f"\n{each * PARTS} documents, {size / each / PARTS:.0f} bytes of text each")
    for n, binary in enumerate(given.binaries):
        overall = PARTS / sum(1 / rate for rate in rates[n])
        print(f"{n + 1} ({binary}): {overall:.0f} documents/s, the last tenth {100 * rates[n][-1] / rates[n][0]:.0f} % of the first")
    if not given.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
