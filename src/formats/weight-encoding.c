/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/weight-encoding.h"

#include <math.h>
#include <string.h>

#include "base/stored-number.h"

#define HALF_FLOAT_MAX 65504.0f

gboolean
weight_encoding_from_string (const gchar *name, WeightEncoding *encoding)
{
  if (g_str_equal (name, "float16"))
    *encoding = WEIGHT_ENCODING_FLOAT16;
  else if (g_str_equal (name, "uint8"))
    *encoding = WEIGHT_ENCODING_UINT8;
  else
    return FALSE;
  return TRUE;
}

static gboolean
fits_half_float (const KerasWeight *weight)
{
  gsize count = cnn_shape_size (&weight->shape);

  for (gsize i = 0; i < count; i++) {
    if (fabsf (weight->values[i]) > HALF_FLOAT_MAX)
      return FALSE;
  }
  return TRUE;
}

static WeightEncoding
choose (WeightEncoding encoding, const KerasWeight *weight)
{
  if (weight->shape.rank < 2
      || (encoding == WEIGHT_ENCODING_FLOAT16 && !fits_half_float (weight)))
    return WEIGHT_ENCODING_FLOAT32;
  return encoding;
}

gsize
weight_encoding_measure (WeightEncoding encoding, const KerasWeight *weight)
{
  static const gsize sizes[] = { 4, 2, 1 };

  return cnn_shape_size (&weight->shape) * sizes[choose (encoding, weight)];
}

static void
append_float32 (const KerasWeight *weight, gsize count, GByteArray *bytes)
{
  for (gsize i = 0; i < count; i++) {
    guint32 word;

    memcpy (&word, &weight->values[i], sizeof word);
    word = GUINT32_TO_LE (word);
    g_byte_array_append (bytes, (const guint8 *) &word, sizeof word);
  }
}

static void
append_float16 (const KerasWeight *weight, gsize count, GByteArray *bytes)
{
  for (gsize i = 0; i < count; i++) {
    guint16 word = GUINT16_TO_LE (half_float_encode (weight->values[i]));

    g_byte_array_append (bytes, (const guint8 *) &word, sizeof word);
  }
}

/* The range is moved a little so that zero is one of the values. */
static void
find_range (const KerasWeight *weight, gsize count, gdouble *scale,
    gdouble *min)
{
  gdouble max = weight->values[0];

  *min = max;
  for (gsize i = 1; i < count; i++) {
    *min = fmin (*min, weight->values[i]);
    max = fmax (max, weight->values[i]);
  }
  *scale = (max - *min) / 255.0;
  if (*scale == 0.0)
    *scale = 1.0;
  else if (*min <= 0.0 && max >= 0.0)
    *min = -nearbyint (-*min / *scale) * *scale;
}

static void
append_uint8 (const KerasWeight *weight, gsize count, gdouble scale,
    gdouble min, GByteArray *bytes)
{
  for (gsize i = 0; i < count; i++) {
    gdouble step = nearbyint ((weight->values[i] - min) / scale);
    guint8 byte = (guint8) CLAMP (step, 0.0, 255.0);

    g_byte_array_append (bytes, &byte, 1);
  }
}

static cJSON *
describe (const KerasWeight *weight)
{
  cJSON *entry = cJSON_CreateObject ();

  cJSON_AddStringToObject (entry, "name", weight->name);
  cJSON_AddItemToObject (entry, "shape",
      cJSON_CreateIntArray (weight->shape.dims, (gint) weight->shape.rank));
  cJSON_AddStringToObject (entry, "dtype", "float32");
  return entry;
}

cJSON *
weight_encoding_apply (WeightEncoding encoding, const KerasWeight *weight,
    GByteArray *bytes)
{
  gsize count = cnn_shape_size (&weight->shape);
  cJSON *entry = describe (weight);
  gdouble scale, min;
  cJSON *object;

  switch (choose (encoding, weight)) {
    case WEIGHT_ENCODING_FLOAT32:
      append_float32 (weight, count, bytes);
      return entry;
    case WEIGHT_ENCODING_FLOAT16:
      append_float16 (weight, count, bytes);
      object = cJSON_AddObjectToObject (entry, "quantization");
      cJSON_AddStringToObject (object, "dtype", "float16");
      break;
    case WEIGHT_ENCODING_UINT8:
    default:
      find_range (weight, count, &scale, &min);
      append_uint8 (weight, count, scale, min, bytes);
      object = cJSON_AddObjectToObject (entry, "quantization");
      cJSON_AddStringToObject (object, "dtype", "uint8");
      cJSON_AddNumberToObject (object, "scale", scale);
      cJSON_AddNumberToObject (object, "min", min);
      break;
  }
  cJSON_AddStringToObject (object, "original_dtype", "float32");
  return entry;
}
