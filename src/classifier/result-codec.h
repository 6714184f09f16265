/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/result.h"

G_BEGIN_DECLS

/* Results as bytes, to send them to another process: numbers are little-endian,
 * floats are IEEE 754, and names are preceded by their length. */

/**
 * classifier_result_encode:
 * @bytes: array to append to
 */
void classifier_result_encode (const ClassifierResult *result,
    GByteArray *bytes);

/**
 * classifier_result_decode:
 * @data: (array length=size): the output of classifier_result_encode(); it need
 *   not be trusted
 *
 * Takes memory in proportion to @size, whatever @data claims.
 *
 * Returns: (transfer full) (nullable): the result; %NULL if @data is not valid
 */
ClassifierResult *classifier_result_decode (const guint8 *data, gsize size);

G_END_DECLS
