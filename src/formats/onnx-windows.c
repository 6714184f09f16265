/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-operators.h"

#include <string.h>

#include "base/model-error.h"
#include "formats/onnx-node.h"

typedef enum {
  AUTO_PAD_NOTSET,
  AUTO_PAD_SAME_UPPER,
  AUTO_PAD_SAME_LOWER,
  AUTO_PAD_VALID
} AutoPad;

static const gchar *const auto_pads[] = { "NOTSET", "SAME_UPPER", "SAME_LOWER",
  "VALID", NULL };

/**
 * Window:
 * @pads: cells above, at the left, below and at the right, as the file has them
 * @round_up: whether a window that goes beyond the padding counts
 *
 * The window of a node, height first.
 */
typedef struct {
  gint64 size[2];
  gint64 stride[2];
  gint64 dilation[2];
  gint64 pads[4];
  guint auto_pad;
  gint64 round_up;
} Window;

/**
 * Padding:
 * @output: cells of the output
 * @before: cells that the first window begins before the input
 * @after: cells that the last one ends behind it; negative if it ends earlier
 *
 * How a window lies on its input, for height and width.
 */
typedef struct {
  gint64 output[2];
  gint64 before[2];
  gint64 after[2];
} Padding;

static gboolean
check_range (const gint64 *values, guint n, gint64 min, const gchar *what,
    GError **error)
{
  for (guint i = 0; i < n; i++) {
    if (values[i] >= min && values[i] <= CNN_MAX_DIMENSION)
      continue;
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "%s has %" G_GINT64_FORMAT ", which is out of range", what, values[i]);
    return FALSE;
  }
  return TRUE;
}

/* Reads a window, of which @size is the default. */
static gboolean
read_window (const Onnx__Node *node, gint64 height, gint64 width,
    Window *window, GError **error)
{
  *window = (Window) { { height, width }, { 1, 1 }, { 1, 1 } };
  return onnx_node_get_integers (node, "kernel_shape", window->size, 2, error)
      && onnx_node_get_integers (node, "strides", window->stride, 2, error)
      && onnx_node_get_integers (node, "dilations", window->dilation, 2, error)
      && onnx_node_get_integers (node, "pads", window->pads, 4, error)
      && onnx_node_get_integer (node, "ceil_mode", &window->round_up, error)
      && onnx_node_get_choice (node, "auto_pad", auto_pads, &window->auto_pad,
          error)
      && check_range (window->size, 2, 1, "'kernel_shape'", error)
      && check_range (window->stride, 2, 1, "'strides'", error)
      && check_range (window->dilation, 2, 1, "'dilations'", error)
      && check_range (window->pads, 4, 0, "'pads'", error);
}

static gint64
get_extent (const Window *window, guint axis)
{
  return (window->size[axis] - 1) * window->dilation[axis] + 1;
}

/* The formulas of the operator's description; a window that would begin behind
 * the input does not count. */
static void
place_window (const Window *window, guint axis, gint64 input, Padding *padding)
{
  const gint64 extent = get_extent (window, axis);
  const gint64 stride = window->stride[axis];
  const gint64 before = window->pads[axis];
  const gint64 space = input + before + window->pads[axis + 2] - extent;
  gint64 total;

  if (window->auto_pad == AUTO_PAD_SAME_UPPER
      || window->auto_pad == AUTO_PAD_SAME_LOWER) {
    padding->output[axis] = (input + stride - 1) / stride;
    total = MAX ((padding->output[axis] - 1) * stride + extent - input, 0);
    padding->before[axis] = window->auto_pad == AUTO_PAD_SAME_UPPER
        ? total / 2
        : total - total / 2;
    return;
  }
  padding->before[axis] = before;
  padding->output[axis] = space < 0
      ? 0
      : (space + (window->round_up ? stride - 1 : 0)) / stride + 1;
  if (window->round_up
      && (padding->output[axis] - 1) * stride >= input + before)
    padding->output[axis]--;
}

