# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# shellcheck shell=bash
# Sourced by the tests: as a user without rights, in an empty folder that is also
# the user's home.

if [ "$(id -u)" -eq 0 ]; then
  exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs \
    "$0" "$@"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit
export HOME=$folder XDG_CACHE_HOME=$folder XDG_RUNTIME_DIR=$folder

# shellcheck disable=SC2034 # used by the tests
data=/usr/share/gst-activationmap
# shellcheck disable=SC2034
sample=$data/sample.mp4
