/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_REGION_JSON (gst_region_json_get_type ())
G_DECLARE_FINAL_TYPE (GstRegionJson, gst_region_json, GST, REGION_JSON,
    GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (regionjson)

G_END_DECLS
