/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <math.h>

/* Functions of which activations and their derivatives are made. */

static inline gfloat
sigmoid (gfloat x)
{
  return 1.0f / (1.0f + expf (-x));
}

/* log (1 + exp (x)) without overflow. */
static inline gfloat
softplus (gfloat x)
{
  return MAX (x, 0.0f) + log1pf (expf (-fabsf (x)));
}

static inline gfloat
hard_sigmoid (gfloat x)
{
  return CLAMP (x / 6.0f + 0.5f, 0.0f, 1.0f);
}