static gboolean
find_padding (const Window *window, const CnnShape *input, Padding *padding,
    GError **error)
{
  for (guint axis = 0; axis < 2; axis++) {
    place_window (window, axis, input->dims[axis], padding);
    padding->after[axis] = (padding->output[axis] - 1) * window->stride[axis]
        + get_extent (window, axis) - input->dims[axis] - padding->before[axis];
    if (padding->output[axis] < 1)
      return onnx_graph_fail (error, "has a window larger than its input");
  }
  return TRUE;
}

static gboolean
is_valid (const Padding *padding)
{
  return padding->before[0] == 0 && padding->before[1] == 0
      && padding->after[0] <= 0 && padding->after[1] <= 0;
}

/* Whether padding "same" is the same. */
static gboolean
is_same (const Window *window, const CnnShape *input, const Padding *padding)
{
  for (guint axis = 0; axis < 2; axis++) {
    const gint64 stride = window->stride[axis];
    const gint64 total = padding->before[axis] + padding->after[axis];

    if (padding->output[axis] != (input->dims[axis] + stride - 1) / stride
        || padding->before[axis] != MAX (total, 0) / 2)
      return FALSE;
  }
  return TRUE;
}

static cJSON *
create_pair (const gint64 values[2])
{
  const gint pair[2] = { (gint) values[0], (gint) values[1] };

  return cJSON_CreateIntArray (pair, 2);
}

/* The configuration of a layer with a window, whose size is @size_key. */
static cJSON *
create_config (const Window *window, const gchar *size_key, gboolean same)
{
  cJSON *config = cJSON_CreateObject ();

  cJSON_AddItemToObject (config, size_key, create_pair (window->size));
  cJSON_AddItemToObject (config, "strides", create_pair (window->stride));
  cJSON_AddStringToObject (config, "padding", same ? "same" : "valid");
  cJSON_AddStringToObject (config, "data_format", "channels_last");
  return config;
}

static gboolean
pad_explicitly (OnnxGraph *graph, guint *layer, const Padding *padding,
    GError **error)
{
  const gint64 pads[4] = { padding->before[0], padding->before[1],
    MAX (padding->after[0], 0), MAX (padding->after[1], 0) };

  return onnx_add_padding (graph, layer, pads, error);
}

/* Gets the kernel, a constant of four dimensions. */
static OnnxConstant *
get_kernel (const OnnxGraph *graph, GError **error)
{
  OnnxConstant *kernel = onnx_graph_get_constant (graph, 1, error);

  if (!kernel)
    return NULL;
  if (kernel->shape.rank == 4 && onnx_shape_count (&kernel->shape) > 0)
    return kernel;
  onnx_graph_fail (error,
      "has a kernel that is not of two dimensions; only pictures are "
      "supported");
  return NULL;
}

/**
 * KernelOrder:
 * @sizes: sizes of the kernel of the layer
 * @from: the dimension of the file's kernel that each of them is
 */
typedef struct {
  gint sizes[4];
  guint from[4];
} KernelOrder;

static gfloat *
reorder (const OnnxConstant *kernel, const KernelOrder *order)
{
  const gint64 *dims = kernel->shape.dims;
  const gint64 steps[4] = { dims[1] * dims[2] * dims[3], dims[2] * dims[3],
    dims[3], 1 };
  gfloat *values = g_new (gfloat, (gsize) onnx_shape_count (&kernel->shape));
  gfloat *next = values;

  for (gint64 a = 0; a < order->sizes[0]; a++) {
    for (gint64 b = 0; b < order->sizes[1]; b++) {
      for (gint64 c = 0; c < order->sizes[2]; c++) {
        for (gint64 d = 0; d < order->sizes[3]; d++) {
          *next++ = (gfloat) kernel->values[a * steps[order->from[0]]
              + b * steps[order->from[1]] + c * steps[order->from[2]]
              + d * steps[order->from[3]]];
        }
      }
    }
  }
  return values;
}

