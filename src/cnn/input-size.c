/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/input-size.h"

#include "base/model-error.h"

gboolean
cnn_input_size_check (const CnnInputSize *size, GError **error)
{
  if (size->height >= 1 && size->height <= CNN_MAX_DIMENSION && size->width >= 1
      && size->width <= CNN_MAX_DIMENSION)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "an input of %dx%d (height x width) was asked for, but both must be from "
      "1 to %d",
      size->height, size->width, CNN_MAX_DIMENSION);
  return FALSE;
}

gboolean
cnn_input_size_from_string (CnnInputSize *size, const gchar *text,
    GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 0);
  guint64 numbers[2];
  guint n = 0;

  while (parts[n] && n < G_N_ELEMENTS (numbers)
      && g_ascii_string_to_unsigned (parts[n], 10, 1, CNN_MAX_DIMENSION,
          &numbers[n], NULL))
    n++;
  if (n < G_N_ELEMENTS (numbers) || parts[n]) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "input size '%s' is not a height and a width, such as 240x320", text);
    return FALSE;
  }
  *size = (CnnInputSize) { (gint) numbers[0], (gint) numbers[1] };
  return TRUE;
}
