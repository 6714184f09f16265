/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <math.h>

/* Tolerances relative to a value and to the largest value of its layer: sums
 * may have another order, and Winograd convolutions round differently. */
#define RELATIVE_TOLERANCE 1e-4
#define EXACT_LAYER_TOLERANCE 1e-6
#define WINOGRAD_LAYER_TOLERANCE 1e-5

/* Fails the test at the first value that differs from the expected one. */
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
