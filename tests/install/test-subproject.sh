#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Tests that another project can have this one as its subproject, as the build of
# all of GStreamer has its plugins: GStreamer itself is then part of that build,
# not what pkg-config knows, and wants static libraries of plugins for
# gstreamer-full. Nothing is compiled.
#
#   test-subproject.sh SOURCE
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR/../pipelines source=../pipelines/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../pipelines/lib.sh"

source=$1
command -v meson >/dev/null || skip_all 'there is no meson'

write_project() {
  mkdir -p "$folder/subprojects"
  ln -s "$source" "$folder/subprojects/gst-activationmap"
  cat >"$folder/meson.build" <<'END'
project('whole', 'c', meson_version: '>= 1.0',
  default_options: 'default_library=static')
gstreamer = dependency('gstreamer-base-1.0')
meson.override_dependency('gstreamer-1.0', declare_dependency(
  dependencies: gstreamer, version: gstreamer.version()))
activationmap = subproject('gst-activationmap',
  default_options: ['introspection=disabled', 'tests=disabled'])
foreach plugin : activationmap.get_variable('gst_plugins')
  message('plugin', plugin.get_variable('full_path'))
endforeach
if dependency('gstactivationmap').type_name() == 'internal'
  message('found by name')
endif
END
}

sets_up() {
  meson setup "$folder/build" "$folder" >"$folder/log" 2>&1 \
    || { tail -n 20 "$folder/log" && false; }
}

says() {
  grep -xE "Message: $1" "$folder/log"
}

write_project
check 'is set up where GStreamer is part of the build' sets_up
check 'lists a static plugin' says 'plugin .*/libgstactivationmap\.a'
check 'its plugin is found by name' says 'found by name'
finish
