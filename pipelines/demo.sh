#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Shows what the plugin does, even on a fresh Debian 12 or 13: installs what is
# missing, builds, annotates, and leaves a video and a picture behind.
#
#   demo.sh [--output FOLDER] [--seconds N] [--sample] [PROPERTY=VALUE...]
#
#   --output FOLDER   where to put demo.mp4 and demo.png (default: out/)
#   --seconds N       how long to record a camera (default: 10)
#   --sample          use the sample clip, even if there is a camera
#
# Uses the camera if there is one, and shows it if there is a screen; otherwise
# the sample clip of this project. PROPERTY=VALUE sets a property of the element
# activationmap, for instance colormap=viridis.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

output=$project/out
seconds=10
sample=no
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --output | --seconds)
      [ $# -ge 2 ] || fail_usage "$1 needs a value."
      if [ "$1" = --output ]; then output=$2; else seconds=$2; fi
      shift 2
      ;;
    --sample)
      sample=yes
      shift
      ;;
    *=*) break ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done
read_properties "$@"
[[ "$seconds" =~ ^[1-9][0-9]{0,4}$ ]] || fail_usage '--seconds needs a number.'
mkdir -p -- "$output" 2>/dev/null || fail "$output cannot be created."
output=$(cd -- "$output" && pwd)
video=$output/demo.mp4
picture=$output/demo.png

need_elements v4l2src decodebin videoconvert videorate x264enc h264parse mp4mux \
  pngenc

# Prints the first camera that gives pictures. (A camera may have several
# devices, and a container may have devices that cannot be opened.)
camera() {
  local device

  for device in /dev/video*; do
    if [ -c "$device" ] && timeout 5 gst-launch-1.0 -q v4l2src num-buffers=1 \
      device="$device" ! "$camera_caps" ! fakesink >/dev/null 2>&1; then
      echo "$device"
      return
    fi
  done
}

# The same as camera.sh, and recorded at the same time. With -e, SIGINT finishes
# the file properly. The queue before the encoder drops pictures rather than
# wait: the screen comes first.
record() {
  local screen=()

  if has_display; then
    screen=(annotated. ! queue leaky=downstream max-size-buffers=1
      ! videoconvert ! autovideosink sync=false)
  fi
  timeout --signal=INT --kill-after=20 "$seconds" gst-launch-1.0 -q -e \
    v4l2src device="$1" ! "$camera_caps" ! decodebin ! videoconvert \
    ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 \
    ! activationmap "${properties[@]}" ! tee name=annotated \
    annotated. ! queue leaky=downstream max-size-buffers=5 ! videoconvert \
    ! video/x-raw,format=I420 ! x264enc tune=zerolatency speed-preset=veryfast \
    bitrate=4000 ! h264parse ! mp4mux ! filesink location=/dev/fd/3 \
    "${screen[@]}" 3>"$video" || [ $? -eq 124 ]
}

device=
[ "$sample" = yes ] || device=$(camera)
if [ -n "$device" ]; then
  echo "Recording $device for $seconds s."
  record "$device" || fail "$device could not be recorded."
  [ -s "$video" ] || fail "$device gave no picture."
else
  [ "$sample" = yes ] || echo 'There is no camera: this is the sample clip.'
  "$project/pipelines/annotate.sh" "$project/pipelines/sample/sample.mp4" "$video" \
    "$@"
fi

# Of the first 75 pictures, takes one every two seconds, each of which replaces
# the one before: the one at 2 s is left.
cd -- "$output"
gst-launch-1.0 -q filesrc location=demo.mp4 ! decodebin "${only_pictures[@]}" \
  ! identity eos-after=75 ! videoconvert ! videorate drop-only=true \
  ! video/x-raw,framerate=1/2 ! pngenc ! multifilesink location=demo.png \
  || fail "No picture could be taken from $video."

echo "The video:   $video"
echo "A picture:   $picture"

server="meson devenv -C $build activationmap-server"
! command -v activationmap-server >/dev/null || server=activationmap-server
source=sample
[ -z "$device" ] || source=camera:$device
echo 'Live, at http://127.0.0.1:8080/ in any browser, while this runs:'
echo "    $server --source=$source"
