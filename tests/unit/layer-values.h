/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <math.h>

/* Against a value, and against the largest value of the layer: sums of products
 * in another order, and Winograd's. */
#define RELATIVE_TOLERANCE 1e-4
#define EXACT_LAYER_TOLERANCE 1e-6
#define WINOGRAD_LAYER_TOLERANCE 1e-5

/* Fails the test, once a layer, where a value is not the expected one. */
static inline void
compare_layer_values (const gchar *layer, const gfloat *values,
    const gfloat *expected, gsize count, gdouble layer_tolerance)
{
  gdouble largest = 0.0;

  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, fabs (expected[i]));
  for (gsize i = 0; i < count; i++) {
    gdouble tolerance = RELATIVE_TOLERANCE * fabs (expected[i])
        + layer_tolerance * largest;

    if (!(fabs ((gdouble) values[i] - expected[i]) <= tolerance)) {
      g_test_message ("%s[%" G_GSIZE_FORMAT "] is %.9g, expected %.9g", layer,
          i, values[i], expected[i]);
      g_test_fail ();
      return;
    }
  }
}
