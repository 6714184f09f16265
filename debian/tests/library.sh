#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# A program can be compiled and linked with the library, and Python sees it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "$0")/common.sh"

cat >meta.c <<'END'
#include <gst/activationmeta/gstactivationmeta.h>

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_print ("%s\n", g_type_name (GST_ACTIVATION_META_API_TYPE));
  return 0;
}
END
read -ra flags <<<"$(pkg-config --cflags --libs gstreamer-activationmeta-1.0)"
cc -Wall -Werror meta.c -o meta "${flags[@]}"
[ "$(./meta)" = GstActivationMetaAPI ]

python3 - <<'END'
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstActivationMeta", "1.0")
from gi.repository import Gst, GstActivationMeta

Gst.init(None)
builder = GstActivationMeta.ActivationsBuilder.new("model", "scene", ["a", "b"])
assert builder.set_scores([0.25, 0.75], 1)
activations = builder.finish()
assert activations.get_label(activations.get_winner()) == "b"
print("Python:", activations.get_score(1))
END
