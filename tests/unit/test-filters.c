/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The kernels of a first convolution, as they are shown, are what the engine
 * multiplies its input by. */

#include <math.h>
#include <string.h>

#include "base/stored-number.h"
#include "cnn/model/filters.h"
#include "cnn/plan/plan.h"
#include "linear-model.h"

#define HEIGHT 7
#define WIDTH 9
#define TOLERANCE 1e-4f

/**
 * Network:
 * @channels: of the input
 * @layers: the layers behind the input, in JSON
 * @weights: their weights, in JSON
 * @n_weights: number of these
 * @expected: number of filters, height and width of a kernel; 0 if none are to
 *   be found
 * @dilation: cells from one to the next that a kernel reads
 * @scale: what the convolution reads is the input times this
 */
typedef struct {
  const gchar *name;
  gint channels;
  const gchar *layers;
  const gchar *weights;
  gsize n_weights;
  gint expected[3];
  gint dilation;
  gfloat scale;
} Network;

#define WEIGHT(name, shape) \
  "{\"name\": \"" name "\", \"dtype\": \"float32\", \"shape\": [" shape "]}"
#define LAYER(class, config)                                \
  "{\"class_name\": \"" class "\", \"config\": {\"name\": " \
                              "\"conv\", \"use_bias\": false, " config "}}"

static const Network networks[] = {
  { "plain", 3, LAYER ("Conv2D", "\"filters\": 4, \"kernel_size\": [2, 3]"),
      WEIGHT ("conv/kernel", "2, 3, 3, 4"), 72, { 4, 2, 3 }, 1, 1.0f },
  { "groups", 4,
      LAYER ("Conv2D",
          "\"filters\": 6, \"kernel_size\": [2, 3], \"groups\": 2"),
      WEIGHT ("conv/kernel", "2, 3, 2, 6"), 72, { 6, 2, 3 }, 1, 1.0f },
  { "dilated", 1,
      LAYER ("Conv2D",
          "\"filters\": 2, \"kernel_size\": 2, \"dilation_rate\": 3"),
      WEIGHT ("conv/kernel", "2, 2, 1, 2"), 8, { 2, 2, 2 }, 3, 1.0f },
  { "depthwise", 3,
      LAYER ("DepthwiseConv2D",
          "\"kernel_size\": [3, 2], \"depth_multiplier\": 2"),
      WEIGHT ("conv/depthwise_kernel", "3, 2, 3, 2"), 36, { 6, 3, 2 }, 1,
      1.0f },
  { "separable", 3,
      LAYER ("SeparableConv2D",
          "\"filters\": 5, \"kernel_size\": [3, 2], \"depth_multiplier\": 2"),
      WEIGHT ("conv/depthwise_kernel",
          "3, 2, 3, 2") ", " WEIGHT ("conv/pointwise_kernel", "1, 1, 6, 5"),
      66, { 5, 3, 2 }, 1, 1.0f },
  { "rescaled", 3,
      "{\"class_name\": \"Rescaling\", \"config\": {\"name\": \"scale\", "
      "\"scale\": 0.5}}, " LAYER ("Conv2D",
          "\"filters\": 4, \"kernel_size\": 3"),
      WEIGHT ("conv/kernel", "3, 3, 3, 4"), 108, { 4, 3, 3 }, 1, 0.5f },
  { "transposed", 3,
      LAYER ("Conv2DTranspose", "\"filters\": 4, \"kernel_size\": 2"),
      WEIGHT ("conv/kernel", "2, 2, 4, 3"), 48, { 0 }, 1, 1.0f },
  { "behind-dense", 3,
      "{\"class_name\": \"Dense\", \"config\": {\"name\": \"mix\", \"units\": "
      "3, "
      "\"use_bias\": false}}, " LAYER ("Conv2D",
          "\"filters\": 4, \"kernel_size\": 3"),
      WEIGHT ("mix/kernel", "3, 3") ", " WEIGHT ("conv/kernel", "3, 3, 3, 4"),
      117, { 0 }, 1, 1.0f },
  { "too-many", 1, LAYER ("Conv2D", "\"filters\": 4000, \"kernel_size\": 5"),
      WEIGHT ("conv/kernel", "5, 5, 1, 4000"), 100000, { 0 }, 1, 1.0f },
};

