#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Builds for another kind of processor, and runs tests there under qemu-user.
# Ends with a line "N passed, N failed, N skipped".
#
#   cross.sh MACHINE [ARGUMENT...]
#
#   MACHINE   arm64      64-bit ARM, with NEON
#             s390x      big-endian, without vectors
#             x86-64-v1  64-bit x86 without SSE3, AVX and what came later
#   ARGUMENT  for meson test (default: --suite unit --suite elements)
#
# The build is in build-cross-MACHINE/. No packages of another architecture are
# installed on this machine: they are unpacked, without their programs being run,
# in ~/.cache/gst-activationmap/cross-MACHINE, which is kept until the list of
# packages changes.
#
# Ends with 77 where this cannot be done: without root for packages that are
# missing, or without a mirror. On another release of Debian:
#
#   debian.sh trixie tests/cross.sh arm64
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
keys=/usr/share/keyrings/debian-archive-keyring.gpg
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gst-activationmap

usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
}

skip() {
  printf '%s: skipped: %s\n' "${0##*/}" "$*" >&2
  exit 77
}

# What is needed of the other architecture: the libraries and the elements, but
# no programs, and no introspection, which would have to run some.
packages() {
  "$root/pipelines/install-packages.sh" --list build run \
    | grep -E '^(lib|zlib|gstreamer1\.0-plugins-(base|good)$|fonts-)' \
    | grep -v girepository
}

install_tools() {
  "$root/pipelines/install-packages.sh" build run test cross \
    || skip 'there are packages missing.'
}

# Prints a configuration of apt that knows no installed package, and nothing but
# the other architecture.
configure_apt() {
  local apt=$1

  cat <<END
APT::Architecture "$machine";
APT::Architectures { "$machine"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
END
  apt-config dump Acquire::http Acquire::https Acquire::Retries \
    Acquire::Check-Date Acquire::Check-Valid-Until
}

# Prints where this machine's own apt has its Debian from.
sources() {
  # shellcheck disable=SC2016 # apt's variables
  apt-get indextargets \
    --format "deb [signed-by=$keys] "'$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 'Label: Debian' 'Component: main' | sort -u
}

# With all that they depend on.
download() {
  local apt=$1 wanted

  mkdir -p "$apt"/{state/lists,cache/archives}/partial
  : >"$apt/status"
  sources >"$apt/sources.list"
  [ -s "$apt/sources.list" ] || return
  configure_apt "$apt" >"$apt/apt.conf"
  mapfile -t wanted < <(packages)
  APT_CONFIG=$apt/apt.conf apt-get -qq update \
    && APT_CONFIG=$apt/apt.conf apt-get -qq install --yes \
      --no-install-recommends --download-only "${wanted[@]}" >/dev/null
}

# Their scripts are not run. As on every Debian, /lib and others are in /usr.
unpack() {
  local folder package

  for folder in bin lib sbin; do
    mkdir -p "$sysroot/usr/$folder"
    ln -s "usr/$folder" "$sysroot/$folder"
  done
  for package in "$1"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" \
      | tar -C "$sysroot" --keep-directory-symlink --extract
    rm "$package"
  done
}

make_sysroot() {
  local apt=$cache/apt-$machine

  [ "$(cat "$sysroot.packages" 2>/dev/null)" != "$(packages)" ] || return 0
  echo "Making $sysroot" >&2
  rm -rf "$sysroot" "$sysroot.packages" "$apt"
  download "$apt" || skip "the packages of $machine cannot be downloaded."
  unpack "$apt"
  rm -rf "$apt"
  packages >"$sysroot.packages"
}

# Prints what meson has to know of the machine. The last property is for this
# machine's own architecture, whose programs run without an emulator too.
describe_machine() {
  local family=${triplet%%-*}

  cat <<END
[binaries]
c = '$triplet-gcc'
ar = '$triplet-ar'
strip = '$triplet-strip'
pkgconfig = 'pkg-config'
exe_wrapper = [$(printf "'%s', " "${emulator[@]}")]

[host_machine]
system = 'linux'
cpu_family = '$family'
cpu = '$family'
endian = '$endian'

[properties]
needs_exe_wrapper = true
END
}

# Prints what it has to know of the unpacked packages.
describe_sysroot() {
  cat <<END
sys_root = '$sysroot'
pkg_config_libdir = ['$sysroot/usr/lib/$triplet/pkgconfig',
  '$sysroot/usr/share/pkgconfig']

[built-in options]
c_args = ['--sysroot=$sysroot']
c_link_args = ['--sysroot=$sysroot']
END
}

build() {
  local description=$cache/cross-$machine.ini

  describe_machine >"$description"
  if [ -n "$sysroot" ]; then
    make_sysroot
    describe_sysroot >>"$description"
  fi
  if [ ! -f "$build/build.ninja" ]; then
    meson setup --cross-file "$description" -Dtests=enabled \
      -Dconverter=enabled -Drtsp-server=enabled -Dintrospection=disabled \
      -Dwerror=true "$build" "$root"
  fi
  meson compile -C "$build"
}

# An emulated process can start none that has to be emulated, as GStreamer would
# to look into its plugins.
run_tests() {
  local log=$build/meson-logs/testlog.json

  rm -f "$log"
  GST_REGISTRY_FORK=no CK_TIMEOUT_MULTIPLIER=20 meson test -C "$build" --no-rebuild \
    --timeout-multiplier 20 --print-errorlogs "$@" || true
  "$root/tests/summarize.py" "$log"
}

machine=${1:-}
sysroot=$cache/cross-$machine
endian=little
case "$machine" in
  arm64)
    triplet=aarch64-linux-gnu
    emulator=(qemu-aarch64-static -L "$sysroot")
    ;;
  s390x)
    triplet=s390x-linux-gnu
    emulator=(qemu-s390x-static -L "$sysroot")
    endian=big
    ;;
  x86-64-v1)
    triplet=x86_64-linux-gnu
    # qemu64 is newer than its name says.
    emulator=(qemu-x86_64-static -cpu 'qemu64,-sse3,-cx16')
    sysroot=
    ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
shift
[ $# -gt 0 ] || set -- --suite unit --suite elements
build=$root/build-cross-$machine
mkdir -p "$cache"
install_tools
build
run_tests "$@"
