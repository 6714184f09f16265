#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Installs what the tests need, builds, and runs them all.
# Ends with a line "N passed, N failed, N skipped".
#
#   tests/run.sh               build in build/ and test
#   tests/run.sh --sanitize    the same in build-asan/ under AddressSanitizer
#                              and UndefinedBehaviorSanitizer
#   tests/run.sh [--sanitize] --build    build only
set -euo pipefail

usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"
}

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build
options=(-Dtests=enabled -Drtsp-server=enabled -Dweb=enabled -Dmqtt=enabled
  -Dconverter=enabled -Dwerror=true)
test_options=()
case "${1:-}" in
  --sanitize)
    build=$root/build-asan
    # Plugins leave symbols to the program that loads them.
    options+=('-Db_sanitize=address,undefined' -Db_lundef=false)
    # The program that g-ir-scanner makes of the library leaks on its own.
    options+=(-Dintrospection=disabled)
    test_options+=(--wrapper "$root/tests/under-sanitizers.sh")
    ;;
  -h | --help)
    usage
    exit 0
    ;;
  '' | --build) ;;
  *)
    usage >&2
    exit 2
    ;;
esac
[ "${1:-}" != --sanitize ] || shift

log=$build/meson-logs/testlog.json
rm -f "$log" # of the run before: this one may not come to its tests
"$root/pipelines/install-packages.sh" build run test
if [ -f "$build/build.ninja" ]; then
  meson configure "$build" "${options[@]}"
else
  meson setup "$build" "$root" "${options[@]}"
fi
meson compile -C "$build"
[ "${1:-}" != --build ] || exit 0

# The summary below decides, and also says how many cases there were. Meson names
# the log for the wrapper, if there is one.
meson test -C "$build" --no-rebuild --print-errorlogs "${test_options[@]}" \
  || true
for own_log in "${log%.json}"-*.json; do
  [ ! -e "$own_log" ] || mv "$own_log" "$log"
done
exec "$root/tests/summarize.py" "$log"
