/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/topology.h"

#include <string.h>

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/model/inbound-nodes.h"

/* A limit far beyond real networks, which keeps hostile graphs cheap. */
#define MAX_LAYERS 8192

/**
 * Parser:
 * @layers: layers of the whole model
 * @depth: depth of the model that is being read, 0 for the outer one
 */
typedef struct {
  GPtrArray *layers;
  CnnDialect dialect;
  guint depth;
} Parser;

/**
 * Scope:
 * @by_name: name in this model -> index of the entry, plus 1
 * @references: (element-type CnnReference): the tensors that the calls read
 *
 * One model while it is being read.
 */
typedef struct {
  CnnTopology *topology;
  GHashTable *by_name;
  GArray *references;
} Scope;

static CnnTopology *parse_model (Parser *parser, const gchar *class_name,
    const cJSON *config, const gchar *name, GError **error);

static void
entry_clear (gpointer data)
{
  CnnTopologyEntry *entry = data;

  g_free (entry->name);
  g_clear_pointer (&entry->model, cnn_topology_free);
}

static CnnTopology *
topology_new (const gchar *name)
{
  CnnTopology *topology = g_new0 (CnnTopology, 1);

  topology->name = g_strdup (name);
  topology->entries = g_array_new (FALSE, TRUE, sizeof (CnnTopologyEntry));
  g_array_set_clear_func (topology->entries, entry_clear);
  topology->calls = g_array_new (FALSE, TRUE, sizeof (CnnTopologyCall));
  topology->edges = g_array_new (FALSE, TRUE, sizeof (CnnTopologyEdge));
  topology->inputs = g_array_new (FALSE, TRUE, sizeof (guint));
  topology->outputs = g_array_new (FALSE, TRUE, sizeof (CnnTopologyEdge));
  return topology;
}

void
cnn_topology_free (CnnTopology *topology)
{
  g_free (topology->name);
  g_array_unref (topology->entries);
  g_array_unref (topology->calls);
  g_array_unref (topology->edges);
  g_array_unref (topology->inputs);
  g_array_unref (topology->outputs);
  g_free (topology);
}

static CnnTopologyEntry *
get_entry (const CnnTopology *topology, guint entry)
{
  return &g_array_index (topology->entries, CnnTopologyEntry, entry);
}

static gboolean
is_model_class (const gchar *class_name)
{
  return g_str_equal (class_name, "Sequential")
      || g_str_equal (class_name, "Functional")
      || g_str_equal (class_name, "Model");
}

static gboolean
has_class (const cJSON *entry, const gchar *class_name)
{
  const cJSON *item = json_get (entry, "class_name");

  return cJSON_IsString (item) && g_str_equal (item->valuestring, class_name);
}

/* The configuration of Sequential models may be the list of layers itself. */
static const cJSON *
get_layers (const cJSON *config)
{
  return cJSON_IsArray (config) ? config : json_get (config, "layers");
}

/* Reads a layer; those of nested models are named after their model. */
static CnnLayer *
add_layer (Parser *parser, const gchar *class_name, const gchar *path,
    const cJSON *config, GError **error)
{
  CnnLayer *layer;

  if (parser->layers->len == MAX_LAYERS) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "has more than %d layers", MAX_LAYERS);
    return NULL;
  }
  layer = cnn_layer_new (class_name, path, config, parser->dialect, error);
  if (layer)
    g_ptr_array_add (parser->layers, layer);
  return layer;
}

/* Returns the layer that is the activation function of a layer, if there is
 * one: Conv2D (activation=LeakyReLU (0.3)). */
static const cJSON *
get_activation_layer (const cJSON *config)
{
  const cJSON *activation = json_get (config, "activation");

  return cJSON_IsObject (json_get (activation, "config")) ? activation : NULL;
}

