/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-graph.h"

#include <string.h>

#include "base/json.h"
#include "base/model-error.h"
#include "formats/onnx-node.h"
#include "formats/onnx-operators.h"

/* Layers that are replaced by others, and kernels whose groups are joined, make
 * more weights than a file has, but not many more. */
#define WEIGHTS_PER_VALUE 4
#define BASE_WEIGHTS (1 << 24)

gboolean
onnx_graph_fail (GError **error, const gchar *reason)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED, reason);
  return FALSE;
}

static void
value_free (gpointer data)
{
  OnnxValue *value = data;

  g_clear_pointer (&value->constant, onnx_constant_unref);
  g_free (value);
}

static gboolean
check_layer (const OnnxValue *value, GError **error)
{
  return value->has_layer
      || onnx_graph_fail (error,
          "reads the output of Erf, which is supported in Gelu only");
}

const OnnxValue *
onnx_graph_get_input (const OnnxGraph *graph, guint i, GError **error)
{
  const OnnxValue *value = i < graph->arguments.n_inputs ? graph->inputs[i]
                                                         : NULL;
  if (value && !value->constant)
    return value;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "input %u is %s, where a layer's output is supported", i,
      value ? "a constant" : "left out");
  return NULL;
}

const OnnxValue *
onnx_graph_get_layer (const OnnxGraph *graph, guint i, guint *layer,
    GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, i, error);

  if (!value || !check_layer (value, error))
    return NULL;
  *layer = value->layer;
  return value;
}

OnnxConstant *
onnx_graph_find_constant (const OnnxGraph *graph, guint i)
{
  return i < graph->arguments.n_inputs ? graph->arguments.inputs[i] : NULL;
}

OnnxConstant *
onnx_graph_get_constant (const OnnxGraph *graph, guint i, GError **error)
{
  OnnxConstant *constant = onnx_graph_find_constant (graph, i);

  if (!constant)
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "input %u is no constant; what depends on the picture is not supported "
        "there",
        i);
  return constant;
}

