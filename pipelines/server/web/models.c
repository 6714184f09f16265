/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "models.h"

#include <gio/gio.h>

static gboolean
is_model (const gchar *folder, const gchar *name)
{
  g_autofree gchar *file = g_build_filename (folder, name, "model.json", NULL);

  return g_utf8_validate (name, -1, NULL)
      && g_file_test (file, G_FILE_TEST_IS_REGULAR);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const gchar *const *) a, *(const gchar *const *) b);
}

gchar **
models_list (const gchar *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GDir *dir = folder ? g_dir_open (folder, 0, NULL) : NULL;
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir))) {
    if (is_model (folder, name))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_clear_pointer (&dir, g_dir_close);
  g_ptr_array_sort (names, compare);
  g_ptr_array_insert (names, 0, g_strdup (MODELS_DEFAULT));
  g_ptr_array_add (names, NULL);
  return (gchar **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

gchar *
models_find (const gchar *folder, const gchar *name, GError **error)
{
  if (folder && !strchr (name, G_DIR_SEPARATOR) && name[0] != '.'
      && is_model (folder, name))
    return g_build_filename (folder, name, NULL);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
      "There is no model \"%s\"; GET lists those that there are", name);
  return NULL;
}
