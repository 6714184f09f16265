#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Measures how many streams of 30 pictures a second one core carries: read, with
# faces found and predicted, drawn on, and encoded again; prints Markdown.
#
#   tests/bench/bench-scale.sh [--rounds N] [--core N] [CLIP]
#
# CLIP defaults to the sample clip; it is enlarged to each size first. The plugin is
# built in build-bench/, with $CC. Everything runs on one core (default: 0). On a
# machine that does other work as well, `chrt -r 1` keeps that waiting.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build-bench/engine-$(basename "${CC:-cc}")
command="tests/bench/bench-scale.sh $*"
rounds=5
core=0
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=$2 ;;
    --core) core=$2 ;;
    *) break ;;
  esac
  shift 2
done
clip=${1:-$root/pipelines/sample/sample.mp4}
pictures=90
sizes=(640x480 1280x720 1920x1080)
stages=(read predicted drawn encoded)

[ -f "$build/build.ninja" ] \
  || meson setup --buildtype=release "$build" "$root" >&2
ninja -C "$build" gst-plugin/libgstactivationmap.so >&2
export GST_PLUGIN_PATH=$build/gst-plugin GST_REGISTRY=$build/registry-scale.bin
export GST_ACTIVATIONMAP_MODEL_DIR=$root/model
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# enlarge SIZE: the clip at this size, with bars where it has another shape.
enlarge() {
  gst-launch-1.0 -q filesrc location="$clip" \
    ! decodebin expose-all-streams=false 'caps=video/x-raw(ANY)' \
    ! identity eos-after=$((pictures + 1)) ! videoconvert ! videoscale \
    ! "video/x-raw,format=I420,width=${1%x*},height=${1#*x},pixel-aspect-ratio=1/1" \
    ! x264enc speed-preset=veryfast ! h264parse ! matroskamux \
    ! filesink location="$folder/$1.mkv"
}

# Puts the elements of a stage into the array `elements`.
choose_elements() {
  case "$1" in
    read) elements=() ;;
    predicted) elements=(! facetracker ! cnninference) ;;
    drawn) elements=(! activationmap) ;;
    encoded) elements=(! activationmap ! x264enc tune=zerolatency
      speed-preset=veryfast bitrate=2000 threads=1) ;;
  esac
}

# play SIZE STAGE PICTURES: prints the seconds of processor time that it takes.
play() {
  local elements

  choose_elements "$2"
  {
    TIMEFORMAT='%U %S'
    time taskset -c "$core" gst-launch-1.0 -q filesrc location="$folder/$1.mkv" \
      ! matroskademux ! h264parse ! avdec_h264 max-threads=1 \
      ! identity eos-after="$(($3 + 1))" "${elements[@]}" \
      ! fakesink sync=false >/dev/null 2>"$folder/errors"
  } 2>&1 | awk '{ print $1 + $2 }'
  [ ! -s "$folder/errors" ] || { cat "$folder/errors" >&2 && return 1; }
}

# All combinations take turns. What starting costs is taken off.
measure() {
  local round size stage

  for ((round = 0; round < rounds; round++)); do
    for size in "${sizes[@]}"; do
      for stage in "${stages[@]}"; do
        echo "$size $stage $(play "$size" "$stage" 1)" \
          "$(play "$size" "$stage" "$pictures")"
      done
    done
  done
}

# Reads lines of measure(), and prints a row for each size: milliseconds for a
# picture, and how many streams that allows.
table() {
  awk -v pictures="$pictures" -v sizes="${sizes[*]}" -v stages="${stages[*]}" '
    function median(list, count, i, j, swap) {
      for (i = 1; i <= count; i++)
        for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
          swap = list[j]
          list[j] = list[j - 1]
          list[j - 1] = swap
        }
      return count % 2 ? list[(count + 1) / 2] \
        : (list[count / 2] + list[count / 2 + 1]) / 2
    }
    { times[$1 " " $2] = times[$1 " " $2] " " ($4 - $3) / (pictures - 1) * 1000 }
    END {
      n = split(sizes, size, " ")
      m = split(stages, stage, " ")
      for (i = 1; i <= n; i++) {
        row = "| " size[i]
        for (j = 1; j <= m; j++) {
          count = split(times[size[i] " " stage[j]], list, " ")
          time = median(list, count)
          row = row sprintf(" | %.2f | %.1f", time, 1000 / 30 / time)
        }
        print row " |"
      }
    }'
}

for size in "${sizes[@]}"; do
  enlarge "$size"
done
echo "\`$command\`"
echo
printf '%s, one of %s cores, load %s at the start; GStreamer %s; %s rounds; %s.\n\n' \
  "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
  "$(cut -d ' ' -f 1 /proc/loadavg)" \
  "$(gst-inspect-1.0 --gst-version | sed 's/.* //')" "$rounds" "$(date +%F)"
echo '| | read [ms] | streams | and predicted [ms] | streams | and drawn [ms] | streams | and encoded [ms] | streams |'
echo '|---|--:|--:|--:|--:|--:|--:|--:|--:|'
measure | table
