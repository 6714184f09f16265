#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Draws activation maps into many recordings, on all cores, or on several machines.
#
#   annotate-many.sh [OPTION...] [--] FROM TO [PROPERTY=VALUE...]
#
#   --to KIND           mp4 (default), mkv or webm
#   --json              also writes the faces and predictions of each picture
#   --jobs N            so many at a time on each machine (default: its cores)
#   --sshlogin MACHINE  a machine to use, as GNU parallel wants it: 8/user@host; :
#                       is this one. May be given several times. All machines
#                       must have this folder, FROM and TO at the same places.
#   --list-only         only writes the list, for a Slurm array
#                       (pipelines/annotate-many-slurm.sh)
#
# FROM is a folder, of which all recordings are taken, also from folders in it; or
# a file that names one in each line; or - for such lines from the standard input.
# They may be URLs. PROPERTY=VALUE is as for annotate.sh.
#
# The results have the same names in the folder TO, with the ending added if it is
# another: films/a.mov becomes TO/a.mov.mp4. There are also
#   annotate-many.list       the recordings and results, new ones at the end
#   annotate-many.log        what has been done: the job log of GNU parallel
#   annotate-many.messages   errors and warnings
#
# A recording that fails stops nothing. The same command again goes on where it
# was stopped, and tries again what failed.
#
# Ends with 1 if a recording failed, 2 if the command line is wrong, and 130 after
# Ctrl-C.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source-path=SCRIPTDIR source=recording.sh
source "$(dirname "${BASH_SOURCE[0]}")/recording.sh"

endings='mp4|m4v|mov|mkv|webm|avi|ts|mts|m2ts|mpg|mpeg|vob|wmv|asf|flv|3gp|3g2|ogv|mxf|dv'
kind=mp4
jobs=100%
machines=()
options=(--quiet --threads 1)
list_only=no
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --json) options+=(--json) ;;
    --list-only) list_only=yes ;;
    --to | --jobs | --sshlogin)
      [ $# -ge 2 ] || fail_usage "$1 needs a value."
      case "$1" in
        --to) kind=$2 ;;
        --jobs) jobs=$2 ;;
        --sshlogin) machines+=(--sshlogin "$2") ;;
      esac
      shift
      ;;
    --)
      shift
      break
      ;;
    -?*) fail_usage "There is no option $1." ;;
    *) break ;;
  esac
  shift
