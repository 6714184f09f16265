/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

/* Under a sanitizer, GStreamer cannot find the plugin; see ../meson.build. */
static inline void
load_plugin (void)
{
  const gchar *path = g_getenv ("ACTIVATIONMAP_PLUGIN");
  g_autoptr (GError) error = NULL;

  if (path && *path)
    gst_object_unref (gst_plugin_load_file (path, &error));
  g_assert_no_error (error);
}