static gboolean
add_layers (Parser *parser, CnnTopologyEntry *entry, const gchar *class_name,
    const cJSON *config, GError **error)
{
  const cJSON *activation = get_activation_layer (config);
  const gchar *last = strrchr (entry->name, '/');
  g_autofree gchar *inner = g_strconcat (entry->name, "/",
      last ? last + 1 : entry->name, NULL);
  const gchar *function;

  if (!activation) {
    entry->layer = add_layer (parser, class_name, entry->name, config, error);
    return entry->layer != NULL;
  }
  function = json_get_string (activation, "class_name", error);
  if (function && get_activation_layer (json_get (activation, "config"))) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "has a layer as its own activation function, which is not supported");
    function = NULL;
  }
  if (!function) {
    g_prefix_error (error, "layer '%s': 'activation': ", entry->name);
    return FALSE;
  }
  entry->layer = add_layer (parser, class_name, inner, config, error);
  if (!entry->layer)
    return FALSE;
  entry->activation = add_layer (parser, function, entry->name,
      json_get (activation, "config"), error);
  return entry->activation != NULL;
}

/* Adds a layer, a nested model, or an input. */
static gboolean
add_entry (Parser *parser, Scope *scope, const gchar *class_name,
    const gchar *name, const cJSON *config, GError **error)
{
  CnnTopology *topology = scope->topology;
  CnnTopologyEntry entry = { .input = -1, .first_call = topology->calls->len };
  const gboolean is_input = g_str_equal (class_name, "InputLayer");
  guint number = topology->entries->len;

  if (g_hash_table_contains (scope->by_name, name)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "layer '%s' is listed twice", name);
    return FALSE;
  }
  entry.name = parser->depth == 0
      ? g_strdup (name)
      : g_strconcat (topology->name, "/", name, NULL);
  g_array_append_val (topology->entries, entry);
  g_hash_table_insert (scope->by_name, g_strdup (name),
      GUINT_TO_POINTER (number + 1));
  if (is_input && parser->depth > 0) {
    get_entry (topology, number)->config = config;
    return TRUE;
  }
  if (is_model_class (class_name)) {
    parser->depth++;
    get_entry (topology, number)->model = parse_model (parser, class_name,
        config, entry.name, error);
    parser->depth--;
    return get_entry (topology, number)->model != NULL;
  }
  return add_layers (parser, get_entry (topology, number), class_name, config,
      error);
}

/* @number counts the layers of the model from 0. */
static gboolean
add_listed_entry (Parser *parser, Scope *scope, const cJSON *item, guint number,
    GError **error)
{
  const cJSON *config = json_get (item, "config");
  const gchar *class_name = json_get_string (item, "class_name", error);
  const gchar *name = NULL;

  /* Layers of Sequential models, and of Keras 3, are named only here. */
  if (class_name)
    name = json_get_string (json_get (item, "name") ? item : config, "name",
        error);
  if (!name) {
    g_prefix_error (error, "model '%s': layers[%u]: ", scope->topology->name,
        number);
    return FALSE;
  }
  return add_entry (parser, scope, class_name, name, config, error);
}

static void
add_input (CnnTopology *topology, guint entry)
{
  get_entry (topology, entry)->input = (gint) topology->inputs->len;
  g_array_append_val (topology->inputs, entry);
}

/* Adds a call of the last entry, which reads the next @n_edges edges. */
static void
add_call (CnnTopology *topology, guint first_edge, guint n_edges)
{
  const CnnTopologyCall call = { topology->entries->len - 1, first_edge,
    n_edges };

  g_array_append_val (topology->calls, call);
  get_entry (topology, call.entry)->n_calls++;
}

const cJSON *
cnn_topology_find_first_layer (const cJSON *layers)
{
  const cJSON *item = layers->child;

  while (item) {
    const cJSON *class_name = json_get (item, "class_name");
    const cJSON *inner = get_layers (json_get (item, "config"));

    if (!cJSON_IsString (class_name)
        || !is_model_class (class_name->valuestring) || !inner)
      return item;
    item = inner->child;
  }
  return layers->child;
}

