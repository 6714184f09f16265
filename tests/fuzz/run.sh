#!/usr/bin/env bash
# Fuzzes each target for SECONDS (default 60) and fails on any finding.
# Builds in build-fuzz/ with clang, libFuzzer, AddressSanitizer and
# UndefinedBehaviorSanitizer; findings stay in build-fuzz/findings/, and what
# covers new code in build-fuzz/corpus/, from where the next run goes on.
# Ends with a line "N passed, N failed, N skipped".
#
#   tests/fuzz/run.sh [SECONDS [TARGET...]]
#
# Targets: layers-model (the loader and runs of what it loads) and keras-file
# (the readers of the converter). libhdf5 does not stand up to damaged files:
# what crashes inside it is counted and kept, but is no failure, as the
# converter runs it in a process of its own.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${ACTIVATIONMAP_FUZZ_BUILD:-$root/build-fuzz}
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(layers-model keras-file)

build_targets() {
  if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" "$root" -Dfuzzing=true -Dconverter=enabled \
      -Doptimization=1 -Dtests=disabled -Dintrospection=disabled \
      -Drtsp-server=disabled \
      -Dwerror=true '-Db_sanitize=address,undefined' -Db_lundef=false \
      -Dc_args='-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined'
  fi
  ninja -C "$build" "${targets[@]/#/tests/fuzz/fuzz-}"
}

# Seeds: the committed corpus, and the files of the other tests.
collect_seeds() {
  local target=$1 seeds=$2 model name

  mkdir -p "$seeds"
  cp "$here/corpus/$target"/* "$seeds"
  if [ "$target" = layers-model ]; then
    for model in "$root"/tests/golden/*/*/model.json; do
      name=${model#"$root/tests/golden/"}
      cp "$model" "$seeds/golden-${name//\//-}"
    done
  else
    cp "$root"/tests/convert/keras/*.h5 "$root"/tests/convert/keras/*.keras \
      "$root"/tests/convert/hostile/*.h5 "$seeds"
  fi
}

fuzz_layers_model() {
  "$build/tests/fuzz/fuzz-layers-model" -max_total_time="$seconds" \
    -max_len=16384 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
    -dict="$here/layers-model.dict" -artifact_prefix="$findings/" \
    "$corpus" "$seeds" >"$log" 2>&1
}

run_keras_file() {
  ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=2048:suppressions=$here/hdf5.suppressions \
    LSAN_OPTIONS=print_suppressions=0:suppressions=$here/hdf5-leaks.suppressions \
    "$build/tests/fuzz/fuzz-keras-file" -timeout=10 -rss_limit_mb=4096 \
    -malloc_limit_mb=100000 "$@"
}

# Whether the frame that failed lies in libhdf5, under those of libc and of the
# sanitizer. What cannot be repeated depends on what libhdf5 remembers of other
# files.
is_in_libhdf5() {
  local trace

  trace=$(run_keras_file "$1" 2>&1) && return 0
  grep -E '^ +#[0-9]+ ' <<<"$trace" \
    | grep -vE '__interceptor|__asan|__sanitizer|__lsan|fuzzer::|sysdeps|libc\.so|in malloc|in free|in calloc|in realloc' \
    | head -n 1 | grep -q libhdf5
}

# In processes of their own, so that the search goes on after a crash.
fuzz_keras_file() {
  local finding failed=0 library=0

  run_keras_file -fork=1 -ignore_crashes=1 -ignore_ooms=1 \
    -max_total_time="$seconds" -dict="$here/hdf5.dict" \
    -artifact_prefix="$findings/" "$corpus" "$seeds" >"$log" 2>&1 || true
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
  echo "keras-file: $library crashes inside libhdf5"
  return "$failed"
}

"$root/pipelines/install-packages.sh" build test
build_targets
# Where there is one, a file system in memory: the loader reads files.
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work
passed=0 failed=0
for target in "${targets[@]}"; do
  seeds=$work/$target-seeds
  corpus=$build/corpus/$target
  findings=$build/findings/$target
  log=$work/$target.log
  mkdir -p "$corpus" "$findings"
  rm -f "$findings"/*
  collect_seeds "$target" "$seeds"
  if "fuzz_${target//-/_}"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    tail -n 40 "$log"
  fi
  grep -hE 'cov: ' "$log" | tail -n 1 || true
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
