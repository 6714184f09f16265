/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-operators.h"

#include <math.h>

#include "base/model-error.h"
#include "formats/onnx-node.h"

static gboolean
is_operator (const OnnxGraph *graph, const gchar *name)
{
  return g_str_equal (graph->arguments.node->operator_name, name);
}

static gboolean
is_close (gdouble value, gdouble wanted)
{
  return fabs (value - wanted) <= 1e-4 * wanted;
}

/* Whether @value is the x of which @formula is something. */
static gboolean
is_of (const OnnxValue *formula, const OnnxValue *value)
{
  return formula->of && formula->of->has_layer && value->has_layer
      && formula->of->layer == value->layer
      && onnx_layout_equal (&formula->layout, &value->layout);
}

static gboolean
set_activation (OnnxGraph *graph, const OnnxValue *x, const gchar *name)
{
  return onnx_graph_set_like (graph, x,
      onnx_add_activation (graph, x->layer, name));
}

/* A part of a formula that no layer corresponds to. */
static gboolean
set_formula (OnnxGraph *graph, const OnnxValue *value, OnnxFormula formula)
{
  graph->result->layout = value->layout;
  graph->result->formula = formula;
  graph->result->of = value->of;
  return TRUE;
}

/* Products that end an activation function, or are a part of one. Returns
 * whether @x times @factor is one. */
static gboolean
recognize_product (OnnxGraph *graph, const OnnxValue *x,
    const OnnxValue *factor)
{
  if (factor->formula == ONNX_FORMULA_1_PLUS_ERF
      && x->formula == ONNX_FORMULA_HALF && x->of && is_of (factor, x->of))
    return set_activation (graph, x->of, "gelu");
  if (!is_of (factor, x))
    return FALSE;
  switch (factor->formula) {
    case ONNX_FORMULA_SIGMOID:
      return set_activation (graph, x, "swish");
    case ONNX_FORMULA_TANH_SOFTPLUS:
      return set_activation (graph, x, "mish");
    case ONNX_FORMULA_HARD_SIGMOID:
      return set_activation (graph, x, "hard_silu");
    case ONNX_FORMULA_HALF_1_PLUS_ERF:
      return set_activation (graph, x, "gelu");
    case ONNX_FORMULA_1_PLUS_ERF:
      return set_formula (graph, factor, ONNX_FORMULA_2_GELU);
    case ONNX_FORMULA_CLIP_PLUS_3:
      graph->result->formula = ONNX_FORMULA_6_HARD_SILU;
      graph->result->of = x;
      return FALSE;
    default:
      return FALSE;
  }
}

/* Sums and products with a number, likewise. */
static gboolean
recognize_scaling (OnnxGraph *graph, const OnnxValue *value, gdouble factor,
    gdouble shift)
{
  OnnxValue *result = graph->result;

  result->of = value;
  if (factor == 1.0 && shift == 3.0)
    result->formula = ONNX_FORMULA_PLUS_3;
  else if (factor == 0.5 && shift == 0.0)
    result->formula = ONNX_FORMULA_HALF;
  else if (is_close (factor, G_SQRT2 / 2.0) && shift == 0.0)
    result->formula = ONNX_FORMULA_BY_ROOT_2;
  if (value->formula == ONNX_FORMULA_ERF && factor == 1.0 && shift == 1.0)
    return set_formula (graph, value, ONNX_FORMULA_1_PLUS_ERF);
  if (value->formula == ONNX_FORMULA_1_PLUS_ERF && factor == 0.5)
    return set_formula (graph, value, ONNX_FORMULA_HALF_1_PLUS_ERF);
  if (value->formula == ONNX_FORMULA_2_GELU && factor == 0.5)
    return set_activation (graph, value->of, "gelu");
  if (shift != 0.0 || !is_close (factor, 1.0 / 6.0))
    return FALSE;
  if (value->formula == ONNX_FORMULA_6_HARD_SILU)
    return set_activation (graph, value->of, "hard_silu");
  if (value->formula == ONNX_FORMULA_CLIP_PLUS_3) {
    result->formula = ONNX_FORMULA_HARD_SIGMOID;
    result->of = value->of;
  }
  return FALSE;
}