/* Adds the kernel to the layer that was just added. */
static void
take_kernel (OnnxGraph *graph, const gchar *variable,
    const OnnxConstant *kernel, const guint from[4])
{
  KernelOrder order;
  CnnShape shape = { .rank = 4 };

  for (guint i = 0; i < 4; i++) {
    order.from[i] = from[i];
    order.sizes[i] = shape.dims[i] = (gint) kernel->shape.dims[from[i]];
  }
  layers_model_builder_take_weight (graph->builder, variable, &shape,
      reorder (kernel, &order));
}

/* Checks that a bias is there if @bias is set, and fits. */
static gboolean
get_bias (const OnnxGraph *graph, gint64 channels, OnnxConstant **bias,
    GError **error)
{
  *bias = NULL;
  if (graph->arguments.n_inputs < 3 || !graph->inputs[2])
    return TRUE;
  *bias = onnx_graph_get_constant (graph, 2, error);
  if (!*bias)
    return FALSE;
  return onnx_shape_count (&(*bias)->shape) == channels
      || onnx_graph_fail (error, "has a bias that does not fit its kernel");
}

static void
take_bias (OnnxGraph *graph, const OnnxConstant *bias)
{
  const gsize count = bias ? (gsize) onnx_shape_count (&bias->shape) : 0;
  const CnnShape shape = { 1, { (gint) count } };
  gfloat *values = bias ? g_new (gfloat, count) : NULL;

  if (!bias)
    return;
  for (gsize i = 0; i < count; i++)
    values[i] = (gfloat) bias->values[i];
  layers_model_builder_take_weight (graph->builder, "bias", &shape, values);
}

/* Whether each channel is convolved by itself. */
static gboolean
is_depthwise (const OnnxConstant *kernel, gint64 groups)
{
  return groups > 1 && kernel->shape.dims[1] == 1
      && kernel->shape.dims[0] % groups == 0;
}

static guint
add_convolution (OnnxGraph *graph, guint layer, cJSON *config,
    const OnnxConstant *kernel, gint64 groups, const Padding *padding)
{
  static const guint whole[4] = { 2, 3, 1, 0 };
  static const guint depthwise[4] = { 2, 3, 0, 1 };
  const gint channels = (gint) kernel->shape.dims[0];
  const CnnShape shape = { 3,
    { (gint) padding->output[0], (gint) padding->output[1], channels } };
  const gboolean is_single = is_depthwise (kernel, groups)
      && channels == groups;

  if (is_single) {
    cJSON_AddNumberToObject (config, "depth_multiplier", 1);
    layer = onnx_graph_add (graph, "DepthwiseConv2D", NULL, config, layer,
        &shape);
    take_kernel (graph, "depthwise_kernel", kernel, depthwise);
    return layer;
  }
  cJSON_AddNumberToObject (config, "filters", channels);
  cJSON_AddNumberToObject (config, "groups", (gdouble) groups);
  layer = onnx_graph_add (graph, "Conv2D", NULL, config, layer, &shape);
  take_kernel (graph, "kernel", kernel, whole);
  return layer;
}

static gboolean
check_groups (const OnnxConstant *kernel, gint64 groups, gint channels,
    GError **error)
{
  return (groups > 0 && groups <= channels
             && kernel->shape.dims[1] == channels / groups
             && channels % groups == 0 && kernel->shape.dims[0] % groups == 0)
      || onnx_graph_fail (error,
          "has a kernel or groups that do not fit the channels of its input");
}