gboolean
onnx_graph_check_constants (const OnnxGraph *graph, GError **error)
{
  for (guint i = 1; i < graph->arguments.n_inputs; i++) {
    if (graph->inputs[i] && !onnx_graph_get_constant (graph, i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
to_cnn_shape (CnnShape *shape, const gint64 *dims, guint rank, GError **error)
{
  shape->rank = 0;
  for (guint i = 0; i < rank; i++) {
    if (i == CNN_MAX_RANK || dims[i] < 1 || dims[i] > CNN_MAX_DIMENSION) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
          "needs a layer with a dimension of %" G_GINT64_FORMAT
          ", or with more than %d dimensions",
          dims[i], CNN_MAX_RANK);
      return FALSE;
    }
    shape->dims[shape->rank++] = (gint) dims[i];
  }
  return TRUE;
}

guint
onnx_graph_add (OnnxGraph *graph, const gchar *class_name, const gchar *suffix,
    cJSON *config, guint input, const CnnShape *shape)
{
  g_autofree gchar *name = g_strconcat (graph->name, suffix, NULL);

  return layers_model_builder_add (graph->builder, class_name, name, config,
      &input, 1, shape);
}

guint
onnx_graph_add_shared (OnnxGraph *graph, const gchar *class_name,
    const gchar *suffix, cJSON *config, guint input, const CnnShape *shape)
{
  gchar *text = json_print (config);
  gchar *key = g_strdup_printf ("%s %u %s", class_name, input, text);
  gpointer known = g_hash_table_lookup (graph->shared, key);
  guint layer;

  cJSON_free (text);
  if (known) {
    g_free (key);
    cJSON_Delete (config);
    return GPOINTER_TO_UINT (known);
  }
  layer = onnx_graph_add (graph, class_name, suffix, config, input, shape);
  g_hash_table_insert (graph->shared, key, GUINT_TO_POINTER (layer));
  return layer;
}

guint
onnx_graph_add_simple (OnnxGraph *graph, const gchar *class_name,
    const gchar *suffix, cJSON *config, guint input)
{
  const CnnShape shape = *onnx_graph_get_shape (graph, input);

  return onnx_graph_add (graph, class_name, suffix, config, input, &shape);
}

const CnnShape *
onnx_graph_get_shape (const OnnxGraph *graph, guint layer)
{
  return layers_model_builder_get_shape (graph->builder, layer);
}

static gboolean
add_reshape (OnnxGraph *graph, guint *layer, const CnnShape *shape)
{
  cJSON *config;

  if (cnn_shape_equal (shape, onnx_graph_get_shape (graph, *layer)))
    return TRUE;
  config = cJSON_CreateObject ();
  if (shape->rank == 1) {
    cJSON_AddStringToObject (config, "data_format", "channels_last");
    *layer = onnx_graph_add_shared (graph, "Flatten", "_flatten", config,
        *layer, shape);
    return TRUE;
  }
  cJSON_AddItemToObject (config, "target_shape",
      cJSON_CreateIntArray (shape->dims, (gint) shape->rank));
  *layer = onnx_graph_add_shared (graph, "Reshape", "_reshape", config, *layer,
      shape);
  return TRUE;
}

/* Brings the values into another order; Keras counts dimensions from 1. */
static gboolean
add_permute (OnnxGraph *graph, guint *layer, const OnnxMove *move,
    GError **error)
{
  gint dims[CNN_MAX_RANK];
  CnnShape from, to;
  cJSON *config;

  if (!to_cnn_shape (&from, move->dims, move->n, error))
    return FALSE;
  to.rank = from.rank;
  for (guint i = 0; i < from.rank; i++) {
    dims[i] = (gint) move->permutation[i] + 1;
    to.dims[i] = from.dims[move->permutation[i]];
  }
  add_reshape (graph, layer, &from);
  config = cJSON_CreateObject ();
  cJSON_AddItemToObject (config, "dims",
      cJSON_CreateIntArray (dims, (gint) from.rank));
  *layer = onnx_graph_add_shared (graph, "Permute", "_permute", config, *layer,
      &to);
  return TRUE;
}

void
onnx_get_order (guint rank, guint order[ONNX_MAX_RANK])
{
  for (guint i = 0; i < rank; i++)
    order[i] = i;
  if (rank == 4) {
    order[1] = 2;
    order[2] = 3;
    order[3] = 1;
  }
}

gboolean
onnx_get_ordered_shape (const OnnxShape *shape, const guint *order,
    CnnShape *result, GError **error)
{
  gint64 dims[ONNX_MAX_RANK];
  guint n = 0;

  if (shape->rank == 4 && shape->dims[0] != 1) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "has a batch of %" G_GINT64_FORMAT ", but only one picture is run",
        shape->dims[0]);
    return FALSE;
  }
  for (guint i = 0; i < shape->rank; i++) {
    if (order[i] > 0 || shape->dims[0] != 1 || shape->rank == 1)
      dims[n++] = shape->dims[order[i]];
  }
  return to_cnn_shape (result, dims, n, error);
}

gboolean
onnx_graph_arrange_as (OnnxGraph *graph, const OnnxValue *value,
    const guint *order, const CnnShape *shape, guint *layer, GError **error)
{
  OnnxMove move;

  if (!check_layer (value, error))
    return FALSE;
  *layer = value->layer;
  onnx_layout_plan_move (&value->layout, order, &move);
  return (move.n <= 1 || add_permute (graph, layer, &move, error))
      && add_reshape (graph, layer, shape);
}

gboolean
onnx_graph_arrange (OnnxGraph *graph, const OnnxValue *value, guint rank,
    guint *layer, GError **error)
{
  OnnxValue whole = *value;
  const guint missing = rank - value->layout.shape.rank;
  guint order[ONNX_MAX_RANK];

  whole.layout.shape.rank = rank;
  for (guint i = 0; i < rank; i++)
    whole.layout.shape.dims[i] = i < missing
        ? 1
        : value->layout.shape.dims[i - missing];
  onnx_get_order (rank, order);
  return onnx_graph_arrange_in (graph, &whole, order, layer, error);
}

