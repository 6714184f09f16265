/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/preprocess-hints.h"

#include <math.h>

#include "base/file.h"
#include "base/model-error.h"

#define MAX_FILE_SIZE (1 << 20)

void
preprocess_hints_clear (PreprocessHints *hints)
{
  g_clear_pointer (&hints->range, g_free);
  g_clear_pointer (&hints->mean, g_free);
  g_clear_pointer (&hints->deviation, g_free);
  g_clear_pointer (&hints->channels, g_free);
}

static void
append_number (GString *list, gdouble number)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "",
      g_ascii_dtostr (text, sizeof text, number));
}

/* 0..1 becomes min..max by subtracting -min / (max - min), and dividing by
 * 1 / (max - min). */
static gboolean
add_range (const gchar *range, GString *mean, GString *deviation)
{
  gchar *comma, *end;
  const gdouble min = g_ascii_strtod (range, &comma);
  const gdouble max = *comma == ',' ? g_ascii_strtod (comma + 1, &end) : NAN;

  if (!(max - min > 0.0 && max - min <= 1e6) || *end)
    return FALSE;
  append_number (mean, -min / (max - min));
  append_number (deviation, 1.0 / (max - min));
  return TRUE;
}

/* One range is for all channels, of which a picture has one or three. */
static gboolean
set_ranges (PreprocessHints *hints, const gchar *text)
{
  g_auto (GStrv) ranges = g_strsplit (text, ";", -1);
  const guint n = g_strv_length (ranges);
  g_autoptr (GString) mean = g_string_new (NULL);
  g_autoptr (GString) deviation = g_string_new (NULL);

  for (guint i = 0; i < n; i++) {
    if (!add_range (g_strstrip (ranges[i]), mean, deviation))
      return FALSE;
  }
  preprocess_hints_clear (hints);
  hints->range = g_strdup ("0..1");
  hints->mean = g_strdup (mean->str);
  hints->deviation = g_strdup (deviation->str);
  return n > 0;
}

/* The ranges of the first group that is an input. */
static gchar *
find_ranges (GKeyFile *file)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i]; i++) {
    g_autofree gchar *direction = g_key_file_get_string (file, groups[i], "dir",
        NULL);

    if (g_strcmp0 (direction, "input") == 0)
      return g_key_file_get_string (file, groups[i], "ranges", NULL);
  }
  return NULL;
}

gboolean
preprocess_hints_read_modelinfo (PreprocessHints *hints, const gchar *path,
    GError **error)
{
  g_autofree gchar *name = g_strconcat (path, ".modelinfo", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree gchar *ranges = NULL;

  if (!g_file_test (name, G_FILE_TEST_EXISTS))
    return TRUE;
  bytes = file_read (name, MAX_FILE_SIZE, error);
  if (!bytes)
    return FALSE;
  if (!g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, error)) {
    g_prefix_error (error, "%s: ", name);
    return FALSE;
  }
  ranges = find_ranges (file);
  if (!ranges || set_ranges (hints, ranges))
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "%s: 'ranges' of the input is no list of ranges such as "
      "0.0,1.0;0.0,1.0;0.0,1.0",
      name);
  return FALSE;
}
