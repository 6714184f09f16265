/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: what is done to each value on its own. */

/* exp (x) to a few units in the last place, for x in [-87, 88], to which it is
 * clamped. exp (x) = 2^n exp (r) with |r| <= log (2) / 2; log (2) is subtracted
 * in two parts, and exp (r) is a polynomial. Method and coefficients are those
 * of expf in Moshier's Cephes library. */
INLINE Vector
exponential (Vector x)
{
  const CnnClamp range = { -87.0f, 88.0f };
  /* Sums with 1.5 * 2^23 are rounded to whole numbers, in their last bits. */
  const gfloat rounder = 12582912.0f;
  const Vector clamped = clamp (x, range);
  const Vector shifted = clamped * 1.44269504f + rounder;
  const Vector n = shifted - rounder;
  const Vector r = clamped - n * 0.693359375f + n * 2.12194440e-4f;
  Vector y = r * 1.9875691500e-4f + 1.3981999507e-3f;

  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + (r + 1.0f);
  return floats_of (bits_of (y) + (bits_of (shifted) << 23));
}

INLINE Vector
sigmoid (Vector x)
{
  return 1.0f / (1.0f + exponential (-x));
}

/* x tanh (log (1 + exp (x))), as a fraction of exp (x). It is x for large x. */
INLINE Vector
mish (Vector x)
{
  const Vector e = exponential (minimum (x, broadcast (20.0f)));
  const Vector n = e * (e + 2.0f);

  return x * (n / (n + 2.0f));
}

/* 1 + tanh (u) is 2 sigmoid (2 u). */
INLINE Vector
gelu_new (Vector x)
{
  const gfloat twice_sqrt_2_by_pi = 1.59576912f;

  return x * sigmoid (twice_sqrt_2_by_pi * (x + 0.044715f * x * x * x));
}

INLINE Vector
ramp (Vector x, gfloat slope)
{
  const CnnClamp unit = { 0.0f, 1.0f };

  return clamp (slope * x + 0.5f, unit);
}

/* The activation is a constant after inlining. */
INLINE Vector
evaluate (const CnnActivation activation, Vector x)
{
  switch (activation) {
    case CNN_ACTIVATION_RELU:
      return maximum (x, (Vector) { 0 });
    case CNN_ACTIVATION_RELU6:
      return minimum (maximum (x, (Vector) { 0 }), broadcast (6.0f));
    case CNN_ACTIVATION_LEAKY_RELU:
      return maximum (x, 0.2f * x);
    case CNN_ACTIVATION_SIGMOID:
      return sigmoid (x);
    case CNN_ACTIVATION_HARD_SIGMOID:
      return ramp (x, 1.0f / 6.0f);
    case CNN_ACTIVATION_HARD_SIGMOID_KERAS_2:
      return ramp (x, 0.2f);
    case CNN_ACTIVATION_HARD_SILU:
      return x * ramp (x, 1.0f / 6.0f);
    case CNN_ACTIVATION_SWISH:
      return x * sigmoid (x);
    case CNN_ACTIVATION_MISH:
      return mish (x);
    case CNN_ACTIVATION_GELU_NEW:
      return gelu_new (x);
    default:
      return x;
  }
}

INLINE void
activate_all (const CnnActivation activation, gfloat *values, gsize count)
{
  gsize i = 0;

  for (; i + VECTOR <= count; i += VECTOR)
    store (values + i, evaluate (activation, load (values + i)));
  if (i < count) {
    Vector rest = { 0 };

    memcpy (&rest, values + i, (count - i) * sizeof *values);
    store_first (values + i, evaluate (activation, rest), count - i);
  }
}

#define ACTIVATION_CASE(activation)           \
  case activation:                            \
    activate_all (activation, values, count); \
    return TRUE

static gboolean
activate (CnnActivation activation, gfloat *values, gsize count)
{
  switch (activation) {
    case CNN_ACTIVATION_LINEAR:
      return TRUE;
      ACTIVATION_CASE (CNN_ACTIVATION_RELU);
      ACTIVATION_CASE (CNN_ACTIVATION_RELU6);
      ACTIVATION_CASE (CNN_ACTIVATION_LEAKY_RELU);
      ACTIVATION_CASE (CNN_ACTIVATION_SIGMOID);
      ACTIVATION_CASE (CNN_ACTIVATION_HARD_SIGMOID);
      ACTIVATION_CASE (CNN_ACTIVATION_HARD_SIGMOID_KERAS_2);
      ACTIVATION_CASE (CNN_ACTIVATION_HARD_SILU);
      ACTIVATION_CASE (CNN_ACTIVATION_SWISH);
      ACTIVATION_CASE (CNN_ACTIVATION_MISH);
      ACTIVATION_CASE (CNN_ACTIVATION_GELU_NEW);
    default:
      return FALSE;
  }
}

/* Whether there are factors and shifts are constants after inlining. */
INLINE void
scale_rows (const CnnScale job, const gboolean factors, const gboolean shifts)
{
  for (gsize row = 0; row < job.rows; row++) {
    for (gsize i = 0; i < job.channels; i += VECTOR) {
      /* The last vector may overlap the previous one. */
      const gsize channel = MIN (i, job.channels - VECTOR);
      const gsize at = row * job.channels + channel;
      Vector value = load (job.input + at);

      if (factors)
        value *= load (job.factor + row * job.factor_row + channel);
      if (shifts)
        value += load (job.shift + row * job.shift_row + channel);
      store (job.output + at, clamp (value, job.clamp));
    }
  }
}

static void
scale (const CnnScale *job)
{
  if (job->factor && job->shift)
    scale_rows (*job, TRUE, TRUE);
  else if (job->factor)
    scale_rows (*job, TRUE, FALSE);
  else
    scale_rows (*job, FALSE, TRUE);
}
