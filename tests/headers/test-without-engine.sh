#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# A library that is to be small must not link the engine: a function that needs
# a single one of its functions would bring in all of it.
#
#   test-without-engine.sh NM LIBRARY
set -uo pipefail

engine=$("$1" --defined-only "$2" | grep -E ' (cnn_(kernels|model)|image_resizer)_')
echo 1..1
if [ -z "$engine" ]; then
  echo "ok 1 - ${2##*/} is without the engine"
else
  printf '%s\n' "$engine" | head | sed 's/^/# /'
  echo "not ok 1 - ${2##*/} is without the engine"
  exit 1
fi
