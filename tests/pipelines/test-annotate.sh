#!/usr/bin/env bash
# annotate.sh: what comes out of good files, and what of others.
# shellcheck disable=SC2317 # check() calls what it is given
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

skip_without activationmap decodebin x264enc h264parse qtdemux \
  mp4mux matroskamux avenc_aac avdec_h264 avdec_aac flacenc deinterlace \
  progressreport

annotate() {
  "$scripts/annotate.sh" "$@"
}

# Fails as it should: exit status 1, the reason in one line that begins with the
# name of the script, and nothing in the folder that was not there.
refuses() {
  local before after output status=0

  before=$(ls -A "$folder")
  output=$(annotate "$@" 2>&1) || status=$?
  after=$(ls -A "$folder")
  printf '%s\n' "$output" | sed 's/^/# /'
  [ "$status" -eq 1 ] && [ "$before" = "$after" ] \
    && [ "$(grep -c '^annotate.sh: ' <<<"$output")" -eq 1 ]
}

# Ended half way by a signal, it says so, leaves nothing behind, and nothing
# works on.
is_interrupted_by() {
  local before after output script child status=0

  before=$(ls -A "$folder")
  output=$(mktemp)
  "$scripts/annotate.sh" "$sample" "$folder/x.mp4" 2>"$output" &
  script=$!
  until [ -n "$(find "$folder" -name '.x.mp4.*.part' -size +0)" ]; do
    kill -0 "$script" || return
    sleep 0.1
  done
  child=$(cat "/proc/$script/task/$script/children")
  kill "-$1" "$script"
  wait "$script" || status=$?
  after=$(ls -A "$folder")
  sed 's/^/# /' "$output"
  [ "$status" -eq 1 ] && [ "$before" = "$after" ] \
    && grep '^annotate.sh: Interrupted' "$output" >/dev/null \
    && [ -n "$child" ] && ! kill -0 "${child% }" 2>/dev/null
}

# What is ignored from the start, as under nohup, no shell can heed.
ignores_hangup() {
  local ignored

  ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status)
  [ $((0x$ignored & 1)) -eq 1 ]
}

# The rows of the matrix in the header of the one track, in 16.16: the picture
# is to be turned by 90 degrees.
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

is_upright() {
  ! gst-discoverer-1.0 -v "$1" | grep -i orientation
}

# The sample has its moov box before the pictures, so half of it is a clip that
# ends early; a tenth of a kilobyte is nothing.
cut=$folder/cut.mp4 stub=$folder/stub.mp4 noise=$folder/noise.mp4
head -c 160000 "$sample" >"$cut"
head -c 100 "$sample" >"$stub"
head -c 50000 /dev/zero >"$noise"
: >"$folder/empty.mp4"

sound="$folder/a name with blanks, \"quotes\" and a \\.mkv"
launch matroskamux name=mux ! filesink location=/dev/fd/3 \
  videotestsrc num-buffers=45 pattern=ball \
  ! video/x-raw,format=Y444,width=161,height=121,framerate=30/1 \
  ! x264enc speed-preset=ultrafast ! mux. \
  audiotestsrc num-buffers=65 ! audio/x-raw,rate=44100,channels=2 ! flacenc \
  ! mux. 3>"$sound"
turned=$folder/turned.mp4
launch videotestsrc num-buffers=15 ! video/x-raw,width=320,height=240 \
  ! x264enc speed-preset=ultrafast ! mp4mux ! filesink location="$turned"
turn "$turned"
only_sound=$folder/sound.mkv
launch audiotestsrc num-buffers=30 ! flacenc ! matroskamux \
  ! filesink location="$only_sound"

check 'the sample is annotated' annotate "$sample" "$folder/out.mp4"
check 'all pictures are there' has_pictures "$folder/out.mp4" 270
check 'as H.264' describes "$folder/out.mp4" 'video #.: H.264'
check 'a name is a name, odd sizes and properties are taken' \
  annotate "$sound" "$sound.mp4" roi-type= colormap=viridis
check 'all its pictures are there' has_pictures "$sound.mp4" 45
check 'its width is even' describes "$sound.mp4" 'Width: 160$'
check 'its height is even' describes "$sound.mp4" 'Height: 120$'
check 'with sound, as AAC' describes "$sound.mp4" 'audio #.: MPEG-4 AAC'
check 'a picture held sideways' \
  annotate "$turned" "$folder/upright.mp4" roi-type=
check 'is turned' describes "$folder/upright.mp4" 'Width: 240$'
check 'and is so as it stands' is_upright "$folder/upright.mp4"
check 'a file may be replaced' \
  annotate "$sound" "$folder/out.mp4" roi-type=
check 'and is replaced' has_pictures "$folder/out.mp4" 45

check 'no arguments' bash -c '! "$@" 2>/dev/null' - "$scripts/annotate.sh"
check 'a missing file' refuses "$folder/no-such-file.mp4" "$folder/x.mp4"
check 'a folder' refuses "$folder" "$folder/x.mp4"
check 'an empty file' refuses "$folder/empty.mp4" "$folder/x.mp4"
check 'a file that is no video' refuses "$noise" "$folder/x.mp4"
check 'a file without pictures' refuses "$only_sound" "$folder/x.mp4"
check 'the beginning of a file' refuses "$stub" "$folder/x.mp4"
check 'half a file' refuses "$cut" "$folder/x.mp4"
check 'itself' refuses "$cut" "$folder/./cut.mp4"
check 'a folder that is not there' refuses "$sample" "$folder/no/x.mp4"
check 'a folder as the result' refuses "$sample" "$folder"
check 'what is no property' refuses "$sample" "$folder/x.mp4" colormap
check 'an unknown property' refuses "$sample" "$folder/x.mp4" no-such=1
check 'an unknown value' refuses "$sample" "$folder/x.mp4" colormap=no-such
check 'ended by the system' is_interrupted_by TERM
ignores_hangup || check 'the terminal gone' is_interrupted_by HUP
check 'what was there stays there' has_pictures "$folder/out.mp4" 45
finish
