/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-operators.h"

#include <math.h>

#include "base/model-error.h"
#include "formats/onnx-node.h"

guint
onnx_add_activation (OnnxGraph *graph, guint layer, const gchar *name)
{
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddStringToObject (config, "activation", name);
  return onnx_graph_add_simple (graph, "Activation", NULL, config, layer);
}

/* Adds a layer with one number in its configuration. */
static guint
add_with_number (OnnxGraph *graph, guint layer, const gchar *class_name,
    const gchar *key, gdouble value)
{
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddNumberToObject (config, key, value);
  return onnx_graph_add_simple (graph, class_name, NULL, config, layer);
}

guint
onnx_add_rescaling (OnnxGraph *graph, const gchar *suffix, guint layer,
    gdouble factor, gdouble shift)
{
  cJSON *config;

  if (factor == 1.0 && shift == 0.0)
    return layer;
  config = cJSON_CreateObject ();
  cJSON_AddNumberToObject (config, "scale", factor);
  cJSON_AddNumberToObject (config, "offset", shift);
  return onnx_graph_add_simple (graph, "Rescaling", suffix, config, layer);
}

gboolean
onnx_convert_identity (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  gint64 to = 1;

  if (!value
      || !onnx_node_get_integer (graph->arguments.node, "to", &to, error))
    return FALSE;
  if (to != 1 && to != 10 && to != 11 && to != 16)
    return onnx_graph_fail (error,
        "casts values that depend on the picture to integers");
  *graph->result = *value;
  return TRUE;
}

/* The functions that Keras has by a name, without options. */
static const struct {
  const gchar *operator;
  const gchar *activation;
  OnnxFormula formula;
} functions[] = {
  { "Exp", "exponential", ONNX_FORMULA_NONE },
  { "HardSwish", "hard_silu", ONNX_FORMULA_NONE },
  { "Mish", "mish", ONNX_FORMULA_NONE },
  { "Relu", "relu", ONNX_FORMULA_NONE },
  { "Sigmoid", "sigmoid", ONNX_FORMULA_SIGMOID },
  { "Softplus", "softplus", ONNX_FORMULA_SOFTPLUS },
  { "Softsign", "softsign", ONNX_FORMULA_NONE },
  { "Tanh", "tanh", ONNX_FORMULA_NONE },
};

static gboolean
set_function (OnnxGraph *graph, const OnnxValue *value, guint layer,
    OnnxFormula formula)
{
  graph->result->formula = formula;
  graph->result->of = value;
  return onnx_graph_set_like (graph, value, layer);
}

/* Its slope and shift are options, so that it is made of two layers. */
static gboolean
convert_hard_sigmoid (OnnxGraph *graph, const OnnxValue *value, guint layer,
    GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  gdouble alpha = 0.2, beta = 0.5;
  OnnxFormula formula;

  if (!onnx_node_get_number (node, "alpha", &alpha, error)
      || !onnx_node_get_number (node, "beta", &beta, error))
    return FALSE;
  formula = fabs (alpha - 1.0 / 6.0) < 1e-4 && beta == 0.5
      ? ONNX_FORMULA_HARD_SIGMOID
      : ONNX_FORMULA_NONE;
  layer = onnx_add_rescaling (graph, "_scale", layer, alpha, beta);
  layer = add_with_number (graph, layer, "ReLU", "max_value", 1.0);
  return set_function (graph, value, layer, formula);
}

static gboolean
convert_selu (OnnxGraph *graph, const OnnxValue *value, guint layer,
    GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  gdouble alpha = 1.67326324, gamma = 1.05070098;

  if (!onnx_node_get_number (node, "alpha", &alpha, error)
      || !onnx_node_get_number (node, "gamma", &gamma, error))
    return FALSE;
  if (fabs (alpha - 1.67326324) < 1e-5 && fabs (gamma - 1.05070098) < 1e-5)
    return set_function (graph, value,
        onnx_add_activation (graph, layer, "selu"), ONNX_FORMULA_NONE);
  layer = add_with_number (graph, layer, "ELU", "alpha", alpha);
  return set_function (graph, value,
      onnx_add_rescaling (graph, "_scale", layer, gamma, 0.0),
      ONNX_FORMULA_NONE);
}

/* alpha * elu (x / alpha) */
static gboolean
convert_celu (OnnxGraph *graph, const OnnxValue *value, guint layer,
    gdouble alpha, GError **error)
{
  if (alpha == 0.0)
    return onnx_graph_fail (error, "'alpha' is 0");
  layer = onnx_add_rescaling (graph, "_shrink", layer, 1.0 / alpha, 0.0);
  layer = add_with_number (graph, layer, "ELU", "alpha", 1.0);
  return set_function (graph, value,
      onnx_add_rescaling (graph, "_scale", layer, alpha, 0.0),
      ONNX_FORMULA_NONE);
}

