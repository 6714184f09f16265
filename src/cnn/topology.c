/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/topology.h"

#include "cnn/cnn-error.h"
#include "cnn/json.h"

/* Far beyond what a real network has; keeps hostile graphs cheap. */
#define MAX_NODES 8192

/**
 * Call:
 * @input_layer: (nullable): whose output the call reads
 * @input_call: which call of that layer
 * @node: number of the call in the model, -1 until it is placed
 *
 * One call of a layer as the JSON gives it: names, not yet resolved.
 */
typedef struct {
  CnnLayer *layer;
  const gchar *input_layer;
  gint input_call;
  gint node;
} Call;

/**
 * Builder:
 * @calls: (element-type Call): all calls, those of one layer side by side
 * @first_call: layer name -> index of its first call, plus 1
 */
typedef struct {
  CnnModel *model;
  CnnWeightStore *weights;
  const CnnLimits *limits;
  gsize bytes;
  guint64 macs;
  GArray *calls;
  GHashTable *first_call;
} Builder;

static gboolean
fail_at (const CnnLayer *layer, GError **error)
{
  g_prefix_error (error, "layer '%s' (%s): ", layer->name, layer->class->name);
  return FALSE;
}

static gboolean
check_budget (Builder *builder, const CnnNode *node, const CnnShape *input,
    GError **error)
{
  const CnnLayerClass *class = node->layer->class;
  const CnnLimits *limits = builder->limits;
  gsize bytes;

  if (!cnn_shape_count (&node->shape, &bytes)
      || !g_size_checked_mul (&bytes, bytes, sizeof (gfloat))
      || !g_size_checked_add (&builder->bytes, builder->bytes, bytes)
      || builder->bytes > limits->memory_bytes) {
    g_autofree gchar *shape = cnn_shape_to_string (&node->shape);

    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "its output of %s takes the activations beyond the limit of "
        "%" G_GSIZE_FORMAT " bytes",
        shape, limits->memory_bytes);
    return FALSE;
  }
  if (input && class->count_macs) {
    builder->macs += class->count_macs (node->layer, input, &node->shape);
    if (builder->macs > limits->macs) {
      g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
          "takes one run to %" G_GUINT64_FORMAT " multiply-accumulates, beyond "
          "the limit of %" G_GUINT64_FORMAT,
          builder->macs, limits->macs);
      return FALSE;
    }
  }
  return TRUE;
}

/* Appends a node whose input, if any, is in the model already. */
static gint
add_node (Builder *builder, CnnLayer *layer, gint input, GError **error)
{
  CnnModel *model = builder->model;
  const CnnShape *input_shape = input < 0
      ? NULL
      : cnn_model_get_node_shape (model, (guint) input);
  CnnNode node = { layer, model->edges->len, input < 0 ? 0 : 1, { 0 } };
  guint number = model->nodes->len;

  if ((layer->class->role == CNN_LAYER_ROLE_INPUT) != (input_shape == NULL)) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
        input_shape ? "an InputLayer reads nothing" : "has no input");
    fail_at (layer, error);
    return -1;
  }
  if (!layer->class->infer_shape (
          layer, input_shape, node.n_inputs, &node.shape, error)
      || !cnn_layer_bind (layer, input_shape, builder->weights, error)
      || !check_budget (builder, &node, input_shape, error)) {
    fail_at (layer, error);
    return -1;
  }
  g_array_append_val (model->nodes, node);
  if (input < 0)
    g_array_append_val (model->inputs, number);
  else
    g_array_append_val (model->edges, input);
  return (gint) number;
}

static CnnLayer *
add_layer (Builder *builder, const cJSON *entry, GError **error)
{
  const cJSON *config = cnn_json_get (entry, "config");
  const gchar *class_name = cnn_json_get_string (entry, "class_name", error);
  const gchar *name;
  CnnLayer *layer;

  if (!class_name)
    return NULL;
  /* Sequential models name their layers only here. */
  name = cnn_json_get_string (
      cnn_json_get (entry, "name") ? entry : config, "name", error);
  if (!name) {
    g_prefix_error (error, "a layer of class %s: ", class_name);
    return NULL;
  }
  if (builder->model->layers->len == MAX_NODES) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT, "has more than %d layers",
        MAX_NODES);
    return NULL;
  }
  if (g_hash_table_contains (builder->first_call, name)) {
    g_set_error (
        error, CNN_ERROR, CNN_ERROR_INVALID, "layer '%s' is there twice", name);
    return NULL;
  }
  layer = cnn_layer_new (class_name, name, config, CNN_DIALECT_KERAS_2, error);
  if (layer) {
    g_ptr_array_add (builder->model->layers, layer);
    g_hash_table_insert (builder->first_call, layer->name,
        GUINT_TO_POINTER (builder->calls->len + 1));
  }
  return layer;
}

