/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/result.h"

G_BEGIN_DECLS

/* Results as bytes, for whoever sends them to another process: numbers are
 * little-endian, floats those of IEEE 754, names are preceded by their
 * length. */

/**
 * classifier_result_encode:
 * @bytes: what is appended to
 */
void classifier_result_encode (const ClassifierResult *result,
    GByteArray *bytes);

/**
 * classifier_result_decode:
 * @data: (array length=size): what classifier_result_encode() wrote, or claims
 *   to be that
 *
 * No more memory is taken than in proportion to @size.
 *
 * Returns: (transfer full) (nullable): %NULL when it is anything else
 */
ClassifierResult *classifier_result_decode (const guint8 *data, gsize size);

G_END_DECLS
