# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash disable=SC2034,SC2154 # shared with annotate.sh
# Sourced by annotate.sh: opens a recording, be it a file, a URL or the standard
# input, and finds out what is in it.
#
# A file is passed on as descriptor 3: quotes and blanks in a name would have a
# meaning of their own in a launch line.

# Prints what gst-discoverer-1.0 says of a URI, and which tracks of an MP4 file
# qtdemux leaves out.
described() {
  LC_ALL=C GST_DEBUG=qtdemux:2 GST_DEBUG_NO_COLOR=1 GST_DEBUG_FILE='' \
    gst-discoverer-1.0 --timeout=120 -v "$1" 2>&1 || true
}

preview='.*Track shorter than 20%'

is_there() {
  grep "^ *$1" <<<"$description" >/dev/null
}

# Prints the first number in a line `name: number`. (Other text would be dangerous
# in arithmetic, and comes from the file.)
number_of() {
  sed -n "s/^ *$1: *\([0-9][0-9.:/]*\).*/\1/p" <<<"$description" | head -n 1
}

# Prints the duration, such as 0:01:02.500000000, in whole milliseconds.
milliseconds() {
  local hours minutes seconds

  IFS=: read -r hours minutes seconds <<<"$(number_of Duration)"
  [[ "$hours$minutes$seconds" =~ ^[0-9]+[.]?[0-9]*$ ]] \
    || hours=0 minutes=0 seconds=0
  echo $((10#$hours * 3600000 + 10#$minutes * 60000 \
    + 10#${seconds%.*} * 1000 + 10#$(cut -c 1-3 <<<"${seconds#*.}000")))
}

# tracks KIND: prints a line for each of them: its number, its type of media, its
# language (or und), its channels (1 if it is not sound), and whether there is a
# decoder for it.
tracks() {
  awk -v kind="$1" '
    function type(caps, version) {
      if (match(caps, /mpegversion=\(int\)[0-9]/))
        version = substr(caps, RSTART + RLENGTH - 1, 1)
      sub(/[,)].*/, "", caps)
      return caps version
    }
    function flush() {
      if (number)
        print number, name, language, channels, (missing[key] ? "no" : "yes")
      number = 0
    }
    /^ \(gstreamer\|.*\|decoder-/ {
      sub(/.*\|decoder-/, "")
      missing[type($0)] = 1
      next
    }
    /^ *[a-z()]+ #[0-9]+: / {
      flush()
      if ($1 != kind)
        next
      number = substr($2, 2) + 0
      caps = $0
      sub(/^ *[a-z()]+ #[0-9]+: /, "", caps)
      key = type(caps)
      name = caps
      sub(/,.*/, "", name)
      language = "und"
      channels = 1
    }
    $1 == "Language:" && $2 ~ /^[a-z][a-z][a-z]?$/ { language = $2 }
    $1 == "Channels:" && $2 ~ /^[1-9][0-9]?$/ { channels = $2 }
    END { flush() }' <<<"$description"
}

# Of all kinds, also those that are left out.
count_tracks() {
  grep '^ *[a-z()]* #[0-9]*: ' <<<"$description" | grep -vc '^ *container'
}

# Prints the name of a recording; a URL with a password is shown without it.
shown_name() {
  if [ "$1" = - ]; then
    echo 'The standard input'
  elif [[ "$1" =~ ^([^/]*://)[^/@]*@(.*) ]]; then
    echo "${BASH_REMATCH[1]}${BASH_REMATCH[2]}"
  else
    printf '%s\n' "$1"
  fi
}

# Prints the path that a URL of a file stands for; other names as they are.
local_path() {
  local path=${1#file://}

  if [ "$path" = "$1" ]; then
    printf '%s\n' "$path"
  else
    path=${path//\\/\\\\}
    printf '%b\n' "${path//%/\\x}"
  fi
}

is_url() {
  [[ "$1" =~ ^[A-Za-z][A-Za-z0-9+.-]*:// ]] && [ ! -e "$1" ]
}

# Files of some kinds can only be read to and fro, so what comes from a pipe is
# kept in a file that has no name.
open_standard_input() {
  local copy=$1 reason

  [ ! -t 0 ] || fail_usage 'The standard input is a terminal, not a recording.'
  if [ -f /dev/stdin ]; then
    exec 3<&0
    return
  fi
  reason=$(LC_ALL=C cat 2>&1 >"$copy") \
    || fail "The standard input could not be kept in ${copy%/*}: ${reason##*: }."
  exec 3<"$copy"
  rm -f -- "$copy"
}

open_file() {
  [ -e "$1" ] || fail "There is no file $1."
  [ -f "$1" ] || fail "$1 is not a file."
  [ -r "$1" ] || fail "$1 cannot be read."
  exec 3<"$1"
}

# open_recording NAME COPY: sets `uri`. COPY is the name of a file that may be
# written, and is gone at the end.
open_recording() {
  uri=file:///dev/fd/3
  if is_url "$1"; then
    uri=$1
  elif [ "$1" = - ]; then
    open_standard_input "$2"
  else
    open_file "$1"
  fi
}

# describe_recording COPY: sets `description`.
describe_recording() {
  description=$(described "$uri")
  if is_there "$preview" && ! { is_there 'video #' && is_there 'audio #'; }; then
    [ "$uri" = file:///dev/fd/3 ] || fail "The tracks of $in are of very" \
      'different lengths: download it, and annotate the file.'
    hide_duration "$1"
    description=$(described "$uri")
  fi
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

# Fails if there is no film in the recording.
refuse_what_is_no_film() {
  local why

  if is_there 'container #.: image/gif'; then
    fail "$in is a GIF, whose end and times GStreamer does not find." \
      'Convert it to a video first.'
  elif is_there 'video(image) #' && ! is_there 'video #'; then
    fail "$in is a picture, not a video."
  elif ! tracks video | grep ' yes$' >/dev/null; then
    why=$(sed -n -e '/^An error was/{n;s/^ *//p}' \
      -e 's/^.*timed out.*/It could not be read in two minutes./p' \
      <<<"$description" | head -n 1)
    fail "$in is not a video that can be decoded." \
      "${why:-$(missing_decoder)}"
  fi
}

missing_decoder() {
  local type

  type=$(tracks video | awk 'NR == 1 { print $2 }')
  if [ -n "$type" ]; then
    echo "There is no decoder for $type on this machine."
  else
    echo 'There is no video in it.'
  fi
}
