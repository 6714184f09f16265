/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_ACTIVATION_OVERLAY (gst_activation_overlay_get_type ())
G_DECLARE_FINAL_TYPE (GstActivationOverlay, gst_activation_overlay, GST,
    ACTIVATION_OVERLAY, GstBaseTransform)

#define GST_TYPE_ACTIVATION_OVERLAY_COLORMAP \
  (gst_activation_overlay_colormap_get_type ())
GType gst_activation_overlay_colormap_get_type (void);

#define GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT \
  (gst_activation_overlay_label_content_get_type ())
GType gst_activation_overlay_label_content_get_type (void);

#define GST_TYPE_ACTIVATION_OVERLAY_LAYOUT \
  (gst_activation_overlay_layout_get_type ())
GType gst_activation_overlay_layout_get_type (void);

#define GST_TYPE_ACTIVATION_OVERLAY_SCALING \
  (gst_activation_overlay_scaling_get_type ())
GType gst_activation_overlay_scaling_get_type (void);

GST_ELEMENT_REGISTER_DECLARE (activationoverlay)

G_END_DECLS