static gboolean
convert_gelu (OnnxGraph *graph, const OnnxValue *value, guint layer,
    GError **error)
{
  static const gchar *const choices[] = { "none", "tanh", NULL };
  guint choice = 0;

  if (!onnx_node_get_choice (graph->arguments.node, "approximate", choices,
          &choice, error))
    return FALSE;
  return set_function (graph, value,
      onnx_add_activation (graph, layer, choice == 1 ? "gelu_new" : "gelu"),
      ONNX_FORMULA_NONE);
}

/* No layer: there is only one use of it. */
static gboolean
convert_erf (OnnxGraph *graph, const OnnxValue *value, GError **error)
{
  if (value->formula != ONNX_FORMULA_BY_ROOT_2)
    return onnx_graph_fail (error, "is supported in Gelu only");
  graph->result->layout = value->layout;
  graph->result->formula = ONNX_FORMULA_ERF;
  graph->result->of = value->of;
  return TRUE;
}

static gboolean
convert_with_slope (OnnxGraph *graph, const OnnxValue *value, guint layer,
    GError **error)
{
  const gchar *operator= graph->arguments.node->operator_name;
  gdouble alpha = g_str_equal (operator, "LeakyRelu") ? 0.01 : 1.0;

  if (!onnx_node_get_number (graph->arguments.node, "alpha", &alpha, error))
    return FALSE;
  if (g_str_equal (operator, "Celu"))
    return convert_celu (graph, value, layer, alpha, error);
  if (g_str_equal (operator, "Elu"))
    layer = add_with_number (graph, layer, "ELU", "alpha", alpha);
  else if (g_str_equal (operator, "LeakyRelu"))
    layer = add_with_number (graph, layer, "LeakyReLU", "alpha", alpha);
  else
    layer = add_with_number (graph, layer, "ThresholdedReLU", "theta", alpha);
  return set_function (graph, value, layer, ONNX_FORMULA_NONE);
}

gboolean
onnx_convert_function (OnnxGraph *graph, GError **error)
{
  const gchar *operator= graph->arguments.node->operator_name;
  guint layer;
  const OnnxValue *value = onnx_graph_get_layer (graph, 0, &layer, error);

  if (!value)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++) {
    if (!g_str_equal (functions[i].operator, operator))
      continue;
    layer = onnx_add_activation (graph, layer, functions[i].activation);
    if (g_str_equal (operator, "Tanh")
        && value->formula == ONNX_FORMULA_SOFTPLUS) {
      set_function (graph, value, layer, ONNX_FORMULA_TANH_SOFTPLUS);
      graph->result->of = value->of;
      return TRUE;
    }
    return set_function (graph, value, layer, functions[i].formula);
  }
  if (g_str_equal (operator, "HardSigmoid"))
    return convert_hard_sigmoid (graph, value, layer, error);
  if (g_str_equal (operator, "Selu"))
    return convert_selu (graph, value, layer, error);
  if (g_str_equal (operator, "Gelu"))
    return convert_gelu (graph, value, layer, error);
  if (g_str_equal (operator, "Erf"))
    return convert_erf (graph, value, error);
  return convert_with_slope (graph, value, layer, error);
}

/* Reads a bound: an attribute of early operator sets, an input of later
 * ones. */
static gboolean
get_bound (const OnnxGraph *graph, const gchar *name, guint input,
    gdouble *bound, GError **error)
{
  const OnnxConstant *constant;

  if (graph->arguments.n_inputs <= input || !graph->inputs[input])
    return onnx_node_get_number (graph->arguments.node, name, bound, error);
  constant = onnx_graph_get_constant (graph, input, error);
  if (!constant)
    return FALSE;
  if (!onnx_constant_is_single (constant) || isnan (constant->values[0]))
    return onnx_graph_fail (error, "has a bound that is not one number");
  *bound = constant->values[0];
  return TRUE;
}

/*
 * ReLU is 0 below its threshold, and has a maximum:
 * clip (x, a, b) = relu (x - a, b - a) + a, and for the lack of a lower bound
 * clip (x, -inf, b) = b - relu (b - x).
 */
guint
onnx_add_clip (OnnxGraph *graph, guint layer, gdouble min, gdouble max)
{
  const gboolean is_open = max >= G_MAXFLOAT;

  if (min <= -G_MAXFLOAT && is_open)
    return layer;
  if (min <= -G_MAXFLOAT) {
    layer = onnx_add_rescaling (graph, "_flip", layer, -1.0, max);
    layer = onnx_add_activation (graph, layer, "relu");
    return onnx_add_rescaling (graph, "_flip_back", layer, -1.0, max);
  }
  layer = onnx_add_rescaling (graph, "_shift", layer, 1.0, -min);
  if (is_open)
    layer = onnx_add_activation (graph, layer, "relu");
  else
    layer = add_with_number (graph, layer, "ReLU", "max_value", max - min);
  return onnx_add_rescaling (graph, "_shift_back", layer, 1.0, min);
}

