/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-operators.h"

#include <math.h>
#include <string.h>

#include "base/model-error.h"
#include "formats/onnx-node.h"

gboolean
onnx_convert_shape (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);

  if (!value)
    return FALSE;
  graph->result->constant = onnx_fold_shape (graph->arguments.node,
      &value->layout.shape, error);
  return graph->result->constant != NULL;
}

/* Sees the values in another shape; if that takes them apart, they are put into
 * the order of the file first. */
static gboolean
set_reshaped (OnnxGraph *graph, const OnnxValue *value, const OnnxShape *shape,
    GError **error)
{
  OnnxValue *result = graph->result;
  const OnnxShape *from = &value->layout.shape;
  guint order[ONNX_MAX_RANK], layer;

  *result = *value;
  result->formula = ONNX_FORMULA_NONE;
  if (onnx_layout_reshape (&result->layout, shape))
    return TRUE;
  if (!onnx_graph_arrange_last (graph, value, from->rank - 1, order, &layer,
          error))
    return FALSE;
  return onnx_graph_set_natural (graph, layer, shape);
}

static gboolean
get_new_shape (const OnnxGraph *graph, const OnnxShape *from, OnnxShape *shape,
    GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  const gboolean is_reshape = g_str_equal (node->operator_name, "Reshape");
  g_autofree gint64 *list = NULL;
  gint64 axis = 1;
  gsize n;

  if (g_str_equal (node->operator_name, "Flatten"))
    return onnx_node_get_integer (node, "axis", &axis, error)
        && onnx_shape_flatten (from, axis, shape, error);
  if (!onnx_graph_check_constants (graph, error)
      || !onnx_arguments_get_list (&graph->arguments,
          is_reshape ? "shape" : "axes", 1, &list, &n, error))
    return FALSE;
  if (is_reshape)
    return onnx_shape_reshape (from, list, n, shape, error);
  return g_str_equal (node->operator_name, "Squeeze")
      ? onnx_shape_squeeze (from, list, n, shape, error)
      : onnx_shape_unsqueeze (from, list, n, shape, error);
}

/* Reshape, Flatten, Squeeze and Unsqueeze. */
gboolean
onnx_convert_reshape (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  OnnxShape shape;

  return value && get_new_shape (graph, &value->layout.shape, &shape, error)
      && set_reshaped (graph, value, &shape, error);
}

gboolean
onnx_convert_transpose (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  guint permutation[ONNX_MAX_RANK];
  OnnxShape shape;

  if (!value
      || !onnx_shape_transpose (&value->layout.shape, graph->arguments.node,
          permutation, &shape, error))
    return FALSE;
  *graph->result = *value;
  graph->result->formula = ONNX_FORMULA_NONE;
  onnx_layout_transpose (&graph->result->layout, permutation);
  return TRUE;
}

/* The values of feature maps as blocks, in six dimensions, and as maps of
 * blocks. */
static gboolean
find_blocks (const OnnxShape *shape, gboolean to_depth, gboolean is_crd,
    gint64 b, OnnxShape *blocks, OnnxShape *maps)
{
  const gint64 c = shape->dims[1], h = shape->dims[2], w = shape->dims[3];
  const gint64 square = b * b;

  if (to_depth) {
    *blocks = (OnnxShape) { 6, { 1, c, h / b, b, w / b, b } };
    *maps = (OnnxShape) { 4, { 1, c * square, h / b, w / b } };
    return h % b == 0 && w % b == 0;
  }
  *blocks = is_crd ? (OnnxShape) { 6, { 1, c / square, b, b, h, w } }
                   : (OnnxShape) { 6, { 1, b, b, c / square, h, w } };
  *maps = (OnnxShape) { 4, { 1, c / square, h * b, w * b } };
  return c % square == 0;
}

