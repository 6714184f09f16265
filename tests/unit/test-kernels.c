/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers each kernel on each instruction set of this processor, against scalar
 * code, with random shapes, strides and alignments. Memory around the results
 * must not change. Each run prints its seed:
 *
 *   test-kernels --seed SEED [-p /cnn/kernels/avx2]   repeats that run
 *   test-kernels --bench                              only measures speed
 */

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/aligned.h"
#include "cnn/kernels/kernels.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/kernels/reference.h"
#include "cnn/plan/convolution-operation.h"
#include "cnn/plan/direct-convolution.h"
#include "cnn/plan/kernel-operations.h"
#include "cnn/plan/transposed-convolution.h"
#include "cnn/plan/winograd-convolution.h"

#define CASES 150
#define FEW_CASES 15 /* of kinds that take long */
#define GUARD 37     /* in floats; not a whole number of vectors */
#define CANARY 12345.678f

/**
 * Buffer:
 * @data: the values, with a random alignment
 *
 * Memory with guards on both sides.
 */
typedef struct {
  gfloat *memory;
  gfloat *data;
  gsize size;
} Buffer;

static Buffer
buffer_new (GRand *random, gsize size)
{
  const gsize offset = GUARD + g_rand_int_range (random, 0, 16);
  Buffer buffer = { g_new (gfloat, size + 2 * GUARD + 16), NULL, size };

  for (gsize i = 0; i < size + 2 * GUARD + 16; i++)
    buffer.memory[i] = CANARY;
  buffer.data = buffer.memory + offset;
  return buffer;
}

static Buffer
buffer_new_random (GRand *random, gsize size)
{
  Buffer buffer = buffer_new (random, size);

  for (gsize i = 0; i < size; i++)
    buffer.data[i] = (gfloat) g_rand_double_range (random, -1.0, 1.0);
  return buffer;
}

static void
buffer_check_guards (const Buffer *buffer)
{
  for (gsize i = 0; i < buffer->size + 2 * GUARD + 16; i++) {
    const gfloat *at = buffer->memory + i;

    if (at < buffer->data || at >= buffer->data + buffer->size)
      g_assert_cmpfloat (*at, ==, CANARY);
  }
}

static void
buffer_clear (Buffer *buffer)
{
  g_free (buffer->memory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Buffer, buffer_clear)

/* Returns the largest magnitude, which scales rounding errors, but at least
 * 1. */
static gdouble
find_largest (const gfloat *values, gsize count)
{
  gdouble largest = 1.0;

  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, fabs (values[i]));
  return largest;
}

static void
assert_close (const gfloat *values, const gfloat *expected, gsize count,
    gdouble tolerance)
{
  for (gsize i = 0; i < count; i++) {
    if (!(fabs ((gdouble) values[i] - expected[i]) <= tolerance)) {
      g_error ("value %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
               " is %.9g, expected %.9g",
          i, count, values[i], expected[i]);
    }
  }
}

/**
 * Case:
 * @output: shape of the result, before any fused pooling
 * @groups: number of groups of a convolution; 0 means one
 * @bias: whether the operation has a bias
 * @fold: whether a factor and a shift per channel are fused
 * @average: whether pooling averages rather than takes the maximum
 * @sparse: whether the input has many zeros, as after a ReLU
 * @range: largest magnitude of the input; 0 means 1
 * @product: whether two inputs are multiplied rather than added
 * @second: shape of the second input, if there is one
 * @values: the input
 * @second_values: the second input
 * @channels: bias, factor and shift of each channel
 *
 * An operation with its inputs and weights.
 */
typedef struct {
  CnnWindow window;
  CnnShape input;
  CnnShape output;
  gint groups;
  gboolean bias;
  gboolean fold;
  gboolean average;
  gboolean sparse;
  gfloat range;
  gboolean product;
  CnnShape second;
  CnnFusion fusion;
  Buffer values;
  Buffer second_values;
  Buffer kernel;
  Buffer channels;
} Case;

/**
 * Kind:
 * @tolerance: largest allowed difference, relative to the largest value
 * @cases: number of cases that are tried
 * @choose: chooses a random case without its values
 * @prepare: creates the operation, for the kernels of the case's fusion
 * @compute: computes it with scalar code, without fused operations
 */
typedef struct {
  const gchar *name;
  gdouble tolerance;
  guint cases;
  void (*choose) (GRand *random, Case *chosen);
  CnnOperation *(*prepare) (const Case *chosen);
  void (
      *compute) (const Case *chosen, const CnnTensor *in, const CnnTensor *out);
} Kind;

static const gfloat *
get_bias (const Case *chosen)
{
  return chosen->bias ? chosen->channels.data : NULL;
}

