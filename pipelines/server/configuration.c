/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "configuration.h"

#include <string.h>

#define SERVER "server"
#define STREAM "stream "

struct _Configuration {
  gchar *path;
  GKeyFile *file;
  GPtrArray *streams; /* names of groups */
};

static gboolean
is_name (const gchar *name)
{
  return *name
      && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")
      == strlen (name);
}

static gboolean
add_group (Configuration *self, const gchar *group, GError **error)
{
  if (g_str_equal (group, SERVER))
    return TRUE;
  if (!g_str_has_prefix (group, STREAM)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s: unknown group [%s]; there are [server] and [stream NAME]",
        self->path, group);
    return FALSE;
  }
  if (!is_name (group + strlen (STREAM))) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s: [%s]: a name is made of letters, digits, _ and -", self->path,
        group);
    return FALSE;
  }
  g_ptr_array_add (self->streams, g_strdup (group));
  return TRUE;
}

Configuration *
configuration_new (const gchar *path, GError **error)
{
  g_autoptr (Configuration) self = g_new0 (Configuration, 1);
  g_auto (GStrv) groups = NULL;

  self->path = g_strdup (path);
  self->file = g_key_file_new ();
  self->streams = g_ptr_array_new_with_free_func (g_free);
  if (!g_key_file_load_from_file (self->file, path, G_KEY_FILE_NONE, error)) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  groups = g_key_file_get_groups (self->file, NULL);
  for (gchar **group = groups; *group; group++) {
    if (!add_group (self, *group, error))
      return NULL;
  }
  return g_steal_pointer (&self);
}

void
configuration_free (Configuration *self)
{
  g_free (self->path);
  g_key_file_unref (self->file);
  g_ptr_array_unref (self->streams);
  g_free (self);
}

static void
add_option (GPtrArray *arguments, const gchar *key, const gchar *value)
{
  if (g_str_equal (value, "true"))
    g_ptr_array_add (arguments, g_strdup_printf ("--%s", key));
  else if (!g_str_equal (value, "false"))
    g_ptr_array_add (arguments, g_strdup_printf ("--%s=%s", key, value));
}

static void
add_options (Configuration *self, const gchar *group, GPtrArray *arguments)
{
  g_auto (GStrv) keys = g_key_file_get_keys (self->file, group, NULL, NULL);

  for (gchar **key = keys; key && *key; key++) {
    g_auto (GStrv) values = g_key_file_get_string_list (self->file, group, *key,
        NULL, NULL);

    for (gchar **value = values; value && *value; value++)
      add_option (arguments, *key, *value);
  }
}

void
configuration_add_server (Configuration *self, GPtrArray *arguments)
{
  add_options (self, SERVER, arguments);
}

guint
configuration_get_n_streams (Configuration *self)
{
  return self->streams->len;
}

const gchar *
configuration_get_stream_name (Configuration *self, guint index)
{
  const gchar *group = g_ptr_array_index (self->streams, index);

  return group + strlen (STREAM);
}

static gboolean
is_entry (const GOptionEntry *entries, const gchar *key)
{
  for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
    if (g_str_equal (entry->long_name, key))
      return TRUE;
  }
  return FALSE;
}

gboolean
configuration_add_stream (Configuration *self, guint index,
    const GOptionEntry *entries, GPtrArray *arguments, GError **error)
{
  const gchar *group = g_ptr_array_index (self->streams, index);
  g_auto (GStrv) keys = g_key_file_get_keys (self->file, group, NULL, NULL);

  for (gchar **key = keys; key && *key; key++) {
    if (!is_entry (entries, *key)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
          "%s: [%s]: a stream has no option %s", self->path, group, *key);
      return FALSE;
    }
  }
  add_options (self, group, arguments);
  return TRUE;
}
