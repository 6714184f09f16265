#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# annotate-many-slurm.sh, as a job array in a cluster of this machine alone.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

skip_without activationmap uridecodebin x264enc h264parse qtdemux mp4mux \
  avenc_aac avdec_h264 srtenc subparse taginject
for program in munged slurmctld slurmd sbatch sinfo; do
  command -v "$program" >/dev/null || skip_all "there is no $program"
done

# Daemons of this user, that speak on loopback alone.
write_configuration() {
  local port host

  read -r port < <(python3 -c '
import socket
with socket.create_server(("127.0.0.1", 0)) as a:
    with socket.create_server(("127.0.0.1", 0)) as b:
        print(a.getsockname()[1], b.getsockname()[1])')
  host=$(hostname -s)
  cat >"$SLURM_CONF" <<CONFIGURATION
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${port% *}
SlurmdPort=${port#* }
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc)
PartitionName=all Nodes=$host Default=YES State=UP
CONFIGURATION
}

start_cluster() {
  mkdir "$folder/state" "$folder/spool"
  chmod 755 "$folder"
  head -c 128 /dev/urandom >"$folder/munge.key"
  chmod 600 "$folder/munge.key"
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" \
    --seed-file="$folder/munge.seed" || return
  write_configuration
  slurmctld -c -f "$SLURM_CONF" && slurmd -f "$SLURM_CONF" || return
  for _ in $(seq 100); do
    [ "$(sinfo --noheader --format=%T)" != idle ] || return 0
    sleep 0.2
  done
  return 1
}

stop_cluster() {
  local daemon

  for daemon in slurmd slurmctld munged; do
    [ ! -s "$folder/$daemon.pid" ] || kill "$(cat "$folder/$daemon.pid")"
  done
  while [ -e "$folder/munged.pid" ]; do sleep 0.1; done
}

# submit STATUS: the array ends with it.
submit() {
  local status=0

  sbatch --wait --array=3-4 --output="$folder/task-%a.log" \
    "$scripts/annotate-many-slurm.sh" "$folder/out" >&2 || status=$?
  sed 's/^/# /' "$folder"/task-*.log
  [ "$status" -eq "$1" ]
}

holds() {
  [ "$(cd "$folder/out" && find . -type f ! -name 'annotate-many.*' | sort)" \
    = "$(printf './%s\n' "$@")" ]
}

goes_on() {
  local before

  before=$(stat -c %i "$folder/out/b c.mp4")
  cp "$folder/films/b c.mp4" "$folder/films/a.mov"
  submit 0 && [ "$(stat -c %i "$folder/out/b c.mp4")" = "$before" ] \
    && holds a.mov.mp4 'b c.mp4' c.mp4
}

export SLURM_CONF=$folder/slurm.conf
start_cluster || {
  stop_cluster
  skip_all "Slurm does not start here: $(tail -n 1 "$folder/slurmctld.log")"
}
mkdir "$folder/films"
launch videotestsrc num-buffers=5 ! video/x-raw,width=64,height=48 \
  ! x264enc speed-preset=ultrafast ! mp4mux ! filesink location="$folder/films/c.mp4"
cp "$folder/films/c.mp4" "$folder/films/b c.mp4"
head -c 1000 /dev/zero >"$folder/films/a.mov"

check 'a list' "$scripts/annotate-many.sh" --list-only "$folder/films" \
  "$folder/out" roi-type= 'colormap=jet'
check 'one of three fails' submit 1
check 'the others are there' holds 'b c.mp4' c.mp4
check 'it goes on with what has failed' goes_on
stop_cluster
finish
