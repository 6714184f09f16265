# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash
# Sourced by the scripts in this folder, from wherever they are called: finds
# the plugin, or builds it. An installed plugin is used as it is, and so is that
# of `meson devenv`; otherwise the one in build/ is brought up to date.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$project/build

complain() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
  complain "$@"
  exit 1
}

# Fails because the command line is wrong.
fail_usage() {
  complain "$@"
  exit 2
}

# The comment at the top of a script is its help.
usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"
}

# Runs a command, whose output is shown only if it fails.
quietly() {
  local output

  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" >&2
    return 1
  }
}

# Prints the first of the elements that is missing.
missing_element() {
  local element available

  available=$(gst-inspect-1.0 2>/dev/null \
    | sed -n 's/^[^ ]*:  \([^ :]*\): .*/\1/p')
  for element in "$@"; do
    grep -qxF -e "$element" <<<"$available" || {
      echo "$element"
      return
    }
  done
}

build_plugin() {
  "$project/pipelines/install-packages.sh" build || exit 1
  if [ ! -f "$build/build.ninja" ]; then
    echo "Building in $build (takes a minute or two)" >&2
    quietly meson setup -Dtests=disabled "$build" "$project" \
      || fail 'meson setup failed.'
  fi
  quietly meson compile -C "$build" || fail 'The plugin could not be built.'
}

# Sets the same variables as `meson devenv`.
use_build() {
  export GST_PLUGIN_PATH=$build/gst-plugin${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}
  export GST_REGISTRY=$build/gstreamer-registry.bin
  export GST_ACTIVATIONMAP_MODEL_DIR=${GST_ACTIVATIONMAP_MODEL_DIR:-$project/model}
  export LD_LIBRARY_PATH=$build/gst-plugin${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
}

# Makes sure that activationmap and the given elements are available: installs
# packages and builds the plugin if necessary.
need_elements() {
  local missing

  if ! command -v gst-discoverer-1.0 >/dev/null \
    || [ -n "$(missing_element "$@")" ]; then
    "$project/pipelines/install-packages.sh" run || exit 1
  fi
  if [ -n "$(missing_element activationmap)" ]; then
    build_plugin
    use_build
  fi
  missing=$(missing_element activationmap "$@")
  [ -z "$missing" ] || fail "GStreamer has no element $missing on this machine."
}

# Quotes a value for a launch line, which would misread blanks, quotes and empty
# values.
quoted() {
  local value=${1//\\/\\\\}

  printf '"%s"' "${value//\"/\\\"}"
}

# Puts NAME=VALUE arguments into the array `properties`, quoted.
read_properties() {
  local argument

  properties=()
  for argument in "$@"; do
    [[ "$argument" =~ ^[a-z][a-z0-9-]*= ]] \
      || fail_usage "$argument is not of the form PROPERTY=VALUE."
    properties+=("${argument%%=*}=$(quoted "${argument#*=}")")
  done
}

# Properties with which a decoder outputs pictures, in any kind of memory, and
# nothing else. A stream that is not linked would end the others with an error.
# shellcheck disable=SC2034 # used by the scripts
only_pictures=(expose-all-streams=false 'caps=video/x-raw(ANY)')

has_display() {
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

# The format asked of a camera: one that every camera has at full rate, or else
# the closest to it.
# shellcheck disable=SC2034 # used by the scripts
camera_caps='video/x-raw,width=640,height=480,framerate=30/1;'
camera_caps+='image/jpeg,width=640,height=480,framerate=30/1;'
camera_caps+='video/x-raw;image/jpeg'
