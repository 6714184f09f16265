/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/half-float.h"

#include <math.h>

gfloat
cnn_half_float_decode (guint16 half)
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
cnn_half_float_encode (gfloat value)
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
