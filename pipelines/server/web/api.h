/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "access.h"
#include "stream.h"

G_BEGIN_DECLS

/* Api: what can be asked of a stream, and changed. docs/page.md lists it.
 * Main thread only. */
typedef struct _Api Api;

/* @models: (nullable): folder of models to choose from; all must outlive it */
Api *api_new (Stream *stream, Access *access, const gchar *models);
/* Waits for its threads; the server must have been disconnected. */
void api_free (Api *self);

/* Answers a request, if @path is one of those that the API has. */
gboolean api_handle (Api *self, SoupServerMessage *message, const gchar *path,
    GHashTable *query);

G_END_DECLS
