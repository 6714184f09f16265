# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash disable=SC2034,SC2154 # shared with annotate.sh
# Sourced by annotate.sh: the formats that it writes.

# choose_container FILE: sets, by the ending of a file's name, `muxer` and
# `demuxer`, the encoders, `parse_video` and `parse_audio`, and the `elements` of
# all these; and whether it `takes_subtitles`.
choose_container() {
  takes_subtitles=yes
  case "${1,,}" in
    *.mp4 | *.m4v) muxer=mp4mux demuxer=qtdemux ;;
    *.mkv) muxer=matroskamux demuxer=matroskademux ;;
    *.webm) muxer=webmmux takes_subtitles=no ;;
    *) fail_usage "$1 must end with .mp4, .mkv or .webm, which says how to" \
      'write it.' ;;
  esac
  if [ "$muxer" = webmmux ]; then
    elements=(webmmux vp9enc opusenc)
  else
    elements=("$muxer" x264enc h264parse avenc_aac aacparse)
  fi
}

# Puts the encoder into the array `video`: the same quality throughout, whatever
# bit rate that takes.
#
# encode_video BFRAMES
encode_video() {
  if [ "$muxer" = webmmux ]; then
    video=(vp9enc end-usage=cq cq-level=30 target-bitrate=20000000 deadline=1
      cpu-used=5 row-mt=true "threads=$((threads ? threads : 8))"
      keyframe-max-dist=250)
  else
    video=(x264enc pass=qual quantizer=21 vbv-buf-capacity=0 speed-preset=faster
      "threads=$threads" "bframes=$1" ! h264parse)
  fi
}

# Puts the encoder of tracks with so many channels at most into the array `audio`.
encode_audio() {
  if [ "$muxer" = webmmux ]; then
    audio=(opusenc bitrate=$((64000 * $1)))
  else
    audio=(avenc_aac bitrate=$((80000 * $1)) ! aacparse)
  fi
}
