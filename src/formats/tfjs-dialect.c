/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/tfjs-dialect.h"

#include <string.h>

#include "base/json.h"
#include "cnn/layers/layer.h"
#include "cnn/model/inbound-nodes.h"
#include "cnn/model/topology.h"
#include "cnn/model/weight-names.h"
#include "formats/keras-variables.h"
#include "formats/tfjs-layer.h"

/**
 * Dialect:
 * @names: names of all weights, as they were read
 */
typedef struct {
  LayersModel *model;
  CnnWeightNames *names;
  GPtrArray *notes;
} Dialect;

static void
take_note (const Dialect *dialect, const gchar *layer, const gchar *what)
{
  g_ptr_array_add (dialect->notes,
      g_strdup_printf ("layer '%s': TensorFlow.js %s", layer, what));
}

/* ---- names of weights */

/* DepthwiseConv2D calls its kernel by another name in Keras 3. */
static gint
find_weight (const Dialect *dialect, const gchar *path, const gchar *variable)
{
  gint rival;
  gint number = cnn_weight_names_find (dialect->names, path, variable, &rival);

  if (number < 0 && g_str_equal (variable, "depthwise_kernel"))
    number = cnn_weight_names_find (dialect->names, path, "kernel", &rival);
  return rival < 0 ? number : -1;
}

/* @path: name of the layer behind those of the models around it */
static void
name_variable (const Dialect *dialect, const gchar *path, const gchar *layer,
    const gchar *variable)
{
  const gint number = find_weight (dialect, path, variable);
  g_autofree gchar *wanted = g_strconcat (layer, "/", variable, NULL);
  const gchar *name;

  if (number < 0)
    return;
  name = cnn_weight_names_get (dialect->names, (guint) number);
  if (!g_str_equal (name, wanted)
      && !layers_model_rename_weight (dialect->model, name, wanted))
    take_note (dialect, path,
        "will not load the model: another layer has the same name");
}

static void
name_weights (const Dialect *dialect, const cJSON *model, const gchar *parent)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, layers_model_get_layers (model))
  {
    const cJSON *class_name = json_get (entry, "class_name");
    const gchar *name = layers_model_get_layer_name (entry);
    const gchar *variables[KERAS_MAX_VARIABLES];
    g_autofree gchar *path = NULL;
    guint n_variables = 0;

    if (!name || !cJSON_IsString (class_name))
      continue;
    path = parent ? g_strconcat (parent, "/", name, NULL) : g_strdup (name);
    name_weights (dialect, entry, path);
    n_variables = keras_variables_list (class_name->valuestring,
        json_get (entry, "config"), variables);
    for (guint i = 0; i < n_variables; i++)
      name_variable (dialect, path, name, variables[i]);
  }
}

static CnnWeightNames *
collect_names (const LayersModel *model)
{
  CnnWeightNames *names = cnn_weight_names_new ();

  for (guint i = 0; i < model->weights->len; i++) {
    const LayersModelWeight *weight = g_ptr_array_index (model->weights, i);

    if (!cnn_weight_names_add (names, weight->name, NULL))
      break;
  }
  return names;
}

/* ---- references to tensors */

static cJSON *
create_reference (const CnnReference *reference)
{
  cJSON *item = cJSON_CreateArray ();

  cJSON_AddItemToArray (item, cJSON_CreateString (reference->layer));
  cJSON_AddItemToArray (item, cJSON_CreateNumber (reference->node));
  cJSON_AddItemToArray (item, cJSON_CreateNumber (reference->tensor));
  return item;
}

static cJSON *
create_call (const CnnReference *references, guint n_references,
    gboolean training)
{
  cJSON *call = cJSON_CreateArray ();

  for (guint i = 0; i < n_references; i++) {
    cJSON *reference = create_reference (&references[i]);
    cJSON *arguments = cJSON_CreateObject ();

    if (training)
      cJSON_AddTrueToObject (arguments, "training");
    cJSON_AddItemToArray (reference, arguments);
    cJSON_AddItemToArray (call, reference);
  }
  return call;
}

static void
replace (cJSON *object, const gchar *key, cJSON *item)
{
  cJSON_ReplaceItemInObjectCaseSensitive (object, key, item);
}

/* [[[layer, node, tensor, {}], ...], ...] */
static void
rewrite_nodes (const Dialect *dialect, cJSON *entry, const CnnLayerClass *class)
{
  const gboolean merges = !class || class->max_inputs > 1;
  g_autoptr (GArray)
      references = g_array_new (FALSE, FALSE, sizeof (CnnReference));
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_training = 0, next = 0;
  cJSON *nodes;

  if (!cnn_inbound_nodes_parse (json_get (entry, "inbound_nodes"), merges,
          references, counts, &n_training, NULL)
      || (n_training > 0 && n_training < counts->len))
    return;
  if (n_training > 0 && (!class || class->set_training))
    take_note (dialect, layers_model_get_layer_name (entry),
        "will compute other values: it ignores training=True");
  nodes = cJSON_CreateArray ();
  for (guint i = 0; i < counts->len; i++) {
    const guint count = g_array_index (counts, guint, i);

    cJSON_AddItemToArray (nodes,
        create_call ((const CnnReference *) references->data + next, count,
            n_training > 0));
    next += count;
  }
  replace (entry, "inbound_nodes", nodes);
}

