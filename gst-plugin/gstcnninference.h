/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_CNN_INFERENCE (gst_cnn_inference_get_type ())
G_DECLARE_FINAL_TYPE (GstCnnInference, gst_cnn_inference, GST, CNN_INFERENCE,
    GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (cnninference)

G_END_DECLS
