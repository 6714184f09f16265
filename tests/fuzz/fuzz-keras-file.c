/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Fuzzes the readers of Keras files (zip, HDF5 and their contents), what makes
 * TensorFlow.js load them, and the writer of weights.
 */

#include "formats/conversion.h"
#include "formats/tfjs-dialect.h"
#include "fuzz.h"

#define MAX_WEIGHT_BYTES (1 << 20)

static void
encode (const LayersModel *model)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < model->weights->len; i++) {
    const LayersModelWeight *weight = g_ptr_array_index (model->weights, i);

    for (guint encoding = WEIGHT_ENCODING_FLOAT32;
         encoding <= WEIGHT_ENCODING_UINT8; encoding++) {
      gsize before = bytes->len;

      cJSON_Delete (
          weight_encoding_apply ((WeightEncoding) encoding, weight, bytes));
      g_assert_cmpuint (bytes->len - before, ==,
          weight_encoding_measure ((WeightEncoding) encoding, weight));
    }
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) file = g_bytes_new (data, size);
  g_autoptr (LayersModel)
      model = conversion_read (file, NULL, MAX_WEIGHT_BYTES, NULL);

  if (model) {
    g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

    tfjs_dialect_apply (model, notes);
    encode (model);
  }
  return 0;
}