/* Both are a reshape to six dimensions, a transposition, and a reshape back. */
gboolean
onnx_convert_depth_to_space (OnnxGraph *graph, GError **error)
{
  static const guint orders[3][6] = { { 0, 3, 4, 1, 5, 2 },
    { 0, 1, 4, 2, 5, 3 }, { 0, 3, 5, 1, 2, 4 } };
  static const gchar *const modes[] = { "DCR", "CRD", NULL };
  const Onnx__Node *node = graph->arguments.node;
  const gboolean to_depth = g_str_equal (node->operator_name, "SpaceToDepth");
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  OnnxShape blocks, maps;
  OnnxValue moved;
  gint64 size = 0;
  guint mode = 0;

  if (!value || !onnx_node_get_integer (node, "blocksize", &size, error)
      || !onnx_node_get_choice (node, "mode", modes, &mode, error))
    return FALSE;
  if (value->layout.shape.rank != 4 || value->layout.shape.dims[0] != 1
      || size < 1 || size > 4096
      || !find_blocks (&value->layout.shape, to_depth, mode == 1, size, &blocks,
          &maps))
    return onnx_graph_fail (error, "has a block size that does not fit");
  if (!set_reshaped (graph, value, &blocks, error))
    return FALSE;
  moved = *graph->result;
  onnx_layout_transpose (&moved.layout, orders[to_depth ? 2 : mode]);
  return set_reshaped (graph, &moved, &maps, error);
}

static gboolean
lies_in (const OnnxValue *value, const guint *order)
{
  OnnxMove move;

  onnx_layout_plan_move (&value->layout, order, &move);
  return move.n <= 1;
}

/* The usual order of the dimensions, or that of the file if the values lie in
 * that one only, as those of models that have the channels last. */
static void
choose_order (const OnnxValue *value, guint order[ONNX_MAX_RANK])
{
  guint natural[ONNX_MAX_RANK];

  onnx_get_order (value->layout.shape.rank, order);
  for (guint i = 0; i < value->layout.shape.rank; i++)
    natural[i] = i;
  if (!lies_in (value, order) && lies_in (value, natural))
    memcpy (order, natural, sizeof natural);
}

static guint
find_in_order (const guint *order, guint dimension)
{
  guint i = 0;

  while (order[i] != dimension)
    i++;
  return i;
}

/* Joins layers along an axis, which Keras counts from the batch, or back from
 * the last one. */
static guint
add_concatenation (OnnxGraph *graph, const guint *layers, guint n, gint axis,
    const CnnShape *shape)
{
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddNumberToObject (config, "axis", axis);
  return layers_model_builder_add (graph->builder, "Concatenate", graph->name,
      config, layers, n, shape);
}

gboolean
onnx_convert_concatenation (OnnxGraph *graph, GError **error)
{
  const guint n = graph->arguments.n_inputs;
  const OnnxValue *first = onnx_graph_get_input (graph, 0, error);
  g_autofree guint *layers = g_new (guint, n + 1);
  guint order[ONNX_MAX_RANK], layer;
  gint64 number = 0;
  OnnxShape shape;
  CnnShape result;
  gint axis;

  if (!first
      || !onnx_node_get_integer (graph->arguments.node, "axis", &number, error)
      || (axis = onnx_axis_find (number, first->layout.shape.rank, error)) < 0)
    return FALSE;
  shape = first->layout.shape;
  choose_order (first, order);
  for (guint i = 0; i < n; i++) {
    const OnnxValue *value = onnx_graph_get_input (graph, i, error);

    if (!value
        || (i > 0
            && !onnx_shape_append (&shape, (guint) axis, &value->layout.shape,
                error))
        || !onnx_graph_arrange_in (graph, value, order, &layers[i], error))
      return FALSE;
  }
  if (!onnx_get_ordered_shape (&shape, order, &result, error))
    return FALSE;
  layer = add_concatenation (graph, layers, n,
      (gint) find_in_order (order, (guint) axis) - (gint) shape.rank, &result);
  return onnx_graph_set_ordered (graph, layer, &shape, order);
}

