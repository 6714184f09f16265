/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/spelling.h"

#include <string.h>

/* Keys whose values are words; those of others are names. */
static const gchar *const keys_of_words[] = { "activation", "data_format",
  "interpolation", "padding", NULL };

static gboolean
is_camel_case (const gchar *word)
{
  return g_ascii_islower (word[0])
      && strpbrk (word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static gchar *
to_snake_case (const gchar *word)
{
  GString *snake = g_string_new (NULL);

  for (; *word; word++) {
    if (g_ascii_isupper (*word))
      g_string_append_c (snake, '_');
    g_string_append_c (snake, g_ascii_tolower (*word));
  }
  return g_string_free (snake, FALSE);
}

/* Replaces a string that cJSON allocated. */
static void
replace (gchar **string, const gchar *other)
{
  const gsize size = strlen (other) + 1;
  gchar *copy = cJSON_malloc (size);

  if (!copy)
    return;
  cJSON_free (*string);
  *string = memcpy (copy, other, size);
}

static void
unify_key (cJSON *object, cJSON *item)
{
  g_autofree gchar *snake = NULL;

  if (!item->string || !is_camel_case (item->string))
    return;
  snake = to_snake_case (item->string);
  if (!cJSON_HasObjectItem (object, snake))
    replace (&item->string, snake);
}

static void
unify_word (cJSON *item)
{
  g_autofree gchar *snake = NULL;

  if (!item->string || !cJSON_IsString (item)
      || !g_strv_contains (keys_of_words, item->string)
      || !is_camel_case (item->valuestring))
    return;
  snake = to_snake_case (item->valuestring);
  replace (&item->valuestring, snake);
}

/* The recursion is bounded by the depth of JSON texts. */
void
cnn_spelling_unify (cJSON *topology)
{
  cJSON *item;

  cJSON_ArrayForEach (item, topology)
  {
    unify_key (topology, item);
    unify_word (item);
    cnn_spelling_unify (item);
  }
}