static void
fill_case (GRand *random, Case *chosen)
{
  const gsize outputs = (gsize) chosen->output.dims[2];
  const gsize taps = (gsize) chosen->window.size[0] * chosen->window.size[1];

  chosen->values = buffer_new_random (random, cnn_shape_size (&chosen->input));
  chosen->second_values = buffer_new_random (random,
      cnn_shape_size (&chosen->second));
  chosen->kernel = buffer_new_random (random,
      taps * (gsize) (chosen->input.dims[2] / MAX (chosen->groups, 1))
          * outputs);
  chosen->channels = buffer_new_random (random, 3 * outputs);
  if (chosen->fold) {
    chosen->fusion.factor = chosen->channels.data + outputs;
    chosen->fusion.shift = chosen->channels.data + 2 * outputs;
  }
  for (gsize i = 0; chosen->sparse && i < chosen->values.size; i++)
    chosen->values.data[i] = MAX (chosen->values.data[i], 0.0f);
  for (gsize i = 0; chosen->range > 0.0f && i < chosen->values.size; i++)
    chosen->values.data[i] *= chosen->range;
}

static void
clear_case (Case *chosen)
{
  buffer_clear (&chosen->values);
  buffer_clear (&chosen->second_values);
  buffer_clear (&chosen->kernel);
  buffer_clear (&chosen->channels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, clear_case)

/* -- Convolution -- */

static void
choose_window (GRand *random, CnnWindow *window)
{
  for (guint axis = 0; axis < 2; axis++) {
    window->size[axis] = g_rand_int_range (random, 1, 6);
    window->stride[axis] = g_rand_int_range (random, 1, 4);
    window->dilation[axis] = g_rand_int_range (random, 1, 3);
  }
  window->same = g_rand_boolean (random);
}

static void
choose_fusion (GRand *random, Case *chosen)
{
  const CnnActivation activations[] = { CNN_ACTIVATION_LINEAR,
    CNN_ACTIVATION_RELU, CNN_ACTIVATION_RELU6, CNN_ACTIVATION_TANH };

  chosen->bias = g_rand_boolean (random);
  chosen->fold = g_rand_boolean (random);
  chosen->fusion.activation =
      activations[g_rand_int_range (random, 0, G_N_ELEMENTS (activations))];
}

/* Chooses shapes to which the window can be applied. */
static void
choose_shapes (GRand *random, Case *chosen)
{
  const gint channels = g_rand_int_range (random, 1, 41);

  do {
    chosen->input = (CnnShape) { 3,
      { g_rand_int_range (random, 1, 40), g_rand_int_range (random, 1, 80),
          g_rand_boolean (random) ? g_rand_int_range (random, 1, 5)
                                  : g_rand_int_range (random, 5, 41) } };
  } while (!cnn_window_infer_shape (&chosen->window, &chosen->input, channels,
      &chosen->output, NULL));
}

static void
choose_direct (GRand *random, Case *chosen)
{
  choose_window (random, &chosen->window);
  choose_shapes (random, chosen);
  choose_fusion (random, chosen);
}

/* Whether the rows between the first and the last of a window would be too many
 * to be padded, so that the reference computes the layer. */
static gboolean
is_too_far (const Case *chosen)
{
  return cnn_window_get_extent (&chosen->window, 0) > 4 * chosen->input.dims[0];
}

/* Shapes for which vectors lie along the input channels. */
static void
choose_few (GRand *random, Case *chosen)
{
  choose_direct (random, chosen);
  do {
    choose_window (random, &chosen->window);
    chosen->input.dims[2] = g_rand_int_range (random, 12, 70);
  } while (!cnn_window_infer_shape (&chosen->window, &chosen->input,
               g_rand_int_range (random, 1, 3), &chosen->output, NULL)
      || is_too_far (chosen));
}

/* Shapes whose weights are so many that they are read in blocks. */
static void
choose_wide_direct (GRand *random, Case *chosen)
{
  choose_fusion (random, chosen);
  chosen->window = (CnnWindow) { { 5, 5 }, { 1, 1 }, { 1, 1 }, TRUE };
  chosen->input = (CnnShape) { 3,
    { g_rand_int_range (random, 1, 6), g_rand_int_range (random, 1, 6),
        g_rand_int_range (random, 120, 160) } };
  chosen->output = chosen->input;
  chosen->output.dims[2] = g_rand_int_range (random, 60, 140);
}

static void
choose_grouped (GRand *random, Case *chosen)
{
  choose_direct (random, chosen);
  chosen->groups = g_rand_int_range (random, 2, 6);
  chosen->input.dims[2] = chosen->groups * g_rand_int_range (random, 1, 12);
  chosen->output.dims[2] = chosen->groups * g_rand_int_range (random, 1, 40);
}

static void
choose_winograd (GRand *random, Case *chosen)
{
  CnnWindow *window = &chosen->window;

  choose_window (random, window);
  window->size[0] = window->size[1] = g_rand_boolean (random) ? 3 : 5;
  window->stride[0] = window->stride[1] = window->size[0] == 3
      ? g_rand_int_range (random, 1, 3)
      : 1;
  window->dilation[0] = window->dilation[1] = 1;
  choose_shapes (random, chosen);
  choose_fusion (random, chosen);
  chosen->fusion.pool = g_rand_boolean (random)
      && chosen->fusion.activation != CNN_ACTIVATION_TANH
      && chosen->output.dims[0] >= 2 && chosen->output.dims[1] >= 2;
}

/* Shapes whose output channels are computed in blocks. */
static void
choose_wide_winograd (GRand *random, Case *chosen)
{
  choose_winograd (random, chosen);
  do {
    chosen->input = (CnnShape) { 3,
      { g_rand_int_range (random, 2, 30), g_rand_int_range (random, 2, 30),
          g_rand_int_range (random, 5, 41) } };
  } while (!cnn_window_infer_shape (&chosen->window, &chosen->input,
      g_rand_int_range (random, 60, 200), &chosen->output, NULL));
  chosen->fusion.pool = chosen->fusion.pool && chosen->output.dims[0] >= 2
      && chosen->output.dims[1] >= 2;
}

typedef CnnOperation *(*Constructor) (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

static CnnOperation *
prepare_folded (const Case *chosen, Constructor constructor)
{
  const gsize outputs = (gsize) chosen->output.dims[2];
  const gsize rows = chosen->kernel.size / outputs;
  g_autofree gfloat *folded = g_new (gfloat, (rows + 1) * outputs);

  cnn_fusion_fold (&chosen->fusion, chosen->kernel.data, rows, outputs,
      get_bias (chosen), folded, folded + rows * outputs);
  return constructor (&chosen->window, &chosen->input, &chosen->output, folded,
      folded + rows * outputs, &chosen->fusion);
}

static CnnOperation *
make_direct (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  return cnn_direct_convolution_new (window, input, output, 1, kernel, bias,
      fusion);
}

static CnnOperation *
prepare_direct (const Case *chosen)
{
  return prepare_folded (chosen, make_direct);
}

static CnnOperation *
prepare_grouped (const Case *chosen)
{
  return cnn_convolution_operation_new (&chosen->window, &chosen->input,
      &chosen->output, chosen->groups, chosen->kernel.data, get_bias (chosen),
      &chosen->fusion);
}

static CnnOperation *
prepare_winograd (const Case *chosen)
{
  return prepare_folded (chosen, cnn_winograd_convolution_new);
}

static void
compute_convolution (const Case *chosen, const CnnTensor *in,
    const CnnTensor *out)
{
  cnn_grouped_convolution2d (&chosen->window, (gsize) MAX (chosen->groups, 1),
      in, chosen->kernel.data, get_bias (chosen), out);
}

/* -- Transposed convolution -- */

/* The window leads from the output to the input. */
static void
choose_transposed (GRand *random, Case *chosen)
{
  choose_direct (random, chosen);
  do {
    choose_window (random, &chosen->window);
    chosen->output.dims[0] = g_rand_int_range (random, 1, 30);
    chosen->output.dims[1] = g_rand_int_range (random, 1, 60);
  } while (!cnn_window_infer_shape (&chosen->window, &chosen->output,
      chosen->input.dims[2], &chosen->input, NULL));
}

static CnnOperation *
prepare_transposed (const Case *chosen)
{
  return cnn_transposed_convolution_new (&chosen->window, &chosen->input,
      &chosen->output, chosen->kernel.data, get_bias (chosen), &chosen->fusion);
}

static void
compute_transposed (const Case *chosen, const CnnTensor *in,
    const CnnTensor *out)
{
  cnn_transposed_convolution2d (&chosen->window, in, chosen->kernel.data,
      get_bias (chosen), out);
}

/* -- Depthwise convolution -- */

static void
choose_depthwise (GRand *random, Case *chosen)
{
  choose_direct (random, chosen);
  /* At least as many channels as the shortest vector. */
  chosen->input.dims[2] = chosen->output.dims[2] = g_rand_int_range (random, 4,
      48);
  if (g_rand_boolean (random)) {
    const gint size = g_rand_boolean (random) ? 3 : 5;
    const gint stride = g_rand_int_range (random, 1, 3);

    chosen->window = (CnnWindow) { { size, size }, { stride, stride }, { 1, 1 },
      TRUE };
    cnn_window_infer_shape (&chosen->window, &chosen->input,
        chosen->input.dims[2], &chosen->output, NULL);
  }
}

static CnnOperation *
prepare_depthwise (const Case *chosen)
{
  return cnn_depthwise_operation_new (&chosen->window, &chosen->input,
      &chosen->output, chosen->kernel.data, get_bias (chosen), &chosen->fusion);
}

static void
compute_depthwise (const Case *chosen, const CnnTensor *in,
    const CnnTensor *out)
{
  cnn_grouped_convolution2d (&chosen->window, (gsize) chosen->input.dims[2], in,
      chosen->kernel.data, get_bias (chosen), out);
}

/* -- Scaling and activation -- */

/* The functions that have vector code, and one that has not. */
static void
choose_activation (GRand *random, Case *chosen)
{
  const CnnActivation activations[] = { CNN_ACTIVATION_RELU,
    CNN_ACTIVATION_RELU6, CNN_ACTIVATION_LEAKY_RELU, CNN_ACTIVATION_SIGMOID,
    CNN_ACTIVATION_HARD_SIGMOID, CNN_ACTIVATION_HARD_SIGMOID_KERAS_2,
    CNN_ACTIVATION_HARD_SILU, CNN_ACTIVATION_SWISH, CNN_ACTIVATION_MISH,
    CNN_ACTIVATION_GELU_NEW, CNN_ACTIVATION_TANH };

  chosen->window = (CnnWindow) { { 1, 1 }, { 1, 1 }, { 1, 1 }, FALSE };
  chosen->input = (CnnShape) { 3,
    { g_rand_int_range (random, 1, 40), g_rand_int_range (random, 1, 40),
        g_rand_int_range (random, 1, 40) } };
  chosen->output = chosen->input;
  chosen->range = powf (10.0f, (gfloat) g_rand_int_range (random, -1, 4));
  chosen->fusion.activation =
      activations[g_rand_int_range (random, 0, G_N_ELEMENTS (activations))];
}

static CnnOperation *
prepare_activation (const Case *chosen)
{
  return cnn_activation_operation_new (&chosen->output, &chosen->fusion);
}

static void
compute_copy (const Case *chosen, const CnnTensor *in, const CnnTensor *out)
{
  memcpy (out->data, in->data, cnn_shape_size (in->shape) * sizeof *in->data);
}

/* At least as many channels as the shortest vector. */
static void
choose_scaling (GRand *random, Case *chosen)
{
  choose_activation (random, chosen);
  chosen->input.dims[2] = g_rand_int_range (random, 4, 80);
  chosen->output = chosen->input;
}

static CnnOperation *
prepare_scaling (const Case *chosen)
{
  return cnn_scaling_operation_new (chosen->channels.data,
      chosen->channels.data + chosen->output.dims[2], &chosen->output,
      &chosen->fusion);
}

static void
compute_scaling (const Case *chosen, const CnnTensor *in, const CnnTensor *out)
{
  const gsize channels = (gsize) chosen->output.dims[2];
  const gfloat *factor = chosen->channels.data, *shift = factor + channels;

  for (gsize i = 0; i < cnn_shape_size (out->shape); i++)
    out->data[i] = in->data[i] * factor[i % channels] + shift[i % channels];
}

/* One of both inputs may have one value for each channel. */
static void
choose_merging (GRand *random, Case *chosen)
{
  CnnShape channels;

  choose_scaling (random, chosen);
  channels = (CnnShape) { 3, { 1, 1, chosen->output.dims[2] } };
  chosen->product = g_rand_boolean (random);
  chosen->second = g_rand_boolean (random) ? channels : chosen->output;
  if (g_rand_boolean (random)) {
    chosen->input = chosen->second;
    chosen->second = chosen->output;
  }
}

static CnnOperation *
prepare_merging (const Case *chosen)
{
  const CnnShape inputs[] = { chosen->input, chosen->second };

  return cnn_merging_operation_new (chosen->product, inputs, &chosen->output,
      &chosen->fusion);
}

static void
compute_merging (const Case *chosen, const CnnTensor *in, const CnnTensor *out)
{
  const Buffer *second = &chosen->second_values;
  const gsize inputs = cnn_shape_size (in->shape);

  for (gsize i = 0; i < cnn_shape_size (out->shape); i++) {
    const gfloat a = in->data[i % inputs], b = second->data[i % second->size];

    out->data[i] = chosen->product ? a * b : a + b;
  }
}

/* -- Pooling -- */

static void
choose_pooling (GRand *random, Case *chosen)
{
  const gint channels = g_rand_boolean (random)
      ? g_rand_int_range (random, 1, 5)
      : g_rand_int_range (random, 4, 48);

  chosen->average = g_rand_boolean (random);
  do {
    choose_window (random, &chosen->window);
    chosen->window.dilation[0] = chosen->window.dilation[1] = 1;
    chosen->input = (CnnShape) { 3,
      { g_rand_int_range (random, 1, 20), g_rand_int_range (random, 1, 20),
          channels } };
  } while (!cnn_window_infer_shape (&chosen->window, &chosen->input, channels,
      &chosen->output, NULL));
}

static CnnOperation *
prepare_pooling (const Case *chosen)
{
  return cnn_pooling_operation_new (&chosen->window, &chosen->input,
      &chosen->output, chosen->average, &chosen->fusion);
}

static void
compute_pooling (const Case *chosen, const CnnTensor *in, const CnnTensor *out)
{
  if (chosen->average)
    cnn_average_pooling2d (&chosen->window, in, out);
  else
    cnn_max_pooling2d (&chosen->window, in, out);
}

/* -- Dense layers -- */

/* Each case has two rows. */
static void
choose_dense (GRand *random, Case *chosen)
{
  choose_fusion (random, chosen);
  chosen->fold = FALSE;
  chosen->sparse = TRUE;
  chosen->window = (CnnWindow) { { 1, 1 }, { 1, 1 }, { 1, 1 }, FALSE };
  chosen->input = (CnnShape) { 3, { 1, 2, g_rand_int_range (random, 1, 300) } };
  chosen->output = (CnnShape) { 3,
    { 1, 2, g_rand_int_range (random, 1, 400) } };
}

static CnnOperation *
prepare_dense (const Case *chosen)
{
  return cnn_dense_operation_new (chosen->kernel.data, get_bias (chosen),
      chosen->input.dims[2], chosen->output.dims[2], &chosen->fusion);
}

static void
compute_dense (const Case *chosen, const CnnTensor *in, const CnnTensor *out)
{
  const gsize inputs = (gsize) chosen->input.dims[2];
  const gsize units = (gsize) chosen->output.dims[2];

  for (gsize row = 0; row < (gsize) chosen->input.dims[1]; row++) {
    cnn_dense (in->data + row * inputs, inputs, chosen->kernel.data,
        get_bias (chosen), units, out->data + row * units);
  }
}

static const Kind direct = { "direct", 1e-5, CASES, choose_direct,
  prepare_direct, compute_convolution };
static const Kind wide_direct = { "direct-wide", 1e-5, FEW_CASES,
  choose_wide_direct, prepare_direct, compute_convolution };
static const Kind few = { "direct-few", 1e-5, CASES, choose_few, prepare_direct,
  compute_convolution };
static const Kind grouped = { "grouped", 1e-5, CASES, choose_grouped,
  prepare_grouped, compute_convolution };
static const Kind transposed = { "transposed", 1e-5, CASES, choose_transposed,
  prepare_transposed, compute_transposed };
/* The worst of ten thousand cases differs by 1e-5. */
static const Kind winograd = { "winograd", 4e-5, CASES, choose_winograd,
  prepare_winograd, compute_convolution };
static const Kind wide_winograd = { "winograd-wide", 4e-5, FEW_CASES,
  choose_wide_winograd, prepare_winograd, compute_convolution };
static const Kind depthwise = { "depthwise", 1e-5, CASES, choose_depthwise,
  prepare_depthwise, compute_depthwise };
static const Kind pooling = { "pooling", 1e-6, CASES, choose_pooling,
  prepare_pooling, compute_pooling };
static const Kind dense = { "dense", 1e-5, CASES, choose_dense, prepare_dense,
  compute_dense };
static const Kind activation = { "activation", 1e-6, CASES, choose_activation,
  prepare_activation, compute_copy };
static const Kind scaling = { "scaling", 1e-6, CASES, choose_scaling,
  prepare_scaling, compute_scaling };
static const Kind merging = { "merging", 1e-6, CASES, choose_merging,
  prepare_merging, compute_merging };

/* -- Tests -- */

/* Applies the operations that are fused: factor and shift, activation, pooling.
 * Takes ownership of @values. */
static gfloat *
follow (const Case *chosen, gfloat *values, CnnShape *shape)
{
  static const CnnWindow pool = { { 2, 2 }, { 2, 2 }, { 1, 1 }, FALSE };
  const gsize channels = (gsize) chosen->output.dims[2];
  const gsize size = cnn_shape_size (&chosen->output);
  const CnnTensor in = { &chosen->output, values };
  CnnTensor pooled = { shape, NULL };

  for (gsize i = 0; chosen->fold && i < size; i++) {
    values[i] = values[i] * chosen->fusion.factor[i % channels]
        + chosen->fusion.shift[i % channels];
  }
  cnn_activation_apply (chosen->fusion.activation, values, size / channels,
      channels);
  *shape = chosen->output;
  if (!chosen->fusion.pool)
    return values;
  g_assert_true (cnn_window_infer_shape (&pool, &chosen->output,
      (gint) channels, shape, NULL));
  pooled.data = g_new (gfloat, cnn_shape_size (shape));
  cnn_max_pooling2d (&pool, &in, &pooled);
  g_free (values);
  return pooled.data;
}

/* @computed holds the expected values before the fused operations; takes
 * ownership of it. */
static void
check_operation (GRand *random, const Case *chosen, CnnOperation *operation,
    gfloat *computed, gdouble tolerance)
{
  /* Rounding errors arise before an activation may shrink the values. */
  const gdouble largest = find_largest (computed,
      cnn_shape_size (&chosen->output));
  CnnShape shape;
  g_autofree gfloat *expected = follow (chosen, computed, &shape);
  g_auto (Buffer) output = buffer_new (random, cnn_shape_size (&shape));
  g_auto (Buffer) scratch = buffer_new_random (random, operation->scratch_size);
  const CnnTensor in[] = { { &chosen->input, chosen->values.data },
    { &chosen->second, chosen->second_values.data } };
  const CnnTensor out = { &shape, output.data };

  /* Run twice: the second run must not depend on the scratch of the first. */
  operation->run (operation, in, &out, scratch.data);
  operation->run (operation, in, &out, scratch.data);
  assert_close (output.data, expected, output.size, tolerance * largest);
  buffer_check_guards (&output);
  buffer_check_guards (&scratch);
  buffer_check_guards (&chosen->values);
  buffer_check_guards (&chosen->second_values);
}

static void
check_case (GRand *random, const Kind *kind, const CnnKernels *kernels)
{
  g_auto (Case) chosen = { .fusion.kernels = kernels };
  CnnOperation *operation;
  CnnTensor in, out;

  kind->choose (random, &chosen);
  fill_case (random, &chosen);
  operation = kind->prepare (&chosen);
  g_assert_nonnull (operation);
  in = (CnnTensor) { &chosen.input, chosen.values.data };
  out = (CnnTensor) { &chosen.output,
    g_new (gfloat, cnn_shape_size (&chosen.output)) };
  kind->compute (&chosen, &in, &out);
  check_operation (random, &chosen, operation, out.data, kind->tolerance);
  operation->free (operation);
}

typedef struct {
  const Kind *kind;
  const CnnKernels *kernels;
} KernelTest;

static void
test_kernel (gconstpointer data)
{
  const KernelTest *test = data;
  g_autoptr (GRand)
      random = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint i = 0; i < test->kind->cases; i++)
    check_case (random, test->kind, test->kernels);
}

#define CPU_VARIABLE "ACTIVATIONMAP_CPU"

/* Runs in a process of its own, because the variable is read only once. */
static void
test_choice_in_child (gconstpointer data)
{
  /* Warnings are fatal in GLib's tests, but one is expected here. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_assert_true (cnn_kernels_get () == data);
}

static void
check_choice (const gchar *word, const gchar *kernels, const gchar *stderr)
{
  g_autofree gchar *path = g_strconcat ("/cnn/kernels/", kernels,
      "/choice/subprocess", NULL);

  g_setenv (CPU_VARIABLE, word, TRUE);
  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr (stderr);
  g_unsetenv (CPU_VARIABLE);
}

/* The variable sets the most advanced instruction set that may be used. */
static void
test_choice (void)
{
  const CnnKernels *kernels, *fastest = NULL;

  if (g_getenv ("MESON_EXE_WRAPPER")) {
    g_test_skip ("this program cannot start itself under an emulator");
    return;
  }
  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++) {
    const gchar *name = cnn_kernels_get_name (kernels);

    check_choice (name, name, "");
    fastest = kernels;
  }
  check_choice ("scalar", "scalar", "");
  check_choice ("avx9", cnn_kernels_get_name (fastest),
      "*" CPU_VARIABLE "=avx9 is not an instruction set*");
}

/* The faster algorithm is chosen, and direct convolution where sums must equal
 * those of the reference. */
static void
test_way (void)
{
  const CnnWindow window = { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE };
  const CnnWindow strided = { { 3, 3 }, { 2, 2 }, { 1, 1 }, TRUE };
  const CnnShape gray = { 3, { 60, 60, 1 } }, deep = { 3, { 60, 60, 32 } };
  const CnnShape output = { 3, { 60, 60, 32 } };
  const CnnShape halved = { 3, { 30, 30, 32 } };
  CnnFusion fusion = { .kernels = cnn_kernels_get () };

  g_assert_true (
      cnn_winograd_convolution_pays (&window, &deep, &output, &fusion));
  g_assert_false (
      cnn_winograd_convolution_pays (&window, &gray, &output, &fusion));
  g_assert_true (
      cnn_winograd_convolution_pays (&strided, &deep, &halved, &fusion));
  g_assert_false (
      cnn_winograd_convolution_pays (&strided, &gray, &halved, &fusion));
  fusion.exact = TRUE;
  g_assert_false (
      cnn_winograd_convolution_pays (&window, &deep, &output, &fusion));
}

static void
check_description (const CnnKernels *kernels, const gint input[3],
    gint channels, const gchar *expected)
{
  g_auto (Case) chosen = { .window = { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE },
    .input = { 3, { input[0], input[1], input[2] } },
    .output = { 3, { input[0], input[1], channels } },
    .groups = 1,
    .fusion = { .kernels = kernels } };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  CnnOperation *operation;

  fill_case (random, &chosen);
  operation = prepare_grouped (&chosen);
  g_assert_cmpstr (operation->description, ==, expected);
  operation->free (operation);
}

/* Few outputs of many inputs fill no vectors, if there are any, and for few
 * tiles it does not pay to read the larger weights of Winograd. */
static void
test_few (void)
{
  const CnnKernels *kernels;

  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++) {
    check_description (kernels, (const gint[]) { 64, 64, 64 }, 1,
        kernels->vector > 1 ? "direct, few outputs" : "direct");
    check_description (kernels, (const gint[]) { 64, 64, 64 }, 64, "winograd");
    check_description (kernels, (const gint[]) { 2, 2, 512 }, 512, "direct");
  }
}

