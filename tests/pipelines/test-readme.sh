#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# README.md: its launch lines predict something, and its C compiles. A clip
# takes the place of the camera; the film was recorded sideways, with sound
# longer than its picture. Where faces are looked for, they are found.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

root=$(cd "$scripts/.." && pwd)
skip_without activationmap decodebin x264enc mp4mux avdec_h264 avenc_aac \
  videoflip

# Prints each launch command as a single line.
launch_lines() {
  awk '/^    gst-launch-1.0 / { on = 1 }
    on { line = $0; more = sub(/\\$/, "", line); gsub(/^ +/, "", line)
      printf "%s", line }
    on && !more { print ""; on = 0 }' "$root/README.md"
}

# Replaces what a test does not have: DL Streamer's detector by ours, the camera
# by a few frames of a file.
with_what_is_there() {
  sed -e "s|v4l2src|filesrc location=$sample ! decodebin ! identity eos-after=10|" \
    -e "s|location=in.mp4|location=$film|" \
    -e "s|location=out.mp4|location=$folder/out.mp4|" \
    -e "s|location=faces.jsonl|location=$folder/faces.jsonl|" \
    -e "s|gvadetect model=face.xml|facetracker|" \
    -e "s|model=my-model|model=$root/model/gender|" \
    -e "s|model=my_model|model=$folder/my_model|" \
    -e "s|labels=my-labels.txt|labels=$root/model/gender/labels.txt|" \
    -e "s|autovideosink|fakesink|" \
    -e "s|gst-launch-1.0 -[mq]|gst-launch-1.0|" \
    -e "s|gst-launch-1.0|gst-launch-1.0 -m|" \
    -e "s/! \(activationmap\|cnninference\) /&post-messages=true /"
}

predicts() {
  local output

  output=$(bash -c "$1" 2>&1) || { tail -n 5 <<<"$output" && return 1; }
  grep ' cnninference, .*label' <<<"$output" >/dev/null
}

is_upright() {
  grep '"width":640,"height":480}.*"region_id"' "$1" >/dev/null
}

# The network takes the place of one that Teachable Machine has trained.
export_from_teachable_machine() {
  mkdir "$1"
  cp "$root"/model/gender/{model.json,*.bin} "$1"
  echo '{"packageName":"@teachablemachine/image","labels":["a","b"]}' \
    >"$1/metadata.json"
}

film=$folder/film.mp4
export_from_teachable_machine "$folder/my_model"
record_sideways "$film"

# Prints README's lines from #include to the end of the example, in a function.
example() {
  sed -n '/^    #include/,/^    }$/s/^    //p' "$root/README.md" \
    | sed '/^#include/a\
void look_at (GstBuffer *buffer);\
void look_at (GstBuffer *buffer) {'
  echo '}'
}

compiles() {
  local flags

  mkdir -p "$folder/gst"
  ln -sfn "$root/gst-plugin" "$folder/gst/activationmeta"
  read -ra flags <<<"$(pkg-config --cflags gstreamer-1.0)"
  example >"$folder/example.c"
  cc -Wall -Wextra -Werror -fsyntax-only "-I$folder" "${flags[@]}" "$folder/example.c"
}

while read -r line; do
  check "${line:0:70}" predicts "$(with_what_is_there <<<"$line")"
done < <(launch_lines)
check 'faces of a picture that was turned' is_upright "$folder/faces.jsonl"
check 'there are launch lines' [ "$number" -ge 4 ]
check 'the C example' compiles
finish
