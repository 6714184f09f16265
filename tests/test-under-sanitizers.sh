#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# under-sanitizers.sh: what it repeats, and what it leaves as it is.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=pipelines/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/pipelines/lib.sh"

runs=$folder/runs

# crash TIMES: fails as a program whose search for leaks crashes, so many times.
crash() {
  echo run >>"$runs"
  if (($(wc -l <"$runs") <= $1)); then
    echo 'not ok 1'
    echo '==1==LeakSanitizer has encountered a fatal error.' >&2
    return 1
  fi
  echo 'ok 1'
}

leak() {
  echo run >>"$runs"
  echo '==1==ERROR: LeakSanitizer: detected memory leaks' >&2
  return 23
}

be_ended() {
  echo run >>"$runs"
  echo begun
  kill -TERM "$PPID" "$BASHPID"
}

export -f crash leak be_ended
export runs

# ends STATUS RUNS PATTERN COMMAND: run under the script, the command is run so
# many times, and ends so; what it prints is there.
ends() {
  local status=0

  : >"$runs"
  "${BASH_SOURCE[0]%/*}/under-sanitizers.sh" bash -c "$4" \
    >"$folder/output" 2>&1 || status=$?
  [ "$status" -eq "$1" ] && [ "$(wc -l <"$runs")" -eq "$2" ] \
    && grep -qe "$3" "$folder/output"
}

is_judged_by_last_run() {
  ends 0 2 '^ok 1' 'crash 1' && ! grep -q '^not ok' "$folder/output"
}

check 'a pass' ends 0 1 '^ok 1' 'crash 0'
check 'a search that crashed is repeated' is_judged_by_last_run
check 'once' ends 1 2 '^not ok 1' 'crash 9'
check 'a leak is not' ends 23 1 'detected memory leaks' leak
check 'a program that is ended has its output' ends 143 1 '^begun' \
  be_ended
finish
