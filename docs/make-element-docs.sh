#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# Writes docs/elements.md, the reference of the elements, from what
# gst-inspect-1.0 tells and the "Since:" tags of the sources.
#
#   make-element-docs.sh            # writes docs/elements.md
#   make-element-docs.sh --check    # ends with 1 if it is out of date
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../pipelines/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../pipelines/environment.sh"

reference=$project/docs/elements.md
elements=(activationmap facetracker cnninference activationoverlay regionjson)

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  --check | '') ;;
  *) fail_usage "there is no option $1" ;;
esac

# Prints "PROPERTY VERSION" for each property that is not as old as its element.
list_since() {
  sed -n \
    -e 's/^ *\* Gst[A-Za-z]*:\([a-z-]*\):.*/\1/; t keep' \
    -e '/^ *\* Since: /{s/^ *\* Since: //; H; x; s/\n/ /p; x}' \
    -e b -e ':keep' -e h "$project"/gst-plugin/*.c
}

# Reads what gst-inspect-1.0 tells of one element. What it has from the classes
# of GStreamer, whose documentation describes it, is left out: it differs from
# release to release.
# shellcheck disable=SC2016 # $ is awk's
describe='
  function trim(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    gsub(/[ \t]+/, " ", text)
    return text
  }
  function cell(text) {
    gsub(/\|/, "\\|", text)
    return text
  }
  function end_property() {
    if (property != "" && !(property in inherited)) {
      if (property in since)
        blurb = blurb " (since " since[property] ")"
      properties = properties "| `" property "` | " type " | " initial " | " \
        range " | " cell(blurb) " |\n"
    }
    property = ""
  }
  function end_template() {
    if (template != "")
      printf "* `%s` (%s, %s):%s\n", template, direction, presence, caps
    template = ""
  }
  # The formats that all of GStreamer has are more in each release.
  function formats_of(line) {
    gsub(/.*{ | }.*|\(string\)/, "", line)
    return gsub(/, /, ", ", line) > 30 ? "any format" : line
  }
  function number_property(line) {
    range = line
    sub(/.*Range: */, "", range)
    sub(/ *Default:.*/, "", range)
    sub(/ *- +/, " to ", range)
    range = trim(range)
  }
  BEGIN {
    split("name parent qos async-handling message-forward", names, " ")
    for (i in names)
      inherited[names[i]] = 1
    while ((getline line < since_file) > 0) {
      split(line, words, " ")
      since[words[1]] = words[2]
    }
  }
  /^[A-Z]/ {
    end_property()
    end_template()
    section = $0
  }
  section ~ /^Factory/ && $1 == "Rank" { rank = $2 }
  section ~ /^Factory/ && $1 == "Long-name" { sub(/ *Long-name */, ""); name = $0 }
  section ~ /^Factory/ && $1 == "Klass" { klass = $2 }
  section ~ /^Factory/ && $1 == "Description" {
    sub(/ *Description */, "")
    printf "\n## %s\n\n%s.\n\n", element, $0
    printf "%s; class `%s`; rank %s.\n", name, klass, rank
  }
  /^Pad Templates:/ { printf "\n### Pads\n\n" }
  section ~ /^Pad Templates/ && / template: / {
    end_template()
    direction = tolower($1)
    template = $3
    gsub(/\047/, "", template)
    caps = ""
  }
  section ~ /^Pad Templates/ && /Availability:/ { presence = tolower($2) }
  section ~ /^Pad Templates/ && /^ +[a-z]+\/[a-z-]+/ {
    caps = caps (caps == "" ? " `" : ";\n  `") trim($0) "`"
  }
  section ~ /^Pad Templates/ && $1 == "format:" {
    caps = caps " in " formats_of($0)
  }
  section ~ /^Element Properties/ && /^  [a-z][a-z-]* *: / {
    end_property()
    property = $1
    sub(/:$/, "", property)
    blurb = $0
    sub(/^[^:]*: */, "", blurb)
    range = ""
    next
  }
  section ~ /^Element Properties/ && /^ +flags: / {
    controllable = /controllable/ ? ", controllable" : ""
  }
  section ~ /^Element Properties/ && / Default: |^ +[A-Z].*\. / {
    type = initial = $0
    sub(/Range:.*/, "", type)
    sub(/Default:.*/, "", type)
    gsub(/"/, "`", type)
    type = trim(type)
    sub(/\.$/, "", type)
    if ($0 ~ /Range:/)
      number_property($0)
    sub(/.*Default: */, "", initial)
    initial = trim(initial)
    if (type ~ /^(Enum|Flags)/) {
      sub(/^[^,]*, /, "", initial)
      enum = type
      gsub(/.*`Gst|`/, "", enum)
      range = "see [" enum "](#" tolower(enum) ")"
      type = type ~ /^Enum/ ? "Enum" : "Flags"
    }
    gsub(/"/, "`", initial)
    if (initial == "null")
      initial = "not set"
    type = type controllable
  }
  section ~ /^Element Properties/ && /^ +\((0x)?[0-9a-f]+\): / {
    line = $0
    sub(/^ *\([^)]*\): */, "", line)
    nick = line
    sub(/ .*/, "", nick)
    sub(/^[^ ]* *- */, "", line)
    print enum "\t* `" nick "`: " line > values_file
  }
  /^Element (Signals|Actions):/ {
    signals = signals (signals == "" ? "" : "\n") $0 "\n"
    next
  }
  section ~ /^Element (Signals|Actions)/ && /./ { signals = signals "    " $0 "\n" }
  END {
    end_property()
    end_template()
    printf "\n### Properties\n\n"
    print "| property | type | default | range | |"
    print "|---|---|---|---|---|"
    printf "%s", properties
    printf "\n### Signals\n\n%s", signals == "" ? "None.\n" : signals
  }
'

# The values of all enums and flags, each type once.
describe_types() {
  printf '\n## Types\n'
  sort -s -t "$(printf '\t')" -k 1,1 -u <(cut -f 1 "$folder/values") \
    | while read -r type; do
      printf '\n### %s\n\n' "$type"
      awk -F '\t' -v type="$type" '$1 == type && !seen[$2]++ { print $2 }' \
        "$folder/values"
    done
}

write_reference() {
  local element

  cat <<'END'
# Elements

The reference of the elements, which `docs/make-element-docs.sh` writes: what
`gst-inspect-1.0` tells of them, without what all elements of GStreamer have. All
properties can be read, written, and changed in any state; those that are
controllable can be bound to a GstControlSource.
END
  for element in "${elements[@]}"; do
    gst-inspect-1.0 --no-colors "$element" >"$folder/inspected"
    LC_ALL=C awk -v element="$element" -v since_file="$folder/since" \
      -v values_file="$folder/values.$element" "$describe" "$folder/inspected"
    [ ! -f "$folder/values.$element" ] \
      || cat "$folder/values.$element" >>"$folder/values"
  done
  describe_types
}

if [ "${1:-}" = --check ]; then
  # A test installs and builds nothing; 77 is a test that was skipped.
  command -v gst-inspect-1.0 >/dev/null || exit 77
  missing=$(missing_element "${elements[@]}")
  [ -z "$missing" ] || fail "GStreamer has no element $missing here."
else
  need_elements "${elements[@]}"
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
export LC_ALL=C
list_since >"$folder/since"
write_reference >"$folder/elements.md"
if [ "${1:-}" = --check ]; then
  diff -u "$reference" "$folder/elements.md" >&2 \
    || fail "$reference is out of date: run docs/make-element-docs.sh"
else
  cp "$folder/elements.md" "$reference"
fi
