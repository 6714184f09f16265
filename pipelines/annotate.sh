#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Draws activation maps into a video: any file in, MP4 (H.264, AAC) out.
#
#   annotate.sh IN OUT [PROPERTY=VALUE...]
#
# PROPERTY=VALUE sets a property of the element activationmap, for instance
# colormap=viridis; `gst-inspect-1.0 activationmap` lists them. An existing OUT
# is replaced, but only if everything went well.
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
  exit 2
fi
in=$1
out=$2
shift 2
read_properties "$@"

[ -f "$in" ] || fail "There is no file $in."
[ -r "$in" ] || fail "$in cannot be read."
[ ! -d "$out" ] || fail "$out is a folder, not the name of a file."
! [ "$in" -ef "$out" ] || fail "IN and OUT are the same file, $in."

need_elements decodebin videoconvert videorate videocrop videoflip deinterlace \
  x264enc h264parse mp4mux audioresample avenc_aac aacparse progressreport

# From here on, files are passed as descriptors: quotes and blanks in a name
# would have a meaning of their own in a launch line.
exec 3<"$in"

# Describes a file as `name: value` lines, and says which tracks of it qtdemux
# leaves out.
described() {
  LC_ALL=C GST_DEBUG=qtdemux:2 GST_DEBUG_NO_COLOR=1 GST_DEBUG_FILE='' \
    gst-discoverer-1.0 "$1" 2>&1 || true
}

preview='.*Track shorter than 20%'

is_there() {
  grep "^ *$1" <<<"$description" >/dev/null
}

count_streams() {
  grep -c "^ *$1 #" <<<"$description" || true
}

value_of() {
  sed -n "s/^ *$1: *//p" <<<"$description" | head -n 1
}