/* Half-empty vectors are not used where shorter ones suffice. */
static void
test_fit (void)
{
  const CnnKernels *kernels;

  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++) {
    for (gsize count = 1; count < 70; count++) {
      const CnnKernels *fitting = cnn_kernels_fit (kernels, count);
      const CnnKernels *within = cnn_kernels_within (kernels, count);

      g_assert_cmpuint (fitting->vector, <=, kernels->vector);
      g_assert_cmpuint (cnn_kernels_pad (fitting, count) / fitting->vector, ==,
          cnn_kernels_pad (kernels, count) / kernels->vector);
      g_assert_true (fitting->fused == kernels->fused);
      if (within)
        g_assert_cmpuint (within->vector, <=, MIN (count, kernels->vector));
      else
        g_assert_cmpuint (count, <, cnn_kernels_get_nth (0)->vector);
    }
  }
}

/* Channels of groups are shuffled by swapping the last two dimensions. */
static void
test_transpose (void)
{
  const guint swapped[CNN_MAX_RANK] = { 0, 2, 1 };
  g_autoptr (GRand)
      random = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (gint groups = 1; groups < 10; groups++) {
    const gint length = g_rand_int_range (random, 1, 50);
    const CnnShape from = { 3, { 3, groups, length } };
    const CnnShape to = { 3, { 3, length, groups } };
    const gsize map = (gsize) groups * (gsize) length;
    g_auto (Buffer) input = buffer_new_random (random, 3 * map);
    g_auto (Buffer) output = buffer_new (random, 3 * map);
    const CnnTensor in = { &from, input.data }, out = { &to, output.data };

    cnn_transpose (&in, swapped, &out);
    buffer_check_guards (&output);
    for (gsize i = 0; i < 3 * map; i++) {
      const gsize row = i % map / (gsize) groups, column = i % (gsize) groups;

      g_assert_cmpfloat (output.data[i], ==,
          input.data[i / map * map + column * (gsize) length + row]);
    }
  }
}