gboolean
onnx_convert_convolution (OnnxGraph *graph, GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  OnnxConstant *kernel = get_kernel (graph, error), *bias;
  gint64 groups = 1;
  Window window;
  Padding padding;
  CnnShape input;
  gboolean same;
  cJSON *config;
  guint layer;

  if (!kernel || !onnx_graph_get_map (graph, 0, &layer, &input, error)
      || !onnx_node_get_integer (node, "group", &groups, error)
      || !read_window (node, kernel->shape.dims[2], kernel->shape.dims[3],
          &window, error)
      || !check_groups (kernel, groups, input.dims[2], error)
      || !get_bias (graph, kernel->shape.dims[0], &bias, error)
      || !find_padding (&window, &input, &padding, error))
    return FALSE;
  if (window.size[0] != kernel->shape.dims[2]
      || window.size[1] != kernel->shape.dims[3])
    return onnx_graph_fail (error, "'kernel_shape' does not fit its kernel");
  same = !is_valid (&padding) && is_same (&window, &input, &padding);
  if (!same && !is_valid (&padding)
      && !pad_explicitly (graph, &layer, &padding, error))
    return FALSE;
  config = create_config (&window, "kernel_size", same);
  cJSON_AddItemToObject (config, "dilation_rate",
      create_pair (window.dilation));
  cJSON_AddBoolToObject (config, "use_bias", bias != NULL);
  cJSON_AddStringToObject (config, "activation", "linear");
  layer = add_convolution (graph, layer, config, kernel, groups, &padding);
  take_bias (graph, bias);
  return onnx_graph_set_map (graph, layer, error);
}

/* A kernel of one group in which channels of different groups do not meet. */
static OnnxConstant *
join_groups (const OnnxConstant *kernel, gint64 groups, GError **error)
{
  const gint64 *dims = kernel->shape.dims;
  const gint64 inputs = dims[0] / groups, outputs = dims[1];
  const gint64 cells = dims[2] * dims[3];
  const gint64 whole[4] = { dims[0], outputs * groups, dims[2], dims[3] };
  OnnxConstant *result;
  OnnxShape shape;

  if (!onnx_shape_set (&shape, whole, 4, "its kernel", error))
    return NULL;
  if (onnx_shape_count (&shape) > CNN_MAX_DIMENSION) {
    onnx_graph_fail (error, "has too many channels in too many groups");
    return NULL;
  }
  result = onnx_constant_new (&shape, FALSE);
  for (gint64 i = 0; i < dims[0]; i++) {
    memcpy (result->values + (i * whole[1] + i / inputs * outputs) * cells,
        kernel->values + i * outputs * cells,
        (gsize) (outputs * cells) * sizeof *result->values);
  }
  return result;
}

/**
 * Transposed:
 * @extra: rows and columns of `output_padding`
 * @output: size of the result
 *
 * A transposed convolution: each cell of the input becomes a window of the
 * output, of which rows and columns are cut off at the borders.
 */
typedef struct {
  Window window;
  gint64 extra[2];
  gint64 output[2];
} Transposed;

/* The borders follow from the size of the output if that is given. */
static void
find_borders (Transposed *self, gint64 size, guint axis)
{
  Window *window = &self->window;
  const gint64 total = size - self->output[axis];
  const gboolean upper = window->auto_pad == AUTO_PAD_SAME_UPPER;

  window->pads[axis] = upper ? total / 2 : total - total / 2;
  window->pads[axis + 2] = total - window->pads[axis];
}

static gboolean
read_transposed (const Onnx__Node *node, const OnnxConstant *kernel,
    const CnnShape *input, Transposed *self, GError **error)
{
  Window *window = &self->window;
  const gboolean is_given = onnx_node_has_attribute (node, "output_shape");

  *self = (Transposed) { 0 };
  if (!read_window (node, kernel->shape.dims[2], kernel->shape.dims[3], window,
          error)
      || !onnx_node_get_integers (node, "output_padding", self->extra, 2, error)
      || !onnx_node_get_integers (node, "output_shape", self->output, 2, error)
      || !check_range (self->extra, 2, 0, "'output_padding'", error))
    return FALSE;
  for (guint axis = 0; axis < 2; axis++) {
    const gint64 size = (input->dims[axis] - 1) * window->stride[axis]
        + get_extent (window, axis) + self->extra[axis];
    const gboolean is_same = window->auto_pad == AUTO_PAD_SAME_UPPER
        || window->auto_pad == AUTO_PAD_SAME_LOWER;

    if (is_same && !is_given)
      self->output[axis] = input->dims[axis] * window->stride[axis];
    if (is_same || is_given)
      find_borders (self, size, axis);
    self->output[axis] = size - window->pads[axis] - window->pads[axis + 2];
  }
  return check_range (self->output, 2, 1, "its output", error)
      && check_range (window->pads, 4, 0, "'pads'", error);
}

