/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Each kernel on each instruction set that this processor has, against scalar
 * code, on random shapes, strides and alignments. What lies around the results
 * must not change. */

#include <math.h>
#include <string.h>

#include "cnn/kernels/kernels.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/kernels/reference.h"
#include "cnn/plan/direct-convolution.h"
#include "cnn/plan/kernel-operations.h"
#include "cnn/plan/winograd-convolution.h"

#define CASES 150
#define GUARD 37 /* floats, not a whole number of vectors */
#define CANARY 12345.678f

/**
 * Buffer:
 * @data: at a random offset from any alignment
 *
 * Memory with guards at both sides.
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

/* At least 1, so that it can be a measure of rounding errors. */
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

typedef struct {
  CnnWindow window;
  CnnShape input;
  CnnShape output;
  gboolean bias;
  gboolean fold; /* a factor and a shift for each channel */
  CnnFusion fusion;
} ConvolutionCase;

static void
choose_window (GRand *random, CnnWindow *window, gboolean winograd)
{
  for (guint axis = 0; axis < 2; axis++) {
    window->size[axis] = g_rand_int_range (random, 1, 6);
    window->stride[axis] = g_rand_int_range (random, 1, 4);
    window->dilation[axis] = g_rand_int_range (random, 1, 3);
  }
  window->same = g_rand_boolean (random);
  if (winograd) {
    window->size[0] = window->size[1] = g_rand_boolean (random) ? 3 : 5;
    window->stride[0] = window->stride[1] = window->size[0] == 3
        ? g_rand_int_range (random, 1, 3)
        : 1;
    window->dilation[0] = window->dilation[1] = 1;
  }
}

static void
choose_fusion (GRand *random, ConvolutionCase *chosen)
{
  const CnnActivation activations[] = { CNN_ACTIVATION_LINEAR,
    CNN_ACTIVATION_RELU, CNN_ACTIVATION_RELU6, CNN_ACTIVATION_TANH };

  chosen->bias = g_rand_boolean (random);
  chosen->fold = g_rand_boolean (random);
  chosen->fusion.activation =
      activations[g_rand_int_range (random, 0, G_N_ELEMENTS (activations))];
}

static void
choose_case (GRand *random, ConvolutionCase *chosen, gboolean winograd)
{
  const gint channels = g_rand_int_range (random, 1, 41);

  choose_window (random, &chosen->window, winograd);
  do {
    chosen->input = (CnnShape) { 3,
      { g_rand_int_range (random, 1, 40), g_rand_int_range (random, 1, 80),
          g_rand_boolean (random) ? g_rand_int_range (random, 1, 5)
                                  : g_rand_int_range (random, 5, 41) } };
  } while (!cnn_window_infer_shape (&chosen->window, &chosen->input, channels,
      &chosen->output, NULL));
  choose_fusion (random, chosen);
  chosen->fusion.pool = winograd && g_rand_boolean (random)
      && chosen->fusion.activation != CNN_ACTIVATION_TANH
      && chosen->output.dims[0] >= 2 && chosen->output.dims[1] >= 2;
}

/* What follows the convolution: factor and shift, activation, pooling. Takes
 * the values, and gives the results. */
static gfloat *
follow (const ConvolutionCase *chosen, gfloat *values, CnnShape *shape)
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

/* Runs an operation and compares it. Takes the expected values before what
 * follows. */
static void
check_operation (GRand *random, const ConvolutionCase *chosen,
    CnnOperation *operation, const Buffer *input, gfloat *convolved,
    gdouble tolerance)
{
  /* Errors are made before an activation makes the values small. */
  const gdouble largest = find_largest (convolved,
      cnn_shape_size (&chosen->output));
  CnnShape shape;
  g_autofree gfloat *expected = follow (chosen, convolved, &shape);
  g_auto (Buffer) output = buffer_new (random, cnn_shape_size (&shape));
  g_auto (Buffer) scratch = buffer_new_random (random, operation->scratch_size);
  const CnnTensor in = { &chosen->input, input->data };
  const CnnTensor out = { &shape, output.data };

  /* Twice: the second run finds the scratch of the first. */
  operation->run (operation, &in, &out, scratch.data);
  operation->run (operation, &in, &out, scratch.data);
  assert_close (output.data, expected, output.size, tolerance * largest);
  buffer_check_guards (&output);
  buffer_check_guards (&scratch);
  buffer_check_guards (input);
  operation->free (operation);
}

