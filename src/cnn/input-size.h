/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * CnnInputSize:
 * @height: 1 to %CNN_MAX_DIMENSION
 * @width: 1 to %CNN_MAX_DIMENSION
 *
 * At which size to run a network that takes feature maps of any.
 */
typedef struct {
  gint height;
  gint width;
} CnnInputSize;

/**
 * cnn_input_size_check:
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT when it is out of range
 */
gboolean cnn_input_size_check (const CnnInputSize *size, GError **error);

/**
 * cnn_input_size_from_string:
 * @size: (out)
 * @text: height and width, such as "240x320"
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT when it is anything else
 */
gboolean cnn_input_size_from_string (CnnInputSize *size, const gchar *text,
    GError **error);

G_END_DECLS