/* -- Benchmark -- */

#define BENCH_SECONDS 0.03 /* per measurement */

/**
 * Workload:
 * @channels: channels of the output
 *
 * A typical operation of networks such as those of this project.
 */
typedef struct {
  const gchar *name;
  const Kind *kind;
  CnnWindow window;
  gint input[3];
  gint channels;
  gboolean average;
} Workload;

static const Workload workloads[] = {
  { "direct 1x1", &direct, { { 1, 1 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 24, 24, 64 }, 64, FALSE },
  { "direct 3x3", &direct, { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 24, 24, 32 }, 32, FALSE },
  { "direct 3x3, 1 output", &direct, { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 48, 48, 64 }, 1, FALSE },
  { "winograd 3x3", &winograd, { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 24, 24, 32 }, 32, FALSE },
  { "winograd 3x3, stride 2", &winograd, { { 3, 3 }, { 2, 2 }, { 1, 1 }, TRUE },
      { 24, 24, 32 }, 32, FALSE },
  { "winograd 5x5", &winograd, { { 5, 5 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 24, 24, 32 }, 32, FALSE },
  { "winograd 5x5, 3 channels", &winograd,
      { { 5, 5 }, { 1, 1 }, { 1, 1 }, TRUE }, { 48, 48, 3 }, 16, FALSE },
  { "depthwise 3x3", &depthwise, { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 24, 24, 64 }, 64, FALSE },
  { "depthwise 5x5", &depthwise, { { 5, 5 }, { 1, 1 }, { 1, 1 }, TRUE },
      { 24, 24, 64 }, 64, FALSE },
  { "max pooling 2x2", &pooling, { { 2, 2 }, { 2, 2 }, { 1, 1 }, FALSE },
      { 48, 48, 32 }, 32, FALSE },
  { "max pooling 2x2, 3 channels", &pooling,
      { { 2, 2 }, { 2, 2 }, { 1, 1 }, FALSE }, { 96, 96, 3 }, 3, FALSE },
  { "average pooling 3x3", &pooling, { { 3, 3 }, { 2, 2 }, { 1, 1 }, TRUE },
      { 48, 48, 32 }, 32, TRUE },
  { "dense", &dense, { { 1, 1 }, { 1, 1 }, { 1, 1 }, FALSE }, { 1, 1, 1152 },
      256, FALSE },
};

/* CPU time of this process, so that other processes hardly matter. */
static gdouble
get_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec + (gdouble) now.tv_nsec * 1e-9;
}

/* Returns the seconds of the fastest of many runs, of the scalar code if
 * @operation is NULL. */
static gdouble
time_case (const Kind *kind, const Case *chosen, const CnnOperation *operation)
{
  g_autofree gfloat *results = g_new (gfloat, cnn_shape_size (&chosen->output));
  gfloat *scratch = aligned_try_new (operation ? operation->scratch_size : 0);
  const CnnTensor in[] = { { &chosen->input, chosen->values.data },
    { &chosen->second, chosen->second_values.data } };
  const CnnTensor out = { &chosen->output, results };
  const gdouble begin = get_seconds ();
  gdouble least = G_MAXDOUBLE, now = begin;

  while (now - begin < BENCH_SECONDS) {
    const gdouble start = now;

    if (operation)
      operation->run (operation, in, &out, scratch);
    else
      kind->compute (chosen, in, &out);
    now = get_seconds ();
    least = MIN (least, now - start);
  }
  aligned_free (scratch);
  return least;
}

static void
bench_workload (GRand *random, const Workload *workload)
{
  const gint *input = workload->input;
  g_auto (Case) chosen = { .window = workload->window,
    .input = { 3, { input[0], input[1], input[2] } },
    .bias = TRUE,
    .average = workload->average };
  gdouble scalar;

  g_assert_true (cnn_window_infer_shape (&chosen.window, &chosen.input,
      workload->channels, &chosen.output, NULL));
  fill_case (random, &chosen);
  scalar = time_case (workload->kind, &chosen, NULL);
  g_print ("%-28s %11.1f", workload->name, 1e6 * scalar);
  for (guint i = 0; (chosen.fusion.kernels = cnn_kernels_get_nth (i)); i++) {
    CnnOperation *operation = workload->kind->prepare (&chosen);

    g_print (" %11.1f",
        scalar / time_case (workload->kind, &chosen, operation));
    operation->free (operation);
  }
  g_print ("\n");
}

/* Prints the speed of each kernel relative to scalar code. */
static void
bench (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const CnnKernels *kernels;

  g_print ("%-28s %11s", "kernel", "scalar [us]");
  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++)
    g_print (" %11s", cnn_kernels_get_name (kernels));
  g_print ("\n");
  for (guint i = 0; i < G_N_ELEMENTS (workloads); i++)
    bench_workload (random, &workloads[i]);
}