static void
check_convolution (GRand *random, const CnnKernels *kernels, gboolean winograd)
{
  ConvolutionCase chosen = { 0 };
  g_auto (Buffer) input = { 0 };
  g_auto (Buffer) kernel = { 0 };
  g_auto (Buffer) channels = { 0 };
  g_autofree gfloat *folded = NULL;
  const gfloat *bias;
  CnnOperation *operation;
  CnnTensor in, out;
  gsize outputs, rows;

  choose_case (random, &chosen, winograd);
  outputs = (gsize) chosen.output.dims[2];
  rows = (gsize) chosen.window.size[0] * chosen.window.size[1]
      * chosen.input.dims[2];
  input = buffer_new_random (random, cnn_shape_size (&chosen.input));
  kernel = buffer_new_random (random, rows * outputs);
  channels = buffer_new_random (random, 3 * outputs);
  bias = chosen.bias ? channels.data : NULL;
  chosen.fusion.kernels = kernels;
  chosen.fusion.factor = chosen.fold ? channels.data + outputs : NULL;
  chosen.fusion.shift = channels.data + 2 * outputs;
  folded = g_new (gfloat, (rows + 1) * outputs);
  cnn_fusion_fold (&chosen.fusion, kernel.data, rows, outputs, bias, folded,
      folded + rows * outputs);
  operation = (winograd ? cnn_winograd_convolution_new
                        : cnn_direct_convolution_new) (&chosen.window,
      &chosen.input, &chosen.output, folded, folded + rows * outputs,
      &chosen.fusion);
  g_assert_nonnull (operation);
  in = (CnnTensor) { &chosen.input, input.data };
  out = (CnnTensor) { &chosen.output,
    g_new (gfloat, cnn_shape_size (&chosen.output)) };
  cnn_grouped_convolution2d (&chosen.window, 1, &in, kernel.data, bias, &out);
  check_operation (random, &chosen, operation, &input, out.data,
      winograd ? 2e-5 : 1e-5);
}

static void
check_depthwise (GRand *random, const CnnKernels *kernels)
{
  ConvolutionCase chosen = { 0 };
  g_auto (Buffer) input = { 0 };
  g_auto (Buffer) kernel = { 0 };
  g_auto (Buffer) channels = { 0 };
  const gfloat *bias;
  CnnOperation *operation;
  CnnTensor in, out;
  gsize n;

  choose_case (random, &chosen, FALSE);
  /* At least the shortest vector. */
  chosen.input.dims[2] = chosen.output.dims[2] = g_rand_int_range (random, 4,
      48);
  if (g_rand_boolean (random)) {
    chosen.window = (CnnWindow) { { 3, 3 }, { 1, 1 }, { 1, 1 }, TRUE };
    chosen.output = chosen.input;
  }
  n = (gsize) chosen.output.dims[2];
  input = buffer_new_random (random, cnn_shape_size (&chosen.input));
  kernel = buffer_new_random (random,
      (gsize) chosen.window.size[0] * chosen.window.size[1] * n);
  channels = buffer_new_random (random, 3 * n);
  bias = chosen.bias ? channels.data : NULL;
  chosen.fusion.kernels = kernels;
  chosen.fusion.factor = chosen.fold ? channels.data + n : NULL;
  chosen.fusion.shift = channels.data + 2 * n;
  operation = cnn_depthwise_operation_new (&chosen.window, &chosen.input,
      &chosen.output, kernel.data, bias, &chosen.fusion);
  g_assert_nonnull (operation);
  in = (CnnTensor) { &chosen.input, input.data };
  out = (CnnTensor) { &chosen.output,
    g_new (gfloat, cnn_shape_size (&chosen.output)) };
  cnn_grouped_convolution2d (&chosen.window, n, &in, kernel.data, bias, &out);
  check_operation (random, &chosen, operation, &input, out.data, 1e-5);
}

static void
test_depthwise (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (guint i = 0; i < CASES; i++)
    check_depthwise (random, data);
}

static void
check_pooling (GRand *random, const CnnKernels *kernels)
{
  const gint channels = g_rand_boolean (random)
      ? g_rand_int_range (random, 1, 5)
      : g_rand_int_range (random, 4, 48);
  const gboolean average = g_rand_boolean (random);
  ConvolutionCase chosen = { .fusion.kernels = kernels };
  g_auto (Buffer) input = { 0 };
  CnnOperation *operation;
  CnnTensor in, out;

  do {
    choose_window (random, &chosen.window, FALSE);
    chosen.window.dilation[0] = chosen.window.dilation[1] = 1;
    chosen.input = (CnnShape) { 3,
      { g_rand_int_range (random, 1, 20), g_rand_int_range (random, 1, 20),
          channels } };
  } while (!cnn_window_infer_shape (&chosen.window, &chosen.input, channels,
      &chosen.output, NULL));
  input = buffer_new_random (random, cnn_shape_size (&chosen.input));
  operation = cnn_pooling_operation_new (&chosen.window, &chosen.input,
      &chosen.output, average, &chosen.fusion);
  g_assert_nonnull (operation);
  in = (CnnTensor) { &chosen.input, input.data };
  out = (CnnTensor) { &chosen.output,
    g_new (gfloat, cnn_shape_size (&chosen.output)) };
  if (average)
    cnn_average_pooling2d (&chosen.window, &in, &out);
  else
    cnn_max_pooling2d (&chosen.window, &in, &out);
  check_operation (random, &chosen, operation, &input, out.data, 1e-6);
}