/* [[layer, node, tensor], ...] */
static void
rewrite_references (cJSON *config, const gchar *key)
{
  g_autoptr (GArray)
      references = g_array_new (FALSE, FALSE, sizeof (CnnReference));
  cJSON *list;

  if (!json_get (config, key)
      || !cnn_references_parse (json_get (config, key), key, references, NULL))
    return;
  list = cJSON_CreateArray ();
  for (guint i = 0; i < references->len; i++)
    cJSON_AddItemToArray (list,
        create_reference (&g_array_index (references, CnnReference, i)));
  replace (config, key, list);
}

/* Adds @shift to the node of each reference to a layer in a list. Returns the
 * highest node before that, or -1. */
static gint
shift_list (cJSON *list, const gchar *layer, gint shift)
{
  gint highest = -1;
  cJSON *reference;

  cJSON_ArrayForEach (reference, list)
  {
    cJSON *name = cJSON_IsArray (reference) ? reference->child : NULL;

    if (!cJSON_IsString (name) || !g_str_equal (name->valuestring, layer)
        || !cJSON_IsNumber (name->next))
      continue;
    highest = MAX (highest, name->next->valueint);
    cJSON_SetNumberValue (name->next, name->next->valuedouble + shift);
  }
  return highest;
}

static gint
shift_nodes (cJSON *config, const gchar *layer, gint shift)
{
  gint highest = shift_list (cJSON_GetObjectItemCaseSensitive (config,
                                 "output_layers"),
      layer, shift);
  cJSON *entry, *call;

  cJSON_ArrayForEach (entry,
      cJSON_GetObjectItemCaseSensitive (config, "layers"))
  {
    cJSON_ArrayForEach (call,
        cJSON_GetObjectItemCaseSensitive (entry, "inbound_nodes"))
    {
      const gint found = shift_list (call, layer, shift);

      highest = MAX (highest, found);
    }
  }
  return highest;
}

/* The first call of a nested model is node 1, because its own input made node
 * 0. Keras 3 counts those of Sequential models from 0. */
static void
count_nodes_from_one (cJSON *config)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, json_get (config, "layers"))
  {
    const gchar *name = layers_model_get_layer_name (entry);
    const gint n_calls = cJSON_GetArraySize (json_get (entry, "inbound_nodes"));

    if (name && layers_model_get_layers (entry)
        && shift_nodes (config, name, 0) < n_calls)
      shift_nodes (config, name, 1);
  }
}

/* ---- models */

static void
remove_wrapping (cJSON *object)
{
  static const gchar *const keys[] = { "build_config", "build_input_shape",
    "compile_config", "module", "registered_name" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    cJSON_DeleteItemFromObjectCaseSensitive (object, keys[i]);
}

/* Returns the shape of the input, with the batch, or NULL. */
static const cJSON *
find_input_shape (const cJSON *config)
{
  static const gchar *const keys[] = { "batch_shape", "batch_input_shape",
    "build_input_shape", "input_shape" };
  const cJSON *holder = cnn_topology_find_input_config (config);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (json_get (holder, keys[i]))
      return json_get (holder, keys[i]);
  }
  return NULL;
}

/* Puts the shape of a Sequential model's input where TensorFlow.js looks for
 * it: into the first layer. */
static void
settle_input (cJSON *config, const cJSON *layers)
{
  const cJSON *shape = find_input_shape (config);
  cJSON *first =
      cJSON_GetObjectItemCaseSensitive (cnn_topology_find_first_layer (layers),
          "config");

  if (shape && cJSON_IsObject (first) && !json_get (first, "batch_shape")
      && !json_get (first, "batch_input_shape"))
    cJSON_AddItemToObject (first, "batch_input_shape",
        cJSON_Duplicate (shape, TRUE));
}

/* The new layer of a split reads what the entry read, and the entry reads the
 * new one. */
static void
connect_split (cJSON *entry, cJSON *first)
{
  const cJSON *config = json_get (first, "config");
  const gchar *name = json_get_string (config, "name", NULL);
  cJSON *nodes = cJSON_DetachItemFromObjectCaseSensitive (entry,
      "inbound_nodes");
  const gint n_calls = cJSON_GetArraySize (nodes);

  if (!nodes)
    return;
  cJSON_AddStringToObject (first, "name", name);
  cJSON_AddItemToObject (first, "inbound_nodes", nodes);
  nodes = cJSON_AddArrayToObject (entry, "inbound_nodes");
  for (gint i = 0; i < n_calls; i++) {
    const CnnReference reference = { name, i, 0 };

    cJSON_AddItemToArray (nodes, create_call (&reference, 1, FALSE));
  }
}