gboolean
onnx_convert_clip (OnnxGraph *graph, GError **error)
{
  gdouble min = -INFINITY, max = INFINITY;
  guint layer;
  const OnnxValue *value = onnx_graph_get_layer (graph, 0, &layer, error);
  OnnxFormula formula = ONNX_FORMULA_NONE;

  if (!value || !get_bound (graph, "min", 1, &min, error)
      || !get_bound (graph, "max", 2, &max, error))
    return FALSE;
  if (!(min < max))
    return onnx_graph_fail (error,
        "has a minimum that is not below its "
        "maximum");
  layer = onnx_add_clip (graph, layer, min, max);
  if (value->formula == ONNX_FORMULA_PLUS_3 && min == 0.0 && max == 6.0)
    formula = ONNX_FORMULA_CLIP_PLUS_3;
  set_function (graph, formula ? value->of : value, layer, formula);
  graph->result->layout = value->layout;
  return TRUE;
}

/* The slope is one value, or one per channel. */
gboolean
onnx_convert_prelu (OnnxGraph *graph, GError **error)
{
  OnnxConstant *slope = onnx_graph_get_constant (graph, 1, error);
  static const gint shared[2] = { 1, 2 };
  CnnShape input, shape = { 3, { 1, 1, 0 } };
  cJSON *config;
  gfloat *values;
  gint64 count;
  guint layer;

  if (!slope || !onnx_graph_get_map (graph, 0, &layer, &input, error))
    return FALSE;
  count = onnx_shape_count (&slope->shape);
  if (count != 1 && (count != input.dims[2] || slope->shape.rank < 3))
    return onnx_graph_fail (error,
        "has slopes that are not one for each channel");
  config = cJSON_CreateObject ();
  cJSON_AddItemToObject (config, "shared_axes",
      cJSON_CreateIntArray (shared, 2));
  layer = onnx_graph_add_simple (graph, "PReLU", NULL, config, layer);
  shape.dims[2] = input.dims[2];
  values = g_new (gfloat, (gsize) input.dims[2]);
  for (gint i = 0; i < input.dims[2]; i++)
    values[i] = (gfloat) slope->values[count == 1 ? 0 : i];
  layers_model_builder_take_weight (graph->builder, "alpha", &shape, values);
  return onnx_graph_set_map (graph, layer, error);
}

/* Early operator sets flatten all dimensions from the axis on. */
static gboolean
read_softmax_axis (const OnnxGraph *graph, const OnnxShape *shape, gint *axis,
    GError **error)
{
  const gboolean flattens = graph->arguments.opset < 13;
  gint64 number = flattens ? 1 : -1, inner = 1;

  if (!onnx_node_get_integer (graph->arguments.node, "axis", &number, error)
      || (*axis = onnx_axis_find (number, shape->rank, error)) < 0)
    return FALSE;
  for (guint i = (guint) *axis + 1; i < shape->rank; i++)
    inner *= shape->dims[i];
  return !flattens || inner == 1
      || onnx_graph_fail (error, "is over several dimensions");
}

gboolean
onnx_convert_softmax (OnnxGraph *graph, GError **error)
{
  const gchar *operator= graph->arguments.node->operator_name;
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  guint order[ONNX_MAX_RANK], layer;
  gint axis;

  /* The function works on the last dimension. */
  if (!value || !read_softmax_axis (graph, &value->layout.shape, &axis, error)
      || !onnx_graph_arrange_last (graph, value, (guint) axis, order, &layer,
          error))
    return FALSE;
  layer = onnx_add_activation (graph, layer,
      g_str_equal (operator, "Softmax") ? "softmax" : "log_softmax");
  return onnx_graph_set_ordered (graph, layer, &value->layout.shape, order);
}

guint
onnx_add_affine (OnnxGraph *graph, guint layer, const gdouble *factor,
    const gdouble *shift, gsize channels)
{
  static const gchar *const names[] = { "gamma", "beta", "moving_mean",
    "moving_variance" };
  const gdouble *const sources[] = { factor, shift, NULL, NULL };
  const CnnShape shape = { 1, { (gint) channels } };
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddNumberToObject (config, "axis", -1);
  cJSON_AddNumberToObject (config, "epsilon", 0);
  cJSON_AddBoolToObject (config, "center", TRUE);
  cJSON_AddBoolToObject (config, "scale", TRUE);
  layer = onnx_graph_add_simple (graph, "BatchNormalization", NULL, config,
      layer);
  for (guint i = 0; i < 4; i++) {
    gfloat *values = g_new (gfloat, channels);

    for (gsize k = 0; k < channels; k++)
      values[k] = sources[i] ? (gfloat) sources[i][k] : i == 3 ? 1.0f : 0.0f;
    layers_model_builder_take_weight (graph->builder, names[i], &shape, values);
  }
  return layer;
}

