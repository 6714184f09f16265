#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Measures facetracker at 1280x720 against facedetect, and against YuNet with ONNX
# Runtime, in one run and taking turns; prints Markdown.
#
#   tests/bench/bench-face.sh [--rounds N] [--yunet FILE.onnx] [CLIP...]
#
# CLIP defaults to the sample clip. The plugin is built in build-bench/, with
# $CC; ONNX Runtime is the one that bench.sh has installed there. What is missing
# is left out. FILE.onnx is YuNet n of libfacedetection.train with the outputs
# cls, obj and bbox of three strides. Its time is that of the network alone: what
# is before (scaling) and after it (decoding) is not counted.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build-bench/engine-$(basename "${CC:-cc}")
rounds=9
yunet=
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds)
      rounds=$2
      shift 2
      ;;
    --yunet)
      yunet=$2
      shift 2
      ;;
    *) break ;;
  esac
done
clips=("$@")
[ $# -gt 0 ] || clips=("$root/pipelines/sample/sample.mp4")

[ -f "$build/build.ninja" ] \
  || meson setup --buildtype=release "$build" "$root" >&2
ninja -C "$build" gst-plugin/libgstactivationmap.so tests/bench/bench-face >&2
export GST_PLUGIN_PATH=$build/gst-plugin GST_REGISTRY=$build/registry-bench.bin
export GST_ACTIVATIONMAP_MODEL_DIR=$root/model OPENCV_LOG_LEVEL=OFF
machine=x64
[ "$(uname -m)" != aarch64 ] || machine=arm64
BENCH_ONNXRUNTIME=$(compgen -G "$root/build-bench/peers/node_modules/\
onnxruntime-node/bin/*/linux/$machine/libonnxruntime.so.1" || true)
export BENCH_ONNXRUNTIME
exec "$build/tests/bench/bench-face" "$rounds" "$yunet" "${clips[@]}"