done
if [ $# -lt 2 ]; then
  usage >&2
  exit 2
fi
from=$1
to=$2
shift 2
read_properties "$@"
[[ "$*" != *$'\n'* ]] || fail_usage 'A property cannot have several lines here.'
job=("$project/pipelines/annotate.sh" "${options[@]}")
[[ "$kind" =~ ^(mp4|mkv|webm)$ ]] \
  || fail_usage '--to must be mp4, mkv or webm.'
[[ "$jobs" =~ ^([1-9][0-9]{0,3}|100%)$ ]] || fail_usage '--jobs needs a number.'

# Prints the absolute names of the recordings, or URLs, each in a line.
find_recordings() {
  local name results

  if [ -d "$from" ]; then
    # TO may be in FROM.
    # shellcheck disable=SC2001 # any of several characters
    results=$(sed 's/[][*?\\]/\\&/g' <<<"$to")
    find "$(realpath -s -- "$from")" -path "$results" -prune -o -type f \
      -regextype posix-extended -iregex ".*\.($endings)" -print0 \
      | sort -z | one_in_each_line
    return
  fi
  while IFS= read -r name || [ -n "$name" ]; do
    name=$(local_path "$name")
    if [ -z "$name" ] || is_url "$name"; then
      printf '%s' "${name:+$name$'\n'}"
    else
      realpath -ms -- "$name"
    fi
  done < <(if [ "$from" = - ]; then cat; else cat -- "$from"; fi)
}

# Names may have line ends in them, but not here.
one_in_each_line() {
  local name

  while IFS= read -r -d '' name; do
    if [[ "$name" == *[$'\n\t']* ]]; then
      complain "$(printf '%q' "$name") is left out: rename it, without a tab or" \
        'line end.'
    else
      printf '%s\n' "$name"
    fi
  done
}

# Adds the name of the result to each line: its path below FROM or the current
# folder, or all of it.
with_results() {
  local name path base

  base=$PWD
  [ ! -d "$from" ] || base=$(realpath -s -- "$from")
  while IFS= read -r name; do
    path=$(shown_name "$name")
    path=${path#"${base%/}/"}
    path=${path#*://}
    path=${path#/}
    [[ "${path,,}" == *."$kind" ]] || path+=.$kind
    printf '%s\t%s\n' "$name" "$to/$path"
  done
}

# Prints the lines whose results are not in the list.
only_new() {
  awk -F '\t' -v script="${0##*/}" '
    !new {
      source[$2] = $1
      next
    }
    !($2 in source) {
      source[$2] = $1
      print
      next
    }
    source[$2] != $1 {
      print script ": " $1 " is left out: its result would have the name of that" \
        " of " source[$2] "." >"/dev/stderr"
    }' "$list" new=1 -
}

# Appends what is new to the list: the job log knows recordings by their lines.
extend_list() {
  find_recordings | with_results | only_new >"$folder/new"
  cat "$folder/new" >>"$list"
  [ -s "$list" ] || fail "There is no recording in $from."
  cut -f 2 "$list" | sed 's|/[^/]*$||' | sort -u | tr '\n' '\0' \
    | xargs -0 mkdir -p -- || fail "$to cannot be written."
}

# Results of different settings in one folder would be a muddle. They are kept as
# annotate-many-slurm.sh reads them, an argument in each line.
check_settings() {
  local file=$to/annotate-many.settings settings

  settings=$(printf '%s\n' "${job[@]}" -- "$@")
  [ -s "$file" ] || printf '%s\n' "$settings" >"$file"
  [ "$(cat "$file")" = "$settings" ] \
    || fail "$to has results with other settings: choose another folder."
}

# A line of the list becomes two words for the shell of the job. A result that is
# there already is from a Slurm array.
annotate_all() {
  local before after=

  before=$(printf '%q ' "${job[@]}")
  [ $# -eq 0 ] || after=$(printf ' %q' "$@")
  exec 7> >(exec tee -ai -- "$messages" >&2)
  tee=$!
  setsid setpriv --pdeathsig TERM parallel --plain --jobs "$jobs" \
    "${machines[@]}" --colsep '\t' --joblog "$log" --resume-failed \
    --termseq TERM,10000,KILL \
    "test -e {2} || $before-- {1} {2}$after && printf '%s\n' {2}" \
    <"$list" 2>&7 7>&- &
  exec 7>&-
  wait_for_jobs $!
  wait "$tee" || true
}

# Ctrl-C, or another signal, ends what runs; parallel waits until it has ended. It
# is in a session of its own, so that it is told once.
wait_for_jobs() {
  trap 'interrupted=130; kill -INT "$1" 2>/dev/null' INT
  trap 'interrupted=129; kill -INT "$1" 2>/dev/null' HUP
  trap 'interrupted=143; kill -INT "$1" 2>/dev/null' TERM
  until wait "$1" || ! kill -0 "$1" 2>/dev/null; do :; done
}

# Prints the numbers of the lines that the job log says are done: of several
# tries the last counts.
done_lines() {
  awk -F '\t' 'FNR > 1 { ok[$1] = $7 == 0 && $8 == 0 }
    END { for (n in ok) if (ok[n]) print n }' "$log"
}

summarize() {
  local all left

  all=$(wc -l <"$list")
  done_lines | awk -F '\t' '!listed { done[$1] = 1; next }
    !(FNR in done) { print $1 }' - listed=1 "$list" >"$folder/left"
  left=$(wc -l <"$folder/left")
  echo "$((all - left)) of $all recordings are annotated, in $to."
  [ "$left" -gt 0 ] || return 0
  sed 's/^/  not annotated: /' "$folder/left"
  echo "Why is in $messages. The same command tries them again."
  return 1
}

[ -d "$from" ] || [ "$from" = - ] || [ -r "$from" ] \
  || fail "There is no folder and no list $from."
to=$(realpath -ms -- "$to")
! [ "$from" -ef "$to" ] || fail "FROM and TO are the same folder, $to."
mkdir -p -- "$to" 2>/dev/null || fail "$to cannot be created."
list=$to/annotate-many.list
log=$to/annotate-many.log
messages=$to/annotate-many.messages
{ exec 8>>"$list"; } 2>/dev/null || fail "$to cannot be written."
flock -n 8 || fail "Another annotate-many.sh is at work in $to."
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
check_settings "$@"
extend_list
if [ "$list_only" = yes ]; then
  echo "$(wc -l <"$list") recordings are in $list."
  exit 0
fi

is_gnu_parallel() {
  parallel --version 2>/dev/null | grep '^GNU parallel' >/dev/null
}

is_gnu_parallel || fail 'GNU parallel is missing. Try as root: apt-get install' \
  '--no-install-recommends parallel'
need_elements uridecodebin # before several jobs build it
interrupted=0
annotate_all "$@"
status=0
summarize || status=1
[ "$interrupted" -eq 0 ] || exit "$interrupted"
exit "$status"
