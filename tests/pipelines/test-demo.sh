#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# demo.sh: leaves a video and a picture behind. camera.sh: what it refuses.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

skip_without activationmap v4l2src decodebin uridecodebin videorate x264enc \
  h264parse mp4mux qtdemux avenc_aac avdec_h264 pngenc deinterlace progressreport \
  srtenc subparse taginject

demo() {
  "$scripts/demo.sh" "$@"
}

# refuses_with STATUS COMMAND...
refuses_with() {
  local status=0 expected=$1

  shift
  "$@" 2>/dev/null || status=$?
  [ "$status" -eq "$expected" ]
}

is_png() {
  [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
}

check 'the sample' demo --sample --output "$folder/a b" colormap=magma
check 'a video' has_pictures "$folder/a b/demo.mp4" 270
check 'a picture' is_png "$folder/a b/demo.png"
check 'nothing else' [ "$(ls -A "$folder/a b")" = $'demo.mp4\ndemo.png' ]
check 'help' bash -c '"$@" | grep -q -e --output' - "$scripts/demo.sh" --help
check 'an unknown option' refuses_with 2 demo --no-such-option
check 'a bad number' refuses_with 2 demo --seconds 1x
check 'a folder that cannot be made' refuses_with 1 demo --sample --output /dev/null/out
check 'camera: an unknown option' refuses_with 2 "$scripts/camera.sh" --none
check 'camera: a property that is none' \
  refuses_with 2 "$scripts/camera.sh" /dev/video0 colormap
check 'camera: none' refuses_with 1 "$scripts/camera.sh" /dev/no-such-camera
finish
