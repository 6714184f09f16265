#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Tests an installed copy that was moved: the plugin finds its library and its
# models with nothing but GST_PLUGIN_PATH, and programs compile against it.
#
#   test-moved.sh BUILD PREFIX LIBDIR MODEL-DIR
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR/../pipelines source=../pipelines/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../pipelines/lib.sh"

build=$1
prefix=$2
libdir=$3
model_dir=$4
[ ! -e "$model_dir" ] || skip_all "an installed copy is in $model_dir"
for program in gst-launch-1.0 meson; do
  command -v "$program" >/dev/null || skip_all "there is no $program"
done

install_and_move() {
  meson install -C "$build" --no-rebuild --quiet --destdir "$folder/staged" \
    && mv "$folder/staged$prefix" "$moved"
}

# Frames of noise have no faces; the models are loaded all the same.
starts() {
  LD_LIBRARY_PATH='' GST_PLUGIN_PATH=$moved/$libdir/gstreamer-1.0 \
    GST_REGISTRY=$folder/registry.bin launch videotestsrc num-buffers=3 \
    ! activationmap ! fakesink
}

# Without the models, the error names both places.
names_both_places() {
  local output

  ! output=$(starts 2>&1) || return 1
  echo "$output"
  grep -F "$model_dir or $moved/" <<<"$output" >/dev/null
}

# Prints the commands in the comment at the top of one of our programs.
compile_command() {
  sed -n '/^ \*     cc /,/^ \*\//{s/^ \* *//;s/^\/$//;p}' "$1"
}

compiles_by_comment() {
  cp "$scripts/examples/predictions.c" "$folder" \
    && (cd "$folder" && eval "$(compile_command predictions.c)") \
    && [ -x "$folder/predictions" ]
}

# Compiles a program that uses the metadata library, and runs it.
compiles_against_copy() {
  local flags

  sed "s|^prefix=.*|prefix=$moved|" \
    "$moved/$libdir/pkgconfig/gstreamer-activationmeta-1.0.pc" \
    >"$folder/gstreamer-activationmeta-1.0.pc"
  read -ra flags <<<"$(PKG_CONFIG_PATH=$folder \
    pkg-config --cflags --libs gstreamer-activationmeta-1.0)"
  cat >"$folder/program.c" <<'PROGRAM'
#include <gst/activationmeta/gstactivationmeta.h>
int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  return gst_activation_meta_get_info () ? 0 : 1;
}
PROGRAM
  cc -Wall -Wextra -Werror -o "$folder/program" "$folder/program.c" \
    "${flags[@]}" && LD_LIBRARY_PATH=$moved/$libdir "$folder/program"
}

moved=$folder/elsewhere/there
mkdir -p "$folder/elsewhere"
unset GST_ACTIVATIONMAP_MODEL_DIR
check 'is installed and moved' install_and_move
check 'finds its models' starts
check 'a program against the moved copy' compiles_against_copy
check 'the example as its comment says' compiles_by_comment
rm -rf "$moved/share/gst-activationmap/model"
check 'says where it has looked' names_both_places
finish
