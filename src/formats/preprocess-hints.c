/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/preprocess-hints.h"

#include <math.h>
#include <string.h>

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
  g_clear_pointer (&hints->names, g_strfreev);
}

static const gchar *
skip_spaces (const gchar *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

/* Reads a string in quotes, in which a backslash keeps the next character from
 * ending it. Returns NULL if there is none, or if it has other escapes. */
static gchar *
read_string (const gchar **text)
{
  const gchar quote = **text;
  g_autoptr (GString) string = g_string_new (NULL);
  const gchar *at = *text + 1;

  if (quote != '\'' && quote != '"')
    return NULL;
  for (; *at && *at != quote; at++) {
    if (*at == '\\' && (*++at == '\0' || !strchr ("\\'\"/", *at)))
      return NULL;
    g_string_append_c (string, *at);
  }
  if (!*at || string->len == 0 || strpbrk (string->str, "\r\n"))
    return NULL;
  *text = skip_spaces (at + 1);
  return g_strdup (string->str);
}

/* Reads the number of a class, which JSON has in quotes, with its colon. */
static gboolean
read_number (const gchar **text, guint number)
{
  g_autofree gchar *digits = g_strdup_printf ("%u", number);
  const gchar *at = *text;
  const gboolean quoted = *at == '"' || *at == '\'';

  at += quoted;
  if (!g_str_has_prefix (at, digits))
    return FALSE;
  at += strlen (digits);
  if (quoted && *at++ != **text)
    return FALSE;
  at = skip_spaces (at);
  if (*at != ':')
    return FALSE;
  *text = skip_spaces (at + 1);
  return TRUE;
}

/* Reads the members up to @end, and returns whether that is what follows. */
static gboolean
read_members (const gchar *text, gchar end, GPtrArray *names)
{
  while (*text && *text != end) {
    gchar *name = NULL;

    if (end != '}' || read_number (&text, names->len))
      name = read_string (&text);
    if (!name)
      return FALSE;
    g_ptr_array_add (names, name);
    if (*text == ',')
      text = skip_spaces (text + 1);
    else if (*text != end)
      return FALSE;
  }
  return *text == end && *skip_spaces (text + 1) == '\0';
}

void
preprocess_hints_read_names (PreprocessHints *hints, const gchar *text)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const gchar *begin = skip_spaces (text ? text : "");

  if ((*begin != '{' && *begin != '[') || !g_utf8_validate (begin, -1, NULL)
      || !read_members (skip_spaces (begin + 1), *begin == '{' ? '}' : ']',
          names)
      || names->len == 0)
    return;
  g_ptr_array_add (names, NULL);
  g_strfreev (hints->names);
  hints->names = (GStrv) g_ptr_array_steal (names, NULL);
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
  g_free (hints->range);
  g_free (hints->mean);
  g_free (hints->deviation);
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