/* What an operation with a constant does: x * factor + shift. */
static gboolean
to_affine (const OnnxGraph *graph, gboolean constant_first, gdouble value,
    gdouble *factor, gdouble *shift, GError **error)
{
  *factor = 1.0;
  *shift = 0.0;
  if (is_operator (graph, "Add") || is_operator (graph, "Sum")) {
    *shift = value;
  } else if (is_operator (graph, "Sub")) {
    *factor = constant_first ? -1.0 : 1.0;
    *shift = constant_first ? value : -value;
  } else if (is_operator (graph, "Mul")) {
    *factor = value;
  } else if (is_operator (graph, "Div") && !constant_first && value != 0.0) {
    *factor = 1.0 / value;
  } else {
    return onnx_graph_fail (error, "is not supported with this constant");
  }
  return TRUE;
}

/* The only dimension along which a constant that is broadcast to @shape has
 * more than one value; -1 if there is none. */
static gint
find_dimension (const OnnxShape *constant, const OnnxShape *shape)
{
  gint found = -1;

  for (guint i = 0; i < constant->rank; i++) {
    if (constant->dims[i] == 1)
      continue;
    if (found >= 0)
      return -1;
    found = (gint) (shape->rank - constant->rank + i);
  }
  return found;
}

/* A layer that only lacks a bias gets it. */
static gboolean
add_bias (OnnxGraph *graph, guint *layer, const OnnxConstant *constant,
    gint channels)
{
  const CnnShape shape = { 1, { channels } };
  const gint64 count = onnx_shape_count (&constant->shape);
  cJSON *config = layers_model_builder_get_config (graph->builder, *layer);
  gfloat *values;

  if (!cJSON_IsFalse (cJSON_GetObjectItem (config, "use_bias")))
    return FALSE;
  *layer = layers_model_builder_copy (graph->builder, *layer);
  config = layers_model_builder_get_config (graph->builder, *layer);
  cJSON_ReplaceItemInObject (config, "use_bias", cJSON_CreateTrue ());
  values = g_new (gfloat, (gsize) channels);
  for (gint i = 0; i < channels; i++)
    values[i] = (gfloat) constant->values[count == 1 ? 0 : i];
  layers_model_builder_take_weight (graph->builder, "bias", &shape, values);
  return TRUE;
}

/* x * factor + shift, with values for each index of one dimension. */
static gboolean
convert_channels (OnnxGraph *graph, const OnnxValue *value,
    const OnnxConstant *constant, gboolean constant_first, guint dimension,
    GError **error)
{
  const gint64 count = onnx_shape_count (&constant->shape);
  g_autofree gdouble *factors = g_new (gdouble, (gsize) count);
  g_autofree gdouble *shifts = g_new (gdouble, (gsize) count);
  guint order[ONNX_MAX_RANK], layer;

  for (gint64 i = 0; i < count; i++) {
    if (!to_affine (graph, constant_first, constant->values[i], &factors[i],
            &shifts[i], error))
      return FALSE;
  }
  if (!onnx_graph_arrange_last (graph, value, dimension, order, &layer, error))
    return FALSE;
  if (!is_operator (graph, "Add")
      || !add_bias (graph, &layer, constant, (gint) count))
    layer = onnx_add_affine (graph, layer, factors, shifts, (gsize) count);
  return onnx_graph_set_ordered (graph, layer, &value->layout.shape, order);
}

