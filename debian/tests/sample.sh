#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# The sample clip is annotated into a file: all of its frames, with predictions.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

frames=270

gst-launch-1.0 -q filesrc location="$sample" ! qtdemux ! avdec_h264 \
  ! videoconvert ! activationmap name=map ! tee name=annotated \
  annotated. ! queue ! videoconvert ! jpegenc ! matroskamux \
  ! filesink location=annotated.mkv \
  annotated. ! queue ! regionjson ! filesink location=faces.jsonl

pictures=$(gst-launch-1.0 -v filesrc location=annotated.mkv ! matroskademux \
  ! jpegdec ! fakesink name=pictures silent=false sync=false \
  | grep -c 'last-message = chain ')
lines=$(wc -l <faces.jsonl)
predictions=$(grep -cE '"label": ?"(Female|Male)"' faces.jsonl)
echo "$pictures pictures, $lines lines of JSON, $predictions with a prediction"
[ "$pictures" -eq "$frames" ]
[ "$lines" -eq "$frames" ]
[ "$predictions" -gt $((frames * 3 / 4)) ]
