/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "picture.h"

G_BEGIN_DECLS

/* MessageRequest: what of a picture a viewer wants. */
typedef struct {
  gint subject;   /* id of the face whose maps are sent; -1: the largest */
  gboolean exact; /* maps as float32 rather than uint8 */
  gchar **layers; /* whose maps; NULL: as many as are quick to send */
} MessageRequest;

#define MESSAGE_REQUEST_DEFAULT \
  {                             \
    -1, FALSE, NULL             \
  }

/* Reads {"subject": ID or null, "values": "uint8" or "float32", "layers":
 * [NAME...] or null}; what is not there stays as it is. Errors say what is not
 * understood. */
gboolean message_request_read (MessageRequest *self, const cJSON *root,
    GError **error);
void message_request_clear (MessageRequest *self);

/* Returns: (transfer full): the same text for the same request. */
gchar *message_request_to_key (const MessageRequest *self);

/* MessageContext: what a message says besides the picture. */
typedef struct {
  guint revision;     /* changes when a property or the model has changed */
  gdouble track_time; /* in ms */
  gdouble infer_time; /* in ms */
} MessageContext;

/* Returns: (transfer full): the binary message for all viewers with the same
 * request; its format is described in docs/page.md. */
GBytes *message_new (const Picture *picture, const MessageRequest *request,
    const MessageContext *context);

/* The numbers that a token can be: all have as many digits, and a double holds
 * them. */
#define MESSAGE_MIN_TOKEN G_GUINT64_CONSTANT (1000000000000000)
#define MESSAGE_N_TOKENS (G_GUINT64_CONSTANT (1) << 52)

/* Returns: (transfer full): the message with the token by which one viewer
 * acknowledges it. */
GBytes *message_give_token (GBytes *message, guint64 token);

G_END_DECLS
