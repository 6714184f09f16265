/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Numbers are read and written with a point in every locale, including those
 * with a decimal comma or a decimal point of two bytes. */

#include <glib/gstdio.h>
#include <locale.h>

#include "base/json.h"
#include "overlay/grid-view.h"

static const gchar *const names[] = { "de_DE", "ps_AF" };

static gboolean
make_locale (const gchar *folder, const gchar *name)
{
  g_autofree gchar *path = g_strdup_printf ("%s/%s.UTF-8", folder, name);
  const gchar *const argv[] = { "localedef", "-i", name, "-f", "UTF-8", path,
    NULL };
  gint status = 0;

  return g_spawn_sync (NULL, (gchar **) argv, NULL,
             G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                 | G_SPAWN_STDERR_TO_DEV_NULL,
             NULL, NULL, NULL, NULL, &status, NULL)
      && status == 0;
}

static void
remove_folder (const gchar *folder)
{
  const gchar *const argv[] = { "rm", "-r", "--", folder, NULL };

  g_spawn_sync (NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
      NULL, NULL, NULL, NULL);
}

/* Returns whether a locale of this name exists and formats numbers unlike C. */
static gboolean
use_locale (const gchar *name)
{
  g_autofree gchar *full = g_strconcat (name, ".UTF-8", NULL);
  g_autofree gchar *number = NULL;

  if (!setlocale (LC_ALL, full))
    return FALSE;
  number = g_strdup_printf ("%.1f", 0.5);
  g_assert_cmpstr (number, !=, "0.5");
  return TRUE;
}

static void
assert_panel (gdouble value, const gchar *expected)
{
  gchar text[32];

  overlay_grid_view_format (text, sizeof (text), value);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_json (const gchar *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  cJSON *root = json_parse (bytes, &error);
  gchar *printed;

  g_assert_no_error (error);
  printed = json_print (root);
  g_assert_cmpstr (printed, ==, text);
  cJSON_free (printed);
  cJSON_Delete (root);
}

static void
test_locale (gconstpointer name)
{
  if (!use_locale (name)) {
    g_test_skip ("localedef cannot make the locale");
    return;
  }
  assert_panel (0.25, "0.25");
  assert_panel (-1.25, "−1.2");
  assert_json ("[0.5,-1.25,1e-07,3]");
  setlocale (LC_ALL, "C");
}

gint
main (gint argc, gchar **argv)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  gint status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("LOCPATH", folder, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *path = g_strconcat ("/locale/", names[i], NULL);

    make_locale (folder, names[i]);
    g_test_add_data_func (path, names[i], test_locale);
  }
  status = g_test_run ();
  remove_folder (folder);
  return status;
}
