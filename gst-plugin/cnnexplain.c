/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnnexplain.h"

static const gchar *const descriptions[CNN_CAM_N_METHODS] = {
  [CNN_CAM_GRAD_CAM] = "Channels weighted by their mean gradient",
  [CNN_CAM_GRAD_CAM_PLUS_PLUS] =
      "Channels weighted by their positive gradients",
  [CNN_CAM_XGRAD_CAM] = "Channels weighted by gradient times activation",
  [CNN_CAM_HIRES_CAM] = "Gradient times activation in each cell",
  [CNN_CAM_LAYER_CAM] = "Positive gradient times activation in each cell",
  [CNN_CAM_EIGEN_CAM] = "First principal component of the activations",
  [CNN_CAM_ABLATION_CAM] = "Channels weighted by what is lost without them",
  [CNN_CAM_SCORE_CAM] =
      "Channels weighted by what they alone let through; slow",
};

GType
gst_cnn_explain_get_type (void)
{
  static gsize type = 0;
  static GEnumValue values[CNN_CAM_N_METHODS + 2];

  if (g_once_init_enter (&type)) {
    values[0] = (GEnumValue) { GST_CNN_EXPLAIN_NONE, "No explanation", "none" };
    for (guint i = 0; i < CNN_CAM_N_METHODS; i++) {
      values[i + 1] = (GEnumValue) { (gint) i + 1, descriptions[i],
        cnn_cam_get_name ((CnnCamMethod) i) };
    }
    g_once_init_leave (&type, g_enum_register_static ("GstCnnExplain", values));
  }
  return type;
}
