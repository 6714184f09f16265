#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Prints the table of docs/detectors.md: what becomes of metadata in the elements
# of GStreamer, version by version.
#
#   make-metadata-table.sh FILE...
#
# Each FILE has what the test program printed on one release, such as
#
#   tests/debian.sh trixie meson devenv -C build \
#     tests/elements/test-transforms --table
set -euo pipefail

usage() {
  sed -n '5,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"
}

case "${1:-}" in
  '')
    usage >&2
    exit 2
    ;;
  -h | --help)
    usage
    exit 0
    ;;
esac

# A column for each kind of metadata in each version that has it; the order of
# the elements is that of the first file.
# shellcheck disable=SC2016 # $ is awk's
awk -F '\t' '
  NF != 4 { next }
  /^GStreamer / {
    split($1, words, " ")
    versions[++n_versions] = words[2]
    for (kind = 2; kind <= 4; kind++)
      kinds[kind] = $kind
    next
  }
  {
    if (!($1 in is_known)) {
      is_known[$1] = 1
      elements[++n_elements] = $1
    }
    for (kind = 2; kind <= 4; kind++) {
      fate[$1, kind, n_versions] = $kind
      if ($kind != "-")
        is_used[kind, n_versions] = 1
    }
  }
  END {
    head = "| element"
    rule = "|---"
    for (kind = 2; kind <= 4; kind++)
      for (v = 1; v <= n_versions; v++)
        if ((kind, v) in is_used) {
          head = head " | " kinds[kind] ", " versions[v]
          rule = rule "|---"
        }
    print head " |"
    print rule "|"
    for (i = 1; i <= n_elements; i++) {
      row = "| `" elements[i] "`"
      for (kind = 2; kind <= 4; kind++)
        for (v = 1; v <= n_versions; v++)
          if ((kind, v) in is_used) {
            cell = fate[elements[i], kind, v]
            sub(/:.*/, "", cell) # where it is instead
            row = row " | " (cell == "" ? "–" : cell)
          }
      print row " |"
    }
  }' "$@"