gboolean
onnx_graph_arrange_in (OnnxGraph *graph, const OnnxValue *value,
    const guint *order, guint *layer, GError **error)
{
  CnnShape result;

  return onnx_get_ordered_shape (&value->layout.shape, order, &result, error)
      && onnx_graph_arrange_as (graph, value, order, &result, layer, error);
}

gboolean
onnx_graph_arrange_last (OnnxGraph *graph, const OnnxValue *value,
    guint dimension, guint *order, guint *layer, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < value->layout.shape.rank; i++) {
    if (i != dimension)
      order[n++] = i;
  }
  order[n] = dimension;
  return onnx_graph_arrange_in (graph, value, order, layer, error);
}

gboolean
onnx_graph_flatten (OnnxGraph *graph, const OnnxValue *value, guint *layer,
    GError **error)
{
  const gint64 count = onnx_shape_count (&value->layout.shape);
  CnnShape shape;

  *layer = value->layer;
  return check_layer (value, error) && to_cnn_shape (&shape, &count, 1, error)
      && add_reshape (graph, layer, &shape);
}

gboolean
onnx_graph_get_map (OnnxGraph *graph, guint i, guint *layer, CnnShape *shape,
    GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, i, error);

  if (!value)
    return FALSE;
  if (value->layout.shape.rank != 4) {
    g_autofree gchar *text = onnx_shape_to_string (&value->layout.shape);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "needs batch x channels x height x width, but its input is %s", text);
    return FALSE;
  }
  if (!onnx_graph_arrange (graph, value, 4, layer, error))
    return FALSE;
  *shape = *onnx_graph_get_shape (graph, *layer);
  return TRUE;
}

gboolean
onnx_graph_set_like (OnnxGraph *graph, const OnnxValue *value, guint layer)
{
  graph->result->layout = value->layout;
  graph->result->layer = layer;
  graph->result->has_layer = TRUE;
  return TRUE;
}

gboolean
onnx_graph_set_ordered (OnnxGraph *graph, guint layer, const OnnxShape *shape,
    const guint *order)
{
  onnx_layout_init (&graph->result->layout, shape, order);
  graph->result->layer = layer;
  graph->result->has_layer = TRUE;
  return TRUE;
}

gboolean
onnx_graph_set_arranged (OnnxGraph *graph, guint layer, const OnnxShape *shape)
{
  guint order[ONNX_MAX_RANK];

  onnx_get_order (shape->rank, order);
  return onnx_graph_set_ordered (graph, layer, shape, order);
}

gboolean
onnx_graph_set_natural (OnnxGraph *graph, guint layer, const OnnxShape *shape)
{
  guint order[ONNX_MAX_RANK];

  for (guint i = 0; i < shape->rank; i++)
    order[i] = i;
  return onnx_graph_set_ordered (graph, layer, shape, order);
}

gboolean
onnx_graph_set_map (OnnxGraph *graph, guint layer, GError **error)
{
  const CnnShape *map = onnx_graph_get_shape (graph, layer);
  const gint64 dims[4] = { 1, map->dims[2], map->dims[0], map->dims[1] };
  OnnxShape shape;

  return onnx_shape_set (&shape, dims, 4, "its result", error)
      && onnx_graph_set_arranged (graph, layer, &shape);
}

/* Adds a tensor, whose name must be new. */
static gboolean
add_value (OnnxGraph *graph, const gchar *name, OnnxValue *value,
    GError **error)
{
  g_autofree gchar *printed = NULL;

  if (!g_hash_table_contains (graph->values, name)) {
    g_hash_table_insert (graph->values, (gpointer) name, value);
    return TRUE;
  }
  value_free (value);
  printed = onnx_print_name (name);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "tensor '%s' is made twice", printed);
  return FALSE;
}

