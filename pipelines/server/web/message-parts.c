/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "message-parts.h"

#include <string.h>

#include "base/stored-number.h"

#define ALIGNMENT 4

void
message_parts_init (MessageParts *self)
{
  self->bytes = g_byte_array_new ();
}

void
message_parts_clear (MessageParts *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

/* Adds room for a part, and returns it. */
static guint8 *
add_room (MessageParts *self, cJSON *object, const gchar *key, gsize size)
{
  const guint offset = (self->bytes->len + ALIGNMENT - 1)
      & ~(guint) (ALIGNMENT - 1);
  cJSON *place = cJSON_AddArrayToObject (object, key);

  cJSON_AddItemToArray (place, cJSON_CreateNumber (offset));
  cJSON_AddItemToArray (place, cJSON_CreateNumber ((gdouble) size));
  g_byte_array_set_size (self->bytes, (guint) (offset + size));
  return self->bytes->data + offset;
}

void
message_parts_add (MessageParts *self, cJSON *object, const gchar *key,
    gconstpointer data, gsize size)
{
  memcpy (add_room (self, object, key, size), data, size);
}

void
message_parts_add_floats (MessageParts *self, cJSON *object, const gchar *key,
    const gfloat *values, gsize n_values)
{
  guint8 *room = add_room (self, object, key, n_values * sizeof (gfloat));

  memcpy (room, values, n_values * sizeof (gfloat));
  stored_float32_convert (room, n_values);
}

static guint8
get_code (gfloat value, gfloat minimum, gfloat scale)
{
  const gfloat code = (value - minimum) * scale + 0.5f;

  /* Also right for a value that is no number. */
  return code >= 0.0f && code < 256.0f ? (guint8) code : 0;
}

void
message_parts_add_codes (MessageParts *self, cJSON *object, const gchar *key,
    const gfloat *values, gsize n_values, const OverlayRange *ranges,
    gsize n_channels)
{
  guint8 *room = add_room (self, object, key, n_values);
  g_autofree gfloat *scales = g_new (gfloat, n_channels);

  for (gsize i = 0; i < n_channels; i++) {
    const gfloat span = ranges[i].maximum - ranges[i].minimum;

    scales[i] = span > 0.0f ? 255.0f / span : 0.0f;
  }
  for (gsize i = 0; i < n_values; i += n_channels) {
    for (gsize k = 0; k < n_channels; k++)
      room[i + k] = get_code (values[i + k], ranges[k].minimum, scales[k]);
  }
}