static gboolean
convert_single (OnnxGraph *graph, const OnnxValue *value, gdouble number,
    gboolean constant_first, GError **error)
{
  const gdouble infinite = INFINITY;
  gdouble factor, shift;
  guint layer;

  if (is_operator (graph, "Max") || is_operator (graph, "Min")) {
    const gboolean is_max = is_operator (graph, "Max");

    if (!value->has_layer)
      return onnx_graph_fail (error, "reads the output of Erf");
    layer = onnx_add_clip (graph, value->layer, is_max ? number : -infinite,
        is_max ? infinite : number);
    return onnx_graph_set_like (graph, value, layer);
  }
  if (!to_affine (graph, constant_first, number, &factor, &shift, error))
    return FALSE;
  if (recognize_scaling (graph, value, factor, shift))
    return TRUE;
  if (!value->has_layer)
    return onnx_graph_fail (error,
        "reads the output of Erf, which is supported in Gelu only");
  layer = onnx_add_rescaling (graph, NULL, value->layer, factor, shift);
  return onnx_graph_set_like (graph, value, layer);
}

static gboolean
convert_with_constant (OnnxGraph *graph, guint input, GError **error)
{
  const OnnxConstant *constant = graph->arguments.inputs[1 - input];
  const OnnxValue *value = onnx_graph_get_input (graph, input, error);
  const gboolean constant_first = input == 1;
  g_autofree gchar *text = NULL;
  OnnxShape shape;
  gint dimension;

  if (!value)
    return FALSE;
  shape = value->layout.shape;
  if (!onnx_shape_broadcast (&shape, &constant->shape, error))
    return FALSE;
  text = onnx_shape_to_string (&constant->shape);
  if (onnx_shape_equal (&shape, &value->layout.shape)) {
    if (onnx_constant_is_single (constant))
      return convert_single (graph, value, constant->values[0], constant_first,
          error);
    dimension = find_dimension (&constant->shape, &shape);
    if (dimension >= 0)
      return convert_channels (graph, value, constant, constant_first,
          (guint) dimension, error);
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "has a constant of %s; only one value, or one for each channel, is "
      "supported",
      text);
  return FALSE;
}

static const struct {
  const gchar *operator;
  const gchar *class_name;
} merges[] = {
  { "Add", "Add" },
  { "Max", "Maximum" },
  { "Mean", "Average" },
  { "Min", "Minimum" },
  { "Mul", "Multiply" },
  { "Sub", "Subtract" },
  { "Sum", "Add" },
};

static const gchar *
find_merge (const OnnxGraph *graph)
{
  for (guint i = 0; i < G_N_ELEMENTS (merges); i++) {
    if (is_operator (graph, merges[i].operator))
      return merges[i].class_name;
  }
  return NULL;
}

/* Whether all inputs lie in the same way, so that none has to be moved. */
static gboolean
are_alike (const OnnxGraph *graph)
{
  const OnnxValue *first = graph->inputs[0];

  for (guint i = 0; i < graph->arguments.n_inputs; i++) {
    const OnnxValue *value = graph->inputs[i];

    if (!first->has_layer || !value->has_layer
        || !onnx_layout_equal (&first->layout, &value->layout)
        || !cnn_shape_equal (onnx_graph_get_shape (graph, first->layer),
            onnx_graph_get_shape (graph, value->layer)))
      return FALSE;
  }
  return TRUE;
}

/* Gets all inputs as layers whose outputs can be combined. */
static gboolean
arrange_all (OnnxGraph *graph, guint *layers, OnnxShape *shape, GError **error)
{
  const guint n = graph->arguments.n_inputs;
  const gboolean alike = are_alike (graph);

  *shape = graph->inputs[0]->layout.shape;
  for (guint i = 0; i < n; i++) {
    if (!onnx_shape_broadcast (shape, &graph->inputs[i]->layout.shape, error))
      return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    layers[i] = graph->inputs[i]->layer;
    if (!alike
        && !onnx_graph_arrange (graph, graph->inputs[i], shape->rank,
            &layers[i], error))
      return FALSE;
  }
  return TRUE;
}

