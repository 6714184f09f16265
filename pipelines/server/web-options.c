/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-options.h"

#ifdef HAVE_WEB
static GOptionGroup *
make_group (WebOptions *self)
{
  const GOptionEntry entries[] = {
    { "http-port", 0, 0, G_OPTION_ARG_INT, &self->port,
        "Port of the page (default: 8080; 0: any free port; -1: no page)",
        "PORT" },
    { "http-name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->names,
        "A further name by which browsers know this machine; may be repeated",
        "NAME" },
    { "models", 0, 0, G_OPTION_ARG_FILENAME, &self->models,
        "Folder of models, each in a folder of its own, to choose from",
        "FOLDER" },
    { "metrics-token", 0, 0, G_OPTION_ARG_FILENAME, &self->metrics_token,
        "With --users: file with a token that opens /metrics", "FILE" },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("web",
      "The page:", "Show the options of the page", NULL, NULL);

  g_option_group_add_entries (group, entries);
  return group;
}

static gboolean
check (const WebOptions *self, GError **error)
{
  if (self->port < -1 || self->port > G_MAXUINT16) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--http-port=%d: must be from -1 to %d", self->port, G_MAXUINT16);
    return FALSE;
  }
  for (gchar **name = self->names; name && *name; name++) {
    if (!options_is_host_name (*name)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "--http-name=%s: must be a host name such as camera.example, without "
          "a port",
          *name);
      return FALSE;
    }
  }
  if (self->models && !g_file_test (self->models, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--models=%s: there is no such folder", self->models);
    return FALSE;
  }
  return TRUE;
}
#else
static GOptionGroup *
make_group (WebOptions *self)
{
  return NULL;
}

static gboolean
check (const WebOptions *self, GError **error)
{
  return TRUE;
}
#endif

Options *
web_options_parse (WebOptions *self, gchar **argv, GError **error)
{
  GOptionGroup *groups[] = { make_group (self), NULL };
  g_autoptr (Options) options = options_new (argv, groups, error);

  return options && check (self, error) ? g_steal_pointer (&options) : NULL;
}

void
web_options_clear (WebOptions *self)
{
  g_clear_pointer (&self->models, g_free);
  g_clear_pointer (&self->metrics_token, g_free);
  g_clear_pointer (&self->names, g_strfreev);
}
