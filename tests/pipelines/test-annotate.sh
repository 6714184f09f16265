#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# annotate.sh: its output for good files, and its errors for others.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

skip_without activationmap uridecodebin x264enc h264parse qtdemux mp4mux \
  matroskamux webmmux vp9enc opusenc mpegtsmux videorate avenc_aac avdec_h264 \
  avdec_aac flacenc flacparse deinterlace progressreport srtenc subparse taginject

annotate() {
  "$scripts/annotate.sh" "$@"
}

# refuses_with STATUS ARGUMENT...: the script fails with this status, gives the
# reason in one line that begins with its name, and leaves the folder as it was.
refuses_with() {
  local before after output status=0 expected=$1

  shift
  before=$(ls -A "$folder")
  output=$(annotate --quiet "$@" 2>&1) || status=$?
  after=$(ls -A "$folder")
  printf '%s\n' "$output" | sed 's/^/# /'
  [ "$status" -eq "$expected" ] && [ "$before" = "$after" ] \
    && [ "$(grep -c '^annotate.sh: ' <<<"$output")" -eq 1 ]
}

refuses() {
  refuses_with 1 "$@"
}

# begin_film OUT: annotates the sample in the background, as `script`, whose
# messages go to `messages`; waits until there are pictures in the file, and
# finds its `pipeline`.
begin_film() {
  local children

  messages=$(mktemp)
  # A shell makes programs in the background ignore Ctrl-C.
  env --default-signal=INT \
    "$scripts/annotate.sh" --json "$sample" "$1" 2>"$messages" &
  script=$!
  until [ -n "$(find "$folder" -name '.annotate.*.part' -size +0)" ]; do
    kill -0 "$script" || return
    sleep 0.1
  done
  read -ra children <"/proc/$script/task/$script/children"
  for pipeline in "${children[@]}"; do
    [ "$(cat "/proc/$pipeline/comm")" != gst-launch-1.0 ] || break
  done
}

# ended_with STATUS: that is how the script ended, and its pipeline has ended.
ended_with() {
  local status=0

  wait "$script" || status=$?
  sed 's/^/# /' "$messages"
  [ "$status" -eq "$1" ] && ! kill -0 "$pipeline" 2>/dev/null
}

# Stopped half way by a signal, it says so, leaves no file behind, and no
# process goes on.
is_stopped_by() {
  local before

  before=$(ls -A "$folder")
  begin_film "$folder/x.mp4" || return
  kill "-$1" "$script"
  ended_with $((128 + $(kill -l "$1"))) && [ "$before" = "$(ls -A "$folder")" ] \
    && grep '^annotate.sh: Interrupted' "$messages" >/dev/null
}

# The pipeline is held up until it has been told twice.
is_stopped_by_two() {
  local before

  before=$(ls -A "$folder")
  begin_film "$folder/x.mp4" || return
  kill -STOP "$pipeline"
  kill -INT "$script"
  until grep -q once "$messages"; do sleep 0.1; done
  kill -INT "$script"
  kill -CONT "$pipeline"
  ended_with 130 && [ "$before" = "$(ls -A "$folder")" ]
}

# Prints how many pictures there are in an MP4 file without sound, by its header.
count_samples() {
  python3 - "$1" <<'END'
import struct
import sys

data = open(sys.argv[1], "rb").read()
print(struct.unpack_from(">I", data, data.index(b"stsz") + 12)[0])
END
}

