/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/* The range of a network's input, which model.json does not say. */

/**
 * input_range_is_pixels:
 *
 * Returns: whether @model scales its input itself, so that it takes pixels of 0
 *   to 255 as they are
 */
gboolean input_range_is_pixels (const CnnModel *model);

/**
 * input_range_get_hint:
 *
 * Recognizes networks that are known by the names of their layers, unless they
 * scale their input themselves.
 *
 * Returns: (nullable) (transfer none): whose layers @model has, and what they
 *   were trained with, in one sentence without a full stop
 */
const gchar *input_range_get_hint (const CnnModel *model);

G_END_DECLS
