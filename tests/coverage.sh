#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Runs the tests in a build that counts which lines run, and prints the share of
# lines and of branches for each folder of the code, and for all of it.
#
#   coverage.sh [ARGUMENT...]    arguments go to meson test, such as
#                                --suite unit
#
# Builds in build-coverage/; the report of each line is
# build-coverage/coverage.html. The case `no_space` of the test convert fails
# here, as the counts cannot be written either.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-coverage

"$root/pipelines/install-packages.sh" build run test coverage
[ -f "$build/build.ninja" ] || meson setup "$build" "$root" \
  -Db_coverage=true -Doptimization=1 -Dtests=enabled -Drtsp-server=enabled \
  -Dconverter=enabled
meson compile -C "$build"
find "$build" -name '*.gcda' -delete # counts of the run before
meson test -C "$build" --no-rebuild "$@" || true

gcovr --root "$root" --object-directory "$build" \
  --filter "$root/src/" --filter "$root/gst-plugin/" \
  --filter "$root/pipelines/" --exclude-throw-branches \
  --gcov-ignore-parse-errors --json-summary "$build/coverage.json" \
  --html-details "$build/coverage.html" >/dev/null
exec /usr/bin/python3 - "$build/coverage.json" <<'END'
import collections
import json
import os
import sys

with open(sys.argv[1]) as file:
    report = json.load(file)
rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
for entry in report["files"]:
    for room in os.path.dirname(entry["filename"]), "all":
        for i, key in enumerate(("line_covered", "line_total",
                                 "branch_covered", "branch_total")):
            rooms[room][i] += entry[key]
print(f"{'folder':24}{'lines':>8}{'branches':>10}")
for room, (lines, n_lines, branches, n_branches) in sorted(
        rooms.items(), key=lambda item: (item[0] == "all", item[0])):
    print(f"{room:24}{100 * lines / max(n_lines, 1):7.1f}%"
          f"{100 * branches / max(n_branches, 1):9.1f}%")
END