OnnxValue *
onnx_graph_add_output (OnnxGraph *graph, guint i, GError **error)
{
  OnnxValue *value = g_new0 (OnnxValue, 1);

  return add_value (graph, graph->arguments.node->outputs[i], value, error)
      ? value
      : NULL;
}

static void
allow_weights (OnnxGraph *graph, const OnnxConstant *constant)
{
  graph->max_weights += WEIGHTS_PER_VALUE
      * (guint64) onnx_shape_count (&constant->shape);
}

static gboolean
add_constants (OnnxGraph *graph, GError **error)
{
  const Onnx__Graph *source = graph->file->model->graph;

  for (gsize i = 0; i < source->n_constants; i++) {
    const Onnx__Tensor *tensor = source->constants[i];
    const gchar *name = tensor->name ? tensor->name : "";
    OnnxConstant *constant = onnx_constant_new_tensor (tensor, error);
    OnnxValue *value;

    if (!constant) {
      g_autofree gchar *printed = onnx_print_name (name);

      g_prefix_error (error, "constant '%s': ", printed);
      return FALSE;
    }
    value = g_new0 (OnnxValue, 1);
    value->constant = constant;
    allow_weights (graph, constant);
    if (!add_value (graph, name, value, error))
      return FALSE;
  }
  return TRUE;
}

/* The dimensions of an input; 0 for those that are open. */
static gboolean
get_input_dims (const Onnx__ValueInfo *input, gint64 dims[4], GError **error)
{
  const Onnx__Dimensions *sizes = input->type && input->type->tensor
      ? input->type->tensor->dimensions
      : NULL;

  if (!sizes || sizes->n_sizes != 4)
    return onnx_graph_fail (error,
        "is no picture: it needs batch x channels x height x width");
  for (guint i = 0; i < 4; i++) {
    dims[i] = sizes->sizes[i]->has_size ? sizes->sizes[i]->size : 0;
    if (dims[i] < 0 || dims[i] > CNN_MAX_DIMENSION)
      dims[i] = 0;
  }
  if (dims[0] <= 1)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "has a batch of %" G_GINT64_FORMAT ": export the model with a batch of 1",
      dims[0]);
  return FALSE;
}

/* Models of TensorFlow have the channels last. */
static gboolean
is_channels_last (const gint64 dims[4])
{
  const gboolean first = dims[1] >= 1 && dims[1] <= 4;

  return !first && dims[3] >= 1 && dims[3] <= 4;
}

static gboolean
set_size (gint64 *size, gint given, const gchar *what, GError **error)
{
  if (*size == 0)
    *size = given;
  if (*size == 0)
    return onnx_graph_fail (error,
        "leaves its height or width open: give the size to run at "
        "(--input-size HxW)");
  if (given == 0 || *size == given)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "has the fixed %s %" G_GINT64_FORMAT ", which --input-size does not fit",
      what, *size);
  return FALSE;
}

static gboolean
add_input_layer (OnnxGraph *graph, const Onnx__ValueInfo *input,
    OnnxValue *value, GError **error)
{
  static const guint channels_first[4] = { 0, 2, 3, 1 };
  static const guint channels_last[4] = { 0, 1, 2, 3 };
  gint64 dims[4];
  const guint *order;
  OnnxShape shape;
  CnnShape result = { .rank = 3 };
  cJSON *config, *list;

  if (!get_input_dims (input, dims, error))
    return FALSE;
  order = is_channels_last (dims) ? channels_last : channels_first;
  dims[0] = 1;
  if (dims[order[3]] == 0)
    return onnx_graph_fail (error, "leaves the number of its channels open");
  if (!set_size (&dims[order[1]], graph->size ? graph->size->height : 0,
          "height", error)
      || !set_size (&dims[order[2]], graph->size ? graph->size->width : 0,
          "width", error)
      || !onnx_shape_set (&shape, dims, 4, "it", error))
    return FALSE;
  config = cJSON_CreateObject ();
  list = cJSON_AddArrayToObject (config, "batch_input_shape");
  cJSON_AddItemToArray (list, cJSON_CreateNull ());
  for (guint i = 0; i < 3; i++) {
    result.dims[i] = (gint) dims[order[i + 1]];
    cJSON_AddItemToArray (list, cJSON_CreateNumber (result.dims[i]));
  }
  value->layer = layers_model_builder_add (graph->builder, "InputLayer",
      graph->name, config, NULL, 0, &result);
  value->has_layer = TRUE;
  onnx_layout_init (&value->layout, &shape, order);
  return TRUE;
}

