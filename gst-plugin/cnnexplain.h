/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib-object.h>

#include "cnn/explain/class-activation.h"

G_BEGIN_DECLS

/**
 * GstCnnExplain:
 * @GST_CNN_EXPLAIN_NONE: no explanation
 *
 * How predictions are explained: the values above 0 are those of #CnnCamMethod
 * plus one.
 */
typedef enum {
  GST_CNN_EXPLAIN_NONE = 0
} GstCnnExplain;

#define GST_TYPE_CNN_EXPLAIN (gst_cnn_explain_get_type ())
GType gst_cnn_explain_get_type (void);

/* Only for values above 0. */
static inline CnnCamMethod
gst_cnn_explain_get_method (guint explain)
{
  return (CnnCamMethod) (explain - 1);
}

G_END_DECLS
