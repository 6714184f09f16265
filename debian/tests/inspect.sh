#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# The plugin is found and loads, and brings its elements.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

gst-inspect-1.0 activationmap >activationmap.txt
grep -E '^ +(Version|Filename) ' activationmap.txt
for element in activationoverlay cnninference facetracker regionjson; do
  gst-inspect-1.0 "$element" >/dev/null
done
