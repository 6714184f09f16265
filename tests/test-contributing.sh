#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# CONTRIBUTING.md: the files that it names exist, and so do the tests.
#
#   test-contributing.sh BUILD [DOCUMENT]    BUILD is a folder that is set up
# shellcheck disable=SC2317 # check() calls its arguments
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$1
document=${2:-$root/CONTRIBUTING.md}
cd "$root"

# Prints what is quoted as code, in paragraphs and in indented blocks, one piece
# a line.
# shellcheck disable=SC2016 # the quotes of Markdown
list_code() {
  tr '\n' ' ' <"$document" | grep -o '`[^`]*`' | tr -d '`' | tr -s ' '
  sed -n 's/^    \([^ ].*\)/\1/p' "$document"
}

# Prints the words that begin with a folder of the repository. A path in build/
# exists only once it is built.
list_paths() {
  list_code | tr -s ' ' '\n' \
    | grep -E '^(\.ci|docs|gst-plugin|model|pipelines|src|tests)/.' | sort -u
}

# Prints the names in commands such as "meson test -C build readme".
list_tests() {
  list_code | sed -n 's/#.*//; s/.*meson test -C build \(.*\)/\1/p' \
    | tr -s ' ' '\n' | grep -E '^[a-z]' | sort -u
}

is_there() {
  compgen -G "$1" >/dev/null
}

# A build with a sanitizer, or without the converter, lacks some of the tests.
is_test() {
  grep -rqF --include=meson.build "'$1'" tests \
    || grep -qF "\"name\": \"$1\"," "$build/meson-info/intro-tests.json"
}

number=0
status=0
# Reports one case: the kind of thing, and the command that looks for it.
check() {
  number=$((number + 1))
  if "$2" "$3"; then
    echo "ok $number - $1 $3"
  else
    echo "not ok $number - there is no $1 $3"
    status=1
  fi
}

while read -r path; do
  check file is_there "$path"
done < <(list_paths)
while read -r name; do
  check test is_test "$name"
done < <(list_tests)
if [ "$number" -lt 30 ]; then
  echo "not ok $((number += 1)) - finds what is named"
  status=1
fi
echo "1..$number"
exit "$status"