# is_ended_early OUT FILM: Ctrl-C makes FILM of what is done, which can be played,
# and lines for all its pictures. (Of the last pictures some may lack others that
# they are made from.)
is_ended_early() {
  local pictures

  begin_film "$1" || return
  kill -INT "$script"
  ended_with 130 || return
  pictures=$(count_samples "$2")
  ((pictures > 0 && pictures < 270)) \
    && [ "$(wc -l <"${2%.*}.jsonl")" -eq "$pictures" ] \
    && (($(count_pictures "$2") >= pictures - 4))
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

# From GStreamer 1.28 on, videorate may repeat the last picture of a film with times
# in whole milliseconds.
repeated=0
! gst-launch-1.0 --version | sed -n 's/^GStreamer /1.28\n/p' | sort -CV \
  || repeated=1

# annotates_film NAME MUXER PICTURES SOUND...: the result has all pictures and
# the first track of sound, at the right rate.
annotates_film() {
  local film=$folder/$1

  shift
  write_film "$@" >"$film" || return
  annotate "$film" "$film.mp4" roi-type= || return
  has_pictures "$film.mp4" "$2" "$repeated" \
    && describes "$film.mp4" 'Frame rate: 30/1$' \
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
  ! gst-discoverer-1.0 --timeout=120 -v "$1" | grep -i orientation
}

# write_tracks FILE: a film with two sounds of different kinds and languages, and
# two tracks of subtitles.
write_tracks() {
  local language text=()

  for language in fr pl; do
    printf '1\n00:00:00,100 --> 00:00:00,300\nQ & <i>A</i> %s\n\n' "$language" \
      >"$folder/$language.srt"
    printf '2\n00:00:00,500 --> 00:00:00,900\n1 < 2\ntwo lines\n' \
      >>"$folder/$language.srt"
    text+=(filesrc location="$folder/$language.srt" ! subparse
      ! 'text/x-raw,format=utf8' ! taginject "tags=language-code=$language"
      ! queue ! mux.)
  done
  launch matroskamux name=mux ! filesink location="$1" \
    videotestsrc num-buffers=30 ! video/x-raw,width=160,height=120,framerate=30/1 \
    ! x264enc speed-preset=ultrafast ! queue ! mux. \
    audiotestsrc num-buffers=40 ! audio/x-raw,channels=2 ! avenc_aac ! aacparse \
    ! taginject tags=language-code=en ! queue ! mux. \
    audiotestsrc num-buffers=40 ! audio/x-raw,channels=1,rate=48000 ! flacenc \
    ! taginject tags=language-code=de ! queue ! mux. "${text[@]}"
}

# has_sounds FILE LANGUAGE...: these tracks of sound. Which of them
# gst-discoverer-1.0 describes first is open.
has_sounds() {
  local file=$1

  shift
  [ "$(LC_ALL=C gst-discoverer-1.0 --timeout=120 "$file" | awk '
    / #[0-9]/ { on = $1 == "audio" }
    on && $1 == "Language:" { print $2 }' | sort | paste -s -d ' ')" = "$*" ]
}

# subtitles_of FILE DEMUXER NUMBER: a track in SubRip, and what its language is.
subtitles_of() {
  LC_ALL=C timeout --foreground 600 gst-launch-1.0 -t filesrc location=/dev/fd/3 \
    ! "$2" name=demuxer "demuxer.subtitle_$3" ! queue ! srtenc ! fdsink 3<"$1"
}

# has_subtitles FILE DEMUXER LANGUAGE...: these tracks of subtitles.
# gst-discoverer-1.0 counts them, but does not always see their languages.
has_subtitles() {
  local file=$1 demuxer=$2 number languages=()

  shift 2
  for ((number = 0; number < $#; number++)); do
    languages+=("$(subtitles_of "$file" "$demuxer" "$number" \
      | sed -n 's/^ *language code: //p')")
  done
  [ "$(printf '%s\n' "${languages[@]}" | sort | paste -s -d ' ')" = "$*" ] \
    && [ "$(LC_ALL=C gst-discoverer-1.0 --timeout=120 "$file" \
      | grep -c ' subtitles #')" -eq $# ]
}

# has_text FILE DEMUXER: all of the text is there, as it was but for its markup,
# in both languages. A reader of Matroska has to escape it.
has_text() {
  local text language number

  for number in 0 1; do
    text=$(subtitles_of "$1" "$2" "$number" | sed 's/&amp;/\&/; s/&lt;/</')
    language=$(sed -n 's/^ *language code: //p' <<<"$text")
    [[ "$text" == *"00:00:00,100 --> 00:00:00,300
Q & A $language
"*"00:00:00,500 --> 00:00:00,900
1 < 2
two lines
"* ]] || return
  done
}

# warns_of PATTERN ARGUMENT...: succeeds, with such a line.
warns_of() {
  local pattern=$1 output

  shift
  output=$(annotate "$@" 2>&1) || return
  printf '%s\n' "$output" | sed 's/^/# /'
  grep "^annotate.sh: $pattern" <<<"$output" >/dev/null
}

# write_unknown FILE OUT: as if its second sound and first subtitles were of kinds
# without decoders.
write_unknown() {
  python3 - "$1" >"$2" <<'END'
import sys

data = open(sys.argv[1], "rb").read()
data = data.replace(b"A_FLAC", b"A_NONE", 1)
data = data.replace(b"S_TEXT/UTF8", b"S_HDMV/PGS\0", 1)
sys.stdout.buffer.write(data)
END
}

# Prints the times of the pictures, in nanoseconds from the first.
times_of() {
  timeout --foreground 600 gst-launch-1.0 -v filesrc location="$1" ! qtdemux \
    ! h264parse ! avdec_h264 ! fakesink silent=false sync=false 2>/dev/null \
    | sed -n 's/.*chain.*pts: \([0-9:.]*\),.*/\1/p' \
    | awk -F: '{ time = ($1 * 60 + $2) * 60 + $3
        if (NR == 1) first = time
        printf "%.3f\n", time - first }'
}

# A film like those of a phone: the time between pictures changes.
write_uneven_film() {
  /usr/bin/python3 - "$1" <<'END'
import sys
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst

Gst.init(None)
pipeline = Gst.parse_launch(
    "appsrc name=source format=time caps=video/x-raw,format=I420,width=160,"
    "height=120,framerate=0/1 ! x264enc speed-preset=ultrafast bframes=0 "
    "! h264parse ! mp4mux ! filesink name=sink")
pipeline.get_by_name("sink").set_property("location", sys.argv[1])
source = pipeline.get_by_name("source")
pipeline.set_state(Gst.State.PLAYING)
time = 0
for i in range(40):
    buffer = Gst.Buffer.new_wrapped(bytes([i * 6]) * (160 * 120 * 3 // 2))
    buffer.pts = time * Gst.MSECOND
    buffer.duration = 10 * Gst.MSECOND
    time += 20 if i % 3 else 70
    source.emit("push-buffer", buffer)
source.emit("end-of-stream")
pipeline.get_bus().timed_pop_filtered(
    60 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
pipeline.set_state(Gst.State.NULL)
END
}

keeps_times() {
  write_uneven_film "$folder/uneven.mp4" || return
  annotate "$folder/uneven.mp4" "$folder/uneven.out.mp4" roi-type= || return
  [ "$(times_of "$folder/uneven.mp4" | sort -u | wc -l)" -gt 30 ] \
    && [ "$(times_of "$folder/uneven.mp4")" \
      = "$(times_of "$folder/uneven.out.mp4")" ]
}

# reads_from_web FILE: from a web server of this machine.
reads_from_web() {
  local server status=0 port

  port=$(mktemp)
  python3 - "$folder" >"$port" <<'END' &
import functools
import http.server
import sys

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(
    http.server.SimpleHTTPRequestHandler, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
END
  server=$!
  until [ -s "$port" ]; do kill -0 "$server" && sleep 0.1 || return; done
  annotate "http://user:secret@127.0.0.1:$(cat "$port")/$1" \
    "$folder/web.mp4" roi-type= || status=$?
  kill "$server"
  wait "$server"
  return "$status"
}

annotates_pipe() {
  # shellcheck disable=SC2002 # a pipe is meant
  cat "$turned" | annotate - "$folder/pipe.mp4" roi-type=
}

annotates_input() {
  annotate - "$folder/input.mp4" roi-type= <"$turned"
}

# annotates_elsewhere COMMAND...: in the folder, where names begin with a dash.
annotates_elsewhere() {
  (cd "$folder" && "$@")
}

# The limit for the size of a file stands for a disk that is full: both show when
# the file is written.
annotates_on_full_disk() {
  (trap '' XFSZ && ulimit -f 40 && annotate "$@")
}

refuses_on_full_disk() {
  local before output status=0

  before=$(ls -A "$folder")
  output=$(annotates_on_full_disk "$sample" "$folder/x.mp4" 2>&1) || status=$?
  printf '%s\n' "$output" | sed 's/^/# /'
  [ "$status" -eq 1 ] && [ "$before" = "$(ls -A "$folder")" ] \
    && grep 'File too large' <<<"$output" >/dev/null
}

# says PATTERN COMMAND...
says() {
  local pattern=$1

  shift
  "$@" 2>&1 | grep -e "$pattern" >/dev/null
}

is_silent() {
  [ -z "$("$@" 2>&1)" ]
}

has_lines() {
  [ "$(wc -l <"$1")" -eq "$2" ] && python3 -c '
import json
import sys
for line in open(sys.argv[1]):
    assert "resolution" in json.loads(line)' "$1"
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
film=$folder/film unknown=$folder/unknown
write_tracks "$film"
write_unknown "$film" "$unknown"
only_sound=$folder/sound.mkv
launch audiotestsrc num-buffers=30 ! flacenc ! matroskamux \
  ! filesink location="$only_sound"

check 'the sample is annotated' annotate "$sample" "$folder/out.mp4"
check 'all pictures are there' has_pictures "$folder/out.mp4" 270
check 'as H.264' describes "$folder/out.mp4" 'video #.: H.264'
check 'a name is a name, odd sizes and properties are taken' \
  annotate "$sound" "$sound.mp4" roi-type= colormap=viridis
check 'all its pictures are there' has_pictures "$sound.mp4" 45 "$repeated"
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
check 'and is replaced' has_pictures "$folder/out.mp4" 45 "$repeated"

for name in tracks.mp4:qtdemux tracks.MKV:matroskademux; do
  demuxer=${name#*:} name=${name%:*}
  check "$name: several tracks" annotate "$film" "$folder/$name" roi-type=
  check "$name: both sounds" has_sounds "$folder/$name" de en
  check "$name: both subtitles" has_subtitles "$folder/$name" \
    "$demuxer" fr pl
  check "$name: their text" has_text "$folder/$name" "$demuxer"
done
check 'MKV is Matroska' describes "$folder/tracks.MKV" 'container #.: Matroska'
check 'WebM' warns_of 'Subtitles 5 (.*) are left out' "$film" \
  "$folder/tracks.webm" roi-type=
check 'is WebM' describes "$folder/tracks.webm" 'container #.: WebM'
check 'has VP9' describes "$folder/tracks.webm" 'video #.: VP9'
check 'has Opus' describes "$folder/tracks.webm" 'audio #.: Opus'
check 'has both sounds' has_sounds "$folder/tracks.webm" de en
check 'a sound without decoder' warns_of 'Sound 3 (.*) is left out' "$unknown" \
  "$folder/unknown.mkv" roi-type=
check 'the other is there' has_sounds "$folder/unknown.mkv" en
check 'subtitles that are pictures' warns_of 'Subtitles 4 (.*) are left out' \
  "$unknown" "$folder/unknown.mkv" roi-type=
check 'the others are there' has_subtitles "$folder/unknown.mkv" \
  matroskademux pl
check 'a picture held sideways, into Matroska' \
  annotate "$turned" "$folder/upright.mkv" roi-type=
check 'is upright' is_upright "$folder/upright.mkv"
check 'times that are uneven' keeps_times
check 'the standard input' annotates_pipe
check 'all pictures of it' has_pictures "$folder/pipe.mp4" 15
check 'a file as the standard input' annotates_input
check 'the web' reads_from_web turned.mp4
check 'all pictures from there' has_pictures "$folder/web.mp4" 15
check 'the URL of a file' \
  annotate "file://${folder/tmp/%74mp}/turned.mp4" "$folder/url.mp4" roi-type=
cp "$turned" "$folder/-%d.mp4"
check 'a name that looks like an option' annotates_elsewhere \
  annotate -- -%d.mp4 -%d.mkv roi-type=
check 'is written as it is' [ -s "$folder/-%d.mkv" ]
check 'metadata' annotate --json "$turned" "$folder/data.mp4" roi-type=
check 'as lines' has_lines "$folder/data.jsonl" 15
check 'progress' says '0:00:01 of 0:00:01 (100 %), 0:00:00 left$' \
  annotate "$film" "$folder/data.mp4" roi-type=
check 'no progress' is_silent annotate --quiet "$turned" "$folder/data.mp4" \
  roi-type=

check 'no arguments' exits_with 2 annotate
check 'one argument' exits_with 2 annotate "$sample"
check 'an unknown option' refuses_with 2 --jsn "$sample" "$folder/x.mp4"
check 'an ending that says nothing' refuses_with 2 "$sample" "$folder/x.avi"
check 'no ending' refuses_with 2 "$sample" "$folder/x"
check 'the standard output' refuses_with 2 "$sample" -
mkfifo "$folder/pipe.mkv"
check 'a pipe as the result' refuses "$sample" "$folder/pipe.mkv"
mkdir "$folder/dir.jsonl"
check 'a folder for the metadata' refuses --json "$sample" "$folder/dir.mp4"
check 'a server that is not there' refuses http://127.0.0.1:9/x.mp4 \
  "$folder/x.mp4"
check 'a full disk' refuses_on_full_disk
check 'itself, as a URL' refuses "file://$turned" "$turned"
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
check 'Ctrl-C twice' is_stopped_by_two
check 'ended by the system' is_stopped_by TERM
ignores_hangup || check 'the terminal gone' is_stopped_by HUP
check 'Ctrl-C' is_ended_early "$folder/early.mp4" "$folder/early.mp4"
check 'Ctrl-C with a film there' is_ended_early "$folder/out.mp4" \
  "$folder/out.part.mp4"
check 'what was there stays there' has_pictures "$folder/out.mp4" 45 "$repeated"
finish