static void
add_kernel_tests (const CnnKernels *kernels)
{
  const Kind *const kinds[] = { &direct, &wide_direct, &few, &grouped,
    &transposed, &winograd, &wide_winograd, &depthwise, &pooling, &dense,
    &activation, &scaling, &merging };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const KernelTest test = { kinds[i], kernels };
    g_autofree gchar *path = g_strdup_printf ("/cnn/kernels/%s/%s",
        cnn_kernels_get_name (kernels), kinds[i]->name);

    g_test_add_data_func_full (path, g_memdup2 (&test, sizeof test),
        test_kernel, g_free);
  }
}

static void
add_choice_test (const CnnKernels *kernels)
{
  g_autofree gchar *path = g_strdup_printf ("/cnn/kernels/%s/choice/subprocess",
      cnn_kernels_get_name (kernels));

  g_test_add_data_func (path, kernels, test_choice_in_child);
}

int
main (int argc, char **argv)
{
  const CnnKernels *kernels;

  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && g_str_equal (argv[1], "--bench")) {
    bench ();
    return 0;
  }
  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++) {
    add_kernel_tests (kernels);
    add_choice_test (kernels);
  }
  add_choice_test (NULL);
  g_test_add_func ("/cnn/kernels/transpose", test_transpose);
  g_test_add_func ("/cnn/kernels/choice", test_choice);
  g_test_add_func ("/cnn/kernels/fit", test_fit);
  g_test_add_func ("/cnn/kernels/way", test_way);
  g_test_add_func ("/cnn/kernels/few", test_few);
  return g_test_run ();
}
