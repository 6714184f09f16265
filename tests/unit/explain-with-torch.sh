#!/bin/sh
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Compares all explanations of the seed network and of a residual one, at full
# size, with what PyTorch's autograd says. Skips where there is no PyTorch.
#
#   explain-with-torch.sh path/to/test-explain
set -eu

golden=$(dirname "$0")/../golden/make-explain-golden.py
# Debian's PyTorch belongs to the system's Python, whatever is first in PATH.
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import numpy, torch' 2>/dev/null; then
    break
  fi
  python=
done
if [ -z "$python" ]; then
  echo "no Python has PyTorch (Debian: python3-torch): skipped"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
"$python" "$golden" --full "$folder"
# Meson names the emulator, if the program needs one.
# shellcheck disable=SC2086 # a command with its arguments
EXPLAIN_GOLDEN=$folder ${MESON_EXE_WRAPPER:-} "$1"