/* Early files list constants among the inputs as well. */
static gboolean
add_inputs (OnnxGraph *graph, GError **error)
{
  const Onnx__Graph *source = graph->file->model->graph;
  guint n_inputs = 0;

  for (gsize i = 0; i < source->n_inputs; i++) {
    const gchar *name = source->inputs[i]->name ? source->inputs[i]->name : "";
    g_autofree gchar *printed = onnx_print_name (name);
    OnnxValue *value;

    if (g_hash_table_contains (graph->values, name))
      continue;
    n_inputs++;
    value = g_new0 (OnnxValue, 1);
    g_free (graph->name);
    graph->name = onnx_names_clean (name);
    if (!add_value (graph, name, value, error)
        || !add_input_layer (graph, source->inputs[i], value, error)) {
      g_prefix_error (error, "input '%s': ", printed);
      return FALSE;
    }
  }
  if (n_inputs == 1)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "has %u inputs; a network that takes one picture is needed", n_inputs);
  return FALSE;
}

static gboolean
find_inputs (OnnxGraph *graph, const Onnx__Node *node, GError **error)
{
  graph->arguments.node = node;
  graph->arguments.n_inputs = (guint) node->n_inputs;
  graph->arguments.inputs = g_renew (OnnxConstant *, graph->arguments.inputs,
      node->n_inputs + 1);
  graph->inputs = g_renew (OnnxValue *, graph->inputs, node->n_inputs + 1);
  for (gsize i = 0; i < node->n_inputs; i++) {
    OnnxValue *value = g_hash_table_lookup (graph->values, node->inputs[i]);

    if (!*node->inputs[i])
      value = NULL;
    else if (!value) {
      g_autofree gchar *printed = onnx_print_name (node->inputs[i]);

      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "reads '%s', which no node before it makes: the graph is cyclic, not "
          "in order, or reads an output that is not supported",
          printed);
      return FALSE;
    }
    graph->inputs[i] = value;
    graph->arguments.inputs[i] = value ? value->constant : NULL;
  }
  return TRUE;
}

/* Whether the node can be computed now. */
static gboolean
is_constant (const OnnxGraph *graph)
{
  for (guint i = 0; i < graph->arguments.n_inputs; i++) {
    if (graph->inputs[i] && !graph->inputs[i]->constant)
      return FALSE;
  }
  return TRUE;
}

static gboolean
fold (OnnxGraph *graph, GError **error)
{
  OnnxConstant *constant = onnx_fold (&graph->arguments, error);

  graph->result->constant = constant;
  if (!constant)
    return FALSE;
  graph->arguments.max_values -= onnx_shape_count (&constant->shape);
  allow_weights (graph, constant);
  return TRUE;
}

static gboolean
convert_node (OnnxGraph *graph, const Onnx__Node *node, GError **error)
{
  OnnxValue *result;

  if (!node->operator_name || node->n_outputs == 0 || !*node->outputs[0])
    return onnx_graph_fail (error, "has no operator or no output");
  if (!find_inputs (graph, node, error))
    return FALSE;
  result = graph->result = g_new0 (OnnxValue, 1);
  if (!add_value (graph, node->outputs[0], result, error))
    return FALSE;
  if (!onnx_operator_is_known (node, error))
    return FALSE;
  g_free (graph->name);
  graph->name = onnx_names_choose (graph->names, node);
  if (is_constant (graph))
    return fold (graph, error);
  return onnx_operator_convert (graph, error);
}

