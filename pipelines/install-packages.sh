#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Installs the packages of Debian 12 or 13 that are missing. If none is, it does
# nothing, and does not use the network.
#
#   install-packages.sh [--list] GROUP...
#
#   --list    only prints the names of the packages
#
# GROUP is one or more of
#   build   to build the plugin and the RTSP server
#   run     to run the scripts in this folder
#   test    to run the tests and the checks of .ci/run
#   coverage  to run tests/coverage.sh as well
#   cross     to run tests/cross.sh as well
#
# Needs root or sudo. On systems without dpkg it only lists what is needed. Ends
# with 69 where it is the network that fails, or the mirror.
set -euo pipefail

build=(
  gcc libc6-dev meson ninja-build pkg-config
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  libcjson-dev libcairo2-dev libpango1.0-dev
  gobject-introspection libgirepository1.0-dev # the GIR of GstActivationMeta
  libgstrtspserver-1.0-dev                     # activationmap-server
  libsoup-3.0-dev                              # ... and its page
  libmosquitto-dev                             # ... and MQTT
  libhdf5-dev zlib1g-dev                       # activationmap-convert
  libprotobuf-c-dev protobuf-c-compiler        # ... for ONNX
  libgdk-pixbuf-2.0-dev                        # activationmap-model
)
run=(
  gstreamer1.0-tools             # gst-launch-1.0, gst-inspect-1.0
  gstreamer1.0-plugins-base      # videoconvert, decodebin, audioresample
  gstreamer1.0-plugins-base-apps # gst-discoverer-1.0
  gstreamer1.0-plugins-good      # mp4mux, pngenc, v4l2src, RTP and RTSP
  gstreamer1.0-plugins-bad       # h264parse, waylandsink
  gstreamer1.0-plugins-ugly      # x264enc
  gstreamer1.0-libav             # decoders of H.264 and others, avenc_aac
  gstreamer1.0-x                 # ximagesink, xvimagesink
  gstreamer1.0-rtsp              # rtspclientsink, for --push of the server
  fonts-dejavu-core              # the labels
)
test=(
  locales # to test with those of other countries
  clang clang-format libclang-rt-dev shellcheck
  debootstrap                    # tests/debian.sh
  g++                            # headers, in C++
  parallel                       # pipelines/annotate-many.sh
  mosquitto                      # a broker, for MQTT
  python3 python3-gi gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0
  python3-numpy                  # pipelines/examples/maps.py
)
coverage=(gcovr)
cross=(gcc-aarch64-linux-gnu gcc-s390x-linux-gnu qemu-user-static)

# GstAnalytics is in GStreamer 1.24. The plugin is built without it too, and the
# package brings OpenCV along: only the tests insist.
if [ "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null)" \
  != bookworm ]; then
  test+=(libgstreamer-plugins-bad1.0-dev)
fi

usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

apt() {
  if [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive apt-get "$@"
  fi
}

# Prints nothing that scripts might take for theirs.
install() {
  apt install -qq --no-install-recommends -y "$@" "${missing[@]}" >&2
}

# --print-uris finds out whether all packages exist: --simulate takes half a minute
# for that.
install_missing() {
  local unreachable=69

  apt update -qq >&2 || return "$unreachable"
  if install --print-uris >/dev/null 2>&1; then
    install --download-only || return "$unreachable"
  fi
  install
}

list=no
wanted=()
for group in "$@"; do
  case "$group" in
    build) wanted+=("${build[@]}") ;;
    run) wanted+=("${run[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    coverage) wanted+=("${coverage[@]}") ;;
    cross) wanted+=("${cross[@]}") ;;
    --list) list=yes ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done
if [ ${#wanted[@]} -eq 0 ]; then
  usage >&2
  exit 2
fi

if [ "$list" = yes ]; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi
if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian: install what Debian calls ${wanted[*]}" >&2
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

command="apt-get install --no-install-recommends -y ${missing[*]}"
if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
  echo "Packages are missing. Run as root: $command" >&2
  exit 1
fi
echo "Installing ${missing[*]}" >&2
install_missing || {
  status=$?
  echo "Packages could not be installed. Try as root: $command" >&2
  exit "$status"
}
