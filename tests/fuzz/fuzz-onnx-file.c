/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Fuzzes the reader of ONNX files: the parser, the arithmetic of shapes, and
 * the conversion of graphs to layers.
 */

#include "formats/onnx-reader.h"
#include "fuzz.h"

#define MAX_WEIGHT_BYTES (1 << 20)

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const CnnInputSize input_size = { 8, 8 };
  g_autoptr (GBytes) file = g_bytes_new (data, size);
  g_autoptr (LayersModel) model = NULL, sized = NULL;

  model = onnx_read (file, NULL, MAX_WEIGHT_BYTES, NULL);
  sized = onnx_read (file, &input_size, MAX_WEIGHT_BYTES, NULL);
  return 0;
}