/* Notes the tensors that are a layer's output in the usual order. */
static void
note_origins (OnnxGraph *graph, const Onnx__Node *node)
{
  for (gsize i = 0; i < node->n_outputs; i++) {
    const OnnxValue *value = g_hash_table_lookup (graph->values,
        node->outputs[i]);
    guint order[ONNX_MAX_RANK];
    OnnxMove move;

    if (!value || !value->has_layer)
      continue;
    onnx_get_order (value->layout.shape.rank, order);
    onnx_layout_plan_move (&value->layout, order, &move);
    if (move.n <= 1)
      layers_model_builder_set_origin (graph->builder, value->layer,
          node->outputs[i]);
  }
}

static gboolean
convert_nodes (OnnxGraph *graph, GError **error)
{
  const Onnx__Graph *source = graph->file->model->graph;

  for (gsize i = 0; i < source->n_nodes; i++) {
    const Onnx__Node *node = source->nodes[i];

    if (!convert_node (graph, node, error)) {
      g_autofree gchar *name = onnx_print_name (node->name);
      g_autofree gchar *operator= onnx_print_name (node->operator_name);

      g_prefix_error (error, "node %" G_GSIZE_FORMAT " '%s' (%s): ", i,
          name, operator);
      return FALSE;
    }
    /* Many nodes may share a kernel, of which each layer has a copy. */
    if (layers_model_builder_count_values (graph->builder) > graph->max_weights)
      return onnx_graph_fail (error,
          "makes far more weights of the file than it holds");
    note_origins (graph, node);
  }
  return TRUE;
}

/* Outputs are arranged as if a layer read them. */
static gboolean
find_outputs (OnnxGraph *graph, GArray *outputs, GError **error)
{
  const Onnx__Graph *source = graph->file->model->graph;

  for (gsize i = 0; i < source->n_outputs; i++) {
    const gchar *name = source->outputs[i]->name ? source->outputs[i]->name
                                                 : "";
    const OnnxValue *value = g_hash_table_lookup (graph->values, name);
    g_autofree gchar *printed = onnx_print_name (name);
    guint layer;

    g_free (graph->name);
    graph->name = onnx_names_clean (name);
    if (!value || value->constant) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "output '%s' is %s",
          printed, value ? "a constant" : "made by no node");
      return FALSE;
    }
    if (!onnx_graph_arrange (graph, value, value->layout.shape.rank, &layer,
            error)) {
      g_prefix_error (error, "output '%s': ", printed);
      return FALSE;
    }
    g_array_append_val (outputs, layer);
  }
  return outputs->len > 0 || onnx_graph_fail (error, "has no output");
}

static LayersModel *
read_graph (OnnxGraph *graph, GError **error)
{
  const gchar *name = graph->file->model->graph->name;
  g_autoptr (GArray) outputs = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree gchar *clean = onnx_names_clean (name && *name ? name : "model");

  if (!add_constants (graph, error) || !add_inputs (graph, error)
      || !convert_nodes (graph, error) || !find_outputs (graph, outputs, error))
    return NULL;
  return layers_model_builder_finish (graph->builder, clean,
      (const guint *) outputs->data, outputs->len, error);
}

LayersModel *
onnx_graph_read (const OnnxFile *file, const CnnInputSize *size,
    gint64 max_values, GError **error)
{
  OnnxGraph graph = { file, size, BASE_WEIGHTS };
  LayersModel *model;

  graph.names = onnx_names_new (file->model->graph);
  graph.builder = layers_model_builder_new ();
  graph.values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      value_free);
  graph.shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  graph.arguments.opset = file->opset;
  graph.arguments.max_values = max_values;
  model = read_graph (&graph, error);
  g_hash_table_unref (graph.values);
  g_hash_table_unref (graph.shared);
  layers_model_builder_free (graph.builder);
  onnx_names_free (graph.names);
  g_free (graph.arguments.inputs);
  g_free (graph.inputs);
  g_free (graph.name);
  return model;
}
