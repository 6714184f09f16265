/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/gst.h>

#include "gstactivationmapelements.h"
#include "gstactivationmeta.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  /* Metadata from another process is read only if it is known by then. */
  gst_activation_meta_get_info ();
  return GST_ELEMENT_REGISTER (facetracker, plugin)
      && GST_ELEMENT_REGISTER (cnninference, plugin)
      && GST_ELEMENT_REGISTER (activationoverlay, plugin)
      && GST_ELEMENT_REGISTER (regionjson, plugin)
      && GST_ELEMENT_REGISTER (activationmap, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, activationmap,
    "Shows live what a convolutional network sees in video", plugin_init,
    VERSION, GST_LICENSE, GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