/* Whether padding "same" cuts off the same cells. */
static gboolean
is_same_transposed (const Transposed *self, const CnnShape *input)
{
  for (guint axis = 0; axis < 2; axis++) {
    const gint64 stride = self->window.stride[axis];
    const gint64 excess = get_extent (&self->window, axis) - stride;

    if (self->output[axis] != input->dims[axis] * stride
        || self->window.pads[axis] != MAX (excess, 0) / 2)
      return FALSE;
  }
  return TRUE;
}

/* Finds what Keras makes with padding "valid", and what to cut off of it.
 * Rows and columns that it lacks are its output padding. */
static void
find_excess (const Transposed *self, const CnnShape *input, cJSON *config,
    CnnShape *whole, gint64 cut[4])
{
  const Window *window = &self->window;
  gboolean lacks = FALSE;

  for (guint axis = 0; axis < 2; axis++) {
    const gint64 stride = window->stride[axis];
    const gint64 extent = get_extent (window, axis);

    whole->dims[axis] = (gint) ((input->dims[axis] - 1) * stride
        + MAX (extent, stride));
    lacks |= whole->dims[axis] - window->pads[axis] < self->output[axis];
  }
  if (lacks)
    cJSON_AddItemToObject (config, "output_padding", create_pair (self->extra));
  for (guint axis = 0; axis < 2; axis++) {
    if (lacks)
      whole->dims[axis] = (gint) ((input->dims[axis] - 1) * window->stride[axis]
          + get_extent (window, axis) + self->extra[axis]);
    cut[axis] = -window->pads[axis];
    cut[axis + 2] = self->output[axis] + window->pads[axis] - whole->dims[axis];
  }
}

gboolean
onnx_convert_transposed_convolution (OnnxGraph *graph, GError **error)
{
  static const guint order[4] = { 2, 3, 1, 0 };
  const Onnx__Node *node = graph->arguments.node;
  OnnxConstant *kernel = get_kernel (graph, error), *bias;
  g_autoptr (OnnxConstant) joined = NULL;
  Transposed self;
  CnnShape input, whole = { .rank = 3 };
  gint64 groups = 1, cut[4] = { 0 };
  gboolean same;
  cJSON *config;
  guint layer;

  if (!kernel || !onnx_graph_get_map (graph, 0, &layer, &input, error)
      || !onnx_node_get_integer (node, "group", &groups, error)
      || !read_transposed (node, kernel, &input, &self, error))
    return FALSE;
  if (groups < 1 || kernel->shape.dims[0] != input.dims[2]
      || input.dims[2] % groups != 0)
    return onnx_graph_fail (error, "has a kernel that does not fit its input");
  joined = groups > 1 ? join_groups (kernel, groups, error)
                      : onnx_constant_ref (kernel);
  if (!joined || !get_bias (graph, joined->shape.dims[1], &bias, error))
    return FALSE;
  same = is_same_transposed (&self, &input);
  config = create_config (&self.window, "kernel_size", same);
  cJSON_AddNumberToObject (config, "filters", (gdouble) joined->shape.dims[1]);
  cJSON_AddItemToObject (config, "dilation_rate",
      create_pair (self.window.dilation));
  cJSON_AddBoolToObject (config, "use_bias", bias != NULL);
  cJSON_AddStringToObject (config, "activation", "linear");
  if (same) {
    whole.dims[0] = (gint) self.output[0];
    whole.dims[1] = (gint) self.output[1];
  } else {
    find_excess (&self, &input, config, &whole, cut);
  }
  whole.dims[2] = (gint) joined->shape.dims[1];
  layer = onnx_graph_add (graph, "Conv2DTranspose", NULL, config, layer,
      &whole);
  take_kernel (graph, "kernel", joined, order);
  take_bias (graph, bias);
  return onnx_add_padding (graph, &layer, cut, error)
      && onnx_graph_set_map (graph, layer, error);
}

