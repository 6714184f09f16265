#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Draws activation maps into a recording.
#
#   annotate.sh [OPTION...] [--] IN OUT [PROPERTY=VALUE...]
#
#   --json        also writes a line of JSON for each picture, beside OUT: the
#                 faces and predictions of film.mp4 are in film.jsonl
#   --quiet       does not say how far it is
#   --threads N   lets the encoder have so many threads (default: for one film alone)
#
# IN is a video file of any kind, a URL, or - for the standard input. The ending
# of OUT says what is written: .mp4 (H.264, AAC), .mkv (the same) or .webm (VP9,
# Opus). All sound tracks are kept, and subtitles that are text, but not in
# WebM; what is left out is named.
#
# PROPERTY=VALUE sets a property of the element activationmap, for instance
# colormap=viridis; `gst-inspect-1.0 activationmap` lists them.
#
# An existing OUT is replaced, but only if everything went well. Ctrl-C ends the
# film where it is: what is done becomes OUT, or NAME.part.mp4 beside it if there
# was an OUT. After a second Ctrl-C everything is as it was.
#
# Ends with 2 if the command line is wrong, 130 after Ctrl-C, 1 after other errors.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source-path=SCRIPTDIR source=launch.sh
source "$(dirname "${BASH_SOURCE[0]}")/launch.sh"
# shellcheck source-path=SCRIPTDIR source=recording.sh
source "$(dirname "${BASH_SOURCE[0]}")/recording.sh"
# shellcheck source-path=SCRIPTDIR source=container.sh
source "$(dirname "${BASH_SOURCE[0]}")/container.sh"
# shellcheck source-path=SCRIPTDIR source=subtitles.sh
source "$(dirname "${BASH_SOURCE[0]}")/subtitles.sh"

json=no
quiet=no
threads=0
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --json) json=yes ;;
    --quiet) quiet=yes ;;
    --threads)
      [[ "${2:-}" =~ ^[1-9][0-9]?$ ]] || fail_usage '--threads needs a number.'
      threads=$2
      shift
      ;;
    --)
      shift
      break
      ;;
    -?*) fail_usage "There is no option $1. (A file of that name is ./$1.)" ;;
    *) break ;;
  esac
  shift