const cJSON *
cnn_topology_find_input_config (const cJSON *config)
{
  const cJSON *first = cnn_topology_find_first_layer (get_layers (config));
  const cJSON *build = json_get (first, "build_config");

  if (json_get (config, "build_input_shape"))
    return config;
  return json_get (build, "input_shape") ? build : json_get (first, "config");
}

/* A Sequential model may begin without an InputLayer. */
static gboolean
add_implied_input (Parser *parser, Scope *scope, const cJSON *config,
    const cJSON *layers, GError **error)
{
  const cJSON *first = layers->child;
  const cJSON *name =
      json_get (json_get (first, "name") ? first : json_get (first, "config"),
          "name");
  g_autofree gchar *input =
      g_strconcat (cJSON_IsString (name) ? name->valuestring : "sequential",
          "_input", NULL);

  if (!add_entry (parser, scope, "InputLayer", input,
          cnn_topology_find_input_config (config), error))
    return FALSE;
  add_call (scope->topology, 0, 0);
  return TRUE;
}

static gboolean
parse_sequential (Parser *parser, Scope *scope, const cJSON *config,
    GError **error)
{
  CnnTopology *topology = scope->topology;
  const cJSON *layers = get_layers (config);
  CnnTopologyEdge last = { 0, 0 };
  const cJSON *item;
  guint number = 0;

  if (!cJSON_IsArray (layers) || !layers->child) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "model '%s': 'layers' is missing, no list, or empty", topology->name);
    return FALSE;
  }
  if (!has_class (layers->child, "InputLayer")
      && !add_implied_input (parser, scope, config, layers, error))
    return FALSE;
  cJSON_ArrayForEach (item, layers)
  {
    if (!add_listed_entry (parser, scope, item, number++, error))
      return FALSE;
    if (topology->calls->len == 0) {
      add_call (topology, 0, 0);
      continue;
    }
    last.call = topology->calls->len - 1;
    g_array_append_val (topology->edges, last);
    add_call (topology, topology->edges->len - 1, 1);
  }
  add_input (topology, 0);
  last.call = topology->calls->len - 1;
  g_array_append_val (topology->outputs, last);
  return TRUE;
}

/* The depth of the recursion is that of nested models. */
static void
set_training (CnnTopologyEntry *entry)
{
  if (entry->layer && entry->layer->class->set_training)
    entry->layer->class->set_training (entry->layer);
  for (guint i = 0; entry->model && i < entry->model->entries->len; i++)
    set_training (get_entry (entry->model, i));
}

/* A layer is in training in all of its calls or in none. */
static gboolean
apply_training (CnnTopologyEntry *entry, guint n_training, guint n_calls,
    GError **error)
{
  if (n_training == 0)
    return TRUE;
  if (n_training < n_calls) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is called with training=True and without, which is not supported");
    return FALSE;
  }
  set_training (entry);
  return TRUE;
}

static gboolean
add_calls (Scope *scope, const cJSON *item, GError **error)
{
  CnnTopology *topology = scope->topology;
  CnnTopologyEntry *entry = get_entry (topology, topology->entries->len - 1);
  const gboolean merges = !entry->layer || entry->layer->class->max_inputs > 1;
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint first_edge = scope->references->len, n_training = 0;

  if (!cnn_inbound_nodes_parse (json_get (item, "inbound_nodes"), merges,
          scope->references, counts, &n_training, error)
      || !apply_training (entry, n_training, counts->len, error)) {
    g_prefix_error (error, "layer '%s': ", entry->name);
    return FALSE;
  }
  for (guint i = 0; i < counts->len; i++) {
    add_call (topology, first_edge, g_array_index (counts, guint, i));
    first_edge += g_array_index (counts, guint, i);
  }
  if (counts->len == 0)
    add_call (topology, first_edge, 0);
  return TRUE;
}

