#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# activationmap-model reads the installed models; activationmap-convert answers.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

activationmap-model summary "$data/model/gender"
activationmap-model bench --seconds=0 "$data/model/gender"
activationmap-convert --version
if activationmap-convert "$sample" out 2>message.txt; then
  exit 1
fi
grep . message.txt
[ ! -e out ]
