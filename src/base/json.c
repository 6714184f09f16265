/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/json.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/model-error.h"

#define MAX_DEPTH 64

/* Refuses two things that cJSON accepts: more levels than a parser that
 * recurses should be given (its own limit is 1000), and an escaped NUL, at
 * which it would end the string. */
static gboolean
check_text (const gchar *text, gsize size, GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++) {
    gchar c = text[i];

    if (in_string) {
      if (c == '\\' && size - i >= 6 && memcmp (text + i, "\\u0000", 6) == 0) {
        g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
            "JSON has a NUL in a string at byte %" G_GSIZE_FORMAT, i);
        return FALSE;
      }
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '[' || c == '{') {
      if (++depth > MAX_DEPTH) {
        g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
            "JSON is nested deeper than %d levels", MAX_DEPTH);
        return FALSE;
      }
    } else if ((c == ']' || c == '}') && depth > 0) {
      depth--;
    }
  }
  return TRUE;
}

static gpointer
make_c_locale (gpointer data)
{
  return newlocale (LC_ALL_MASK, "C", NULL);
}

/* Switches this thread to the C locale. cJSON reads and writes numbers with the
 * locale's decimal point, and corrects that only if the point is a single byte.
 *
 * Returns: the previous locale, for uselocale() */
static locale_t
use_c_locale (void)
{
  static GOnce once = G_ONCE_INIT;

  return uselocale (g_once (&once, make_c_locale, NULL));
}

cJSON *
json_parse (GBytes *text, GError **error)
{
  gsize size;
  const gchar *data = file_get_text (text, &size, error);
  const gchar *end = NULL;
  locale_t locale;
  cJSON *root;

  if (data && size == 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is empty, which is not valid JSON");
    return NULL;
  }
  if (!data || !check_text (data, size, error))
    return NULL;
  locale = use_c_locale ();
  root = cJSON_ParseWithLengthOpts (data, size, &end, FALSE);
  uselocale (locale);
  while (root && end < data + size && g_ascii_isspace (*end))
    end++;
  if (root && end == data + size)
    return root;
  cJSON_Delete (root);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "is not valid JSON: error near byte %" G_GSIZE_FORMAT,
      end ? (gsize) (end - data) : 0);
  return NULL;
}

gchar *
json_print (const cJSON *root)
{
  const locale_t locale = use_c_locale ();
  gchar *text = cJSON_PrintUnformatted (root);

  uselocale (locale);
  return text;
}

const cJSON *
json_get (const cJSON *object, const gchar *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  return cJSON_IsNull (item) ? NULL : item;
}

const cJSON *
json_get_flat (const cJSON *values)
{
  if (cJSON_IsObject (values))
    values = json_get (json_get (values, "config"), "value");
  while (cJSON_IsArray (values) && cJSON_IsArray (values->child)
      && !values->child->next)
    values = values->child;
  return values;
}

const gchar *
json_get_string (const cJSON *object, const gchar *key, GError **error)
{
  const cJSON *item = json_get (object, key);

  if (!cJSON_IsString (item) || !item->valuestring[0]) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is missing or not a string", key);
    return NULL;
  }
  return item->valuestring;
}

gboolean
json_get_choice (const cJSON *object, const gchar *key,
    const gchar *const *choices, guint *choice, GError **error)
{
  g_autofree gchar *list = NULL;
  const gchar *name;

  if (!json_get (object, key))
    return TRUE;
  name = json_get_string (object, key, error);
  if (!name)
    return FALSE;
  for (guint i = 0; choices[i]; i++) {
    if (g_str_equal (choices[i], name)) {
      *choice = i;
      return TRUE;
    }
  }
  list = g_strjoinv (", ", (gchar **) choices);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "'%s' is '%s', which is not supported; supported: %s", key, name, list);
  return FALSE;
}

gboolean
json_get_boolean (const cJSON *object, const gchar *key, gboolean *value,
    GError **error)
{
  const cJSON *item = json_get (object, key);

  if (!item)
    return TRUE;
  if (!cJSON_IsBool (item)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is neither true nor false", key);
    return FALSE;
  }
  *value = cJSON_IsTrue (item);
  return TRUE;
}

gboolean
json_to_number (const cJSON *item, const gchar *what, gdouble *value,
    GError **error)
{
  if (!cJSON_IsNumber (item)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is missing or not a number", what);
    return FALSE;
  }
  /* Written so that NaN fails. */
  if (!(fabs (item->valuedouble) <= G_MAXFLOAT)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is not finite",
        what);
    return FALSE;
  }
  *value = item->valuedouble;
  return TRUE;
}

gboolean
json_get_number (const cJSON *object, const gchar *key, gdouble *value,
    GError **error)
{
  const cJSON *item = json_get (object, key);

  return !item || json_to_number (item, key, value, error);
}

gboolean
json_to_integer (const cJSON *item, const gchar *what, gint min, gint max,
    gint *value, GError **error)
{
  gdouble number;

  if (!cJSON_IsNumber (item)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is missing or not a number", what);
    return FALSE;
  }
  number = item->valuedouble;
  /* Written so that NaN fails. */
  if (!(number >= min && number <= max) || number != floor (number)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is %g, but must be a whole number from %d to %d", what, number,
        min, max);
    return FALSE;
  }
  *value = (gint) number;
  return TRUE;
}

gboolean
json_get_integer (const cJSON *object, const gchar *key, gint min, gint max,
    gint *value, GError **error)
{
  return json_to_integer (json_get (object, key), key, min, max, value, error);
}