/* A Sequential model may say its input's shape in its first layer only. */
static gint
add_implied_input (Builder *builder, const cJSON *first, GError **error)
{
  CnnLayer *layer = cnn_layer_new ("InputLayer", "input",
      cnn_json_get (first, "config"), CNN_DIALECT_KERAS_2, error);

  if (!layer)
    return -1;
  g_ptr_array_add (builder->model->layers, layer);
  return add_node (builder, layer, -1, error);
}

static gboolean
build_sequential (Builder *builder, const cJSON *config, GError **error)
{
  const cJSON *layers = cJSON_IsArray (config)
      ? config
      : cnn_json_get (config, "layers");
  const cJSON *class_name, *entry;
  gint last = -1;

  if (!cJSON_IsArray (layers) || !layers->child) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
        "modelTopology: the Sequential model has no layers");
    return FALSE;
  }
  class_name = cnn_json_get (layers->child, "class_name");
  if (!cJSON_IsString (class_name)
      || !g_str_equal (class_name->valuestring, "InputLayer")) {
    last = add_implied_input (builder, layers->child, error);
    if (last < 0)
      return FALSE;
  }
  cJSON_ArrayForEach (entry, layers)
  {
    CnnLayer *layer = add_layer (builder, entry, error);

    if (!layer || (last = add_node (builder, layer, last, error)) < 0)
      return FALSE;
  }
  g_array_append_val (builder->model->outputs, last);
  return TRUE;
}

/* Reads [layer name, call, tensor, ...]. */
static gboolean
parse_reference (const cJSON *item, const gchar *what, const gchar **layer,
    gint *call, GError **error)
{
  const cJSON *name = cJSON_IsArray (item) ? item->child : NULL;
  gint tensor;

  if (!cJSON_IsString (name) || !name->next) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_UNSUPPORTED,
        "'%s' is not of the form [layer, node index, tensor index]", what);
    return FALSE;
  }
  *layer = name->valuestring;
  return cnn_json_to_integer (name->next, what, 0, MAX_NODES, call, error)
      && cnn_json_to_integer (name->next->next, what, 0, 0, &tensor, error);
}

/* One inner list of inbound_nodes: the inputs of one call. Some writers leave
 * that list out when there is only one: [["input", 0, 0, {}]]. */
static gboolean
parse_call (CnnLayer *layer, const cJSON *item, Call *call, GError **error)
{
  const cJSON *reference = item;

  if (cJSON_IsArray (item) && cJSON_IsArray (item->child)) {
    if (item->child->next) {
      g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
          "has %d inputs, but takes one", cJSON_GetArraySize (item));
      return FALSE;
    }
    reference = item->child;
  }
  call->layer = layer;
  call->node = -1;
  return parse_reference (
      reference, "inbound_nodes", &call->input_layer, &call->input_call, error);
}

static gboolean
add_calls (
    Builder *builder, CnnLayer *layer, const cJSON *entry, GError **error)
{
  const cJSON *nodes = cnn_json_get (entry, "inbound_nodes");
  const cJSON *item;

  if (!cJSON_IsArray (nodes) || !nodes->child) {
    const Call call = { layer, NULL, 0, -1 };

    g_array_append_val (builder->calls, call);
    return TRUE;
  }
  cJSON_ArrayForEach (item, nodes)
  {
    Call call = { 0 };

    if (builder->calls->len == MAX_NODES) {
      g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
          "takes the model to more than %d nodes", MAX_NODES);
      return fail_at (layer, error);
    }
    if (!parse_call (layer, item, &call, error))
      return fail_at (layer, error);
    g_array_append_val (builder->calls, call);
  }
  return TRUE;
}