static void
add_pooling (OnnxGraph *graph, guint *layer, gboolean average,
    const gchar *suffix, const Window *window, gboolean same,
    const gint64 output[2])
{
  const CnnShape shape = { 3,
    { (gint) output[0], (gint) output[1],
        onnx_graph_get_shape (graph, *layer)->dims[2] } };

  *layer = onnx_graph_add (graph, average ? "AveragePooling2D" : "MaxPooling2D",
      suffix, create_config (window, "pool_size", same), *layer, &shape);
}

/* Whether all values of a layer are known to be at least 0, so that zeros do
 * not change the largest of several. */
static gboolean
is_positive (const OnnxGraph *graph, guint layer)
{
  const LayersModelBuilder *builder = graph->builder;

  return layers_model_builder_is (builder, layer, "ReLU", NULL, NULL)
      || layers_model_builder_is (builder, layer, "Activation", "activation",
          "relu")
      || layers_model_builder_is (builder, layer, "Activation", "activation",
          "sigmoid");
}

/*
 * Pools at each cell, with padding "same", and keeps the results of the windows
 * that count: every stride-th from the first one on. A window lies at the cell
 * that is (size - 1) / 2 behind its begin.
 */
static gboolean
add_dense_pooling (OnnxGraph *graph, guint *layer, gboolean average,
    const Window *window, const Padding *padding, GError **error)
{
  const CnnShape input = *onnx_graph_get_shape (graph, *layer);
  Window pool = *window, keep = *window;
  gint64 size[2], cut[4];

  for (guint axis = 0; axis < 2; axis++) {
    const gint64 first = (window->size[axis] - 1) / 2 - padding->before[axis];
    const gint64 last = first
        + (padding->output[axis] - 1) * window->stride[axis];

    if (first < 0 || last >= input.dims[axis])
      return onnx_graph_fail (error,
          "has a padding that is larger than half of its window");
    pool.stride[axis] = keep.size[axis] = 1;
    size[axis] = input.dims[axis];
    cut[axis] = -first;
    cut[axis + 2] = last + 1 - input.dims[axis];
  }
  add_pooling (graph, layer, average, "_each", &pool, TRUE, size);
  if (!onnx_add_padding (graph, layer, cut, error))
    return FALSE;
  add_pooling (graph, layer, FALSE, NULL, &keep, FALSE, padding->output);
  return TRUE;
}

/* Whether the windows end within the padding that the file asks for. */
static gboolean
ends_within (const Window *window, const Padding *padding)
{
  return window->auto_pad != AUTO_PAD_NOTSET
      || (padding->after[0] <= window->pads[2]
          && padding->after[1] <= window->pads[3]);
}

gboolean
onnx_convert_pooling (OnnxGraph *graph, GError **error)
{
  const Onnx__Node *node = graph->arguments.node;
  const gboolean average = g_str_equal (node->operator_name, "AveragePool");
  gint64 count_padding = 0;
  gboolean same;
  Window window;
  Padding padding;
  CnnShape input;
  guint layer;

  if (!onnx_graph_get_map (graph, 0, &layer, &input, error)
      || !read_window (node, 0, 0, &window, error)
      || !onnx_node_get_integer (node, "count_include_pad", &count_padding,
          error)
      || !find_padding (&window, &input, &padding, error))
    return FALSE;
  if (window.dilation[0] != 1 || window.dilation[1] != 1)
    return onnx_graph_fail (error,
        "'dilations' other than 1 are not supported "
        "in pooling");
  same = !is_valid (&padding) && !count_padding
      && is_same (&window, &input, &padding);
  if (same || is_valid (&padding)) {
    add_pooling (graph, &layer, average, NULL, &window, same, padding.output);
  } else if (average ? count_padding : is_positive (graph, layer)) {
    if (average && !ends_within (&window, &padding))
      return onnx_graph_fail (error,
          "'ceil_mode' is not supported with 'count_include_pad'");
    if (!pad_explicitly (graph, &layer, &padding, error))
      return FALSE;
    add_pooling (graph, &layer, average, NULL, &window, FALSE, padding.output);
  } else if (!add_dense_pooling (graph, &layer, average, &window, &padding,
                 error)) {
    return FALSE;
  }
  return onnx_graph_set_map (graph, layer, error);
}

