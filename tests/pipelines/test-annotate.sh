#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# annotate.sh: its output for good files, and its errors for others.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

skip_without activationmap decodebin x264enc h264parse qtdemux \
  mp4mux matroskamux mpegtsmux videorate avenc_aac avdec_h264 avdec_aac flacenc deinterlace \
  progressreport

annotate() {
  "$scripts/annotate.sh" "$@"
}

# refuses_with STATUS ARGUMENT...: the script fails with this status, gives the
# reason in one line that begins with its name, and leaves the folder as it was.
refuses_with() {
  local before after output status=0 expected=$1

  shift
  before=$(ls -A "$folder")
  output=$(annotate "$@" 2>&1) || status=$?
  after=$(ls -A "$folder")
  printf '%s\n' "$output" | sed 's/^/# /'
  [ "$status" -eq "$expected" ] && [ "$before" = "$after" ] \
    && [ "$(grep -c '^annotate.sh: ' <<<"$output")" -eq 1 ]
}

refuses() {
  refuses_with 1 "$@"
}

# Stopped half way by a signal, it says so, leaves no file behind, and no
# process goes on.
is_interrupted_by() {
  local before after output script child status=0

  before=$(ls -A "$folder")
  output=$(mktemp)
  # A shell makes programs in the background ignore Ctrl-C.
  env --default-signal=INT \
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
  [ "$status" -eq $((128 + $(kill -l "$1"))) ] && [ "$before" = "$after" ] \
    && grep '^annotate.sh: Interrupted' "$output" >/dev/null \
    && [ -n "$child" ] && ! kill -0 "${child% }" 2>/dev/null
}

# A shell cannot trap a signal that is ignored from the start, as under nohup.
ignores_hangup() {
  local ignored

  ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status)
  [ $((0x$ignored & 1)) -eq 1 ]
}

exits_with() {
  local status=0 expected=$1

  shift
  "$@" || status=$?
  [ "$status" -eq "$expected" ]
}

# write_film MUXER PICTURES SOUND... >FILE: a film of so many pictures, with a
# track of sound of so many buffers for each SOUND.
write_film() {
  local muxer=$1 pictures=$2 n tracks=()

  shift 2
  for n in "$@"; do
    tracks+=(audiotestsrc "num-buffers=$n" wave=pink-noise ! avenc_aac
      ! aacparse ! queue max-size-time=0 max-size-buffers=0 max-size-bytes=0
      ! mux.)
  done
  launch "$muxer" name=mux ! fdsink videotestsrc "num-buffers=$pictures" \
    ! video/x-raw,width=160,height=120,framerate=30/1 \
    ! x264enc speed-preset=ultrafast ! queue ! mux. "${tracks[@]}"
}

# annotates_film NAME MUXER PICTURES SOUND...: the result has all pictures and
# the first track of sound, at the right rate.
annotates_film() {
  local film=$folder/$1

  shift
  write_film "$@" >"$film" || return
  annotate "$film" "$film.mp4" roi-type= || return
  has_pictures "$film.mp4" "$2" && describes "$film.mp4" 'Frame rate: 30/1$' \
    && { [ $# -eq 2 ] || describes "$film.mp4" 'audio #.: MPEG-4 AAC'; }
}

# write_png COUNT FILE: a picture of one colour, animated if COUNT is above 1.
write_png() {
  python3 - "$1" >"$2" <<'END'
import struct
import sys
import zlib

count = int(sys.argv[1])
pixels = zlib.compress((b"\0" + b"\x80" * 192) * 64)


def write(kind, data):
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + kind + data
                            + struct.pack(">I", zlib.crc32(kind + data)))


def control(number):
    write(b"fcTL", struct.pack(">5I2H2B", number, 64, 64, 0, 0, 1, 10, 0, 0))


sys.stdout.buffer.write(b"\x89PNG\r\n\x1a\n")
write(b"IHDR", struct.pack(">2I5B", 64, 64, 8, 2, 0, 0, 0))
if count > 1:
    write(b"acTL", struct.pack(">2I", count, 0))
    control(0)
write(b"IDAT", pixels)
for i in range(1, count):
    control(2 * i - 1)
    write(b"fdAT", struct.pack(">I", 2 * i) + pixels)
write(b"IEND", b"")
END
}

# write_gif COUNT FILE: COUNT pictures, their pixels in codes of nine bits with
# a clear code before each.
write_gif() {
  python3 - "$1" >"$2" <<'END'
import sys

count = int(sys.argv[1])
codes = [code for i in range(256) for code in (256, i)] + [257]
bits = sum(code << 9 * i for i, code in enumerate(codes))
data = bits.to_bytes(len(codes) * 9 // 8 + 1, "little")
blocks = b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255]
                  for i in range(0, len(data), 255)) + b"\0"
picture = (b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c" + bytes(4)
           + b"\x10\0\x10\0\0" + b"\x08" + blocks)
sys.stdout.buffer.write(b"GIF89a\x10\0\x10\0\xf7\0\0"
                        + bytes(i for i in range(256) for _ in range(3))
                        + count * picture + b"\x3b")
END
}