/* The shape of the result of combining two layers of the same rank. */
static void
join_shape (CnnShape *shape, const CnnShape *other)
{
  for (guint i = 0; i < MIN (shape->rank, other->rank); i++)
    shape->dims[i] = MAX (shape->dims[i], other->dims[i]);
}

static gboolean
convert_merge (OnnxGraph *graph, GError **error)
{
  const guint n = graph->arguments.n_inputs;
  const gchar *class_name = find_merge (graph);
  g_autofree guint *layers = g_new (guint, n);
  OnnxShape shape;
  CnnShape result;
  guint layer;

  for (guint i = 0; i < n; i++) {
    if (!onnx_graph_get_input (graph, i, error))
      return FALSE;
  }
  if (!class_name)
    return onnx_graph_fail (error, "divides by a layer's output");
  if (is_operator (graph, "Mul") && n == 2
      && (recognize_product (graph, graph->inputs[0], graph->inputs[1])
          || recognize_product (graph, graph->inputs[1], graph->inputs[0])))
    return TRUE;
  if (!arrange_all (graph, layers, &shape, error))
    return FALSE;
  result = *onnx_graph_get_shape (graph, layers[0]);
  for (guint i = 1; i < n; i++)
    join_shape (&result, onnx_graph_get_shape (graph, layers[i]));
  layer = layers_model_builder_add (graph->builder, class_name, graph->name,
      cJSON_CreateObject (), layers, n, &result);
  return are_alike (graph)
      ? onnx_graph_set_like (graph, graph->inputs[0], layer)
      : onnx_graph_set_arranged (graph, layer, &shape);
}

gboolean
onnx_convert_arithmetic (OnnxGraph *graph, GError **error)
{
  const guint n = graph->arguments.n_inputs;

  if (n == 1)
    return onnx_convert_identity (graph, error);
  for (guint i = 0; n == 2 && i < 2; i++) {
    if (graph->arguments.inputs[1 - i])
      return convert_with_constant (graph, i, error);
  }
  return convert_merge (graph, error);
}

gboolean
onnx_convert_negation (OnnxGraph *graph, GError **error)
{
  guint layer;
  const OnnxValue *value = onnx_graph_get_layer (graph, 0, &layer, error);

  return value
      && onnx_graph_set_like (graph, value,
          onnx_add_rescaling (graph, NULL, layer, -1.0, 0.0));
}

/**
 * Matrix:
 * @inputs: length of the vectors that are multiplied
 * @outputs: length of the results
 * @transposed: whether the constant is @outputs x @inputs
 * @alpha: factor of the product
 * @beta: factor of the bias
 */
typedef struct {
  const OnnxConstant *constant;
  const OnnxConstant *bias;
  gint64 inputs;
  gint64 outputs;
  gint64 transposed;
  gdouble alpha;
  gdouble beta;
} Matrix;

static gboolean
read_bias (const OnnxGraph *graph, Matrix *matrix, GError **error)
{
  gint64 count;

  if (graph->arguments.n_inputs < 3 || !graph->inputs[2])
    return TRUE;
  matrix->bias = onnx_graph_get_constant (graph, 2, error);
  if (!matrix->bias)
    return FALSE;
  count = onnx_shape_count (&matrix->bias->shape);
  return count == 1 || count == matrix->outputs
      || onnx_graph_fail (error, "has a bias that does not fit its matrix");
}

static gboolean
read_matrix (const OnnxGraph *graph, Matrix *matrix, GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  gint64 transposed_input = 0;
  const gint64 *dims;

  *matrix = (Matrix) { .constant = onnx_graph_get_constant (graph, 1, error),
    .alpha = 1.0,
    .beta = 1.0 };
  if (!matrix->constant
      || !onnx_node_get_integer (node, "transA", &transposed_input, error)
      || !onnx_node_get_integer (node, "transB", &matrix->transposed, error)
      || !onnx_node_get_number (node, "alpha", &matrix->alpha, error)
      || !onnx_node_get_number (node, "beta", &matrix->beta, error))
    return FALSE;
  if (matrix->constant->shape.rank != 2 || transposed_input
      || onnx_shape_count (&matrix->constant->shape) == 0)
    return onnx_graph_fail (error,
        "is no product of a layer's output and a constant matrix");
  dims = matrix->constant->shape.dims;
  matrix->inputs = dims[matrix->transposed ? 1 : 0];
  matrix->outputs = dims[matrix->transposed ? 0 : 1];
  return read_bias (graph, matrix, error);
}

