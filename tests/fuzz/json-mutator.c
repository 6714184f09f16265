/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "json-mutator.h"

#include "cnn/layers/layer.h"

static const gdouble numbers[] = { 0, 1, 2, 3, 4, 7, 8, 17, -1, -2, 0.5, 255,
  65536, 16777217, 2147483648.0, 1e300 };

static const gchar *const words[] = { "same", "valid", "relu", "softmax",
  "sigmoid", "elu", "gelu", "linear", "hard_sigmoid", "channels_first",
  "bilinear", "nearest", "float16", "float32", "uint8", "uint16", "int32",
  "2.4.0", "3.5.0", "tfjs-layers 4.22.0", "Sequential", "Functional" };

static void
collect (cJSON *item, GPtrArray *items)
{
  cJSON *child;

  g_ptr_array_add (items, item);
  cJSON_ArrayForEach (child, item)
  {
    collect (child, items);
  }
}

static guint
choose (GRand *random, guint n)
{
  return (guint) g_rand_int_range (random, 0, (gint32) n);
}

static void
change_number (cJSON *item, GRand *random)
{
  if (choose (random, 2))
    cJSON_SetNumberValue (item,
        item->valuedouble + (choose (random, 2) ? 1 : -1));
  else
    cJSON_SetNumberValue (item,
        numbers[choose (random, G_N_ELEMENTS (numbers))]);
}

static void
change_string (cJSON *item, GPtrArray *items, GRand *random)
{
  guint n_classes;
  const CnnLayerClass *const *classes = cnn_layer_get_classes (&n_classes);
  const cJSON *other = g_ptr_array_index (items, choose (random, items->len));

  if (item->string && g_str_equal (item->string, "class_name"))
    cJSON_SetValuestring (item, classes[choose (random, n_classes)]->name);
  else if (cJSON_IsString (other) && choose (random, 2))
    cJSON_SetValuestring (item, other->valuestring);
  else
    cJSON_SetValuestring (item, words[choose (random, G_N_ELEMENTS (words))]);
}

/* Changes a list, for example of layers, dimensions or calls. */
static void
change_array (cJSON *item, GPtrArray *items, GRand *random)
{
  gint size = cJSON_GetArraySize (item);
  const cJSON *other = g_ptr_array_index (items, choose (random, items->len));

  if (size > 0 && choose (random, 2))
    cJSON_DeleteItemFromArray (item, (gint) choose (random, (guint) size));
  else if (size > 0 && choose (random, 2))
    cJSON_AddItemToArray (item,
        cJSON_Duplicate (cJSON_GetArrayItem (item,
                             (gint) choose (random, (guint) size)),
            TRUE));
  else
    cJSON_AddItemToArray (item, cJSON_Duplicate (other, TRUE));
}

static void
change_object (cJSON *item, GPtrArray *items, GRand *random)
{
  gint size = cJSON_GetArraySize (item);
  const cJSON *other = g_ptr_array_index (items, choose (random, items->len));

  if (other->string && choose (random, 2)) {
    cJSON_AddItemToObject (item, other->string, cJSON_Duplicate (other, TRUE));
  } else if (size > 0) {
    cJSON_DeleteItemFromArray (item, (gint) choose (random, (guint) size));
  }
}

void
json_mutator_change (cJSON *root, GRand *random)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  cJSON *item;

  collect (root, items);
  item = g_ptr_array_index (items, choose (random, items->len));
  if (cJSON_IsNumber (item))
    change_number (item, random);
  else if (cJSON_IsString (item))
    change_string (item, items, random);
  else if (cJSON_IsBool (item))
    item->type = cJSON_IsTrue (item) ? cJSON_False : cJSON_True;
  else if (cJSON_IsArray (item))
    change_array (item, items, random);
  else if (cJSON_IsObject (item))
    change_object (item, items, random);
}
