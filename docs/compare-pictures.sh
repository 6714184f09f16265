#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Makes docs/pictures/before/ and docs/pictures/after/: the panel of each layout
# that has one, in the same frame of the sample clip at 1280x720, as an earlier
# version draws it and as this one does.
#
#   compare-pictures.sh [COMMIT | CHECKOUT]
#
# COMMIT is the earlier version, by default the last one that left room in its
# panel. It is built in a folder of its own, which takes some minutes. CHECKOUT
# is a folder that has it in build/.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../pipelines/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../pipelines/environment.sh"

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
esac
earlier=${1:-d4eaa9f}
second=3 # of the clip
work=$(mktemp -d)

clean_up() {
  git -C "$project" worktree remove --force "$work/before" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

need_elements filesrc decodebin videoconvert videocrop videoscale videorate \
  pngenc multifilesink

# shoot FOLDER LAYOUT LEFT: what is right of column LEFT
shoot() {
  gst-launch-1.0 -q filesrc location="$project/pipelines/sample/sample.mp4" \
    ! decodebin "${only_pictures[@]}" ! videocrop top=60 bottom=60 ! videoscale \
    ! video/x-raw,width=1280,height=720 ! videoconvert \
    ! activationmap layout="$2" explain=hires-cam \
    ! videorate drop-only=true ! 'video/x-raw,framerate=1/1' ! videoconvert \
    ! 'video/x-raw,format=RGB' ! videocrop left="$3" ! pngenc compression-level=9 \
    ! multifilesink location="$work/frame-%d.png"
  mkdir -p "$1"
  mv -- "$work/frame-$second.png" "$1/$2.png"
  echo "$1/$2.png"
}

# shoot_all NAME: with the plugin that the environment names
shoot_all() {
  shoot "$project/docs/pictures/$1" dock 1040
  shoot "$project/docs/pictures/$1" beside 1280
}

# Builds the earlier version in a folder that is removed at the end.
build_earlier() {
  git -C "$project" worktree add --quiet --detach "$work/before" "$1"
  quietly meson setup -Dtests=disabled "$work/before/build" "$work/before"
  quietly meson compile -C "$work/before/build"
}

# Uses the plugin of a checkout for everything that follows.
use_checkout() {
  build=$1/build
  unset GST_PLUGIN_PATH LD_LIBRARY_PATH
  export GST_ACTIVATIONMAP_MODEL_DIR=$1/model
  use_build
}

shoot_all after
if [ ! -d "$earlier" ]; then
  build_earlier "$earlier"
  earlier=$work/before
fi
use_checkout "$earlier"
shoot_all before