static Call *
find_call (Builder *builder, const gchar *layer, gint index, GError **error)
{
  guint first = GPOINTER_TO_UINT (
      g_hash_table_lookup (builder->first_call, layer));
  guint number = first - 1 + (guint) index;
  Call *call = NULL;

  if (first > 0 && number < builder->calls->len)
    call = &g_array_index (builder->calls, Call, number);
  if (!call || !g_str_equal (call->layer->name, layer)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "there is no node %d of a layer '%s'", index, layer);
    return NULL;
  }
  return call;
}

/* Places a call after those it depends on. Walks up the chain of inputs, and
 * then places the calls on the way back down; a chain that is longer than
 * there are calls is a cycle. */
static gboolean
place_call (Builder *builder, Call *call, GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  gint input = -1;

  for (; call && call->node < 0;) {
    if (chain->len > builder->calls->len) {
      g_set_error_literal (
          error, CNN_ERROR, CNN_ERROR_INVALID, "is part of a cycle");
      return fail_at (call->layer, error);
    }
    g_ptr_array_add (chain, call);
    if (!call->input_layer) {
      call = NULL;
    } else {
      const CnnLayer *layer = call->layer;

      call = find_call (builder, call->input_layer, call->input_call, error);
      if (!call)
        return fail_at (layer, error);
    }
  }
  if (call)
    input = call->node;
  for (guint i = chain->len; i > 0; i--) {
    call = g_ptr_array_index (chain, i - 1);
    input = call->node = add_node (builder, call->layer, input, error);
    if (input < 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_output (Builder *builder, const cJSON *reference, GError **error)
{
  const gchar *layer;
  gint index;
  Call *call;

  if (!parse_reference (reference, "output_layers", &layer, &index, error)
      || !(call = find_call (builder, layer, index, error)))
    return FALSE;
  g_array_append_val (builder->model->outputs, call->node);
  return TRUE;
}

static gboolean
build_functional (Builder *builder, const cJSON *config, GError **error)
{
  const cJSON *outputs = cnn_json_get (config, "output_layers");
  const cJSON *layers = cnn_json_get (config, "layers");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, layers)
  {
    CnnLayer *layer = add_layer (builder, entry, error);

    if (!layer || !add_calls (builder, layer, entry, error))
      return FALSE;
  }
  for (guint i = 0; i < builder->calls->len; i++) {
    if (!place_call (builder, &g_array_index (builder->calls, Call, i), error))
      return FALSE;
  }
  /* Flattened by some writers: ["dense", 0, 0]. */
  if (cJSON_IsArray (outputs) && cJSON_IsString (outputs->child))
    return add_output (builder, outputs, error);
  cJSON_ArrayForEach (entry, outputs)
  {
    if (!add_output (builder, entry, error))
      return FALSE;
  }
  if (builder->model->outputs->len == 0 || builder->model->inputs->len == 0) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
        "modelTopology: the model has no input or no output");
    return FALSE;
  }
  return TRUE;
}

CnnModel *
cnn_topology_parse (const cJSON *topology, CnnWeightStore *weights,
    const CnnLimits *limits, GError **error)
{
  /* The converter wraps what tfjs itself writes bare. */
  const cJSON *root = cnn_json_get (topology, "model_config");
  const gchar *class_name;
  const cJSON *config, *name;
  Builder builder = { .weights = weights, .limits = limits };
  gboolean built;

  if (!root)
    root = topology;
  class_name = cnn_json_get_string (root, "class_name", error);
  if (!class_name) {
    g_prefix_error (error, "modelTopology: ");
    return NULL;
  }
  config = cnn_json_get (root, "config");
  name = cnn_json_get (config, "name");
  builder.model = cnn_model_new (
      cJSON_IsString (name) ? name->valuestring : "model");
  builder.calls = g_array_new (FALSE, TRUE, sizeof (Call));
  builder.first_call = g_hash_table_new (g_str_hash, g_str_equal);
  if (g_str_equal (class_name, "Sequential")) {
    built = build_sequential (&builder, config, error);
  } else if (g_str_equal (class_name, "Functional")
      || g_str_equal (class_name, "Model")) {
    built = build_functional (&builder, config, error);
  } else {
    g_set_error (error, CNN_ERROR, CNN_ERROR_UNSUPPORTED,
        "modelTopology: class %s is none of Sequential, Functional and Model",
        class_name);
    built = FALSE;
  }
  g_hash_table_unref (builder.first_call);
  g_array_unref (builder.calls);
  if (!built)
    g_clear_pointer (&builder.model, cnn_model_unref);
  return builder.model;
}