/* Reads the dimensions to reduce: those behind the channels if there are no
 * axes because the operator has none, else all. */
static gboolean
read_axes (const OnnxGraph *graph, const OnnxShape *shape,
    gboolean reduced[ONNX_MAX_RANK], GError **error)
{
  const gboolean is_global =
      g_str_has_prefix (graph->arguments.node->operator_name, "Global");
  g_autofree gint64 *axes = NULL;
  gsize n_axes;

  if (!onnx_arguments_get_list (&graph->arguments, "axes", 1, &axes, &n_axes,
          error))
    return FALSE;
  for (guint i = 0; i < shape->rank; i++)
    reduced[i] = n_axes == 0 && (i > 1 || !is_global);
  for (gsize i = 0; i < n_axes; i++) {
    const gint axis = onnx_axis_find (axes[i], shape->rank, error);

    if (axis < 0)
      return FALSE;
    reduced[axis] = TRUE;
  }
  return TRUE;
}

/* The dimensions to reduce come first. */
static void
sort_dimensions (const OnnxShape *shape, const gboolean *reduced, guint *order,
    gint64 sizes[3])
{
  guint n = 0;

  sizes[0] = sizes[1] = sizes[2] = 1;
  for (guint i = 0; i < shape->rank; i++) {
    if (!reduced[i])
      continue;
    sizes[sizes[0] > 1 ? 1 : 0] *= shape->dims[i];
    order[n++] = i;
  }
  for (guint i = 0; i < shape->rank; i++) {
    if (reduced[i])
      continue;
    sizes[2] *= shape->dims[i];
    order[n++] = i;
  }
}

gboolean
onnx_convert_global_pooling (OnnxGraph *graph, GError **error)
{
  const gchar *operator= graph->arguments.node->operator_name;
  const OnnxValue *value = onnx_graph_get_input (graph, 0, error);
  gboolean reduced[ONNX_MAX_RANK];
  guint order[ONNX_MAX_RANK], layer;
  gint64 sizes[3], keep = 1;
  OnnxShape shape = { 0 };
  CnnShape map = { .rank = 3 }, result = { .rank = 1 };

  if (!value || !onnx_graph_check_constants (graph, error)
      || !read_axes (graph, &value->layout.shape, reduced, error)
      || !onnx_node_get_integer (graph->arguments.node, "keepdims", &keep,
          error))
    return FALSE;
  sort_dimensions (&value->layout.shape, reduced, order, sizes);
  for (guint i = 0; i < 3; i++)
    map.dims[i] = (gint) sizes[i];
  if (!check_range (sizes, 3, 1, "its input", error)
      || !onnx_graph_arrange_as (graph, value, order, &map, &layer, error))
    return FALSE;
  result.dims[0] = map.dims[2];
  layer = onnx_graph_add (graph,
      strstr (operator, "Max") ? "GlobalMaxPooling2D"
                               : "GlobalAveragePooling2D",
      NULL, cJSON_CreateObject (), layer, &result);
  for (guint i = 0; i < value->layout.shape.rank; i++) {
    if (keep || !reduced[i])
      shape.dims[shape.rank++] = reduced[i] ? 1 : value->layout.shape.dims[i];
  }
  return onnx_graph_set_natural (graph, layer, &shape);
}
