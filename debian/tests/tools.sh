#!/usr/bin/env bash
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