/* The kernel of the layer, whose inputs are in the order of @map. */
static gfloat *
create_kernel (const Matrix *matrix, const gint64 *map)
{
  const gsize outputs = (gsize) matrix->outputs;
  gfloat *kernel = g_new (gfloat, (gsize) matrix->inputs * outputs);

  for (gint64 i = 0; i < matrix->inputs; i++) {
    const gint64 from = map ? map[i] : i;

    for (gint64 k = 0; k < matrix->outputs; k++) {
      const gint64 at = matrix->transposed ? k * matrix->inputs + from
                                           : from * matrix->outputs + k;

      kernel[(gsize) i * outputs + (gsize) k] = (gfloat) (matrix->alpha
          * matrix->constant->values[at]);
    }
  }
  return kernel;
}

static gfloat *
create_bias (const Matrix *matrix)
{
  const gint64 count = onnx_shape_count (&matrix->bias->shape);
  gfloat *bias = g_new (gfloat, (gsize) matrix->outputs);

  for (gint64 i = 0; i < matrix->outputs; i++)
    bias[i] = (gfloat) (matrix->beta
        * matrix->bias->values[count == 1 ? 0 : i]);
  return bias;
}

static guint
add_dense (OnnxGraph *graph, const Matrix *matrix, const gint64 *map,
    guint layer)
{
  const gint units = (gint) matrix->outputs;
  const CnnShape kernel = { 2, { (gint) matrix->inputs, units } };
  const CnnShape bias = { 1, { units } };
  CnnShape shape = *onnx_graph_get_shape (graph, layer);
  cJSON *config = cJSON_CreateObject ();

  shape.dims[shape.rank - 1] = units;
  cJSON_AddNumberToObject (config, "units", units);
  cJSON_AddBoolToObject (config, "use_bias", matrix->bias != NULL);
  cJSON_AddStringToObject (config, "activation", "linear");
  layer = onnx_graph_add (graph, "Dense", NULL, config, layer, &shape);
  layers_model_builder_take_weight (graph->builder, "kernel", &kernel,
      create_kernel (matrix, map));
  if (matrix->bias)
    layers_model_builder_take_weight (graph->builder, "bias", &bias,
        create_bias (matrix));
  return layer;
}

/* The rows of a matrix behind a flattened feature map change places with the
 * values. */
gboolean
onnx_convert_dense (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  g_autofree gint64 *map = NULL;
  guint order[ONNX_MAX_RANK], layer, last;
  gboolean is_vector;
  OnnxShape shape;
  Matrix matrix;

  if (!value || !read_matrix (graph, &matrix, error))
    return FALSE;
  shape = value->layout.shape;
  last = shape.rank - 1;
  if (shape.rank == 0 || shape.dims[last] != matrix.inputs
      || matrix.outputs > CNN_MAX_DIMENSION
      || matrix.inputs > CNN_MAX_DIMENSION)
    return onnx_graph_fail (error, "has a matrix that does not fit its input");
  is_vector = onnx_shape_count (&shape) == matrix.inputs;
  if (!(is_vector ? onnx_graph_flatten (graph, value, &layer, error)
                  : onnx_graph_arrange_last (graph, value, last, order, &layer,
                      error)))
    return FALSE;
  map = is_vector ? onnx_layout_map (&value->layout) : NULL;
  layer = add_dense (graph, &matrix, map, layer);
  shape.dims[last] = matrix.outputs;
  return onnx_graph_set_natural (graph, layer, &shape);
}
