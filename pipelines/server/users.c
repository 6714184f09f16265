/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "users.h"

#include <gio/gio.h>
#include <string.h>

#include "secret.h"

#define HA1_LENGTH 32

struct _Users {
  gchar *path;
  GMutex lock;
  gchar **operators; /* (nullable); these are protected by lock */
  GHashTable *ha1s;  /* name -> HA1 */
};

static gboolean
is_ha1 (const gchar *text)
{
  return strlen (text) == HA1_LENGTH
      && strspn (text, G_CSET_DIGITS "abcdef") == HA1_LENGTH;
}

static gboolean
parse_line (GHashTable *ha1s, const gchar *line)
{
  g_auto (GStrv) parts = g_strsplit (line, ":", -1);

  if (g_strv_length (parts) != 3 || !*parts[0]
      || !g_str_equal (parts[1], USERS_REALM) || !is_ha1 (parts[2]))
    return FALSE;
  g_hash_table_replace (ha1s, g_strdup (parts[0]), g_strdup (parts[2]));
  return TRUE;
}

static GHashTable *
read_file (const gchar *path, GError **error)
{
  g_autoptr (GHashTable)
      ha1s = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree gchar *contents = NULL;
  g_auto (GStrv) lines = NULL;

  /* Whoever can read the file can log in as any of its users. */
  if (!secret_check (path, error)
      || !g_file_get_contents (path, &contents, NULL, error))
    return NULL;
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (!parse_line (ha1s, lines[i]) && (*lines[i] || lines[i + 1])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
          "%s:%u: must be NAME:" USERS_REALM ":HA1, as htdigest or --add-user "
          "writes it",
          path, i + 1);
      return NULL;
    }
  }
  return g_steal_pointer (&ha1s);
}

static gboolean
check_operators (const Users *self, GError **error)
{
  for (gchar **name = self->operators; name && *name; name++) {
    if (!g_hash_table_contains (self->ha1s, *name)) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
          "%s: the operator %s is not among the users", self->path, *name);
      return FALSE;
    }
  }
  return TRUE;
}

Users *
users_new (const gchar *path, const gchar *const *operators, GError **error)
{
  g_autoptr (Users) self = g_new0 (Users, 1);

  g_mutex_init (&self->lock);
  self->path = g_strdup (path);
  self->operators = g_strdupv ((gchar **) operators);
  self->ha1s = read_file (path, error);
  return self->ha1s && check_operators (self, error) ? g_steal_pointer (&self)
                                                     : NULL;
}

void
users_free (Users *self)
{
  g_clear_pointer (&self->ha1s, g_hash_table_unref);
  g_strfreev (self->operators);
  g_free (self->path);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
swap (gpointer *a, gpointer *b)
{
  gpointer old = *a;

  *a = *b;
  *b = old;
}

void
users_replace (Users *self, Users *other)
{
  g_mutex_lock (&self->lock);
  swap ((gpointer *) &self->path, (gpointer *) &other->path);
  swap ((gpointer *) &self->operators, (gpointer *) &other->operators);
  swap ((gpointer *) &self->ha1s, (gpointer *) &other->ha1s);
  g_mutex_unlock (&self->lock);
  users_free (other);
}

const gchar *
users_get_path (const Users *self)
{
  return self->path;
}

gchar *
users_get_ha1 (Users *self, const gchar *name)
{
  gchar *ha1;

  g_mutex_lock (&self->lock);
  ha1 = g_strdup (g_hash_table_lookup (self->ha1s, name));
  g_mutex_unlock (&self->lock);
  return ha1;
}

static gboolean
is_operator (const Users *self, const gchar *name)
{
  return self->operators
      && g_strv_contains ((const gchar *const *) self->operators, name);
}

UserRole
users_get_role (Users *self, const gchar *name)
{
  UserRole role = USER_NONE;

  g_mutex_lock (&self->lock);
  if (g_hash_table_contains (self->ha1s, name))
    role = is_operator (self, name) ? USER_OPERATOR : USER_VIEWER;
  g_mutex_unlock (&self->lock);
  return role;
}

static gchar *
make_ha1 (const gchar *name, const gchar *password)
{
  g_autofree gchar *text = g_strdup_printf ("%s:" USERS_REALM ":%s", name,
      password);

  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);
}

static void
add_line (gpointer name, gpointer ha1, gpointer lines)
{
  g_ptr_array_add (lines,
      g_strdup_printf ("%s:" USERS_REALM ":%s\n", (const gchar *) name,
          (const gchar *) ha1));
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *) a, *(const gchar *const *) b);
}

static gchar *
make_contents (GHashTable *ha1s)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_hash_table_foreach (ha1s, add_line, lines);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("", (gchar **) lines->pdata);
}

gboolean
users_write (const gchar *path, const gchar *name, const gchar *password,
    GError **error)
{
  g_autoptr (GHashTable) ha1s = NULL;
  g_autofree gchar *contents = NULL;

  if (!*name || !*password || strpbrk (name, ":\n\"\\")) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "A user has a name, without : \" and \\, and a password");
    return FALSE;
  }
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    ha1s = read_file (path, error);
  else
    ha1s = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!ha1s)
    return FALSE;
  g_hash_table_replace (ha1s, g_strdup (name), make_ha1 (name, password));
  contents = make_contents (ha1s);
  return g_file_set_contents_full (path, contents, -1,
      G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
