#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Measures this engine and its peers in one run, taking turns; prints a table.
#
#   tests/bench/bench.sh [--rounds N] [--output FILE.md] [--steps]
#                        [--block MS] [--network NAME] [--convert]
#
# With --convert, this engine runs what activationmap-convert makes of the .onnx
# that ONNX Runtime runs, rather than a model.json of its own.
#
# The engine is built in build-bench/, with $CC. Two versions of ONNX Runtime,
# and TensorFlow.js, are installed there from npm; OpenCV DNN and PyTorch are
# used when Debian's python3-opencv and python3-torch are installed. Peers that
# are missing are left out of the table. Needs python3-numpy. On a machine that
# does other work as well, `chrt -r 1 tests/bench/bench.sh` keeps it waiting.
set -euo pipefail

BENCH_COMMAND="tests/bench/bench.sh $*"
export BENCH_COMMAND

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build-bench
engine=$build/engine-$(basename "${CC:-cc}")
peers=(
  onnxruntime-node@1.20.1
  onnxruntime-node-current@npm:onnxruntime-node@1.30.0
  @tensorflow/tfjs@4.22.0
  @tensorflow/tfjs-backend-wasm@4.22.0
)

mkdir -p "$build/peers"
if [ ! -d "$build/peers/node_modules" ] && command -v npm >/dev/null; then
  # The postinstall of ONNX Runtime only fetches libraries for GPUs.
  npm install --prefix "$build/peers" --no-save --no-package-lock \
    --ignore-scripts --no-audit --no-fund "${peers[@]}" >&2 || true
fi

[ -f "$engine/build.ninja" ] \
  || meson setup --buildtype=release "$engine" "$root" >&2
ninja -C "$engine" tests/bench/bench-engine tests/bench/bench-onnxruntime \
  src/tools/activationmap-convert >&2

exec /usr/bin/python3 "$here/bench.py" --build "$build" \
  --engine-build "$engine" "$@"
