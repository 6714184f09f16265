#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# install-packages.sh: tells a network that fails from a list that is wrong. Here
# apt-get fails as it is told to.
# shellcheck disable=SC2317 # check() calls its arguments
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# write_program NAME: with the lines that are read, into a folder of PATH.
write_program() {
  mkdir -p "$folder/bin"
  { echo '#!/bin/sh' && cat; } >"$folder/bin/$1"
  chmod +x "$folder/bin/$1"
}

write_program dpkg-query <<'END'
printf '%s' "$PACKAGES_ARE"
END
write_program sudo <<'END'
exec "$@"
END
write_program apt-get <<'END'
case " $* " in
  *' update '*) step=update ;;
  *' --print-uris '*) step=choose ;;
  *' --download-only '*) step=download ;;
  *) step=install ;;
esac
echo "$step" >>"$STEPS"
case " $FAILING " in
  *" $step "*) exit 100 ;;
esac
END

# ends_with STATUS PACKAGES-ARE FAILING STEPS: which steps of apt-get fail, and
# which must have been tried.
ends_with() {
  local status=0

  : >"$folder/steps"
  PATH=$folder/bin:$PATH STEPS=$folder/steps PACKAGES_ARE=$2 FAILING=$3 \
    "$scripts/install-packages.sh" build || status=$?
  [ "$status" -eq "$1" ] && [ "$(paste -s -d ' ' "$folder/steps")" = "$4" ]
}

all='update choose download install'
check 'nothing is missing' ends_with 0 installed '' ''
check 'what is missing is installed' ends_with 0 '' '' "$all"
check 'no lists' ends_with 69 '' update update
check 'no download' ends_with 69 '' download 'update choose download'
check 'an unknown package' ends_with 100 '' 'choose install' \
  'update choose install'
check 'an installation that fails' ends_with 100 '' install "$all"
finish
