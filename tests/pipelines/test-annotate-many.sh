#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# annotate-many.sh: all recordings of a folder or list, what it does when one
# fails, when it is stopped and called again, and on a machine behind ssh.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

skip_without activationmap uridecodebin x264enc h264parse qtdemux mp4mux \
  matroskamux avenc_aac avdec_h264 srtenc subparse taginject
parallel --version 2>/dev/null | grep '^GNU parallel' >/dev/null \
  || skip_all 'there is no GNU parallel'

many() {
  "$scripts/annotate-many.sh" "$@"
}

# write_recording FILE: a few small pictures.
write_recording() {
  mkdir -p "$(dirname "$1")"
  launch videotestsrc num-buffers=5 ! video/x-raw,width=64,height=48 \
    ! x264enc speed-preset=ultrafast ! mp4mux ! filesink location=/dev/fd/3 3>"$1"
}

# ends_with STATUS PATTERN ARGUMENT...: and prints a line like that.
ends_with() {
  local status=0 expected=$1 pattern=$2 output

  shift 2
  output=$(many "$@" 2>&1) || status=$?
  printf '%s\n' "$output" | sed 's/^/# /'
  [ "$status" -eq "$expected" ] && grep -e "$pattern" <<<"$output" >/dev/null
}

# The first word names a folder of the results.
holds() {
  local folder=$1

  shift
  [ "$(cd "$folder" && find . -type f ! -name 'annotate-many.*' | sort)" \
    = "$(printf './%s\n' "$@" | sort)" ]
}

names_failure() {
  grep '^annotate.sh: .*films/bad.avi is not a video' \
    "$folder/out/annotate-many.messages" >/dev/null
}

# What is in the job log is not done again, even if the result has gone.
goes_on() {
  local before

  before=$(stat -c %i%Y "$folder/out/sub/%d.mp4")
  rm "$folder/out/a.mp4"
  write_recording "$folder/films/0.mp4"
  cp "$folder/films/0.mp4" "$folder/films/bad.avi"
  ends_with 0 '^5 of 5 ' "$folder/films" "$folder/out" roi-type= \
    && [ "$(stat -c %i%Y "$folder/out/sub/%d.mp4")" = "$before" ] \
    && holds "$folder/out" 0.mp4 bad.avi.mp4 sub/%d.mp4 "$odd.mp4"
}

takes_list() {
  cd "$folder/films" || return
  printf '%s\n' a.mp4 '' "file://$folder/films/sub/%25d.mp4" \
    | ends_with 0 '^2 of 2 ' --to mkv --json - "$folder/list" roi-type= \
    && holds "$folder/list" a.mp4.{mkv,jsonl} sub/%d.mp4.{mkv,jsonl}
}

is_locked() {
  (flock 9 && ends_with 1 'is at work' "$folder/films" "$folder/out" roi-type=) \
    9>>"$folder/out/annotate-many.list"
}

# Stopped by Ctrl-C, it leaves nothing half done, and nothing goes on.
is_interrupted() {
  local script status=0 messages

  mkdir "$folder/long"
  cp "$sample" "$folder/long"
  messages=$(mktemp)
  env --default-signal=INT "$scripts/annotate-many.sh" "$folder/long" \
    "$folder/stopped" >"$messages" 2>&1 &
  script=$!
  until [ -n "$(find "$folder/stopped" -name '.annotate.*.part' -size +0)" ]; do
    kill -0 "$script" || return
    sleep 0.1
  done 2>/dev/null
  kill -INT "$script"
  wait "$script" || status=$?
  sed 's/^/# /' "$messages"
  [ "$status" -eq 130 ] && grep -q '^0 of 1 ' "$messages" \
    && [ -z "$(find "$folder/stopped" -type f ! -name 'annotate-many.*')" ] \
    && [ -z "$(find /proc/[0-9]*/fd -lname "$folder/stopped/*" 2>/dev/null)" ]
}

# Starts an ssh server for this user alone, with the environment of the test.
start_ssh_server() {
  local name

  port=$(python3 -c '
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1])')
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
  cp "$folder/key.pub" "$folder/authorized_keys"
  {
    printf '%s\n' "HostKey $folder/key" "AuthorizedKeysFile $folder/authorized_keys" \
      "ListenAddress 127.0.0.1:$port" 'StrictModes no' 'UsePAM no' \
      'PidFile none' 'PermitRootLogin yes'
    printf 'SetEnv'
    for name in "${!GST_@}" LD_LIBRARY_PATH PATH; do
      [ -z "${!name:-}" ] || printf ' "%s=%s"' "$name" "${!name}"
    done
    printf '\n'
  } >"$folder/sshd_config"
  "$(command -v sshd)" -D -f "$folder/sshd_config" 2>/dev/null &
  server=$!
}

runs_over_ssh() {
  local login=(ssh -p "$port" -i "$folder/key" -o StrictHostKeyChecking=no
    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o IdentitiesOnly=yes
    127.0.0.1)

  until "${login[@]}" true; do
    kill -0 "$server" || return
    sleep 0.1
  done
  ends_with 0 '^4 of 4 ' --jobs 2 --sshlogin "${login[*]}" "$folder/films" \
    "$folder/far" roi-type= \
    && awk -F '\t' 'FNR > 1 && $2 !~ /ssh/ { bad = 1 } END { exit bad }' \
      "$folder/far/annotate-many.log"
}

odd="sub/b \$c'\"d.mov"
write_recording "$folder/films/a.mp4"
mkdir "$folder/films/sub" "$folder/none"
cp "$folder/films/a.mp4" "$folder/films/$odd"
cp "$folder/films/a.mp4" "$folder/films/sub/%d.mp4"
head -c 1000 /dev/zero >"$folder/films/bad.avi"
: >"$folder/films/notes.txt"

check 'no arguments' ends_with 2 TO
check 'an unknown kind' ends_with 2 '--to' --to avi "$folder/films" "$folder/x"
check 'a number that is none' ends_with 2 '--jobs' --jobs 0 "$folder/films" \
  "$folder/x"
check 'an unknown option' ends_with 2 --no --no "$folder/films" "$folder/x"
check 'no such folder' ends_with 1 'no folder' "$folder/no" "$folder/x"
check 'a folder without recordings' ends_with 1 'no recording' "$folder/none" \
  "$folder/x"
check 'the same folder' ends_with 1 'same folder' "$folder/films" \
  "$folder/./films"
check 'only a list' ends_with 0 '^4 recordings' --list-only "$folder/films" \
  "$folder/out" roi-type=
check 'one of four fails' ends_with 1 '^3 of 4 ' "$folder/films" "$folder/out" \
  roi-type=
check 'the others are there' holds "$folder/out" a.mp4 sub/%d.mp4 "$odd.mp4"
check 'the messages say why' names_failure
check 'it goes on with what is new or has failed' goes_on
check 'it does not mix settings' ends_with 1 'other settings' "$folder/films" \
  "$folder/out" colormap=jet
check 'nor work twice at a time' is_locked
check 'a list' takes_list
check 'Ctrl-C' is_interrupted
if command -v sshd >/dev/null && { [ "$(id -u)" -ne 0 ] || [ -d /run/sshd ]; }; then
  rm "$folder/films/0.mp4"
  start_ssh_server
  check 'over ssh' runs_over_ssh
  kill "$server"
else
  number=$((number + 1))
  echo "ok $number # SKIP there is no sshd, or no /run/sshd"
fi
finish