/* Keras counts cells at both sides of height and width. */
static cJSON *
create_sides (const gint64 pads[4])
{
  cJSON *sides = cJSON_CreateArray ();

  for (guint axis = 0; axis < 2; axis++) {
    const gint pair[2] = { (gint) pads[axis], (gint) pads[axis + 2] };

    cJSON_AddItemToArray (sides, cJSON_CreateIntArray (pair, 2));
  }
  return sides;
}

static gboolean
add_border (OnnxGraph *graph, guint *layer, const gchar *class_name,
    const gchar *key, const gchar *suffix, const gint64 cells[4], gint sign,
    GError **error)
{
  CnnShape shape = *onnx_graph_get_shape (graph, *layer);
  cJSON *config;

  if (cells[0] == 0 && cells[1] == 0 && cells[2] == 0 && cells[3] == 0)
    return TRUE;
  for (guint axis = 0; axis < 2; axis++) {
    const gint64 size = shape.dims[axis]
        + sign * (cells[axis] + cells[axis + 2]);

    if (size < 1 || size > CNN_MAX_DIMENSION)
      return onnx_graph_fail (error, "has a border that is out of range");
    shape.dims[axis] = (gint) size;
  }
  config = cJSON_CreateObject ();
  cJSON_AddItemToObject (config, key, create_sides (cells));
  cJSON_AddStringToObject (config, "data_format", "channels_last");
  *layer = onnx_graph_add_shared (graph, class_name, suffix, config, *layer,
      &shape);
  return TRUE;
}

gboolean
onnx_add_padding (OnnxGraph *graph, guint *layer, const gint64 pads[4],
    GError **error)
{
  gint64 more[4], less[4];

  for (guint i = 0; i < 4; i++) {
    if (pads[i] > CNN_MAX_DIMENSION || pads[i] < -CNN_MAX_DIMENSION)
      return onnx_graph_fail (error, "has a border that is out of range");
    more[i] = MAX (pads[i], 0);
    less[i] = MAX (-pads[i], 0);
  }
  return add_border (graph, layer, "Cropping2D", "cropping", "_crop", less, -1,
             error)
      && add_border (graph, layer, "ZeroPadding2D", "padding", "_pad", more, 1,
          error);
}

/*
 * Gets a layer with one dimension as the height or width of a feature map, so
 * that it can be cut and padded like one: as it is, or as what lies before the
 * dimension x the dimension x what lies behind it.
 */
static gboolean
open_dimension (OnnxGraph *graph, const OnnxValue *value, guint dimension,
    guint *order, guint *layer, guint *axis, GError **error)
{
  const OnnxShape *shape = &value->layout.shape;
  gint64 sizes[3] = { 1, shape->dims[dimension], 1 };
  CnnShape map = { .rank = 3 };
  guint position;

  choose_order (value, order);
  position = find_in_order (order, dimension);
  *axis = position == 1 ? 0 : 1;
  if (shape->rank == 4 && (position == 1 || position == 2))
    return onnx_graph_arrange_in (graph, value, order, layer, error);
  *axis = 1;
  for (guint i = 0; i < shape->rank; i++) {
    if (i != position)
      sizes[i < position ? 0 : 2] *= shape->dims[order[i]];
  }
  for (guint i = 0; i < 3; i++) {
    if (sizes[i] > CNN_MAX_DIMENSION)
      return onnx_graph_fail (error, "has an input that is too large");
    map.dims[i] = (gint) sizes[i];
  }
  return onnx_graph_arrange_as (graph, value, order, &map, layer, error);
}

