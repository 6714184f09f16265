/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

#include "overlay/map-range.h"

G_BEGIN_DECLS

/* MessageParts: the binary parts of a message, each of which begins at a
 * multiple of four bytes. The header says where each of them lies. */
typedef struct {
  GByteArray *bytes;
} MessageParts;

void message_parts_init (MessageParts *self);
void message_parts_clear (MessageParts *self);

/* Adds a part, and to @object its place: "key": [offset, bytes]. */
void message_parts_add (MessageParts *self, cJSON *object, const gchar *key,
    gconstpointer data, gsize size);

/* The same for float32, in little-endian order. */
void message_parts_add_floats (MessageParts *self, cJSON *object,
    const gchar *key, const gfloat *values, gsize n_values);

/* The same for values as bytes. They are of @n_channels channels, one after the
 * other; 0 stands for the least value of the channel's range, 255 for the
 * greatest. */
void message_parts_add_codes (MessageParts *self, cJSON *object,
    const gchar *key, const gfloat *values, gsize n_values,
    const OverlayRange *ranges, gsize n_channels);

G_END_DECLS