is_upright() {
  ! gst-discoverer-1.0 -v "$1" | grep -i orientation
}

# The sample has its moov box before the pictures, so half of it is a clip that
# ends early; its first 100 bytes are not a clip at all.
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
sideways=$folder/sideways.mp4
record_sideways "$sideways"
write_png 1 "$folder/still.png"
write_png 5 "$folder/moving.png"
write_gif 1 "$folder/still.gif"
write_gif 5 "$folder/moving.gif"
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
check 'no sound' annotates_film none.mkv matroskamux 60
check 'a longer sound' annotates_film longer.mp4 mp4mux 45 150
for container in mp4:mp4mux mkv:matroskamux; do
  name=${container%:*} muxer=${container#*:}
  check "$name: a much longer sound" \
    annotates_film "much-longer.$name" "$muxer" 15 200
  check "$name: a much shorter sound" annotates_film "short.$name" "$muxer" 60 8
  check "$name: two sounds, of which the second is the longer" \
    annotates_film "two.$name" "$muxer" 45 60 120
done
check 'a face recorded sideways' annotate "$sideways" "$sideways.mp4"
check 'is upright' describes "$sideways.mp4" 'Width: 640$'
check 'and found' has_face "$sideways.mp4"
check 'a file may be replaced' \
  annotate "$sound" "$folder/out.mp4" roi-type=
check 'and is replaced' has_pictures "$folder/out.mp4" 45

check 'no arguments' exits_with 2 annotate
check 'a picture' refuses "$folder/still.png" "$folder/x.mp4"
check 'pictures in a PNG file' refuses "$folder/moving.png" "$folder/x.mp4"
check 'a GIF' refuses "$folder/still.gif" "$folder/x.mp4"
check 'a moving GIF' refuses "$folder/moving.gif" "$folder/x.mp4"
check 'a missing file' refuses "$folder/no-such-file.mp4" "$folder/x.mp4"
check 'a folder' refuses "$folder" "$folder/x.mp4"
check 'an empty file' refuses "$folder/empty.mp4" "$folder/x.mp4"
check 'a file that is not a video' refuses "$noise" "$folder/x.mp4"
check 'a file without pictures' refuses "$only_sound" "$folder/x.mp4"
check 'the beginning of a file' refuses "$stub" "$folder/x.mp4"
check 'half a file' refuses "$cut" "$folder/x.mp4"
check 'itself' refuses "$cut" "$folder/./cut.mp4"
check 'a folder that is not there' refuses "$sample" "$folder/no/x.mp4"
check 'a folder as the result' refuses "$sample" "$folder"
check 'an argument that is not a property' refuses_with 2 "$sample" "$folder/x.mp4" colormap
check 'an unknown property' refuses "$sample" "$folder/x.mp4" no-such=1
check 'an unknown value' refuses "$sample" "$folder/x.mp4" colormap=no-such
check 'ended by Ctrl-C' is_interrupted_by INT
check 'ended by the system' is_interrupted_by TERM
ignores_hangup || check 'the terminal gone' is_interrupted_by HUP
check 'what was there stays there' has_pictures "$folder/out.mp4" 45
finish
