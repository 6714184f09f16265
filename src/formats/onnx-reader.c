/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-reader.h"

#include "formats/onnx-graph.h"

/* What Windows ML has in a file's metadata, and what becomes of it. */
static const struct {
  const gchar *value;
  const gchar *hint;
} words[] = {
  { "Bgr8", "bgr" },
  { "Bgra8", "bgr" },
  { "Gray8", "gray" },
  { "Normalized_0_1", "0..1" },
  { "Normalized_1_1", "-1..1" },
  { "NominalRange_0_255", "0..255" },
  { "Rgb8", "rgb" },
};

static gchar *
translate (const gchar *value)
{
  for (guint i = 0; value && i < G_N_ELEMENTS (words); i++) {
    if (g_str_equal (words[i].value, value))
      return g_strdup (words[i].hint);
  }
  return NULL;
}

static void
find_hints (const OnnxFile *file, PreprocessHints *hints)
{
  hints->channels = translate (
      onnx_file_get_metadata (file, "Image.BitmapPixelFormat"));
  hints->range = translate (
      onnx_file_get_metadata (file, "Image.NominalPixelRange"));
  hints->mean = g_strdup (onnx_file_get_metadata (file, "mean"));
  hints->deviation = g_strdup (onnx_file_get_metadata (file, "std"));
  /* as Ultralytics writes them */
  preprocess_hints_read_names (hints, onnx_file_get_metadata (file, "names"));
}

LayersModel *
onnx_read (GBytes *bytes, const CnnInputSize *size, gsize max_bytes,
    GError **error)
{
  g_autoptr (OnnxFile) file = onnx_file_parse (bytes, error);
  LayersModel *model;

  if (!file)
    return NULL;
  model = onnx_graph_read (file, size, (gint64) (max_bytes / sizeof (gfloat)),
      error);
  if (!model)
    return NULL;
  model->source = g_strdup_printf ("ONNX, operator set %d", file->opset);
  find_hints (file, &model->hints);
  return model;
}
