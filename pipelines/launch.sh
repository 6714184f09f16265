# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash disable=SC2034,SC2154 # shared with annotate.sh
# Sourced by annotate.sh: runs pipelines, of which it shows the progress and the
# first error, and which Ctrl-C ends in an orderly way.

# For what is small and may have to wait for the start of others. (A sink with
# async=false may miss that, and with it the end.)
unlimited=(queue max-size-time=0 max-size-bytes=0 max-size-buffers=0)
launch=
launch_options=(-q)
interrupted=no
signalled=no
ends_early=no

# Ends the script and the pipeline, with nothing done.
stop() {
  trap '' HUP INT TERM
  [ -z "$launch" ] || kill "$launch" 2>/dev/null || true
  wait
  complain "Interrupted. $out is as it was."
  exit "$1"
}

# The first Ctrl-C ends the film, if there is one. The pipeline is in a session of
# its own, so it has not been told by the terminal already.
interrupt() {
  signalled=yes
  [ "$ends_early" = yes ] || stop 130
  interrupted=yes
  ends_early=no
  complain 'Interrupted: the film ends here. Ctrl-C once more drops it.'
  kill -INT "$launch" 2>/dev/null || true
}

handle_signals() {
  trap interrupt INT
  trap 'stop 129' HUP
  trap 'stop 143' TERM
}

# run_pipeline FOLDER ELEMENT...: waits for its end, and fails with the reason if
# it does not go well. FOLDER is for what it prints. If the script is killed, the
# pipeline ends as well.
run_pipeline() {
  local folder=$1 status reporter

  shift
  exec 9> >(report "$folder/messages")
  reporter=$!
  LANGUAGE=en setsid setpriv --pdeathsig TERM \
    gst-launch-1.0 "${launch_options[@]}" -e "$@" >&9 2>&1 9>&- </dev/null &
  launch=$!
  exec 9>&-
  while
    signalled=no status=0
    wait "$launch" || status=$?
    [ "$signalled" = yes ]
  do :; done
  launch=
  wait "$reporter" || true
  [ "$status" -eq 0 ] || [ "$interrupted" = no ] || stop 130
  [ "$status" -eq 0 ] \
    || fail "$in could not be annotated: $(reason "$folder/messages" "$status")"
}

# report FILE: shows progress and warnings as they come, and writes the rest into
# a file.
report() {
  local line

  trap '' HUP INT
  while IFS= read -r line; do
    if [[ "$line" =~ ^progress\ .*:\ ([0-9]+)(\ /\ ([0-9]+))?\ seconds ]]; then
      show_progress "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]:-0}"
    elif [[ "$line" =~ ^WARNING:\ from\ element\ [^\ ]*:\ (.*) ]]; then
      complain "${BASH_REMATCH[1]}"
    else
      printf '%s\n' "$line"
    fi
  done >"$1"
  [ ! -t 2 ] || printf '\r\e[K' >&2
}

# Prints the element that reports how far the film is: every two seconds on a
# terminal, seldom into a file.
progress() {
  local seconds=30

  [ ! -t 2 ] || seconds=2
  echo progressreport name=progress do-query=false "update-freq=$seconds" \
    "silent=$([ "$quiet" = yes ] && echo true || echo false)"
}

clock() {
  printf '%d:%02d:%02d' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60))
}

# show_progress DONE ALL: in seconds of the film; ALL may be 0, for unknown.
show_progress() {
  local text

  text="$(clock "$1") done"
  if (($2 > 0 && $1 > 0 && $1 <= $2)); then
    text="$(clock "$1") of $(clock "$2") ($(($1 * 100 / $2)) %), "
    text+="$(clock $((SECONDS * ($2 - $1) / $1))) left"
  fi
  if [ -t 2 ]; then
    printf '\r%s: %s\e[K' "${0##*/}" "$text" >&2
  else
    complain "$text"
  fi
}

# reason FILE STATUS: the first error of gst-launch-1.0, with its detail.
reason() {
  local message detail

  message=$(sed -n -e 's/^ERROR: \(from element [^ ]*: \)\{0,1\}//p' \
    -e 's/^WARNING: erroneous pipeline: //p' "$1" | head -n 1)
  detail=$(sed -n '/^Additional debug info:/{n;n;p;q}' "$1")
  echo "${message:-the pipeline ended with status $2.}${detail:+ ($detail)}"
}