static CnnTopologyEntry *
find_entry (const Scope *scope, const gchar *name)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (scope->by_name, name));

  return number > 0 ? get_entry (scope->topology, number - 1) : NULL;
}

/* Some writers number the first call of a nested model as node 1, because its
 * own input made node 0, and others as node 0. All calls are referred to, so
 * that the highest number distinguishes both. */
static void
find_first_nodes (const Scope *scope, const GArray *references,
    GHashTable *starts_at_one)
{
  for (guint i = 0; i < references->len; i++) {
    const CnnReference *reference = &g_array_index (references, CnnReference,
        i);
    CnnTopologyEntry *entry = find_entry (scope, reference->layer);

    if (entry && entry->model && (guint) reference->node == entry->n_calls)
      g_hash_table_add (starts_at_one, entry->name);
  }
}

static gboolean
resolve (const Scope *scope, const CnnReference *reference,
    GHashTable *starts_at_one, GArray *edges, GError **error)
{
  const CnnTopologyEntry *entry = find_entry (scope, reference->layer);
  CnnTopologyEdge edge = { 0, (guint) reference->tensor };
  gint node = reference->node;

  if (entry && g_hash_table_contains (starts_at_one, entry->name))
    node--;
  if (!entry || node < 0 || (guint) node >= entry->n_calls) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "there is no node %d of a layer '%s'", reference->node,
        reference->layer);
    return FALSE;
  }
  edge.call = entry->first_call + (guint) node;
  g_array_append_val (edges, edge);
  return TRUE;
}

static gboolean
resolve_all (Scope *scope, GArray *outputs, GError **error)
{
  CnnTopology *topology = scope->topology;
  g_autoptr (GHashTable)
      starts_at_one = g_hash_table_new (g_str_hash, g_str_equal);

  find_first_nodes (scope, scope->references, starts_at_one);
  find_first_nodes (scope, outputs, starts_at_one);
  for (guint i = 0; i < topology->calls->len; i++) {
    const CnnTopologyCall *call = &g_array_index (topology->calls,
        CnnTopologyCall, i);

    for (guint k = 0; k < call->n_edges; k++) {
      if (!resolve (scope,
              &g_array_index (scope->references, CnnReference,
                  call->first_edge + k),
              starts_at_one, topology->edges, error)) {
        g_prefix_error (error,
            "layer '%s': ", get_entry (topology, call->entry)->name);
        return FALSE;
      }
    }
  }
  for (guint i = 0; i < outputs->len; i++) {
    if (!resolve (scope, &g_array_index (outputs, CnnReference, i),
            starts_at_one, topology->outputs, error)) {
      g_prefix_error (error, "model '%s': 'output_layers': ", topology->name);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_input (const CnnTopologyEntry *entry)
{
  return entry->layer ? entry->layer->class->role == CNN_LAYER_ROLE_INPUT
                      : !entry->model;
}

/* The inputs listed in "input_layers" come first, then others in the order of
 * the layers. */
static gboolean
find_inputs (Scope *scope, const cJSON *config, GError **error)
{
  CnnTopology *topology = scope->topology;
  g_autoptr (GArray) listed = g_array_new (FALSE, FALSE, sizeof (CnnReference));

  if (!cnn_references_parse (json_get (config, "input_layers"), "input_layers",
          listed, error)) {
    g_prefix_error (error, "model '%s': ", topology->name);
    return FALSE;
  }
  for (guint i = 0; i < listed->len; i++) {
    const gchar *name = g_array_index (listed, CnnReference, i).layer;
    CnnTopologyEntry *entry = find_entry (scope, name);

    if (!entry || !is_input (entry) || entry->input >= 0) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "model '%s': 'input_layers' has '%s', which is no InputLayer or is "
          "listed twice",
          topology->name, name);
      return FALSE;
    }
    add_input (topology, (guint) (entry - get_entry (topology, 0)));
  }
  for (guint i = 0; i < topology->entries->len; i++) {
    const CnnTopologyEntry *entry = get_entry (topology, i);

    if (is_input (entry) && entry->input < 0)
      add_input (topology, i);
  }
  return TRUE;
}

static gboolean
parse_functional (Parser *parser, Scope *scope, const cJSON *config,
    GError **error)
{
  CnnTopology *topology = scope->topology;
  g_autoptr (GArray)
      outputs = g_array_new (FALSE, FALSE, sizeof (CnnReference));
  const cJSON *layers = get_layers (config), *item;
  guint number = 0;

  if (!cJSON_IsArray (layers)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "model '%s': 'layers' is missing or no list", topology->name);
    return FALSE;
  }
  cJSON_ArrayForEach (item, layers)
  {
    if (!add_listed_entry (parser, scope, item, number++, error)
        || !add_calls (scope, item, error))
      return FALSE;
  }
  if (!cnn_references_parse (json_get (config, "output_layers"),
          "output_layers", outputs, error)) {
    g_prefix_error (error, "model '%s': ", topology->name);
    return FALSE;
  }
  if (!find_inputs (scope, config, error)
      || !resolve_all (scope, outputs, error))
    return FALSE;
  if (topology->outputs->len == 0 || topology->inputs->len == 0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "model '%s': has no input or no output", topology->name);
    return FALSE;
  }
  return TRUE;
}

