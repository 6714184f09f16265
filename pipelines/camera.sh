#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Shows the camera's picture with the activation maps on the screen.
#
#   camera.sh [DEVICE] [PROPERTY=VALUE...]
#
# DEVICE is /dev/video0 by default. PROPERTY=VALUE sets a property of the
# element activationmap, for instance colormap=viridis; `gst-inspect-1.0
# activationmap` lists them. Close the window or press Ctrl-C to stop.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  -*) fail_usage "There is no option $1." ;;
esac
device=/dev/video0
if [ $# -gt 0 ] && [[ "$1" != *=* ]]; then
  device=$1
  shift
fi
read_properties "$@"

[ -c "$device" ] || fail "There is no camera $device."
[ -r "$device" ] \
  || fail "$device cannot be read; is this user in the group video?"
has_display || fail 'There is no screen here (DISPLAY and WAYLAND_DISPLAY are' \
  'empty); activationmap-server shows the camera to other machines.'

need_elements v4l2src jpegdec decodebin videoconvert autovideosink

# decodebin    many cameras give only JPEG at full rate
# queue        holds one picture and drops the older one: if the network is
#              slower than the camera, no delay builds up
# sync=false   shows a picture as soon as it is ready
exec gst-launch-1.0 -q \
  v4l2src device="$device" ! "$camera_caps" ! decodebin ! videoconvert \
  ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 \
  ! activationmap "${properties[@]}" ! videoconvert ! autovideosink sync=false