# Prints the duration, such as 0:01:02.500000000, in whole milliseconds.
milliseconds() {
  local hours minutes seconds

  IFS=: read -r hours minutes seconds <<<"$(value_of Duration)"
  [[ "$hours$minutes" =~ ^[0-9]+$ ]] || hours=0 minutes=0 seconds=0
  echo $((10#$hours * 3600000 + 10#$minutes * 60000 \
    + 10#${seconds%.*} * 1000 + 10#$(cut -c 1-3 <<<"${seconds#*.}000")))
}

# GStreamer takes a track of an MP4 file that lasts less than a fifth of the
# film for a preview and leaves it out, even if it is the picture. It does not
# if the duration of the film is not known, so this makes the descriptor that of
# a copy without a duration.
hide_duration() {
  local moov version copy=$1

  moov=$(LC_ALL=C grep -obUaPm1 'moov[\x00-\xff]{4}mvhd[\x00\x01]' /dev/fd/3 \
    | head -n 1 | cut -d : -f 1) || return 0
  version=$(od -An -tu1 -j $((moov + 12)) -N 1 /dev/fd/3)
  cp --reflink=auto /dev/fd/3 "$copy" || fail "$copy cannot be written."
  dd status=none if=/dev/zero of="$copy" bs=1 conv=notrunc \
    seek=$((moov + 28 + version * 8)) count=$((4 + version * 4))
  exec 3<"$copy"
  rm -f -- "$copy"
}

description=$(described /dev/fd/3)
duration=$(milliseconds)
# The output is written beside OUT, and renamed to OUT once it is whole.
part=$(dirname -- "$out")/.$(basename -- "$out").$$.part
trap 'rm -f -- "$part"' EXIT
if is_there "$preview" && ! { is_there 'video #' && is_there 'audio #'; }; then
  hide_duration "$part"
  description=$(described /dev/fd/3)
fi
if is_there 'container #.: GIF'; then
  fail "$in is a GIF, whose end and times GStreamer does not find." \
    'Convert it to a video first.'
elif is_there 'video(image) #' && ! is_there 'video #'; then
  fail "$in is a picture, not a video."
elif ! is_there 'video #'; then
  why=$(sed -n '/^An error was/{n;s/^ *//p}' <<<"$description")
  fail "$in is not a video that can be decoded." \
    "${why:-There is no video in it.}"
fi

# Files of these kinds have times in whole milliseconds. If the frame rate is
# known, videorate corrects them.
rate=()
if is_there 'container #.: \(Matroska\|WebM\|Flash\)' \
  && [[ "$(value_of 'Frame rate')" =~ ^[1-9][0-9]*/[1-9] ]]; then
  rate=(videorate skip-to-first=true !)
fi

# H.264 with 4:2:0 chroma needs even sizes. Nobody misses a row or a column;
# scaling would blur or distort the picture.
crop=()
width=$(value_of Width)
height=$(value_of Height)
if ((width % 2 || height % 2)); then
  crop=(videocrop "right=$((width % 2))" "bottom=$((height % 2))" !)
fi

# A muxer waits for all its streams, so sound is requested only if there is some
# that can be decoded.
sound=()
streams='video/x-raw(ANY)'
if is_there 'audio #'; then
  if grep -qi '^Missing plugins' <<<"$description"; then
    echo "The sound of $in cannot be decoded and is left out." >&2
    duration=0 # it may have been that of the sound
  else
    # x264enc holds back some 2 s of pictures, and the muxer the sound that goes
    # with them, so this queue must hold more than that.
    streams+=';audio/x-raw(ANY)'
    sound=(decoder. ! queue max-size-time=20000000000 max-size-bytes=0
      max-size-buffers=0 ! audioconvert ! audioresample
      ! avenc_aac bitrate=160000 ! aacparse ! muxer.)
    for ((i = $(count_streams audio); i > 1; i--)); do
      sound+=(decoder. ! 'audio/x-raw(ANY)' ! fakesink sync=false async=false)
    done
  fi
fi
# The first stream of each kind is used. The others are linked to a fakesink, as
# a stream that is not linked would end the pipeline with an error. If there are
# any, the duration may be theirs.
others=()
for ((i = $(count_streams 'video\((image)\)\?'); i > 1; i--)); do
  others+=(decoder. ! 'video/x-raw(ANY)' ! fakesink sync=false async=false)
done
(($(count_streams audio) + ${#others[@]} <= 1)) || duration=0

# Ctrl-C and the like: a shell that waits for a program in the background
# handles them at once.
launch=
interrupt() {
  [ -z "$launch" ] || kill "$launch" 2>/dev/null || true
  wait
  complain "Interrupted. $out is as it was."
  exit $((128 + $1))
}
trap 'interrupt 1' HUP
trap 'interrupt 2' INT
trap 'interrupt 15' TERM

{ : >"$part"; } 2>/dev/null || fail "$out cannot be written."

# decodebin      decodes any kind of file, and only the streams that are used
# deinterlace    does nothing to pictures that are not interlaced
# videoflip      turns sideways recordings of a phone upright, as the file says
# queue          lets decoder, network and encoder work at the same time
# x264enc        the same quality throughout, whatever bit rate that takes
#
# annotate BFRAMES MUXER-PROPERTY...
annotate() {
  local bframes=$1

  shift
  exec 4>"$part"
  gst-launch-1.0 -q \
    filesrc location=/dev/fd/3 ! decodebin name=decoder \
    expose-all-streams=false caps="$streams" \
    decoder. ! queue ! videoconvert ! deinterlace ! "${rate[@]}" "${crop[@]}" \
    videoflip video-direction=auto \
    ! progressreport name=annotate update-freq=2 ! videoconvert ! queue \
    ! activationmap "${properties[@]}" ! queue ! videoconvert \
    ! video/x-raw,format=I420 \
    ! x264enc pass=qual quantizer=21 vbv-buf-capacity=0 speed-preset=faster \
    bframes="$bframes" ! h264parse ! mp4mux name=muxer "$@" \
    ! filesink location=/dev/fd/4 \
    "${sound[@]}" "${others[@]}" &
  launch=$!
  wait "$launch" || fail "$in could not be annotated."
  description=$(described /dev/fd/4)
}

annotate 3
# In a file of fragments (of ten minutes), no track is taken for a preview, but
# times are right only without B-frames.
! is_there "$preview" || annotate 0 fragment-duration=600000
annotated=$(milliseconds)
((annotated > 0)) || fail "$in could not be annotated: no picture came out."
((annotated >= duration * 9 / 10 - 1000)) \
  || fail "$in is incomplete: only $((annotated / 1000)) s of" \
    "$((duration / 1000)) s could be read."
mv -fT -- "$part" "$out"