static void rewrite_model (const Dialect *dialect, cJSON *model);

/* Returns the layer to put before the entry, if it needs one. */
static cJSON *
rewrite_entry (const Dialect *dialect, cJSON *entry)
{
  const cJSON *class_name = json_get (entry, "class_name");
  const CnnLayerClass *class = cJSON_IsString (class_name)
      ? cnn_layer_find_class (class_name->valuestring)
      : NULL;
  const gboolean is_model = layers_model_get_layers (entry) != NULL;
  cJSON *first;

  if (!is_model && !class)
    return NULL;
  remove_wrapping (entry);
  if (json_get (entry, "inbound_nodes"))
    rewrite_nodes (dialect, entry, class);
  if (is_model) {
    rewrite_model (dialect, entry);
    return NULL;
  }
  tfjs_layer_rewrite (dialect->model, entry, dialect->notes);
  first = tfjs_layer_split (entry);
  if (first)
    connect_split (entry, first);
  return first;
}

/* Takes the entries out of the list and puts them back: the
 * cJSON_InsertItemInArray () of Debian 12 inserts nothing. */
static void
rewrite_entries (const Dialect *dialect, cJSON *layers)
{
  cJSON *rewritten = cJSON_CreateArray ();

  while (layers->child) {
    cJSON *entry = cJSON_DetachItemFromArray (layers, 0);
    cJSON *first = rewrite_entry (dialect, entry);

    if (first)
      cJSON_AddItemToArray (rewritten, first);
    cJSON_AddItemToArray (rewritten, entry);
  }
  layers->child = g_steal_pointer (&rewritten->child);
  cJSON_Delete (rewritten);
}

/* The depth of the recursion is that of the JSON text. */
static void
rewrite_model (const Dialect *dialect, cJSON *model)
{
  cJSON *config = cJSON_GetObjectItemCaseSensitive (model, "config");
  cJSON *layers = (cJSON *) layers_model_get_layers (model);
  const cJSON *class_name = json_get (model, "class_name");

  if (cJSON_IsString (class_name) && layers->child
      && g_str_equal (class_name->valuestring, "Sequential"))
    settle_input (config, layers);
  rewrite_entries (dialect, layers);
  if (!cJSON_IsObject (config))
    return;
  remove_wrapping (config);
  cJSON_DeleteItemFromObjectCaseSensitive (config, "dtype");
  rewrite_references (config, "input_layers");
  rewrite_references (config, "output_layers");
  count_nodes_from_one (config);
}

void
tfjs_dialect_apply (LayersModel *model, GPtrArray *notes)
{
  Dialect dialect = { model, collect_names (model), notes };

  if (layers_model_get_layers (model->config)) {
    name_weights (&dialect, model->config, NULL);
    rewrite_model (&dialect, model->config);
  }
  cnn_weight_names_free (dialect.names);
}

/* ---- shapes */

static gboolean
is_open (const cJSON *shape)
{
  const cJSON *size;

  cJSON_ArrayForEach (size, shape)
  {
    if (!cJSON_IsNumber (size) || size->valuedouble < 0.0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
settle_shape (cJSON *config, const CnnModel *loaded, const gchar *path)
{
  const gint node = cnn_model_find_node (loaded, path);
  const CnnShape *shape;

  if (!is_open (json_get (config, "target_shape")) || node < 0)
    return FALSE;
  shape = cnn_model_get_node_shape (loaded, (guint) node);
  replace (config, "target_shape",
      cJSON_CreateIntArray (shape->dims, (gint) shape->rank));
  return TRUE;
}

/* The depth of the recursion is that of the JSON text. */
static gboolean
settle_shapes (const cJSON *model, const CnnModel *loaded, const gchar *parent)
{
  gboolean any = FALSE;
  const cJSON *entry;

  cJSON_ArrayForEach (entry, layers_model_get_layers (model))
  {
    const gchar *name = layers_model_get_layer_name (entry);
    cJSON *config = cJSON_GetObjectItemCaseSensitive (entry, "config");
    g_autofree gchar *path = NULL;

    if (!name)
      continue;
    path = parent ? g_strconcat (parent, "/", name, NULL) : g_strdup (name);
    any |= settle_shapes (entry, loaded, path);
    any |= settle_shape (config, loaded, path);
  }
  return any;
}

gboolean
tfjs_dialect_settle_shapes (LayersModel *model, const CnnModel *loaded)
{
  return settle_shapes (model->config, loaded, NULL);
}
