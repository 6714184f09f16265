#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Runs a test program, and once more if LeakSanitizer itself crashed while it
# looked for leaks, which it rarely does: that says nothing about the program. A
# second crash counts.
#
#   meson test --wrapper tests/under-sanitizers.sh
# shellcheck disable=SC2317 # trap calls show()
set -uo pipefail

folder=$(mktemp -d)

# Also of a program that is ended because its time is over.
show() {
  cat "$folder/stdout"
  cat "$folder/stderr" >&2
  rm -rf "$folder"
}
trap show EXIT
trap 'exit 143' TERM

run() {
  "$@" >"$folder/stdout" 2>"$folder/stderr"
}

is_lost() {
  grep -q 'LeakSanitizer has encountered a fatal error' "$folder"/std*
}

status=0
run "$@" || status=$?
if [ "$status" -ne 0 ] && is_lost; then
  echo '# LeakSanitizer crashed: once more.'
  status=0
  run "$@" || status=$?
fi
exit "$status"
