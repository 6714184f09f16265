#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Runs a command on another release of Debian: in a copy of this working tree,
# in a folder that debootstrap makes with nothing but the essential packages.
#
#   debian.sh [--fresh] [--folder NAME] [--fetch FILE]
#     RELEASE [COMMAND [ARGUMENT...]]
#
#   --fresh        makes the folder anew, with nothing installed and nothing built
#   --folder NAME  in another folder of the same release, debian-NAME
#   --fetch FILE   afterwards, copies this file of the working tree there to
#                  .cache/debian-NAME/FILE here, if there is one
#   RELEASE        trixie (Debian 13), forky, sid, bookworm
#   COMMAND        from the top of the working tree (default: tests/run.sh)
#
# The folder, debian-RELEASE, is kept with what the command installs and builds (in
# srv/gst-activationmap), until the list of packages changes: what is missing there
# must show. It is in $ACTIVATIONMAP_DEBIAN or, without that, in the user's
# ~/.cache/gst-activationmap, where all clones share it, one after the other.
# ../shared, if there is one, is there, read-only.
#
# Ends as the command does, or with 77 where there can be no such folder: without
# root, debootstrap, mounts or a mirror.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
}

skip() {
  printf '%s: skipped: %s\n' "${0##*/}" "$*" >&2
  exit 77
}

need_tools() {
  [ "$(id -u)" -eq 0 ] || skip 'this needs root.'
  command -v debootstrap >/dev/null \
    || skip 'there is no debootstrap (apt-get install debootstrap).'
  unshare --mount --pid --fork mount -t proc proc /proc 2>/dev/null \
    || skip 'nothing may be mounted here.'
}

# Prints where this machine's own apt has Debian from.
mirror() {
  # shellcheck disable=SC2016 # apt's variable
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
    'Label: Debian' 'Component: main' | sed -n 1p
}

# For debootstrap, which reads no settings of apt.
use_proxy_of_apt() {
  eval "$(apt-config shell http_proxy Acquire::http::Proxy \
    https_proxy Acquire::https::Proxy)"
  export http_proxy https_proxy
}

# A debootstrap that is older than the release has no script for it.
script_of_release() {
  if [ -e "/usr/share/debootstrap/scripts/$release" ]; then
    echo "$release"
  else
    echo sid
  fi
}

# Prints what changes with the lists of packages, and not with the comments.
packages() {
  sed -n '/^[a-z]*=($/,/^)/{s/ *#.*//;p}' "$root/pipelines/install-packages.sh" \
    | sha256sum | cut -d ' ' -f 1
}

# A run that was killed may have left packages half installed.
is_usable() {
  [ "$(cat "$folder.packages" 2>/dev/null)" = "$(packages)" ] \
    && DEBIAN_FRONTEND=noninteractive chroot "$folder" dpkg --configure -a \
      </dev/null >"$folder.log" 2>&1
}

make_folder() {
  local from

  from=$(mirror)
  [ -n "$from" ] || skip 'apt knows no mirror of Debian.'
  rm -rf --one-file-system "$folder" "$folder.packages"
  echo "Making $folder" >&2
  # It can be made again: nothing in it has to be safe from a power cut.
  mkdir -p "$folder/etc/dpkg/dpkg.cfg.d"
  echo force-unsafe-io >"$folder/etc/dpkg/dpkg.cfg.d/unsafe-io"
  unshare --mount debootstrap --variant=minbase "$release" "$folder" "$from" \
    "$(script_of_release)" >"$folder.log" 2>&1 \
    || skip "debootstrap failed: $(tail -n 1 "$folder.log")"
  apt-config dump Acquire::http Acquire::https Acquire::Retries \
    Acquire::Check-Date Acquire::Check-Valid-Until \
    >"$folder/etc/apt/apt.conf.d/50machine"
  # A list that cannot be fetched is an error, not a reason to use an old one.
  echo 'APT::Update::Error-Mode "any";' >"$folder/etc/apt/apt.conf.d/50lists"
  echo 'APT::Keep-Downloaded-Packages "false";' \
    >"$folder/etc/apt/apt.conf.d/50space"
  packages >"$folder.packages"
}