/* The depth of nested models is bounded by that of JSON texts. */
static CnnTopology *
parse_model (Parser *parser, const gchar *class_name, const cJSON *config,
    const gchar *name, GError **error)
{
  g_autoptr (CnnTopology) topology = topology_new (name);
  g_autoptr (GHashTable)
      by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray)
      references = g_array_new (FALSE, FALSE, sizeof (CnnReference));
  Scope scope = { topology, by_name, references };
  gboolean parsed = g_str_equal (class_name, "Sequential")
      ? parse_sequential (parser, &scope, config, error)
      : parse_functional (parser, &scope, config, error);

  return parsed ? g_steal_pointer (&topology) : NULL;
}

/* A topology may have a `keras_version` such as "2.4.0", "3.5.0" or
 * "tfjs-layers 4.22.0". */
static gboolean
choose_dialect (Parser *parser, const cJSON *json, GError **error)
{
  const gchar *version;

  parser->dialect = CNN_DIALECT_KERAS_2;
  if (!json_get (json, "keras_version"))
    return TRUE;
  version = json_get_string (json, "keras_version", error);
  if (!version)
    return FALSE;
  if (g_str_has_prefix (version, "tfjs"))
    parser->dialect = CNN_DIALECT_TFJS;
  else if (g_str_has_prefix (version, "3."))
    parser->dialect = CNN_DIALECT_KERAS_3;
  return TRUE;
}

CnnTopology *
cnn_topology_parse (const cJSON *json, GPtrArray *layers, GError **error)
{
  /* The converter wraps the topology in an object, unlike tfjs itself. */
  const cJSON *model = json_get (json, "model_config");
  Parser parser = { layers, CNN_DIALECT_KERAS_2, 0 };
  const cJSON *config, *name;
  const gchar *class_name;

  if (!model)
    model = json;
  class_name = json_get_string (model, "class_name", error);
  if (!class_name || !choose_dialect (&parser, json, error)) {
    g_prefix_error (error, "modelTopology: ");
    return NULL;
  }
  if (!is_model_class (class_name)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "modelTopology: class %s is none of Sequential, Functional and Model; "
        "a class of one's own is Python code, which is not run: build the "
        "model from layers with keras.Model (inputs, outputs)",
        class_name);
    return NULL;
  }
  config = json_get (model, "config");
  name = json_get (config, "name");
  return parse_model (&parser, class_name, config,
      cJSON_IsString (name) ? name->valuestring : "model", error);
}
