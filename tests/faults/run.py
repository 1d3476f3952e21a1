#!/usr/bin/env python3
"""Runs the fault tests: `run.py [--long] [NAME…]`; NAME is part of a file's, class's or test's name.

They need Python 3.11 and nothing else. The program under test is WAQIA_BIN, else target/debug/waqia, with --long target/release/waqia.
"""

import os
import sys
import unittest
from pathlib import Path


def flat(suite):
    for item in suite:
        yield from flat(item) if isinstance(item, unittest.TestSuite) else [item]


def main():
    arguments = sys.argv[1:]
    if "--long" in arguments:
        arguments.remove("--long")
        os.environ["WAQIA_LONG"] = "1"
    folder = Path(__file__).resolve().parent
    sys.path.insert(0, str(folder))
    import common  # after WAQIA_LONG is set

    if not Path(common.BINARY).exists():
        sys.exit(f"{common.BINARY} is not there: cargo build{' --release' if common.LONG else ''} makes it, WAQIA_BIN names another")
    tests = [test for test in flat(unittest.defaultTestLoader.discover(str(folder))) if not arguments or any(name in test.id() for name in arguments)]
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(tests))
    n_failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"faults: {result.testsRun - n_failed - len(result.skipped)} passed, {n_failed} failed, {len(result.skipped)} skipped")
    sys.exit(1 if n_failed or not result.testsRun else 0)


if __name__ == "__main__":
    main()
