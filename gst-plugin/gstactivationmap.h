/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_ACTIVATION_MAP (gst_activation_map_get_type ())
G_DECLARE_FINAL_TYPE (GstActivationMap, gst_activation_map, GST, ACTIVATION_MAP,
    GstBin)

GST_ELEMENT_REGISTER_DECLARE (activationmap)

G_END_DECLS
