#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# The demonstration of README.md, with the installed plugin: nothing is built.
set -euo pipefail
demo=$(realpath "$(dirname "$0")/../../pipelines/demo.sh")
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

"$demo" --sample --output "$folder/out"
gst-discoverer-1.0 "$folder/out/demo.mp4" | tee video.txt
grep '^  Duration: 0:00:09\.0' video.txt
grep 'video.*: H\.264' video.txt
[ "$(head -c 8 out/demo.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