sums() {
  (cd "$1" && find . -path './build*' -prune -o -type f -print0 \
    | xargs -0 --no-run-if-empty sha256sum | LC_ALL=C sort)
}

# Prints the files that two folders have in common.
same_files() {
  LC_ALL=C comm -12 <(sums "$1") <(sums "$2") | cut -c 67-
}

# What has changed is newer than all that was built there, and nothing else is:
# the times of the working tree cannot tell that of builds elsewhere.
copy_tree() {
  local new=$folder/srv/new

  rm -rf "$new"
  mkdir -p "$new" "$copy"
  git -C "$root" ls-files -z --cached --others --exclude-standard \
    | tar -C "$root" --null --files-from=- --ignore-failed-read \
      --warning=no-failed-read --create \
    | tar -C "$new" --no-same-owner --touch --extract
  same_files "$copy" "$new" | tar -C "$copy" --files-from=- --create \
    | tar -C "$new" --extract
  find "$copy" -maxdepth 1 -name 'build*' -exec mv -t "$new" {} +
  rm -rf "$copy"
  mv "$new" "$copy"
}

# In namespaces that end with this script, however it ends: nothing stays
# mounted, and no process stays behind.
# shellcheck disable=SC2317 # called by the shell below
enter() {
  mount -t proc proc "$folder/proc"
  mount -t devpts devpts "$folder/dev/pts"
  if [ -d "$root/../shared" ]; then
    mkdir -p "$folder/srv/shared"
    mount --bind -o ro "$root/../shared" "$folder/srv/shared"
  fi
  chroot "$folder" env -i --chdir="${copy#"$folder"}" HOME=/root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${TERM:+"TERM=$TERM"} ${http_proxy:+"http_proxy=$http_proxy"} \
    ${https_proxy:+"https_proxy=$https_proxy"} "$@"
}

fetch() {
  local file=$1 to=$root/.cache/${folder##*/}

  rm -f "$to/$file"
  [ -e "$copy/$file" ] || return 0
  mkdir -p "$(dirname "$to/$file")"
  cp "$copy/$file" "$to/$file"
}

# Debian's releases and our folders are named in lower case.
is_name() {
  [[ "$1" =~ ^[a-z]+(-[a-z]+)*$ ]]
}

fail_usage() {
  usage >&2
  exit 2
}

fresh=no
name=
fetched=
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --fresh)
      fresh=yes
      shift
      ;;
    --folder)
      is_name "${2:-}" || fail_usage
      name=$2
      shift 2
      ;;
    --fetch)
      [ -n "${2:-}" ] || fail_usage
      fetched=$2
      shift 2
      ;;
    *) break ;;
  esac
done
is_name "${1:-}" || fail_usage
release=$1
shift
[ $# -gt 0 ] || set -- tests/run.sh

folders=${ACTIVATIONMAP_DEBIAN:-${XDG_CACHE_HOME:-~/.cache}/gst-activationmap}
folder=$folders/debian-${name:-$release}
copy=$folder/srv/gst-activationmap
need_tools
use_proxy_of_apt
mkdir -p "$folders"
exec 9>"$folder.lock"
if ! flock --nonblock 9; then
  echo "Waiting for another run in $folder" >&2
  flock 9
fi
if [ "$fresh" = yes ] || ! is_usable; then
  make_folder
fi
cp -L /etc/hosts /etc/resolv.conf "$folder/etc/"
copy_tree
export root folder copy
export -f enter
status=0
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
  bash -euc 'enter "$@"' bash "$@" || status=$?
[ -z "$fetched" ] || fetch "$fetched"
exit "$status"