/* Makes @result of one dimension of @value, cut or padded at both ends. */
static gboolean
take_part (OnnxGraph *graph, const OnnxValue *value, guint dimension,
    gint64 before, gint64 after, OnnxValue *result, GError **error)
{
  gint64 pads[4] = { 0 };
  guint order[ONNX_MAX_RANK], layer, axis;
  OnnxShape shape = value->layout.shape;

  if (!open_dimension (graph, value, dimension, order, &layer, &axis, error))
    return FALSE;
  pads[axis] = before;
  pads[axis + 2] = after;
  if (!onnx_add_padding (graph, &layer, pads, error))
    return FALSE;
  shape.dims[dimension] += before + after;
  onnx_layout_init (&result->layout, &shape, order);
  result->layer = layer;
  result->has_layer = TRUE;
  return TRUE;
}

static gboolean
read_parts (const OnnxGraph *graph, gint64 size, gint64 **sizes, GError **error)
{
  const gsize n = graph->arguments.node->n_outputs;
  gsize n_sizes;
  gint64 total = 0;

  if (!onnx_arguments_get_list (&graph->arguments, "split", 1, sizes, &n_sizes,
          error))
    return FALSE;
  if (n_sizes == 0) {
    const gint64 each = (size + (gint64) n - 1) / (gint64) n;

    g_free (*sizes);
    *sizes = g_new (gint64, n);
    for (gsize i = 0; i < n; i++)
      (*sizes)[i] = MIN (each, size - (gint64) i * each);
    n_sizes = n;
  }
  for (gsize i = 0; i < n_sizes; i++) {
    if ((*sizes)[i] < 1 || (*sizes)[i] > size)
      return onnx_graph_fail (error, "has a part that is empty or too large");
    total += (*sizes)[i];
  }
  return (n_sizes == n && total == size)
      || onnx_graph_fail (error, "has parts that do not fit its input");
}

gboolean
onnx_convert_split (OnnxGraph *graph, GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  g_autofree gint64 *sizes = NULL;
  gint64 number = 0, before = 0, size;
  gint axis;

  if (!value || !onnx_graph_check_constants (graph, error)
      || !onnx_node_get_integer (node, "axis", &number, error)
      || (axis = onnx_axis_find (number, value->layout.shape.rank, error)) < 0)
    return FALSE;
  size = value->layout.shape.dims[axis];
  if (!read_parts (graph, size, &sizes, error))
    return FALSE;
  for (guint i = 0; i < node->n_outputs; i++) {
    OnnxValue *result = i == 0 ? graph->result
                               : onnx_graph_add_output (graph, i, error);

    if (!result
        || !take_part (graph, value, (guint) axis, -before,
            before + sizes[i] - size, result, error))
      return FALSE;
    before += sizes[i];
  }
  return TRUE;
}

/* Keeps every step-th cell of a dimension. */
static gboolean
take_steps (OnnxGraph *graph, OnnxValue *value, guint dimension, gint64 step,
    GError **error)
{
  const gint size[2] = { 1, 1 };
  gint strides[2] = { 1, 1 };
  OnnxShape shape = value->layout.shape;
  guint order[ONNX_MAX_RANK], layer, axis;
  CnnShape map;
  cJSON *config;

  if (!open_dimension (graph, value, dimension, order, &layer, &axis, error))
    return FALSE;
  shape.dims[dimension] = (shape.dims[dimension] + step - 1) / step;
  map = *onnx_graph_get_shape (graph, layer);
  map.dims[axis] = (gint) shape.dims[dimension];
  strides[axis] = (gint) step;
  config = cJSON_CreateObject ();
  cJSON_AddItemToObject (config, "pool_size", cJSON_CreateIntArray (size, 2));
  cJSON_AddItemToObject (config, "strides", cJSON_CreateIntArray (strides, 2));
  cJSON_AddStringToObject (config, "padding", "valid");
  cJSON_AddStringToObject (config, "data_format", "channels_last");
  value->layer = onnx_graph_add (graph, "MaxPooling2D", "_steps", config, layer,
      &map);
  onnx_layout_init (&value->layout, &shape, order);
  return TRUE;
}

