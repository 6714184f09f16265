/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/stored-number.h"

#include <math.h>
#include <string.h>

gfloat
half_float_decode (guint16 half)
{
  gint exponent = (half >> 10) & 0x1f;
  gint mantissa = half & 0x3ff;
  gfloat magnitude;

  if (exponent == 0x1f)
    magnitude = mantissa ? NAN : INFINITY;
  else if (exponent == 0)
    magnitude = ldexpf ((gfloat) mantissa, -24);
  else
    magnitude = ldexpf ((gfloat) (mantissa | 0x400), exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

guint16
half_float_encode (gfloat value)
{
  guint16 sign = signbit (value) ? 0x8000 : 0;
  gfloat magnitude = fabsf (value);
  gint exponent, steps;

  if (isnan (value))
    return sign | 0x7e00;
  if (magnitude >= 65520.0f)
    return sign | 0x7c00;
  if (magnitude < 0x1p-14f) /* subnormal; 0x400 becomes the smallest normal */
    return sign | (guint16) nearbyintf (ldexpf (magnitude, 24));
  /* magnitude = f * 2^exponent with f in [0.5, 1) */
  frexpf (magnitude, &exponent);
  steps = (gint) nearbyintf (ldexpf (magnitude, 11 - exponent));
  /* Rounding up to 0x800 carries into the exponent by itself. */
  return sign | (guint16) (((exponent + 13) << 10) + steps);
}

static guint64
get_word (const StoredNumber *number, const guint8 *bytes)
{
  guint64 word = 0;

  for (gsize i = 0; i < number->size; i++)
    word = word << 8 | bytes[number->is_big_endian ? i : number->size - 1 - i];
  return word;
}

static gdouble
decode_float (guint64 word, gsize size)
{
  guint32 word32 = (guint32) word;
  gfloat single;
  gdouble value;

  if (size == 2)
    return half_float_decode ((guint16) word);
  if (size == 4) {
    memcpy (&single, &word32, sizeof single);
    return single;
  }
  memcpy (&value, &word, sizeof value);
  return value;
}

static gdouble
decode_integer (guint64 word, const StoredNumber *number)
{
  guint64 sign = G_GUINT64_CONSTANT (1) << (8 * number->size - 1);

  /* Two's complement: the sign bit counts negative. */
  if (number->is_signed && (word & sign))
    return (gdouble) (word - sign) - (gdouble) sign;
  return (gdouble) word;
}

gboolean
stored_number_decode (const StoredNumber *number, const guint8 *bytes,
    gfloat *values, gsize count)
{
  for (gsize i = 0; i < count; i++) {
    guint64 word = get_word (number, bytes + i * number->size);
    gdouble value = number->is_float ? decode_float (word, number->size)
                                     : decode_integer (word, number);

    /* Written so that NaN fails. */
    if (!(fabs (value) <= G_MAXFLOAT))
      return FALSE;
    values[i] = (gfloat) value;
  }
  return TRUE;
}

void
stored_float32_convert (gpointer values, gsize count)
{
  guint8 *bytes = values;

  for (gsize i = 0; i < count; i++, bytes += sizeof (guint32)) {
    guint32 word;

    memcpy (&word, bytes, sizeof word);
    word = GUINT32_TO_LE (word);
    memcpy (bytes, &word, sizeof word);
  }
}
