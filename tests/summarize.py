#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Print `N passed, N failed, N skipped` for the test logs of meson builds.

Before that, what failed is shown, with the end of what it printed. Counts single
cases where a test program reports them (TAP of GLib tests, the closing line of
gst-check), and the program itself elsewhere. A log that is not there, as the build
ended before it, is a failure.

    tests/summarize.py BUILD/meson-logs/testlog.json...
"""

import json
import re
import sys

TAP_CASE = re.compile(r"^\s*(not )?ok \d+.*?(# SKIP.*)?$", re.IGNORECASE | re.M)
CHECK_SUMMARY = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), "
                           r"Errors: (\d+)", re.M)

FAILED_CASE = re.compile(r"^\s*not ok |^Bail out!|.*:[FE]:|^(FAIL|ERROR): ")
END_LINES = 20
MAX_COLUMNS = 200


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


def describe(test: dict) -> str:
    """Return what a failed entry of a test log has to say."""
    lines = (test.get("stdout", "").splitlines() +
             test.get("stderr", "").splitlines())
    end = max(len(lines) - END_LINES, 0)
    # Which cases failed, and how the program ended.
    shown = [line for line in lines[:end] if FAILED_CASE.match(line)]
    shown += lines[end:]
    return "\n".join([f"{test['name']}: {test['result']} after "
                      f"{test['duration']:.0f} s"] +
                     ["  " + line[:MAX_COLUMNS] for line in shown])


def read_log(path: str) -> list[dict]:
    """Return the entries of a test log."""
    try:
        with open(path, encoding="utf-8") as log:
            return [json.loads(line) for line in log]
    except FileNotFoundError:
        return [{"name": path, "result": "MISSING", "duration": 0}]


def main() -> int:
    totals = [0, 0, 0]
    for path in sys.argv[1:]:
        for test in read_log(path):
            counts = count(test)
            totals = [a + b for a, b in zip(totals, counts)]
            if counts[1]:
                print(describe(test))
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
