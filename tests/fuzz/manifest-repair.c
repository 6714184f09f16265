/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "manifest-repair.h"

#include <string.h>

#include "base/json.h"
#include "cnn/model/shard-reader.h"
#include "cnn/shape.h"
#include "fuzz.h"

#define MAX_SHARD_SIZE (1 << 20)

static cJSON *
get_weights (cJSON *root)
{
  cJSON *manifest = cJSON_GetObjectItemCaseSensitive (root, "weightsManifest");
  cJSON *group = cJSON_IsArray (manifest) ? manifest->child : NULL;
  cJSON *weights = cJSON_GetObjectItemCaseSensitive (group, "weights");

  return cJSON_IsArray (weights) ? weights : NULL;
}

static cJSON *
find_weight (cJSON *weights, const gchar *name)
{
  cJSON *entry;
  gsize size = strlen (name);

  cJSON_ArrayForEach (entry, weights)
  {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (entry, "name");

    if (cJSON_IsString (item) && strncmp (item->valuestring, name, size) == 0
        && (!item->valuestring[size]
            || g_str_equal (item->valuestring + size, ":0")))
      return entry;
  }
  return NULL;
}

static void
set_item (cJSON *object, const gchar *key, cJSON *item)
{
  cJSON_DeleteItemFromObjectCaseSensitive (object, key);
  cJSON_AddItemToObject (object, key, item);
}

/* Parses a shape such as "3x3x2" or "scalar". */
static cJSON *
parse_shape (const gchar *text)
{
  g_auto (GStrv) dims = g_strsplit (text, "x", -1);
  cJSON *shape = cJSON_CreateArray ();

  for (guint i = 0; g_ascii_isdigit (*text) && dims[i]; i++)
    cJSON_AddItemToArray (shape,
        cJSON_CreateNumber (g_ascii_strtod (dims[i], NULL)));
  return shape;
}

static void
add_weight (cJSON *weights, const gchar *name)
{
  cJSON *entry = cJSON_CreateObject ();

  cJSON_AddStringToObject (entry, "name", name);
  cJSON_AddItemToObject (entry, "shape", cJSON_CreateArray ());
  cJSON_AddStringToObject (entry, "dtype", "float32");
  cJSON_AddItemToArray (weights, entry);
}

gboolean
manifest_repair_apply (cJSON *root, const gchar *message)
{
  static const gchar needs[] = "but the layer needs ";
  cJSON *weights = get_weights (root);
  const gchar *name = strstr (message, "weight '");
  const gchar *end = name ? strchr (name + 8, '\'') : NULL;
  g_autofree gchar *copy = NULL;
  const gchar *shape;
  cJSON *entry;

  if (!weights || !end)
    return FALSE;
  copy = g_strndup (name + 8, (gsize) (end - name - 8));
  entry = find_weight (weights, copy);
  shape = strstr (end, needs);
  if (!entry && g_str_has_prefix (end, "' is not in the weights manifest")) {
    add_weight (weights, copy);
    return TRUE;
  }
  if (entry && shape) {
    set_item (entry, "shape", parse_shape (shape + strlen (needs)));
    return TRUE;
  }
  if (entry && g_str_has_prefix (end, "' belongs to no layer")) {
    cJSON_Delete (cJSON_DetachItemViaPointer (weights, entry));
    return TRUE;
  }
  return FALSE;
}

/* Appends small values, of both signs except for variances. */
static void
append_values (GByteArray *bytes, const cJSON *entry)
{
  const cJSON *name = cJSON_GetObjectItemCaseSensitive (entry, "name");
  gboolean is_variance = cJSON_IsString (name)
      && strstr (name->valuestring, "variance") != NULL;
  CnnTensorEncoding encoding;
  CnnShape shape;
  gsize count, size;

  if (!cnn_shape_from_json (json_get (entry, "shape"), "shape", &shape, NULL)
      || !cnn_shape_count (&shape, &count)
      || !cnn_tensor_encoding_parse (&encoding, entry, NULL))
    return;
  size = cnn_tensor_encoding_get_size (&encoding);
  if (count > (MAX_SHARD_SIZE - bytes->len) / size)
    return;
  for (gsize i = 0; i < count; i++) {
    gfloat value = (gfloat) ((i * 37 + 11) % 64) / 256.0f;
    guint8 word[4];

    if (i % 2 && !is_variance)
      value = -value;
    memcpy (word, &value, sizeof word);
    /* The upper half of these float32 values is a finite float16, too. */
    g_byte_array_append (bytes, word + sizeof word - size, (guint) size);
  }
}

void
manifest_repair_write_shards (cJSON *root)
{
  cJSON *manifest = cJSON_GetObjectItemCaseSensitive (root, "weightsManifest");
  cJSON *group;
  guint number = 0;

  cJSON_ArrayForEach (group, manifest)
  {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autofree gchar *name = g_strdup_printf ("%u.bin", number++ % 4);
    const cJSON *entry;

    cJSON_ArrayForEach (entry, json_get (group, "weights"))
    {
      append_values (bytes, entry);
    }
    if (cJSON_IsArray (json_get (group, "paths")))
      set_item (group, "paths",
          cJSON_CreateStringArray ((const gchar *const[]) { name }, 1));
    fuzz_write_file (name, bytes->data, bytes->len);
  }
}
