# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash disable=SC2034 # used by the tests
# Sourced by the tests of the scripts: TAP output, and checks of video files.

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../pipelines" && pwd)
sample=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../pipelines/sample" && pwd)/sample.mp4
number=0
failed=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Runs the command, and reports the case as passed if it succeeds.
check() {
  local name=$1

  shift
  number=$((number + 1))
  if "$@" >&2; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    failed=1
  fi
}

finish() {
  echo "1..$number"
  exit "$failed"
}

skip_all() {
  echo "1..0 # SKIP $*"
  exit 0
}

# The scripts would install what is missing; a test must not.
skip_without() {
  local element

  for element in gst-launch-1.0 gst-discoverer-1.0; do
    command -v "$element" >/dev/null || skip_all "there is no $element"
  done
  for element in "$@"; do
    gst-inspect-1.0 --exists --atleast-version=0.0 "$element" \
      || skip_all "there is no element $element"
  done
}

launch() {
  gst-launch-1.0 -q "$@"
}

# Prints how many pictures of an MP4 file can be decoded. The file is passed as
# a descriptor, since a launch line would misread some names. The pad is named:
# which of two streams decodebin tries first depends on timing, and
# gst-launch-1.0 does not always end after an error.
count_pictures() {
  timeout --foreground 600 gst-launch-1.0 -v filesrc location=/dev/fd/3 \
    ! qtdemux name=demuxer demuxer.video_0 ! queue ! h264parse ! avdec_h264 \
    ! fakesink silent=false name=pictures sync=false 3<"$1" 2>/dev/null \
    | grep -c 'last-message = chain ' || true
}

# has_pictures FILE COUNT [MORE]: so many pictures can be decoded, or up to MORE more.
has_pictures() {
  local pictures

  pictures=$(count_pictures "$1")
  ((pictures >= $2 && pictures <= $2 + ${3:-0}))
}

# Whether a face is found in an MP4 file without turning it.
has_face() {
  timeout --foreground 120 gst-launch-1.0 -q filesrc location="$1" \
    ! qtdemux ! h264parse ! avdec_h264 ! facetracker ! regionjson ! fdsink \
    | grep '"region_id"' >/dev/null
}

# Without -q, because grep would then exit early and the pipe would fail.
describes() {
  LC_ALL=C gst-discoverer-1.0 --timeout=120 "$1" | grep "$2" >/dev/null
}

# Writes the rows of the matrix, in 16.16, into the header of the first track:
# the picture is to be turned by 90 degrees.
turn() {
  python3 - "$1" <<'END'
import struct
import sys
with open(sys.argv[1], "r+b") as file:
    data = file.read()
    file.seek(data.index(b"tkhd") + 4 + 4 + 20 + 16)
    file.write(struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30))
END
}

# Records the beginning of the sample like a phone that is held sideways, with
# sound that goes on after the picture.
record_sideways() {
  launch mp4mux name=mux ! filesink location="$1" \
    filesrc location="$sample" ! qtdemux ! h264parse ! avdec_h264 \
    ! identity eos-after=13 ! videoflip video-direction=90l \
    ! x264enc speed-preset=ultrafast ! queue ! mux. \
    audiotestsrc num-buffers=50 ! avenc_aac ! aacparse ! queue ! mux.
  turn "$1"
}