gboolean
onnx_convert_slice (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  OnnxValue *result = graph->result;
  OnnxSlice slice;

  if (!value || !onnx_graph_check_constants (graph, error)
      || !onnx_arguments_get_slice (&graph->arguments, &value->layout.shape,
          &slice, error))
    return FALSE;
  *result = *value;
  result->formula = ONNX_FORMULA_NONE;
  for (guint i = 0; i < slice.shape.rank; i++) {
    const gint64 size = value->layout.shape.dims[i];
    const gint64 step = slice.steps[i];
    const gint64 end = slice.starts[i] + (slice.shape.dims[i] - 1) * step + 1;
    OnnxValue from = *result;

    if (slice.shape.dims[i] == 0 || step < 0 || step > CNN_MAX_DIMENSION)
      return onnx_graph_fail (error, "takes nothing, or values backwards");
    if (slice.shape.dims[i] == size)
      continue;
    if (!take_part (graph, &from, i, -slice.starts[i], end - size, result,
            error)
        || (step > 1 && !take_steps (graph, result, i, step, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_padding_value (const OnnxGraph *graph, GError **error)
{
  gdouble value = 0.0;

  if (!onnx_node_get_number (graph->arguments.node, "value", &value, error))
    return FALSE;
  if (graph->arguments.n_inputs > 2 && graph->inputs[2]) {
    const OnnxConstant *constant = onnx_graph_get_constant (graph, 2, error);

    if (!constant)
      return FALSE;
    value = onnx_constant_is_single (constant) ? constant->values[0] : NAN;
  }
  return value == 0.0
      || onnx_graph_fail (error, "pads with other values than 0");
}

typedef enum {
  PADDING_CONSTANT,
  PADDING_EDGE,
  PADDING_REFLECT,
  PADDING_WRAP
} PaddingMode;

static const gchar *const padding_modes[] = { "constant", "edge", "reflect",
  "wrap", NULL };

/* The most cells that are copied at an end, each of which takes a layer. */
#define MAX_COPIES 32

/* The cell of a dimension whose values are at @cell, which may be outside. */
static gint64
find_source (guint mode, gint64 cell, gint64 size)
{
  if (mode == PADDING_EDGE)
    return CLAMP (cell, 0, size - 1);
  if (mode == PADDING_WRAP)
    return (cell + size) % size;
  return cell < 0 ? -cell : cell < size ? cell : 2 * (size - 1) - cell;
}

/* An end has copies of the whole dimension at most. */
static gint64
get_most_copies (guint mode, gint64 size)
{
  switch (mode) {
    case PADDING_REFLECT:
      return MIN (size - 1, MAX_COPIES);
    case PADDING_WRAP:
      return MIN (size, MAX_COPIES);
    default:
      return MAX_COPIES;
  }
}

/* Adds a layer with the cells [first, last) of an axis. */
static gboolean
add_cells (OnnxGraph *graph, guint layer, guint axis, gint64 first, gint64 last,
    GArray *parts, GError **error)
{
  gint64 cut[4] = { 0 };

  cut[axis] = -first;
  cut[axis + 2] = last - onnx_graph_get_shape (graph, layer)->dims[axis];
  if (!onnx_add_padding (graph, &layer, cut, error))
    return FALSE;
  g_array_append_val (parts, layer);
  return TRUE;
}

/* Makes @result of one dimension of @value and copies of its cells at both
 * ends: a layer for each, and one that joins them. */
static gboolean
add_copies (OnnxGraph *graph, const OnnxValue *value, guint dimension,
    guint mode, gint64 before, gint64 after, OnnxValue *result, GError **error)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (guint));
  OnnxShape shape = value->layout.shape;
  const gint64 size = shape.dims[dimension];
  const gint64 most = get_most_copies (mode, size);
  guint order[ONNX_MAX_RANK], layer, axis;
  CnnShape map;

  if (before < 0 || after < 0 || before > most || after > most)
    return onnx_graph_fail (error, "copies too many values to its border");
  if (!open_dimension (graph, value, dimension, order, &layer, &axis, error))
    return FALSE;
  for (gint64 cell = -before; cell < size + after; cell++) {
    const gint64 from = find_source (mode, cell, size);
    const gint64 to = cell == 0 ? size : from + 1;

    if (!add_cells (graph, layer, axis, from, to, parts, error))
      return FALSE;
    cell += to - from - 1;
  }
  map = *onnx_graph_get_shape (graph, layer);
  shape.dims[dimension] += before + after;
  map.dims[axis] = (gint) shape.dims[dimension];
  onnx_layout_init (&result->layout, &shape, order);
  result->layer = add_concatenation (graph,
      (const guint *) (gpointer) parts->data, parts->len, (gint) axis + 1,
      &map);
  result->has_layer = TRUE;
  return TRUE;
}

/* Distributes pads to dimensions: first all at the beginning, then all at the
 * end. */
static gboolean
read_pads (const OnnxGraph *graph, guint rank, gint64 pads[2 * ONNX_MAX_RANK],
    GError **error)
{
  g_autofree gint64 *list = NULL, *axes = NULL;
  gsize n, n_axes;

  if (!onnx_arguments_get_list (&graph->arguments, "pads", 1, &list, &n, error)
      || !onnx_arguments_get_list (&graph->arguments, "axes", 3, &axes, &n_axes,
          error))
    return FALSE;
  if (n != 2 * (n_axes > 0 ? n_axes : rank))
    return onnx_graph_fail (error, "'pads' does not fit its input");
  for (gsize i = 0; i < n / 2; i++) {
    const gint axis = n_axes > 0 ? onnx_axis_find (axes[i], rank, error)
                                 : (gint) i;

    if (axis < 0)
      return FALSE;
    for (guint end = 0; end < 2; end++) {
      const gint64 cells = list[i + end * n / 2];

      if (cells > CNN_MAX_DIMENSION || cells < -CNN_MAX_DIMENSION)
        return onnx_graph_fail (error, "'pads' is out of range");
      pads[(guint) axis + end * ONNX_MAX_RANK] = cells;
    }
  }
  return TRUE;
}

gboolean
onnx_convert_padding (OnnxGraph *graph, GError **error)
{
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  OnnxValue *result = graph->result;
  gint64 pads[2 * ONNX_MAX_RANK] = { 0 };
  guint mode = PADDING_CONSTANT;

  if (!value || !onnx_graph_check_constants (graph, error)
      || !onnx_node_get_choice (graph->arguments.node, "mode", padding_modes,
          &mode, error)
      || (mode == PADDING_CONSTANT && !check_padding_value (graph, error))
      || !read_pads (graph, value->layout.shape.rank, pads, error))
    return FALSE;
  *result = *value;
  result->formula = ONNX_FORMULA_NONE;
  for (guint i = 0; i < value->layout.shape.rank; i++) {
    const OnnxValue from = *result;
    const gint64 before = pads[i], after = pads[ONNX_MAX_RANK + i];

    if (before == 0 && after == 0)
      continue;
    if (mode == PADDING_CONSTANT
            ? !take_part (graph, &from, i, before, after, result, error)
            : !add_copies (graph, &from, i, mode, before, after, result, error))
      return FALSE;
  }
  return TRUE;
}

/* How coordinates are mapped; see docs/models.md for the names in the file. */
static const gchar *const coordinate_modes[] = { "half_pixel",
  "pytorch_half_pixel", "asymmetric", "align_corners", NULL };
static const gchar *const resize_modes[] = { "nearest", "linear", "bilinear",
  NULL };
static const gchar *const aspect_policies[] = { "stretch", NULL };
static const gchar *const nearest_modes[] = { "round_prefer_floor", "floor",
  "ceil", "round_prefer_ceil", NULL };

typedef enum {
  COORDINATES_HALF_PIXEL,
  COORDINATES_PYTORCH_HALF_PIXEL,
  COORDINATES_ASYMMETRIC,
  COORDINATES_ALIGN_CORNERS
} CoordinateMode;

/**
 * Scaling:
 * @output: height and width of the result
 */
typedef struct {
  gint output[2];
  gboolean bilinear;
  guint coordinates;
  guint rounding;
} Scaling;

/* Operator sets before 11 knew asymmetric coordinates only. */
static gboolean
read_modes (const OnnxGraph *graph, Scaling *scaling, GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  const gboolean is_early = graph->arguments.opset < 11;
  gint64 antialias = 0;
  guint mode = 0, policy = 0;

  scaling->coordinates = is_early ? COORDINATES_ASYMMETRIC
                                  : COORDINATES_HALF_PIXEL;
  scaling->rounding = is_early ? 1 : 0;
  if (!onnx_node_get_choice (node, "mode", resize_modes, &mode, error)
      || !onnx_node_get_choice (node, "coordinate_transformation_mode",
          coordinate_modes, &scaling->coordinates, error)
      || !onnx_node_get_choice (node, "nearest_mode", nearest_modes,
          &scaling->rounding, error)
      || !onnx_node_get_choice (node, "keep_aspect_ratio_policy",
          aspect_policies, &policy, error)
      || !onnx_node_get_integer (node, "antialias", &antialias, error))
    return FALSE;
  scaling->bilinear = mode > 0;
  return !antialias || onnx_graph_fail (error, "'antialias' is not supported");
}

/* Reads the scales: an attribute of early operator sets, else an input. NULL if
 * there are none. */
static const OnnxConstant *
find_scales (const OnnxGraph *graph, OnnxConstant **from_attribute)
{
  const gboolean is_early = graph->arguments.opset < 11;
  const OnnxConstant *scales = onnx_graph_find_constant (graph,
      is_early ? 1 : 2);
  OnnxShape shape = { .rank = 1 };
  const gfloat *list;
  gsize n;

  if (scales && onnx_shape_count (&scales->shape) > 0)
    return scales;
  list = onnx_node_get_floats (graph->arguments.node, "scales", &n);
  if (n != 4)
    return NULL;
  shape.dims[0] = 4;
  *from_attribute = onnx_constant_new (&shape, FALSE);
  for (gsize i = 0; i < n; i++)
    (*from_attribute)->values[i] = list[i];
  return *from_attribute;
}

/* Sets what a list says of all dimensions, or of those in `axes`. */
static gboolean
read_dimensions (const OnnxGraph *graph, const OnnxConstant *list,
    gdouble values[4], GError **error)
{
  gsize n_axes;
  const gint64 *axes = onnx_node_get_list (graph->arguments.node, "axes",
      &n_axes);
  const gsize n = n_axes > 0 ? n_axes : 4;

  if (!list || onnx_shape_count (&list->shape) != (gint64) n)
    return onnx_graph_fail (error,
        "needs constant sizes or scales for four dimensions, or for its "
        "'axes'");
  for (gsize i = 0; i < n; i++) {
    const gint axis = n_axes > 0 ? onnx_axis_find (axes[i], 4, error)
                                 : (gint) i;

    if (axis < 0)
      return FALSE;
    values[axis] = list->values[i];
  }
  return TRUE;
}

/* Reads the sizes of all dimensions of the result. */
static gboolean
read_output (const OnnxGraph *graph, const CnnShape *input, gdouble sizes[4],
    GError **error)
{
  const gdouble from[4] = { 1.0, input->dims[2], input->dims[0],
    input->dims[1] };
  const OnnxConstant *given = onnx_graph_find_constant (graph, 3);
  g_autoptr (OnnxConstant) from_attribute = NULL;
  gdouble scales[4] = { 1.0, 1.0, 1.0, 1.0 };

  memcpy (sizes, from, sizeof from);
  if (given ? !read_dimensions (graph, given, sizes, error)
            : !read_dimensions (graph, find_scales (graph, &from_attribute),
                scales, error))
    return FALSE;
  for (guint i = 0; i < 4; i++) {
    const gdouble scaled = sizes[i] * scales[i];

    sizes[i] = floor (scaled);
    if (!(sizes[i] >= 1.0 && sizes[i] <= CNN_MAX_DIMENSION))
      return onnx_graph_fail (error, "has a result that is out of range");
    if (fabs (scaled - sizes[i]) > 1e-3)
      return onnx_graph_fail (error,
          "has a scale that does not lead to whole cells");
  }
  return (sizes[0] == 1.0 && sizes[1] == from[1])
      || onnx_graph_fail (error, "resizes the channels");
}

/* Keras takes the nearest pixel by half-pixel coordinates; when the picture
 * grows by a whole factor, all ways but rounding up are the same. */
static gboolean
check_nearest (const Scaling *scaling, const CnnShape *input, GError **error)
{
  for (guint axis = 0; axis < 2; axis++) {
    const gboolean is_whole = scaling->output[axis] % input->dims[axis] == 0;
    const gboolean floors = scaling->coordinates == COORDINATES_ASYMMETRIC
        && scaling->rounding == 1;
    const gboolean rounds = scaling->coordinates <= 1
        && (scaling->rounding == 0 || scaling->rounding == 3);

    if (!(floors || (rounds && is_whole)))
      return onnx_graph_fail (error,
          "takes the nearest value in a way that is not supported; bilinear "
          "is, and so are whole factors");
  }
  return TRUE;
}

static guint
add_resizing (OnnxGraph *graph, guint layer, const Scaling *scaling)
{
  static const gchar *const names[] = { "half-pixel", "half-pixel", "legacy",
    "align-corners" };
  const CnnShape *input = onnx_graph_get_shape (graph, layer);
  const CnnShape shape = { 3,
    { scaling->output[0], scaling->output[1], input->dims[2] } };
  const gint size[2] = { shape.dims[0] / input->dims[0],
    shape.dims[1] / input->dims[1] };
  const gboolean is_whole = shape.dims[0] % input->dims[0] == 0
      && shape.dims[1] % input->dims[1] == 0;
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddStringToObject (config, "interpolation",
      scaling->bilinear ? "bilinear" : "nearest");
  cJSON_AddStringToObject (config, "data_format", "channels_last");
  if (is_whole && (!scaling->bilinear || scaling->coordinates <= 1)) {
    cJSON_AddItemToObject (config, "size", cJSON_CreateIntArray (size, 2));
    return onnx_graph_add (graph, "UpSampling2D", NULL, config, layer, &shape);
  }
  cJSON_AddNumberToObject (config, "height", shape.dims[0]);
  cJSON_AddNumberToObject (config, "width", shape.dims[1]);
  cJSON_AddStringToObject (config, "resize", names[scaling->coordinates]);
  return onnx_graph_add (graph, "Resizing", NULL, config, layer, &shape);
}

gboolean
onnx_convert_resize (OnnxGraph *graph, GError **error)
{
  Scaling scaling = { 0 };
  gdouble sizes[4];
  CnnShape input;
  guint layer;

  if (!onnx_graph_get_map (graph, 0, &layer, &input, error)
      || !onnx_graph_check_constants (graph, error)
      || !read_modes (graph, &scaling, error)
      || !read_output (graph, &input, sizes, error))
    return FALSE;
  scaling.output[0] = (gint) sizes[2];
  scaling.output[1] = (gint) sizes[3];
  if (!scaling.bilinear && !check_nearest (&scaling, &input, error))
    return FALSE;
  return onnx_graph_set_map (graph, add_resizing (graph, layer, &scaling),
      error);
}
