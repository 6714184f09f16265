/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gstactivationmeta.h>

#include "message-parts.h"

G_BEGIN_DECLS

/* Adds to @layer, an object, the values of layer @index, and the ranges of its
 * maps. @exact: as float32 rather than bytes. */
void layer_values_write (const GstActivations *activations, guint index,
    gboolean exact, cJSON *layer, MessageParts *parts);

G_END_DECLS