done
if [ $# -lt 2 ]; then
  usage >&2
  exit 2
fi
recording=$(local_path "$1")
in=$(shown_name "$recording")
out=$2
shift 2
read_properties "$@"

can_be_written() {
  [ ! -d "$1" ] || fail "$1 is a folder, not the name of a file."
  [ ! -e "$1" ] || [ -f "$1" ] || fail "$1 is not a file, so it is not replaced."
}

can_be_written "$out"
choose_container "$out"
[ "$json" = no ] || can_be_written "${out%.*}.jsonl"

# The results are written beside OUT, and get their names once they are whole.
part=$(dirname -- "$out")/.annotate.${HOSTNAME:-}.$$.part
folder=$(mktemp -d)
trap 'rm -rf -- "$folder" "$part" "$part".*' EXIT
handle_signals
{ : >"$part"; } 2>/dev/null || fail "$out cannot be written."
! [ "$recording" -ef "$out" ] || fail "IN and OUT are the same file, $in."
open_recording "$recording" "$part.in"
need_elements uridecodebin videoconvert videorate videocrop videoflip \
  deinterlace audioconvert audioresample progressreport srtenc subparse \
  taginject "${elements[@]}"
describe_recording "$part.in"
refuse_what_is_no_film
duration=$(milliseconds)

# Files of these kinds have times in whole milliseconds. If the frame rate is
# known, videorate corrects them.
rate=()
if is_there 'container #.: video/\(x-matroska\|webm\|x-flv\)' \
  && [[ "$(number_of 'Frame rate')" =~ ^[1-9][0-9]*/[1-9] ]]; then
  rate=(videorate skip-to-first=true !)
fi

# H.264 with 4:2:0 chroma needs even sizes. Nobody misses a row or a column;
# scaling would blur or distort the picture.
crop=()
width=$(number_of Width)
height=$(number_of Height)
if ((width % 2 || height % 2)); then
  crop=(videocrop "right=$((width % 2))" "bottom=$((height % 2))" !)
fi

# Counts the tracks of sound that can be decoded, as `sounds`, and puts a branch for
# each into the array `sound`. (A muxer waits for all its streams, so none may be
# asked for that does not come.) Which track takes which branch is open, so they
# are all alike.
#
# x264enc holds back some 2 s of pictures, and the muxer the sound that goes with
# them, so the queues must hold more than that.
choose_sound() {
  local track type language channels decodes most=1 i

  sound=()
  sounds=0
  while read -r track type language channels decodes; do
    if [ "$decodes" = no ]; then
      complain "Sound $track ($language) is left out: there is no decoder for" \
        "$type on this machine."
    else
      ((++sounds))
      most=$((channels > most ? channels : most))
    fi
  done < <(tracks audio)
  encode_audio "$most"
  for ((i = 0; i < sounds; i++)); do
    sound+=(decoder. ! 'audio/x-raw(ANY)' ! queue max-size-time=20000000000
      max-size-bytes=0 max-size-buffers=0 ! audioconvert ! audioresample
      ! "${audio[@]}" ! muxer.)
  done
}

# The first track of pictures is annotated. The others are linked to a fakesink,
# as a stream that is not linked would end the pipeline with an error.
choose_pictures() {
  local track type decodes first=

  others=()
  while read -r track type _ _ decodes; do
    [ "$decodes" = yes ] || continue
    if [ -z "$first" ]; then
      first=$track
      continue
    fi
    [[ "$type" == image/* ]] \
      || complain "Video $track is left out: only the first is annotated."
    others+=(decoder. ! 'video/x-raw(ANY)' ! fakesink sync=false async=false)
  done < <(tracks video && tracks 'video(image)')
}

choose_pictures
choose_sound
choose_subtitles
# If there are other tracks, the duration may be theirs.
(($(count_tracks) == 1 + sounds)) || duration=0

metadata=()
[ "$json" = no ] || metadata=(annotated. ! regionjson ! "${unlimited[@]}"
  ! filesink location=/dev/fd/5)
read -ra progress <<<"$(progress)"

# uridecodebin   decodes any kind of file, and only the streams that are used
# deinterlace    does nothing to pictures that are not interlaced
# videoflip      turns sideways recordings of a phone upright, as the file says
# queue          lets decoder, network and encoder work at the same time
#
# annotate BFRAMES MUXER-PROPERTY...
annotate() {
  encode_video "$1"
  shift
  exec 4>"$part" 5>"$part.jsonl"
  handle_signals
  ends_early=yes
  run_pipeline "$folder" uridecodebin uri="$(quoted "$uri")" name=decoder \
    expose-all-streams=false caps='video/x-raw(ANY);audio/x-raw(ANY)' \
    decoder. ! 'video/x-raw(ANY)' ! queue ! videoconvert ! deinterlace \
    ! "${rate[@]}" "${crop[@]}" videoflip video-direction=auto \
    ! "${progress[@]}" ! videoconvert ! queue \
    ! activationmap "${properties[@]}" ! tee name=annotated ! queue \
    ! videoconvert ! video/x-raw,format=I420 ! "${video[@]}" \
    ! "$muxer" name=muxer "$@" ! filesink location=/dev/fd/4 \
    "${sound[@]}" "${others[@]}" "${metadata[@]}"
  trap '' INT # what has been done is worth a moment more
  ends_early=no
  description=$(described file:///dev/fd/4)
}

# In a file of fragments (of ten minutes), no track is taken for a preview, but
# times are right only without B-frames.
annotate_fragments() {
  fragments=(fragment-duration=600000)
  annotate 0 "${fragments[@]}"
}

# Gives the results their names.
keep() {
  local film=$out

  if [ "$interrupted" = yes ] && [ -e "$out" ]; then
    film=${out%.*}.part.${out##*.}
  fi
  [ "$json" = no ] || mv -fT -- "$part.jsonl" "${film%.*}.jsonl"
  mv -fT -- "$part" "$film"
  [ "$interrupted" = no ] || complain "$film has the first $(seconds) s."
}

seconds() {
  printf '%d.%d' $((annotated / 1000)) $((annotated / 100 % 10))
}

extract_subtitles "$folder"
fragments=()
annotate 3
[ "$interrupted" = yes ] || ! is_there "$preview" || annotate_fragments
annotated=$(milliseconds)
if ((annotated == 0)); then
  [ "$interrupted" = no ] || stop 130
  fail "$in could not be annotated: no picture came out."
fi
[ "$interrupted" = yes ] || ((annotated >= duration * 9 / 10 - 1000)) \
  || fail "$in is incomplete: only $(seconds) s of $((duration / 1000)) s" \
    'could be read.'
if ((texts > 0)); then
  add_subtitles "$folder" "$part" "$part.film" "${fragments[@]}"
  mv -fT -- "$part.film" "$part"
fi
keep
[ "$interrupted" = no ] || exit 130
