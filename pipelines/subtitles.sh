# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash disable=SC2034,SC2154 # shared with annotate.sh
# Sourced by annotate.sh: carries the subtitles of a recording into the film.
#
# They are taken out before, as SubRip files, and put in afterwards. Otherwise the
# muxer would wait for text, which may not come for an hour; and the text would go
# on after the end of a film that is interrupted.

# Counts the tracks that are kept, as `texts`, and names the others in a warning.
choose_subtitles() {
  local track type language decodes

  texts=0
  while read -r track type language _ decodes; do
    if [ "$takes_subtitles" = no ]; then
      complain "Subtitles $track ($language) are left out: WebM has no place" \
        'for text.'
    elif [ "$decodes" = no ] \
      || [[ ! "$type" =~ ^(text/x-raw|application/x-(ssa|ass))$ ]]; then
      complain "Subtitles $track ($language) are left out: $type is not text."
    else
      texts=$((texts + 1))
    fi
  done < <(tracks subtitles)
}

# extract_subtitles FOLDER: writes 0.srt, 1.srt, ..., and puts their languages into
# the array `languages`. Which track comes first is open, so languages are taken
# from the tags that come with the text.
extract_subtitles() {
  local i tracks=()

  languages=()
  ((texts > 0)) || return 0
  for ((i = 0; i < texts; i++)); do
    tracks+=(decoder. ! text/x-raw ! "${unlimited[@]}" ! srtenc
      ! filesink "name=text$i" "location=$1/$i.srt")
  done
  launch_options=(-t)
  run_pipeline "$1" uridecodebin uri="$(quoted "$uri")" name=decoder \
    expose-all-streams=false caps=text/x-raw "${tracks[@]}"
  launch_options=(-q)
  for ((i = 0; i < texts; i++)); do
    languages[i]=$(language_of "text$i" <"$1/messages")
  done
}

# Reads what gst-launch-1.0 -t prints.
language_of() {
  awk -v sink="\"$1\"." '
    /^FOUND TAG/ { on = $NF == sink }
    on && $1 " " $2 == "language code:" && $3 ~ /^[a-z][a-z][a-z]?$/ {
      language = $3
    }
    END { print language ? language : "und" }'
}

# Reads SubRip with markup, and writes the text of the first so many milliseconds
# without. A cue of nothing comes first, as mp4mux shortens the last by the time
# that passes before the first.
plain_text_until() {
  awk -v length_of_film="$1" '
    function milliseconds(time) {
      split(time, part, /[:,]/)
      return ((part[1] * 60 + part[2]) * 60 + part[3]) * 1000 + part[4]
    }
    function stamp(time) {
      return sprintf("%02d:%02d:%02d,%03d", time / 3600000,
                     time / 60000 % 60, time / 1000 % 60, time % 1000)
    }
    function print_text(line) {
      for (; line <= NF; line++) {
        gsub(/&lt;/, "<", $line)
        gsub(/&gt;/, ">", $line)
        gsub(/&quot;/, "\"", $line)
        gsub(/&(apos|#39);/, "\047", $line)
        gsub(/&amp;/, "\\&", $line)
        print $line
      }
    }
    BEGIN {
      RS = ""
      FS = "\n"
      print "1\n00:00:00,000 --> 00:00:00,001\n "
    }
    $2 !~ / --> / {
      if (shown)
        print_text(1)
      next
    }
    {
      split($2, time, " --> ")
      start = milliseconds(time[1])
      end = milliseconds(time[2])
      shown = start < length_of_film
      if (shown) {
        print "\n" NR + 1 "\n" stamp(start) " --> " \
          stamp(end < length_of_film ? end : length_of_film)
        print_text(3)
      }
    }'
}

# add_subtitles FOLDER FILM RESULT MUXER-PROPERTY...: RESULT is FILM with those
# subtitles of FOLDER that there are.
add_subtitles() {
  local folder=$1 film=$2 result=$3 i tracks=() queue

  shift 3
  queue=(queue max-size-time=20000000000 max-size-bytes=0 max-size-buffers=0)
  for ((i = 0; i < sounds; i++)); do
    tracks+=("demuxer.audio_$i" ! "${queue[@]}" ! aacparse ! muxer.)
  done
  for ((i = 0; i < texts; i++)); do
    plain_text_until "$annotated" <"$folder/$i.srt" >"$folder/text.$i.srt"
    tracks+=(filesrc "location=$folder/text.$i.srt"
      ! subparse subtitle-encoding=UTF-8 ! 'text/x-raw,format=utf8'
      ! taginject "tags=language-code=${languages[i]}" ! queue ! muxer.)
  done
  exec 4<"$film" 6>"$result"
  run_pipeline "$folder" filesrc location=/dev/fd/4 ! "$demuxer" name=demuxer \
    demuxer.video_0 ! "${queue[@]}" ! h264parse ! "$muxer" name=muxer "$@" \
    ! filesink location=/dev/fd/6 "${tracks[@]}"
}
