#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Makes the pictures in docs/: a frame of the sample clip in each layout, from
# the pipeline that anybody would run.
#
#   make-pictures.sh [FOLDER]
#
# FOLDER is docs/pictures/ by default. The clip plays at its own speed, so that
# the frame rate in the pictures is real; each takes about ten seconds. The
# picture of GStreamer's own overlay is made only where that is installed. That
# of the server's page is one that tests/web/test-page.mjs leaves.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../pipelines/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../pipelines/environment.sh"

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
esac
output=${1:-$project/docs/pictures}
mkdir -p -- "$output"
output=$(cd -- "$output" && pwd)
frames=$(mktemp -d)
trap 'rm -r "$frames"' EXIT

need_elements filesrc decodebin videoconvert videorate videocrop pngenc \
  multifilesink

# shoot NAME SECONDS ELEMENT...: the frame that comes out of a pipeline
shoot() {
  local name=$1 seconds=$2

  shift 2
  gst-launch-1.0 -q filesrc location="$project/pipelines/sample/sample.mp4" \
    ! decodebin "${only_pictures[@]}" ! videoconvert ! clocksync ! "$@" \
    ! videorate drop-only=true ! 'video/x-raw,framerate=1/1' ! videoconvert \
    ! 'video/x-raw,format=RGB' ! pngenc compression-level=9 \
    ! multifilesink location="$frames/$name-%d.png"
  mv -- "$frames/$name-$seconds.png" "$output/$name.png"
  echo "$output/$name.png"
}

# take NAME SECONDS PROPERTY=VALUE...
take() {
  local name=$1 seconds=$2

  shift 2
  read_properties "$@"
  shoot "$name" "$seconds" activationmap "${properties[@]}"
}

take dock 2 layout=dock explain=grad-cam
take beside 3 layout=beside explain=hires-cam
take evidence 6 layout=dock explain=hires-cam cam-colormap=signed \
  knock-out=conv2d_3:17,conv2d_3:18
read_properties layout=beside show=maps+kernels+input
shoot kernels 3 activationmap "${properties[@]}" ! videocrop left=640
take face 2 layout=face explain=grad-cam
take none 6 layout=none
if [ -z "$(missing_element objectdetectionoverlay)" ]; then
  version=$(gst-launch-1.0 --version | sed -n 's/^GStreamer \([0-9]*\.[0-9]*\).*/\1/p')
  shoot "stock-overlay-$version" 5 facetracker ! cnninference ! videoconvert \
    ! objectdetectionoverlay ! videoscale ! 'video/x-raw,width=480,height=360'
fi
