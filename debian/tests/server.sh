#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# The server serves the sample, and a viewer gets pictures of it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

activationmap-server --source=sample --port=0 >server.txt &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT

for ((i = 0; i < 300; i++)); do
  ! grep -q '^Ready: ' server.txt || break
  kill -0 "$server"
  sleep 0.2
done
url=$(sed -n 's/^Ready: //p' server.txt)
echo "$url"
timeout 60 gst-launch-1.0 -q rtspsrc location="$url" protocols=tcp \
  ! rtph264depay ! avdec_h264 ! identity eos-after=10 ! fakesink sync=false

kill "$server"
wait "$server"
