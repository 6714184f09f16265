/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Uploads: models that operators have sent, each in a folder of its own that
 * nobody else can read. They are gone when the program ends. Main thread only,
 * but for uploads_unpack(). */
typedef struct _Uploads Uploads;

/* The most bytes that a model may have. */
#define UPLOADS_MAX_SIZE (128 * 1024 * 1024)

Uploads *uploads_new (void);
void uploads_free (Uploads *self);

/* Returns: (transfer full): the name of the model that is sent as @file, such
 * as "animals" for "animals.keras"; NULL with an error if it can be none. */
gchar *uploads_make_name (const gchar *file, GError **error);

/* Unpacks or converts a model, which may take a while; from any thread. @file:
 * its name, of which the ending says what it is. Returns: (transfer full): a
 * new folder; to be given to uploads_add() or uploads_discard(). */
gchar *uploads_unpack (Uploads *self, const gchar *file, GBytes *bytes,
    GError **error);

/* Keeps a model that runs now. One of the same name, or the oldest one of many,
 * is forgotten. Takes @folder. */
void uploads_add (Uploads *self, const gchar *name, gchar *folder);

/* Returns: (transfer full): what an error says, with @file in the place of its
 * @folder, which means nothing to who has sent it. */
gchar *uploads_explain (const gchar *message, const gchar *folder,
    const gchar *file);

/* Removes a folder. */
void uploads_discard (const gchar *folder);

/* Returns: (nullable) (transfer none): the folder of a model. */
const gchar *uploads_find (const Uploads *self, const gchar *name);

guint uploads_get_n_names (const Uploads *self);
const gchar *uploads_get_name (const Uploads *self, guint index);

G_END_DECLS
