/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/stored-number.h"

#include <math.h>
#include <string.h>

#include "cnn/half-float.h"

static guint64
get_word (const CnnStoredNumber *number, const guint8 *bytes)
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
    return cnn_half_float_decode ((guint16) word);
  if (size == 4) {
    memcpy (&single, &word32, sizeof single);
    return single;
  }
  memcpy (&value, &word, sizeof value);
  return value;
}

static gdouble
decode_integer (guint64 word, const CnnStoredNumber *number)
{
  guint64 sign = G_GUINT64_CONSTANT (1) << (8 * number->size - 1);

  /* Two's complement: the sign bit counts negative. */
  if (number->is_signed && (word & sign))
    return (gdouble) (word - sign) - (gdouble) sign;
  return (gdouble) word;
}

gboolean
cnn_stored_number_decode (const CnnStoredNumber *number, const guint8 *bytes,
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
