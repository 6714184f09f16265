#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Builds the image of pipelines/Containerfile, and tries it as its user: the
# plugin is found, the sample clip annotated, and the server serves.
#
#   container.sh
#
# Needs root, debootstrap and buildah, but no registry and no container engine:
# the base image is made as tests/debian.sh makes its folders. The images are in
# .cache/containers afterwards (buildah --root .cache/containers images). Prints
# TAP.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=pipelines/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/pipelines/lib.sh"
cd "$scripts/.." || exit
# The folder is not for other clones: an image is made of it at once.
export ACTIVATIONMAP_DEBIAN=$PWD/.cache
image=gst-activationmap
container=

[ $# -eq 0 ] || {
  sed -n '5,/^# shellcheck/{/^# shellcheck/!s/^# \{0,1\}//p}' tests/container.sh
  exit 2
} >&2
command -v buildah >/dev/null || skip_all 'there is no buildah'

# Not among the images of the machine, which may have others by these names.
images() {
  buildah --root .cache/containers --runroot "$folder/run" "$@"
}

# Debian, with nothing but the essential packages.
make_folder() {
  tests/debian.sh --fresh --folder container trixie \
    rm -rf /srv/gst-activationmap
}

make_base_image() {
  local base

  base=$(images from scratch) \
    && images add --quiet "$base" .cache/debian-container / \
    && images commit --quiet --rm "$base" debian:trixie-slim
}

build_image() {
  images bud --isolation chroot --network host --pull-never --tag "$image" \
    --file pipelines/Containerfile .
}

start() {
  container=$(images from --pull-never "$image")
}

# As the image's user, who is to have no rights: the tests would become nobody.
run() {
  images run --isolation chroot --volume "$PWD/debian/tests:/tests:ro" \
    "$container" -- "$@"
}

is_user_without_rights() {
  [ "$(run id -un)" = activationmap ]
}

make_folder || {
  [ $? -ne 77 ] || skip_all 'there can be no such folder'
  exit 1
}
check 'a base image' make_base_image
check 'the image' build_image
check 'a container' start
check 'the user' is_user_without_rights
for test in inspect sample server; do
  check "debian/tests/$test.sh" run "/tests/$test.sh"
done
images rm --all >/dev/null
finish
