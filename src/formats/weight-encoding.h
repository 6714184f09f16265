/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * WeightEncoding:
 * @WEIGHT_ENCODING_FLOAT32: as they are
 * @WEIGHT_ENCODING_FLOAT16: rounded to half precision
 * @WEIGHT_ENCODING_UINT8: value = byte * scale + min, with a scale and min for
 *   each tensor
 *
 * How weights are written, by the formulas of tensorflowjs. Unlike there,
 * tensors of one dimension, biases and statistics, stay float32: they are a
 * small part of the bytes, and their rounding would be felt most.
 */
typedef enum {
  WEIGHT_ENCODING_FLOAT32,
  WEIGHT_ENCODING_FLOAT16,
  WEIGHT_ENCODING_UINT8
} WeightEncoding;

/**
 * weight_encoding_from_string:
 *
 * Returns: FALSE if @name is neither "float16" nor "uint8"
 */
gboolean weight_encoding_from_string (const gchar *name,
    WeightEncoding *encoding);

/**
 * weight_encoding_measure:
 *
 * Returns: how many bytes the weight takes
 */
gsize weight_encoding_measure (WeightEncoding encoding,
    const KerasWeight *weight);

/**
 * weight_encoding_apply:
 * @bytes: is appended to
 *
 * Returns: (transfer full): the weight's entry for the manifest
 */
cJSON *weight_encoding_apply (WeightEncoding encoding,
    const KerasWeight *weight, GByteArray *bytes);

G_END_DECLS
