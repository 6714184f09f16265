/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_ACTIVATION_MAP (gst_activation_map_get_type ())
G_DECLARE_FINAL_TYPE (GstActivationMap, gst_activation_map, GST, ACTIVATION_MAP,
    GstBin)
GST_ELEMENT_REGISTER_DECLARE (activationmap)

#define GST_TYPE_ACTIVATION_OVERLAY (gst_activation_overlay_get_type ())
G_DECLARE_FINAL_TYPE (GstActivationOverlay, gst_activation_overlay, GST,
    ACTIVATION_OVERLAY, GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE (activationoverlay)

#define GST_TYPE_CNN_INFERENCE (gst_cnn_inference_get_type ())
G_DECLARE_FINAL_TYPE (GstCnnInference, gst_cnn_inference, GST, CNN_INFERENCE,
    GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE (cnninference)

#define GST_TYPE_FACE_TRACKER (gst_face_tracker_get_type ())
G_DECLARE_FINAL_TYPE (GstFaceTracker, gst_face_tracker, GST, FACE_TRACKER,
    GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE (facetracker)

#define GST_TYPE_REGION_JSON (gst_region_json_get_type ())
G_DECLARE_FINAL_TYPE (GstRegionJson, gst_region_json, GST, REGION_JSON,
    GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE (regionjson)

G_END_DECLS
