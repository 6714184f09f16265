#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Fuzzes each target for SECONDS (default 60), the small ones for a quarter of
# that, as many at once as there are processors, and fails on any finding.
# Builds in build-fuzz/ with clang, libFuzzer, AddressSanitizer and
# UndefinedBehaviorSanitizer; findings stay in build-fuzz/findings/, and inputs
# that cover new code in build-fuzz/corpus/, from which the next run continues.
# The last line is "N passed, N failed, N skipped".
#
#   tests/fuzz/run.sh [--seed N] [SECONDS [TARGET...]]
#
# With the same seed a target tries the same inputs in the same order, as long
# as neither the code nor the corpus changes; without one, the seed is different
# each time.
#
# README.md describes the targets. libhdf5 is not robust against damaged files:
# crashes and timeouts inside it are counted and kept, but are not failures,
# because the converter runs it in a process of its own with a time limit.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${ACTIVATIONMAP_FUZZ_BUILD:-$root/build-fuzz}
seed=0
if [ "${1:-}" = --seed ]; then
  seed=$2
  shift 2
fi
seconds=${1:-60}
shift || true
targets=("$@")
# The slowest targets come first.
[ ${#targets[@]} -gt 0 ] \
  || targets=(layers-model explain keras-file onnx-file tool preprocess
    metadata labels array-file)
small=$(((seconds + 3) / 4))

build_targets() {
  local target files=()

  if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" "$root" -Dfuzzing=true -Dconverter=enabled -Donnx=enabled \
      -Doptimization=1 -Dtests=disabled -Dintrospection=disabled \
      -Drtsp-server=disabled \
      -Dwerror=true '-Db_sanitize=address,undefined' -Db_lundef=false \
      -Dc_args='-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined'
  fi
  for target in "${targets[@]}"; do
    if [ "$target" = tool ]; then
      files+=(tests/fuzz/unpack-model src/tools/activationmap-model)
    else
      files+=("tests/fuzz/fuzz-$target")
    fi
  done
  ninja -C "$build" "${files[@]}"
}

collect_models() {
  local model name

  cp "$here/corpus/layers-model"/* "$here/corpus/explain"/* "$1"
  for model in "$root"/tests/golden/*/*/model.json; do
    name=${model#"$root/tests/golden/"}
    cp "$model" "$1/golden-${name//\//-}"
  done
}

# Seeds are the committed corpus and files of other tests.
collect_seeds() {
  local target=$1 seeds=$2

  mkdir -p "$seeds"
  case $target in
    layers-model | explain | tool)
      collect_models "$seeds"
      ;;
    keras-file)
      cp "$here/corpus/$target"/* "$root"/tests/convert/keras/*.h5 \
        "$root"/tests/convert/keras/*.keras \
        "$root"/tests/convert/hostile/*.h5 "$seeds"
      ;;
    onnx-file)
      cp "$root"/tests/convert/onnx/*.onnx "$seeds"
      ;;
    *)
      cp "$here/corpus/$target"/* "$seeds"
      ;;
  esac
}

# SECONDS MAX_LEN DICTIONARY
fuzz() {
  "$build/tests/fuzz/fuzz-$target" -max_total_time="$1" -max_len="$2" \
    -seed="$seed" -timeout=120 -rss_limit_mb=4096 -print_final_stats=1 \
    -dict="$here/$3.dict" \
    -artifact_prefix="$findings/" "$corpus" "$seeds"
}

fuzz_layers_model() { fuzz "$seconds" 16384 layers-model; }
fuzz_explain() { fuzz "$seconds" 16384 layers-model; }
fuzz_onnx_file() { fuzz "$seconds" 16384 onnx; }
fuzz_preprocess() { fuzz "$small" 2048 preprocess; }
fuzz_metadata() { fuzz "$small" 2048 metadata; }
fuzz_labels() { fuzz "$small" 2048 labels; }
fuzz_array_file() { fuzz "$small" 1024 array-file; }

run_keras_file() {
  ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=2048:suppressions=$here/hdf5.suppressions \
    LSAN_OPTIONS=print_suppressions=0:suppressions=$here/hdf5-leaks.suppressions \
    "$build/tests/fuzz/fuzz-keras-file" -timeout=10 -rss_limit_mb=4096 \
    -malloc_limit_mb=100000 "$@"
}

# Whether the innermost frame of a crash or timeout is in libhdf5, not counting
# frames of libFuzzer, whose alarm prints the stack, the sanitizers, libc and
# zlib. A crash that cannot be reproduced depends on the state that libhdf5 has
# kept of other files; such a timeout depends on the load of the machine.
is_in_libhdf5() {
  local trace

  trace=$(run_keras_file "$1" 2>&1) && return 0
  grep -E '^ +#[0-9]+ ' <<<"$trace" \
    | grep -vE '__interceptor|__asan|__sanitizer|__lsan|__ubsan|fuzzer::|sysdeps|lib(c|z)\.so|in (malloc|free|calloc|realloc) ' \
    | head -n 1 | grep -q libhdf5
}

# Runs separate processes, so that the search continues after a crash.
fuzz_keras_file() {
  local finding failed=0 library=0

  run_keras_file -seed="$seed" -fork=1 -ignore_crashes=1 -ignore_ooms=1 \
    -ignore_timeouts=1 -max_total_time="$seconds" -dict="$here/hdf5.dict" \
    -artifact_prefix="$findings/" "$corpus" "$seeds" || true
  grep -q 'cov: ' "$log" || return 1
  for finding in "$findings"/*; do
    [ -e "$finding" ] || continue
    if is_in_libhdf5 "$finding"; then
      library=$((library + 1))
    else
      echo "finding: $finding"
      failed=1
    fi
  done
  echo "cov: with $library crashes and timeouts inside libhdf5, $(grep 'cov: ' "$log" | tail -n 1)"
  return "$failed"
}

# Sanitizer reports have their own exit status; any other outcome is accepted
# for a model. Leaks are found by the tests.
run_tool() {
  local status=0

  G_DEBUG=fatal-criticals \
    ASAN_OPTIONS=exitcode=99:detect_leaks=0 \
    UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 \
    timeout 120 "$build/src/tools/activationmap-model" "$@" || status=$?
  [ "$status" -le 2 ]
}

# Runs the subcommands of the program on one model.
try_tool() {
  local folder input inputs=()

  if folder=$("$build/tests/fuzz/unpack-model" "$1"); then
    for input in "$folder"/input-*.f32; do
      inputs+=(--input "$input")
    done
    run_tool run "$folder" "${inputs[@]}" --output-dir "$folder/maps" \
      && run_tool image "$folder" "$root/docs/pictures/face.png" \
        --output-dir "$folder/maps" \
      && run_tool bench "$folder" --seconds 0 || return 1
  fi
  rm -rf "$folder"
}

# Keeps the inputs that cover new code, including those of earlier runs.
fuzz_tool() {
  local model models=0 failed=0 until=$((SECONDS + seconds))

  for model in "$seeds"/* "$build"/corpus/explain/*; do
    [ "$SECONDS" -lt "$until" ] || break
    [ -f "$model" ] || continue
    models=$((models + 1))
    try_tool "$model" && continue
    echo "finding: $model"
    cp "$model" "$findings"
    failed=1
  done
  echo "cov: $models models"
  return "$failed"
}

# Runs in a separate process with its own log; creates a file if the target
# passes.
run_target() {
  local target=$1
  local seeds=$work/$target-seeds log=$work/$target.log
  local corpus=$build/corpus/$target findings=$build/findings/$target

  mkdir -p "$corpus" "$findings"
  rm -f "$findings"/*
  collect_seeds "$target" "$seeds"
  "fuzz_${target//-/_}" >"$log" 2>&1 && touch "$work/$target.passed"
}

report() {
  local target=$1
  local log=$work/$target.log

  echo "$target: $(grep 'cov: ' "$log" | tail -n 1)"
  if [ -e "$work/$target.passed" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    tail -n 40 "$log"
  fi
}

"$root/pipelines/install-packages.sh" build test
build_targets
# Uses memory if possible, because the loader reads files.
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work
processors=$(nproc)
passed=0 failed=0
for target in "${targets[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$processors" ]; do
    wait -n || true
  done
  run_target "$target" &
done
wait
for target in "${targets[@]}"; do
  report "$target"
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
