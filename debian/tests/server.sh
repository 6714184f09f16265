#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# The server serves the sample, a viewer gets pictures of it, and it says that all
# is well.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

activationmap-server --source=sample --address=127.0.0.1 --port=0 --http-port=0 \
  >server.txt &
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

page=$(sed -n 's/^Page: //p' server.txt)
[[ "$page" =~ ^http://([0-9.]+):([0-9]+)/ ]]
exec 3<>"/dev/tcp/${BASH_REMATCH[1]}/${BASH_REMATCH[2]}"
printf 'GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
timeout 60 cat <&3 | tee health.txt
grep '^HTTP/1\.[01] 200 ' health.txt

kill "$server"
wait "$server"
