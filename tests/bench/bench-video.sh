#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Measures the elements at 1920x1080 against GStreamer's blending, x264enc and
# facedetect, in one run and taking turns; prints Markdown.
#
#   tests/bench/bench-video.sh [--rounds N] [--output FILE.md] [CLIP]
#
# CLIP defaults to the sample clip. The plugin is built in build-bench/, with
# $CC. Without x264enc or facedetect, their rows are left out.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build-bench/engine-$(basename "${CC:-cc}")
command="tests/bench/bench-video.sh $*"
rounds=15
output=
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds)
      rounds=$2
      shift 2
      ;;
    --output)
      output=$2
      shift 2
      ;;
    *) break ;;
  esac
done
clip=${1:-$root/pipelines/sample/sample.mp4}

[ -f "$build/build.ninja" ] \
  || meson setup --buildtype=release "$build" "$root" >&2
ninja -C "$build" gst-plugin/libgstactivationmap.so tests/bench/bench-video >&2
export GST_PLUGIN_PATH=$build/gst-plugin GST_REGISTRY=$build/registry-bench.bin
export GST_ACTIVATIONMAP_MODEL_DIR=$root/model OPENCV_LOG_LEVEL=OFF

report() {
  echo '# What the picture costs'
  echo
  echo "\`$command\`"
  echo
  printf '%s, %s cores, load %s at the start; GStreamer %s; commit %s; %s.\n\n' \
    "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(cut -d " " -f 1 /proc/loadavg)" "$(gst-inspect-1.0 --gst-version | sed 's/.* //')" \
    "$(git -C "$root" rev-parse --short HEAD)" "$(date +%F)"
  "$build/tests/bench/bench-video" "$clip" "$rounds"
  cat <<'END'

CPU time of all threads of the process, medians of the rounds; all take turns. The
panel is that beside a picture of 1280x720, with new maps, crop, input, class activation
map and contributions in each frame; *blend* is `gst_video_overlay_composition_blend()` of
the same rectangle, which does not include drawing it. In the other tables the frames
are the first thirty of the clip, cut to 16:9 and enlarged.
END
}

if [ -n "$output" ]; then
  report >"$output"
else
  report
fi
