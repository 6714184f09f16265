#!/usr/bin/env bash
# Draws activation maps into a video: any file in, MP4 (H.264, AAC) out.
#
#   annotate.sh IN OUT [PROPERTY=VALUE...]
#
# PROPERTY=VALUE is handed to the element activationmap, for instance
# colormap=viridis; `gst-inspect-1.0 activationmap` lists them. OUT is replaced
# if there is one already, but only when all went well.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -lt 2 ]; then
  usage >&2
  exit 1
fi
in=$1
out=$2
shift 2
read_properties "$@"

[ -f "$in" ] || fail "There is no file $in."
[ -r "$in" ] || fail "$in cannot be read."
[ ! -d "$out" ] || fail "$out is a folder; the name of a file is wanted."
! [ "$in" -ef "$out" ] || fail "$in would be overwritten by itself."

need_elements decodebin videoconvert videocrop videoflip deinterlace x264enc \
  h264parse mp4mux audioresample avenc_aac aacparse progressreport

# Files are named by descriptors from here on: a launch line gives quotes and
# blanks in a name a meaning of their own.
exec 3<"$in"

# What a file is said to be, as `name: value` lines.
described() {
  LC_ALL=C gst-discoverer-1.0 "$1" 2>&1 || true
}

value_of() {
  sed -n "s/^ *$1: *//p" <<<"$description" | head -n 1
}

# 0:01:02.500000000 in whole milliseconds.
milliseconds() {
  local hours minutes seconds

  IFS=: read -r hours minutes seconds <<<"$(value_of Duration)"
  [[ "$hours$minutes" =~ ^[0-9]+$ ]] || hours=0 minutes=0 seconds=0
  echo $((10#$hours * 3600000 + 10#$minutes * 60000 \
    + 10#${seconds%.*} * 1000 + 10#$(cut -c 1-3 <<<"${seconds#*.}000")))
}

description=$(described /dev/fd/3)
if ! grep -q '^ *video #' <<<"$description"; then
  why=$(sed -n '/^An error was/{n;s/^ *//p}' <<<"$description")
  fail "$in is no video that can be decoded. ${why:-There is no video in it.}"
fi
duration=$(milliseconds)

# H.264 with 4:2:0 chroma has even sizes only. A row or column less is seen by
# nobody; scaling would blur or distort the picture.
crop=()
width=$(value_of Width)
height=$(value_of Height)
if ((width % 2 || height % 2)); then
  crop=(videocrop "right=$((width % 2))" "bottom=$((height % 2))" !)
fi

# A muxer waits for all its streams, so sound is asked for only where there is
# some that can be decoded.
sound=()
if grep -q '^ *audio #' <<<"$description"; then
  if grep -qi '^Missing plugins' <<<"$description"; then
    echo "The sound of $in cannot be decoded and is left out." >&2
    duration=0 # may have been that of the sound
  else
    # x264enc holds back some 2 s of pictures, and the muxer the sound that
    # belongs to them, so this queue must hold more than that.
    sound=(decoder. ! queue max-size-time=20000000000 max-size-bytes=0
      max-size-buffers=0 ! audioconvert ! audioresample
      ! avenc_aac bitrate=160000 ! aacparse ! muxer.)
  fi
fi

# Written beside OUT, which appears only when it is whole.
part=$(dirname -- "$out")/.$(basename -- "$out").$$.part
trap 'rm -f -- "$part"' EXIT

# Ctrl-C and the like: a shell that waits for a program in the background heeds
# them at once.
launch=
interrupt() {
  [ -z "$launch" ] || kill "$launch" 2>/dev/null || true
  wait
  fail "Interrupted. $out is as it was."
}
trap interrupt INT TERM HUP

{ : >"$part"; } 2>/dev/null || fail "$out cannot be written."
exec 4>"$part"

# decodebin      takes whatever file it is
# deinterlace    does nothing to pictures that are not interlaced
# videoflip      turns what a telephone held sideways, as the file says
# queue          lets decoder, network and encoder work at the same time
# x264enc        the same quality throughout, whatever bit rate that takes
gst-launch-1.0 -q \
  filesrc location=/dev/fd/3 ! decodebin name=decoder \
  decoder. ! queue ! videoconvert ! deinterlace ! "${crop[@]}" \
  videoflip video-direction=auto ! progressreport name=annotate update-freq=2 \
  ! videoconvert ! queue ! activationmap "${properties[@]}" ! queue ! videoconvert \
  ! video/x-raw,format=I420 \
  ! x264enc pass=qual quantizer=21 vbv-buf-capacity=0 speed-preset=faster \
  ! h264parse ! mp4mux name=muxer ! filesink location=/dev/fd/4 \
  "${sound[@]}" &
launch=$!
wait "$launch" || fail "$in could not be annotated."

description=$(described /dev/fd/4)
annotated=$(milliseconds)
((annotated > 0)) || fail "$in could not be annotated: no picture came out."
((annotated >= duration * 9 / 10 - 1000)) \
  || fail "$in is cut short: of $((duration / 1000)) s only" \
    "$((annotated / 1000)) s are there."
mv -fT -- "$part" "$out"
