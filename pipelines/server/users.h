/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Users: who may watch, and who may also change things. They are read from a
 * file in the format of htdigest: a line NAME:REALM:HA1 for each user, where
 * HA1 is the MD5 sum of "NAME:REALM:PASSWORD" in hexadecimal (RFC 2617), from
 * which both RTSP and HTTP check a password without ever seeing it. All
 * functions may be called from any thread. */
typedef struct _Users Users;

/* The realm that all lines have. */
#define USERS_REALM "activationmap"

typedef enum {
  USER_NONE,    /* there is no such user */
  USER_VIEWER,  /* may watch */
  USER_OPERATOR /* may watch, and change properties and the model */
} UserRole;

/* Reads @path. @operators: (nullable): the names of those who are more than
 * viewers; NULL-terminated. Errors: a file that cannot be read, that others
 * than its owner and group can read, or with a line that cannot be understood;
 * an operator whom it does not name. */
Users *users_new (const gchar *path, const gchar *const *operators,
    GError **error);
void users_free (Users *self);

/* Takes over the users of @other, which is freed. */
void users_replace (Users *self, Users *other);

/* Returns: (transfer none): until users_replace() */
const gchar *users_get_path (const Users *self);

/* Returns: (transfer full) (nullable): the HA1 of the user, for a digest. */
gchar *users_get_ha1 (Users *self, const gchar *name);

UserRole users_get_role (Users *self, const gchar *name);

/* Adds a user to the file, or gives one a new password. The file is made if
 * there is none, for its owner alone. */
gboolean users_write (const gchar *path, const gchar *name,
    const gchar *password, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Users, users_free)

G_END_DECLS