static void
test_pooling (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (guint i = 0; i < CASES; i++)
    check_pooling (random, data);
}

static void
test_direct (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint i = 0; i < CASES; i++)
    check_convolution (random, data, FALSE);
}

static void
test_winograd (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);

  for (guint i = 0; i < CASES; i++)
    check_convolution (random, data, TRUE);
}

static void
check_dense (GRand *random, const CnnKernels *kernels)
{
  const gint inputs = g_rand_int_range (random, 1, 300);
  const gint units = g_rand_int_range (random, 1, 400);
  const CnnFusion fusion = { .kernels = kernels };
  const CnnShape in_shape = { 2, { 2, inputs } };
  const CnnShape out_shape = { 2, { 2, units } };
  g_auto (Buffer) input = buffer_new_random (random, 2 * (gsize) inputs);
  g_auto (Buffer) kernel = buffer_new_random (random, (gsize) inputs * units);
  g_auto (Buffer) bias = buffer_new_random (random, (gsize) units);
  g_auto (Buffer) output = buffer_new (random, 2 * (gsize) units);
  g_auto (Buffer) scratch = buffer_new (random, (gsize) inputs);
  g_autofree gfloat *expected = g_new (gfloat, 2 * (gsize) units);
  const gfloat *chosen_bias = g_rand_boolean (random) ? bias.data : NULL;
  const CnnTensor in = { &in_shape, input.data };
  const CnnTensor out = { &out_shape, output.data };
  CnnOperation *operation = cnn_dense_operation_new (kernel.data, chosen_bias,
      inputs, units, &fusion);

  g_assert_cmpuint (operation->scratch_size, ==, (gsize) inputs);
  /* As after a ReLU. */
  for (gsize i = 0; i < input.size; i++)
    input.data[i] = MAX (input.data[i], 0.0f);
  for (gsize row = 0; row < 2; row++) {
    cnn_dense (input.data + row * inputs, (gsize) inputs, kernel.data,
        chosen_bias, (gsize) units, expected + row * units);
  }
  operation->run (operation, &in, &out, scratch.data);
  assert_close (output.data, expected, output.size,
      1e-5 * find_largest (expected, output.size));
  buffer_check_guards (&output);
  buffer_check_guards (&scratch);
  operation->free (operation);
}

static void
test_dense (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (guint i = 0; i < CASES; i++)
    check_dense (random, data);
}

#define CPU_VARIABLE "ACTIVATIONMAP_CPU"

/* In a process of its own, as the variable is read once. */
static void
test_choice_in_child (gconstpointer data)
{
  /* GLib's tests die of warnings, and one is wanted here. */
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

/* The variable sets the most that may be used. */
static void
test_choice (void)
{
  const CnnKernels *kernels, *fastest = NULL;

  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++) {
    const gchar *name = cnn_kernels_get_name (kernels);

    check_choice (name, name, "");
    fastest = kernels;
  }
  check_choice ("scalar", "scalar", "");
  check_choice ("avx9", cnn_kernels_get_name (fastest),
      "*" CPU_VARIABLE "=avx9 is no instruction set*");
}

/* Each way where it is the faster one, and direct convolution where sums must
 * be those of the reference. */
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

/* Half empty vectors are not used where shorter ones do. */
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

static void
add_test (const CnnKernels *kernels, const gchar *name, GTestDataFunc function)
{
  g_autofree gchar *path = g_strdup_printf ("/cnn/kernels/%s/%s",
      cnn_kernels_get_name (kernels), name);

  g_test_add_data_func (path, kernels, function);
}

int
main (int argc, char **argv)
{
  const CnnKernels *kernels;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++) {
    add_test (kernels, "direct", test_direct);
    add_test (kernels, "winograd", test_winograd);
    add_test (kernels, "depthwise", test_depthwise);
    add_test (kernels, "pooling", test_pooling);
    add_test (kernels, "dense", test_dense);
    add_test (kernels, "choice/subprocess", test_choice_in_child);
  }
  g_test_add_data_func ("/cnn/kernels/scalar/choice/subprocess", NULL,
      test_choice_in_child);
  g_test_add_func ("/cnn/kernels/choice", test_choice);
  g_test_add_func ("/cnn/kernels/fit", test_fit);
  g_test_add_func ("/cnn/kernels/way", test_way);
  return g_test_run ();
}
