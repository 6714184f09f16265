/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "message.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "message-parts.h"
#include "subject.h"

#define MAGIC "AMF1"
/* Magic and length of the header. */
#define PREFIX_SIZE 8
/* The header begins with the token, which each viewer has its own of. */
#define TOKEN_KEY "{\"token\":"
#define NO_TOKEN "1000000000000000"

static void
add_stage (cJSON *stages, const gchar *name, gdouble time)
{
  cJSON *stage = cJSON_CreateObject ();

  cJSON_AddStringToObject (stage, "name", name);
  cJSON_AddNumberToObject (stage, "ms", round (time * 100) / 100);
  cJSON_AddItemToArray (stages, stage);
}

static cJSON *
make_header (const Picture *picture, const MessageContext *context)
{
  cJSON *header = cJSON_CreateObject ();
  cJSON *stages;

  cJSON_AddRawToObject (header, "token", NO_TOKEN);
  cJSON_AddNumberToObject (header, "sequence", (gdouble) picture->info.number);
  cJSON_AddBoolToObject (header, "signal", picture->info.has_signal);
  cJSON_AddNumberToObject (header, "revision", context->revision);
  cJSON_AddNumberToObject (header, "age", picture_get_age (picture));
  cJSON_AddRawToObject (header, "frame", picture->json);
  stages = cJSON_AddArrayToObject (header, "stages");
  add_stage (stages, "faces", context->track_time);
  add_stage (stages, "network", context->infer_time);
  add_stage (stages, "jpeg", picture->encode_time);
  return header;
}

/* Spaces at the end of the header make the parts begin at a multiple of four
 * bytes, so that float32 arrays can be views of the message. */
static GBytes *
join (const cJSON *header, const MessageParts *parts)
{
  g_autofree gchar *text = json_print (header);
  const gsize length = strlen (text);
  const guint32 padded = (guint32) ((length + 3) & ~(gsize) 3);
  const guint32 stored = GUINT32_TO_LE (padded);
  GByteArray *message = g_byte_array_sized_new (
      (guint) (PREFIX_SIZE + padded + parts->bytes->len));

  g_byte_array_append (message, (const guint8 *) MAGIC, strlen (MAGIC));
  g_byte_array_append (message, (const guint8 *) &stored, sizeof stored);
  g_byte_array_append (message, (const guint8 *) text, (guint) length);
  g_byte_array_append (message, (const guint8 *) "   ",
      (guint) (padded - length));
  g_byte_array_append (message, parts->bytes->data, parts->bytes->len);
  return g_byte_array_free_to_bytes (message);
}

GBytes *
message_new (const Picture *picture, const MessageRequest *request,
    const MessageContext *context)
{
  cJSON *header = make_header (picture, context);
  MessageParts parts;
  GBytes *message;
  gsize size;
  const guint8 *jpeg = g_bytes_get_data (picture->jpeg, &size);

  message_parts_init (&parts);
  message_parts_add (&parts, header, "jpeg", jpeg, size);
  subject_write (gst_sample_get_buffer (picture->frame), request, header,
      &parts);
  message = join (header, &parts);
  message_parts_clear (&parts);
  cJSON_Delete (header);
  return message;
}

GBytes *
message_give_token (GBytes *message, guint64 token)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (message, &size);
  gchar *copy = g_memdup2 (data, size);
  g_autofree gchar *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, token);

  memcpy (copy + PREFIX_SIZE + strlen (TOKEN_KEY), digits, strlen (NO_TOKEN));
  return g_bytes_new_take (copy, size);
}

static gboolean
fail (GError **error, const gchar *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "%s is not understood; see docs/page.md", what);
  return FALSE;
}

static gboolean
parse_subject (MessageRequest *self, const cJSON *root, GError **error)
{
  const cJSON *subject = cJSON_GetObjectItemCaseSensitive (root, "subject");

  if (!subject)
    return TRUE;
  self->subject = -1;
  return cJSON_IsNull (subject)
      || json_to_integer (subject, "subject", 0, G_MAXINT, &self->subject,
          error);
}

static gboolean
parse_values (MessageRequest *self, const cJSON *root, GError **error)
{
  const gchar *const choices[] = { "uint8", "float32", NULL };
  guint choice = self->exact ? 1 : 0;

  if (json_get (root, "values")
      && !json_get_choice (root, "values", choices, &choice, error))
    return FALSE;
  self->exact = choice == 1;
  return TRUE;
}

static gboolean
parse_layers (MessageRequest *self, const cJSON *root, GError **error)
{
  const cJSON *layers = cJSON_GetObjectItemCaseSensitive (root, "layers");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const cJSON *layer;

  if (!layers)
    return TRUE;
  if (!cJSON_IsArray (layers) && !cJSON_IsNull (layers))
    return fail (error, "\"layers\"");
  cJSON_ArrayForEach (layer, layers)
  {
    if (!cJSON_IsString (layer))
      return fail (error, "\"layers\"");
    g_strv_builder_add (builder, layer->valuestring);
  }
  g_clear_pointer (&self->layers, g_strfreev);
  if (cJSON_IsArray (layers))
    self->layers = g_strv_builder_end (builder);
  return TRUE;
}

gboolean
message_request_read (MessageRequest *self, const cJSON *root, GError **error)
{
  if (!cJSON_IsObject (root))
    return fail (error, "The request");
  return parse_subject (self, root, error) && parse_values (self, root, error)
      && parse_layers (self, root, error);
}

void
message_request_clear (MessageRequest *self)
{
  g_clear_pointer (&self->layers, g_strfreev);
}

gchar *
message_request_to_key (const MessageRequest *self)
{
  /* No name of a layer has a line feed that another request could imitate: a
   * request with other names only gets other maps of the same picture. */
  g_autofree gchar *layers = self->layers ? g_strjoinv ("\n", self->layers)
                                          : NULL;

  return g_strdup_printf ("%d %d %s%s", self->subject, self->exact,
      layers ? "only " : "", layers ? layers : "");
}
