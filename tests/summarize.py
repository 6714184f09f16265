#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Print `N passed, N failed, N skipped` for the test logs of meson builds.

Counts single cases where a test program reports them (TAP of GLib tests, the
closing line of gst-check), and the program itself elsewhere. A log that is not
there, as the build ended before it, is a failure.

    tests/summarize.py BUILD/meson-logs/testlog.json...
"""

import json
import re
import sys

TAP_CASE = re.compile(r"^\s*(not )?ok \d+.*?(# SKIP.*)?$", re.IGNORECASE | re.M)
CHECK_SUMMARY = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), "
                           r"Errors: (\d+)", re.M)


def count(test: dict) -> tuple[int, int, int]:
    """Return (passed, failed, skipped) of one entry of a test log."""
    if test["result"] == "SKIP":
        return 0, 0, 1
    failed_program = test["result"] not in ("OK", "EXPECTEDFAIL")
    output = test.get("stdout", "")
    passed = failed = skipped = 0
    for not_ok, skip in TAP_CASE.findall(output):
        if skip:
            skipped += 1
        elif not_ok:
            failed += 1
        else:
            passed += 1
    for checks, failures, errors in CHECK_SUMMARY.findall(output):
        failed += int(failures) + int(errors)
        passed += int(checks) - int(failures) - int(errors)
    # A program that dies, or that counts nothing, is one case.
    if failed_program:
        failed = max(failed, 1)
    elif passed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def counts_of(path: str) -> list[tuple[int, int, int]]:
    """Return the counts of all entries of a test log."""
    try:
        with open(path, encoding="utf-8") as log:
            return [count(json.loads(line)) for line in log]
    except FileNotFoundError:
        return [(0, 1, 0)]


def main() -> int:
    totals = [0, 0, 0]
    for path in sys.argv[1:]:
        for counts in counts_of(path):
            totals = [a + b for a, b in zip(totals, counts)]
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
