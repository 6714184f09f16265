/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Answers to requests. */

/* Answers with @root, which is freed. */
void reply_json (SoupServerMessage *message, guint status, cJSON *root);

/* Answers with {"error": TEXT}. */
void reply_error (SoupServerMessage *message, guint status, const gchar *text);

void reply_bytes (SoupServerMessage *message, const gchar *type, GBytes *bytes);

/* The answer comes later: until reply_resume(), nothing is sent. */
void reply_pause (SoupServerMessage *message);
/* Sends the answer, unless the client has gone meanwhile. */
void reply_resume (SoupServerMessage *message);

/* Adds the headers that every answer has. The page runs its own scripts and
 * nothing else, and talks to this server alone. */
void reply_add_headers (SoupServerMessage *message);

G_END_DECLS