/* Some sequence of numbers from -1 to 1. */
static gfloat
make_value (guint i)
{
  return sinf (1.7f * (gfloat) (i % 1009) + 0.3f);
}

static void
write_file (const gchar *folder, const gchar *name, gconstpointer data,
    gsize size)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

static void
write_network (const Network *network, const gchar *folder)
{
  const gsize n_weights = network->n_weights;
  g_autofree gfloat *weights = g_new (gfloat, n_weights);
  g_autofree gchar *json = g_strdup_printf (
      "{\"format\": \"layers-model\", \"modelTopology\": {\"class_name\": "
      "\"Sequential\", \"config\": {\"name\": \"model\", \"layers\": ["
      "{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"input\", "
      "\"batch_input_shape\": [null, %d, %d, %d]}}, %s]}}, "
      "\"weightsManifest\": [{\"paths\": [\"weights.bin\"], \"weights\": "
      "[%s]}]}",
      HEIGHT, WIDTH, network->channels, network->layers, network->weights);

  for (gsize i = 0; i < n_weights; i++)
    weights[i] = make_value ((guint) i);
  stored_float32_convert (weights, n_weights);
  write_file (folder, "model.json", json, strlen (json));
  write_file (folder, "weights.bin", weights, n_weights * sizeof (gfloat));
}

static CnnModel *
load (const Network *network)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *folder = g_dir_make_tmp ("filters-XXXXXX", &error);
  CnnModel *model;

  g_assert_no_error (error);
  write_network (network, folder);
  model = cnn_model_load (folder, NULL, &error);
  g_assert_no_error (error);
  linear_model_remove (folder);
  return model;
}

/* Multiplies a kernel by the window at a cell of the output. */
static gfloat
apply (const Network *network, const CnnFilters *filters, gint filter, gint y,
    gint x, const gfloat *input)
{
  const gfloat *weight = filters->kernels
      + filter * filters->height * filters->width * filters->channels;
  gfloat sum = 0.0f;

  for (gint row = 0; row < filters->height; row++) {
    for (gint column = 0; column < filters->width; column++) {
      const gint cell = (y + row * network->dilation) * WIDTH + x
          + column * network->dilation;

      for (gint channel = 0; channel < filters->channels; channel++)
        sum += *weight++ * network->scale
            * input[cell * filters->channels + channel];
    }
  }
  return sum;
}

/* Runs the network, whose windows lie inside the input, and compares. */
static void
check_output (const Network *network, CnnModel *model,
    const CnnFilters *filters)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, filters->node);
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnPlan) plan = cnn_plan_new (model, NULL, 0, &error);
  gfloat *input = cnn_plan_get_input (plan, 0);
  const gfloat *output;

  g_assert_no_error (error);
  for (gint i = 0; i < HEIGHT * WIDTH * network->channels; i++)
    input[i] = make_value ((guint) i * 7 + 5);
  cnn_plan_run (plan);
  output = cnn_plan_get_activation (plan, filters->node);
  for (gint y = 0; y < shape->dims[0]; y++) {
    for (gint x = 0; x < shape->dims[1]; x++) {
      for (gint filter = 0; filter < filters->count; filter++)
        g_assert_cmpfloat_with_epsilon (*output++,
            apply (network, filters, filter, y, x, input), TOLERANCE);
    }
  }
}

static void
test_filters (gconstpointer data)
{
  const Network *network = data;
  g_autoptr (CnnModel) model = load (network);
  CnnFilters filters = { 0 };
  const gboolean is_found = cnn_filters_find (model, &filters);

  g_assert_cmpint (is_found, ==, network->expected[0] > 0);
  if (!is_found) {
    g_assert_null (filters.kernels);
    return;
  }
  g_assert_cmpint (filters.count, ==, network->expected[0]);
  g_assert_cmpint (filters.height, ==, network->expected[1]);
  g_assert_cmpint (filters.width, ==, network->expected[2]);
  g_assert_cmpint (filters.channels, ==, network->channels);
  check_output (network, model, &filters);
  cnn_filters_clear (&filters);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++) {
    g_autofree gchar *path = g_strconcat ("/filters/", networks[i].name, NULL);

    g_test_add_data_func (path, &networks[i], test_filters);
  }
  return g_test_run ();
}
