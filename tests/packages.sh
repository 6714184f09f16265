#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Builds the Debian packages in a clean folder of a release (see debian.sh), looks
# at them with lintian, installs them in another clean folder, and tries them
# there as a user without rights: the plugin, the sample clip, the server, the
# tools and the library (debian/tests).
#
#   packages.sh [--keep] RELEASE
#
#   --keep     goes on in the folders of the run before
#   RELEASE    trixie (Debian 13), bookworm (Debian 12), forky, sid
#
# DEB_BUILD_OPTIONS=nocheck leaves out the tests that are part of the build.
# The packages are in .cache/debian-RELEASE-build/srv afterwards. Ends with a line
# "N passed, N failed, N skipped", or with 77 where there can be no such folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The folders are not for other clones: their packages are those of this one.
export ACTIVATIONMAP_DEBIAN=$PWD/.cache

usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' tests/packages.sh
}

# Says whether a command succeeds; what it prints is shown if it does not, and is
# kept in srv/ of the folder.
check() {
  local name=$1 log

  shift
  log=../${name//[^a-zA-Z0-9]/-}.log
  if "$@" >"$log" 2>&1; then
    echo "ok - $name"
  else
    echo "not ok - $name"
    tail -n 40 "$log"
    return 1
  fi
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@"
}

install_packages() {
  apt update && apt install "$PWD"/../packages/*.deb
}

install_build_dependencies() {
  apt update && apt install build-essential lintian && apt build-dep ./
}

build() {
  dpkg-buildpackage --no-sign
}

has_no_faults() {
  lintian --allow-root --info --fail-on error,warning ../*.changes
}

has_version_of_project() {
  grep "^  version: '$(dpkg-parsechangelog -S Version)'," meson.build
}

# Whether -O3 is the last level that a file is compiled with.
is_optimized() {
  ninja -C obj-* -t commands | sed -n "s/.* -O\([^ ]*\) .*$1\.c$/\1/p" \
    | tee /dev/stderr | grep -x 3
}

# GStreamer 1.22, which Debian 12 has, has no GstAnalytics.
has_analytics() {
  grep '^VERSION_CODENAME=bookworm$' /etc/os-release \
    || dpkg-deb -f ../gstreamer1.0-activationmap_*.deb Depends \
    | grep libgstreamer-plugins-bad1.0-0
}

# In the first folder.
build_packages() {
  rm -f ../*.deb ../*.changes
  check 'the build dependencies can be installed' install_build_dependencies
  check 'dpkg-buildpackage' build
  check 'the packages have the version of the project' \
    has_version_of_project || true
  check 'lintian finds no error and gives no warning' has_no_faults || true
  check 'the kernels are compiled with -O3' is_optimized kernels-baseline || true
  check 'the plugin knows GstAnalytics' has_analytics || true
}

# Prints the tests of debian/tests/control, each with what it depends on.
autopkgtests() {
  sed -n -e 's/^Tests: //p' -e 's/^Depends: //p' debian/tests/control \
    | paste - - -d '|'
}

try_autopkgtest() {
  apt satisfy "$2" && "debian/tests/$1"
}

is_off() {
  apt install systemd \
    && [ "$(systemctl --root=/ is-enabled activationmap-server)" = disabled ]
}

is_valid_unit() {
  local unit

  unit=$(dpkg -L activationmap-server | grep '/activationmap-server\.service$')
  systemd-analyze verify --man=no "$unit" \
    && systemd-analyze security --offline=true --threshold=25 "$unit"
}

leaves_nothing() {
  local left packages

  packages=(../packages/*.deb)
  packages=("${packages[@]##*/}")
  apt purge "${packages[@]%%_*}" || return
  left=$(find /etc /usr /var/lib/systemd -name '*activationmap*')
  echo "$left"
  [ -z "$left" ]
}

# In the second folder.
try_packages() {
  local name depends

  check 'the packages can be installed' install_packages
  while IFS='|' read -r name depends; do
    check "debian/tests/$name" try_autopkgtest "$name" "$depends" || true
  done < <(autopkgtests)
  check 'the service is off until somebody enables it' is_off || true
  check 'systemd takes the unit' is_valid_unit || true
  check 'nothing is left after a purge' leaves_nothing || true
}

# Runs this script in a folder of its own.
inside() {
  local folder=$1

  shift
  tests/debian.sh "${fresh[@]}" --folder "$release-$folder" "$release" "$@"
}

list() {
  local package

  rm -f "$1"/*-dbgsym_*.deb
  for package in "$1"/*.deb; do
    printf '%8d KiB installed  %s\n' \
      "$(dpkg-deb -f "$package" Installed-Size)" "${package##*/}"
  done
}

# Each step only if the one before went well.
everything() {
  local srv=.cache/debian-$release

  inside build env "DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS:-}" \
    tests/packages.sh --build \
    && list "$srv-build/srv" \
    && inside install rm -rf ../packages \
    && mkdir "$srv-install/srv/packages" \
    && cp "$srv-build"/srv/*.deb "$srv-install/srv/packages" \
    && fresh=() && inside install tests/packages.sh --try
}

count() {
  grep -c "^$1 - " "$report" || true
}

fresh=(--fresh)
case "${1:-}" in
  --build)
    build_packages
    exit
    ;;
  --try)
    try_packages
    exit
    ;;
  --keep)
    fresh=()
    shift
    ;;
  -h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -ne 1 ]; then
  usage >&2
  exit 2
fi
release=$1
report=$(mktemp)
trap 'rm -f "$report"' EXIT
everything | tee "$report" && status=0 || status=$?
case "$status" in
  0) ;;
  77) echo "skipped - $release: there can be no such folder" ;;
  *) echo "not ok - $release: it ended early" ;;
esac | tee -a "$report"
echo "$(count ok) passed, $(count 'not ok') failed, $(count skipped) skipped"
[ "$status" -eq 0 ] || exit "$status"
[ "$(count 'not ok')" -eq 0 ]
