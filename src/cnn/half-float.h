/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* IEEE 754 binary16. */

gfloat cnn_half_float_decode (guint16 half);

/**
 * cnn_half_float_encode:
 *
 * Rounds to nearest, ties to even, as numpy does.
 *
 * Returns: infinity for values beyond 65504
 */
guint16 cnn_half_float_encode (gfloat value);

G_END_DECLS