/* Gets the first @n of gamma, beta, mean and variance. */
static gboolean
get_statistics (const OnnxGraph *graph, guint n, gint channels,
    const OnnxConstant *statistics[4], GError **error)
{
  for (guint i = 0; i < n; i++) {
    statistics[i] = onnx_graph_get_constant (graph, i + 1, error);
    if (!statistics[i])
      return FALSE;
    if (onnx_shape_count (&statistics[i]->shape) != channels)
      return onnx_graph_fail (error,
          "has statistics that are not one for each channel");
  }
  return TRUE;
}

/* The values of a constant for each channel of a layer, in its order; without a
 * constant, all are the same. */
static gfloat *
get_values (const OnnxConstant *constant, const gint64 *map, gsize channels,
    gfloat value)
{
  gfloat *values = g_new (gfloat, channels);

  for (gsize i = 0; i < channels; i++) {
    values[i] = constant ? (gfloat) constant->values[map ? map[i] : (gint64) i]
                         : value;
  }
  return values;
}

/* Adds the layer. Without a mean and a variance, those of the picture are
 * used. */
static guint
add_normalization (OnnxGraph *graph, guint layer, gdouble epsilon,
    const OnnxConstant *const statistics[4], const gint64 *map)
{
  static const gchar *const names[] = { "gamma", "beta", "moving_mean",
    "moving_variance" };
  const CnnShape *shape = onnx_graph_get_shape (graph, layer);
  const CnnShape channels = { 1, { shape->dims[shape->rank - 1] } };
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddNumberToObject (config, "axis", -1);
  cJSON_AddNumberToObject (config, "epsilon", epsilon);
  cJSON_AddBoolToObject (config, "center", TRUE);
  cJSON_AddBoolToObject (config, "scale", TRUE);
  layer = onnx_graph_add_simple (graph, "BatchNormalization", NULL, config,
      layer);
  for (guint i = 0; i < 4; i++) {
    layers_model_builder_take_weight (graph->builder, names[i], &channels,
        get_values (statistics[i], map, (gsize) channels.dims[0],
            i == 3 ? 1.0f : 0.0f));
  }
  if (!statistics[2])
    layers_model_builder_set_training (graph->builder);
  return layer;
}

/* Batch normalisation of a feature map whose statistics, if not @given, are
 * those of the picture. */
static gboolean
normalize_map (OnnxGraph *graph, gboolean given, gdouble epsilon,
    GError **error)
{
  const OnnxConstant *statistics[4] = { NULL };
  CnnShape shape;
  guint layer;

  return onnx_graph_get_map (graph, 0, &layer, &shape, error)
      && get_statistics (graph, given ? 4 : 2, shape.dims[2], statistics, error)
      && onnx_graph_set_map (graph,
          add_normalization (graph, layer, epsilon, statistics, NULL), error);
}

static gboolean
normalize_vector (OnnxGraph *graph, const OnnxValue *value, gdouble epsilon,
    GError **error)
{
  const OnnxConstant *statistics[4];
  g_autofree gint64 *map = NULL;
  guint layer;

  if (!onnx_graph_flatten (graph, value, &layer, error)
      || !get_statistics (graph, 4,
          onnx_graph_get_shape (graph, layer)->dims[0], statistics, error))
    return FALSE;
  map = onnx_layout_map (&value->layout);
  return onnx_graph_set_like (graph, value,
      add_normalization (graph, layer, epsilon, statistics, map));
}

gboolean
onnx_convert_batch_normalization (OnnxGraph *graph, GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  gint64 training = 0;
  gdouble epsilon = 1e-5;

  if (!value || !onnx_node_get_number (node, "epsilon", &epsilon, error)
      || !onnx_node_get_integer (node, "training_mode", &training, error))
    return FALSE;
  if (value->layout.shape.rank != 2)
    return normalize_map (graph, !training, epsilon, error);
  if (training)
    return onnx_graph_fail (error, "normalizes vectors over a batch of them");
  return normalize_vector (graph, value, epsilon, error);
}

gboolean
onnx_convert_instance_normalization (OnnxGraph *graph, GError **error)
{
  gdouble epsilon = 1e-5;

  return onnx_node_get_number (graph->arguments.node, "epsilon", &epsilon,
             error)
      && normalize_map (graph, FALSE, epsilon, error);
}
