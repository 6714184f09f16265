/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers class activation maps and contributions: the formula of each method
 * against a table, and backpropagation through whole networks against
 * derivatives computed by PyTorch (tests/golden/make-explain-golden.py). */

#include <cjson/cJSON.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/stored-number.h"
#include "cnn/explain/explainer.h"
#include "cnn/kernels/reference.h"
#include "cnn/model/model-private.h"
#include "layer-values.h"

#define TABLE_TOLERANCE 1e-5
#define CELLS 9
#define CHANNELS 2

/* Relative to the largest value, because Winograd convolutions round
 * differently. */
#define GRADIENT_TOLERANCE 1e-5
/* Larger, because maps are differences and quotients of sums. */
#define CAM_TOLERANCE 5e-5

static const gfloat table_activations[CHANNELS][CELLS] = {
  { 1, 0, 2, 0, 3, 1, 4, 0, 0 }, { 0, 1, 0, 2, 0, 5, 1, 1, 0 }
};
static const gfloat table_gradient[CHANNELS][CELLS] = {
  { .2f, -.1f, .4f, 0, .3f, -.2f, .1f, 0, -.3f },
  { -.1f, .2f, 0, .3f, -.4f, .1f, 0, .2f, .1f }
};

/* The expected maps for these values, normalised to 0..1, rounded to six
 * places. */
static const struct {
  CnnCamMethod method;
  gfloat map[CELLS];
} table[] = {
  { CNN_CAM_GRAD_CAM,
      { .166667f, .166667f, .333333f, .333333f, .5f, 1, .833333f, .166667f,
          0 } },
  { CNN_CAM_GRAD_CAM_PLUS_PLUS,
      { .149351f, .17013f, .298701f, .34026f, .448052f, 1, .767532f, .17013f,
          0 } },
  { CNN_CAM_XGRAD_CAM,
      { .202899f, .15942f, .405797f, .318841f, .608696f, 1, .971014f, .15942f,
          0 } },
  { CNN_CAM_HIRES_CAM,
      { .222222f, .222222f, .888889f, .666667f, 1, .333333f, .444444f, .222222f,
          0 } },
  { CNN_CAM_LAYER_CAM,
      { .222222f, .222222f, .888889f, .666667f, 1, .555555f, .444444f, .222222f,
          0 } },
  { CNN_CAM_EIGEN_CAM, { 0, .157237f, 0, .405738f, 0, 1, 0, .157237f, 0 } },
};

/* Converts one map per channel to interleaved channels. */
static void
interleave (const gfloat maps[CHANNELS][CELLS], gfloat *cells)
{
  for (guint c = 0; c < CHANNELS; c++) {
    for (guint i = 0; i < CELLS; i++)
      cells[i * CHANNELS + c] = maps[c][i];
  }
}

static void
test_table (void)
{
  gfloat activations[CELLS * CHANNELS], gradient[CELLS * CHANNELS];
  gdouble scratch[2 * CHANNELS + CELLS];
  const CnnCamInput input = { activations, gradient, CELLS, CHANNELS };
  gfloat cam[CELLS], map[CELLS];

  interleave (table_activations, activations);
  interleave (table_gradient, gradient);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    cnn_cam_compute (table[i].method, &input, scratch, cam);
    cnn_cam_normalize (cam, CELLS, map);
    for (guint k = 0; k < CELLS; k++) {
      g_assert_cmpfloat_with_epsilon (map[k], table[i].map[k], TABLE_TOLERANCE);
    }
  }
}

static void
test_enlarge (void)
{
  static const gfloat expected[] = { 0, .142857f, .571429f, 1, .785714f,
    .571429f, .5f };
  gfloat values[] = { 0, 1, .5f }, enlarged[7];
  const CnnShape small = { 3, { 1, 3, 1 } }, large = { 3, { 1, 7, 1 } };
  const CnnTensor input = { &small, values }, output = { &large, enlarged };

  cnn_resize_bilinear (CNN_GRID_HALF_PIXEL, &input, &output);
  for (guint i = 0; i < 7; i++)
    g_assert_cmpfloat_with_epsilon (enlarged[i], expected[i], TABLE_TOLERANCE);
}

/* Silent, constant and negative maps are normalised to zeros. */
static void
test_nothing (void)
{
  gfloat zeros[CELLS * CHANNELS] = { 0 }, same[CELLS * CHANNELS];
  gdouble scratch[2 * CHANNELS + CELLS];
  const CnnCamInput silent = { zeros, zeros, CELLS, CHANNELS };
  const CnnCamInput flat = { same, zeros, CELLS, CHANNELS };
  gfloat cam[CELLS], map[CELLS];

  for (guint i = 0; i < CELLS * CHANNELS; i++)
    same[i] = 3.0f;
  for (CnnCamMethod method = 0; method <= CNN_CAM_EIGEN_CAM; method++) {
    cnn_cam_compute (method, &silent, scratch, cam);
    cnn_cam_normalize (cam, CELLS, map);
    g_assert_cmpmem (map, sizeof map, zeros, sizeof map);
    cnn_cam_compute (method, &flat, scratch, cam);
    cnn_cam_normalize (cam, CELLS, map);
    g_assert_cmpmem (map, sizeof map, zeros, sizeof map);
  }
  for (guint i = 0; i < CELLS; i++)
    cam[i] = -1.0f - (gfloat) i;
  cnn_cam_normalize (cam, CELLS, map);
  g_assert_cmpmem (map, sizeof map, zeros, sizeof map);
}

/**
 * Golden:
 * @next: the next unread value of values.bin
 */
typedef struct {
  CnnModel *model;
  const cJSON *description;
  const cJSON *methods;
  const gfloat *input;
  const gfloat *next;
} Golden;

static gchar *
golden_folder (void)
{
  const gchar *folder = g_getenv ("EXPLAIN_GOLDEN");

  return folder
      ? g_strdup (folder)
      : g_test_build_filename (G_TEST_DIST, "..", "golden", "explain", NULL);
}

static void
read_file (gchar **contents, gsize *length, const gchar *first, ...)
{
  g_autofree gchar *folder = golden_folder (), *path = NULL, *rest = NULL;
  g_autoptr (GError) error = NULL;
  va_list parts;

  va_start (parts, first);
  rest = g_build_filename_valist ((gchar *) first, &parts);
  va_end (parts);
  path = g_build_filename (folder, rest, NULL);
  g_file_get_contents (path, contents, length, &error);
  g_assert_no_error (error);
}

static CnnModel *
load_model (const gchar *name)
{
  g_autofree gchar *folder = golden_folder ();
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  CnnModel *model = cnn_model_load (path, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static guint
get_output (const CnnModel *model)
{
  guint n_outputs;

  return cnn_model_get_outputs (model, &n_outputs)[0];
}

static CnnExplainer *
make_explainer (CnnModel *model, CnnCamMethod method, const gchar *layer,
    const CnnPlanOptions *plan)
{
  g_autoptr (GError) error = NULL;
  CnnSelectedLayer target;
  CnnExplainerOptions options = { .method = method, .plan = plan };
  CnnExplainer *explainer;

  cnn_explainer_find_target (model, get_output (model), layer, &target, &error);
  g_assert_no_error (error);
  options.target = target.node;
  explainer = cnn_explainer_new (model, &options, &error);
  g_assert_no_error (error);
  return explainer;
}

static void
run_plan (CnnExplainer *explainer, const CnnModel *model, const gfloat *input)
{
  CnnPlan *plan = cnn_explainer_get_plan (explainer);
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
  const gsize size = cnn_shape_size (
      cnn_model_get_node_shape (model, inputs[0]));

  memcpy (cnn_plan_get_input (plan, 0), input, size * sizeof *input);
  cnn_plan_run (plan);
}

/* The contributions of the cells, and those of the channels, add up to the
 * logit minus the bias, within single precision of the summands. */
static void
check_sum (const CnnExplanation *explanation)
{
  const gsize cells = cnn_explanation_count_cells (explanation);
  const gsize values = cells * (gsize) explanation->channels;
  gdouble by_cells = explanation->bias, by_channels = explanation->bias;
  gdouble size = fabs (explanation->bias) + fabs (explanation->logit);
  gdouble tolerance;

  for (gsize i = 0; i < values; i++) {
    size += fabs (
        (gdouble) explanation->activations[i] * explanation->gradient[i]);
  }
  for (gsize i = 0; i < cells; i++)
    by_cells += explanation->cell_contributions[i];
  for (gint c = 0; c < explanation->channels; c++)
    by_channels += explanation->channel_contributions[c];
  tolerance = 2e-6 * size + 1e-7;
  g_assert_cmpfloat_with_epsilon (by_cells, explanation->logit, tolerance);
  g_assert_cmpfloat_with_epsilon (by_channels, explanation->logit, tolerance);
}

/* Compares an explanation with the values of one case, which start at
 * @expected. */
static void
check_explanation (const CnnExplanation *explanation, CnnCamMethod method,
    const gchar *name, const gfloat *expected)
{
  const gsize cells = cnn_explanation_count_cells (explanation);
  const gsize values = cells * (gsize) explanation->channels;

  compare_layer_values (name, &explanation->logit, expected, 1, CAM_TOLERANCE);
  /* The bias is the difference of two numbers that may be much larger. */
  g_assert_cmpfloat_with_epsilon (explanation->bias, expected[1],
      CAM_TOLERANCE * (fabs (expected[0]) + fabs (expected[1])));
  expected += 2;
  compare_layer_values (name, explanation->activations, expected, values,
      GRADIENT_TOLERANCE);
  expected += values;
  compare_layer_values (name, explanation->gradient, expected, values,
      GRADIENT_TOLERANCE);
  expected += values + (gsize) method * cells;
  compare_layer_values (name, explanation->cam, expected, cells, CAM_TOLERANCE);
  check_sum (explanation);
}

static gsize
case_size (const CnnExplanation *explanation)
{
  const gsize cells = cnn_explanation_count_cells (explanation);

  return 2 + cells * (2 * (gsize) explanation->channels + CNN_CAM_N_METHODS);
}

/* Returns the number of values that the case has. */
static gsize
check_case (const Golden *golden, const cJSON *description, CnnCamMethod method,
    const CnnPlanOptions *plan)
{
  const gchar *layer = cJSON_GetObjectItem (description, "layer")->valuestring;
  const gchar *target =
      cJSON_GetObjectItem (description, "target")->valuestring;
  const guint target_class =
      (guint) cJSON_GetObjectItem (description, "class")->valueint;
  g_autofree gchar *name = g_strdup_printf ("%s, %s, class %u, %s, %s",
      cnn_model_get_name (golden->model), target, target_class,
      cnn_cam_get_name (method), cnn_kernels_get_name (plan->kernels));
  g_autoptr (CnnExplainer)
      explainer = make_explainer (golden->model, method, layer, plan);
  const CnnExplanation *explanation;

  run_plan (explainer, golden->model, golden->input);
  explanation = cnn_explainer_run (explainer, target_class);
  check_explanation (explanation, method, name, golden->next);
  /* A second run must not depend on what the first one left behind. */
  explanation = cnn_explainer_run (explainer, target_class);
  check_explanation (explanation, method, name, golden->next);
  return case_size (explanation);
}

/* Checks a case on every instruction set of this processor and with scalar
 * code. Returns the number of values that the case has. */
static gsize
check_case_everywhere (const Golden *golden, const cJSON *description,
    CnnCamMethod method)
{
  CnnPlanOptions plan = { NULL, FALSE };

  for (guint n = 0; (plan.kernels = cnn_kernels_get_nth (n)); n++)
    check_case (golden, description, method, &plan);
  return check_case (golden, description, method, &plan);
}

static void
check_golden (Golden *golden)
{
  const cJSON *description;

  cJSON_ArrayForEach (description,
      cJSON_GetObjectItem (golden->description, "cases"))
  {
    gsize size = 0;

    for (CnnCamMethod method = 0; method < CNN_CAM_N_METHODS; method++) {
      g_assert_cmpstr (
          cJSON_GetArrayItem (golden->methods, (gint) method)->valuestring, ==,
          cnn_cam_get_name (method));
      size = check_case_everywhere (golden, description, method);
    }
    golden->next += size;
  }
}

static void
test_golden (gconstpointer data)
{
  const cJSON *index = ((const cJSON *const *) data)[0];
  const cJSON *entry = ((const cJSON *const *) data)[1];
  const gchar *name = cJSON_GetObjectItem (entry, "name")->valuestring;
  g_autoptr (CnnModel) model = load_model (name);
  g_autofree gchar *contents = NULL;
  gsize length;
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
  Golden golden = { model, entry, cJSON_GetObjectItem (index, "methods"), NULL,
    NULL };

  read_file (&contents, &length, name, "values.bin", NULL);
  stored_float32_convert (contents, length / sizeof (gfloat));
  golden.input = (const gfloat *) contents;
  golden.next = golden.input
      + cnn_shape_size (cnn_model_get_node_shape (model, inputs[0]));
  check_golden (&golden);
  g_assert_true ((const gchar *) golden.next == contents + length);
}

static void
check_target (const CnnModel *model, const gchar *name, const gchar *node,
    const gchar *source)
{
  g_autoptr (GError) error = NULL;
  CnnSelectedLayer target;

  g_assert_true (cnn_explainer_find_target (model, get_output (model), name,
      &target, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cnn_model_get_node_name (model, target.node), ==, node);
  g_assert_cmpstr (cnn_model_get_node_name (model, target.source), ==, source);
}

static void
test_target (void)
{
  g_autoptr (CnnModel) seed = load_model ("seed");
  g_autoptr (CnnModel) residual = load_model ("residual");
  g_autoptr (GError) error = NULL;
  CnnSelectedLayer target;

  check_target (seed, NULL, "maxpooling2d_5", "conv2d_4");
  check_target (seed, "", "maxpooling2d_5", "conv2d_4");
  check_target (seed, "auto", "maxpooling2d_5", "conv2d_4");
  check_target (seed, "conv2d_0", "maxpooling2d_1", "conv2d_0");
  check_target (seed, "maxpooling2d_1", "maxpooling2d_1", "conv2d_0");
  check_target (residual, "auto", "activation_25", "activation_25");
  g_assert_false (cnn_explainer_find_target (seed, get_output (seed), "conv",
      &target, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "'conv'"));
}

/* The target @name must be refused with an error that contains these words. */
static void
check_refused (CnnModel *model, const gchar *name, ModelError code,
    const gchar *words)
{
  const CnnExplainerOptions options = {
    .method = CNN_CAM_SCORE_CAM,
    .target = (guint) cnn_model_find_node (model, name),
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (cnn_explainer_new (model, &options, &error));
  g_assert_error (error, MODEL_ERROR, (gint) code);
  if (!strstr (error->message, words)) {
    g_test_message ("'%s' does not say '%s'", error->message, words);
    g_test_fail ();
  }
}

static void
test_refused (void)
{
  g_autoptr (CnnModel) model = load_model ("seed");
  const guint pool = (guint) cnn_model_find_node (model, "maxpooling2d_3");
  CnnNode *node = &g_array_index (model->nodes, CnnNode, pool);
  const CnnLayerClass *class = node->layer->class;
  CnnLayerClass without = *class;
  const guint output = g_array_index (model->outputs, guint, 0);

  check_refused (model, "dense_7", MODEL_ERROR_ARGUMENT,
      "layer 'dense_7' gives 16,");
  without.backpropagate = NULL;
  node->layer->class = &without;
  check_refused (model, "conv2d_0", MODEL_ERROR_UNSUPPORTED,
      "layer 'maxpooling2d_3' (MaxPooling2D) has no derivative");
  node->layer->class = class;
  g_array_index (model->outputs, guint, 0) = pool;
  check_refused (model, "conv2d_4", MODEL_ERROR_ARGUMENT,
      "layer 'conv2d_4' has no part in the scores");
  check_refused (model, "maxpooling2d_3", MODEL_ERROR_ARGUMENT,
      "layer 'maxpooling2d_3' gives the scores itself");
  g_array_index (model->outputs, guint, 0) = output;
}

static void
fill_randomly (gfloat *values, gsize count)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < count; i++)
    values[i] = (gfloat) g_rand_double (random);
}

#define INPUT_SIZE (20 * 20 * 3) /* the input of the small seed network */

/* Returns the channel with the largest contribution. */
static guint
find_most (const CnnExplanation *explanation)
{
  const gfloat *contributions = explanation->channel_contributions;
  guint most = 0;

  for (guint c = 1; c < (guint) explanation->channels; c++) {
    if (fabsf (contributions[c]) > fabsf (contributions[most]))
      most = c;
  }
  g_assert_cmpfloat (contributions[most], !=, 0.0f);
  return most;
}

/* With one channel knocked out, the explanation is that of a network without
 * the channel; with all channels of the target knocked out, only the bias is
 * left. */
static void
test_knock_outs (void)
{
  g_autoptr (CnnModel) model = load_model ("seed");
  gfloat input[INPUT_SIZE];

  fill_randomly (input, INPUT_SIZE);
  for (CnnCamMethod method = CNN_CAM_EIGEN_CAM; method < CNN_CAM_N_METHODS;
       method++) {
    const CnnPlanOptions plan = { cnn_kernels_get (), FALSE };
    g_autoptr (CnnExplainer)
        explainer = make_explainer (model, method, "auto", &plan);
    const CnnExplanation *explanation;
    CnnKnockOut knock_outs[12];
    gfloat logit;
    guint most;

    for (guint i = 0; i < G_N_ELEMENTS (knock_outs); i++) {
      knock_outs[i].node = (guint) cnn_model_find_node (model,
          "maxpooling2d_5");
      knock_outs[i].channel = i;
    }
    run_plan (explainer, model, input);
    explanation = cnn_explainer_run (explainer, 1);
    logit = explanation->logit;
    most = find_most (explanation);

    cnn_explainer_set_knock_outs (explainer, knock_outs + most, 1);
    run_plan (explainer, model, input);
    explanation = cnn_explainer_run (explainer, 1);
    g_assert_cmpfloat (explanation->channel_contributions[most], ==, 0.0f);
    g_assert_cmpuint (find_most (explanation), !=, most);
    g_assert_cmpfloat (explanation->logit, !=, logit);
    check_sum (explanation);

    cnn_explainer_set_knock_outs (explainer, knock_outs,
        G_N_ELEMENTS (knock_outs));
    run_plan (explainer, model, input);
    explanation = cnn_explainer_run (explainer, 1);
    g_assert_cmpfloat_with_epsilon (explanation->bias, explanation->logit,
        1e-6);
    for (gsize i = 0; i < cnn_explanation_count_cells (explanation); i++)
      g_assert_cmpfloat (explanation->map[i], ==, 0.0f);

    cnn_explainer_set_knock_outs (explainer, NULL, 0);
    run_plan (explainer, model, input);
    g_assert_cmpfloat (cnn_explainer_run (explainer, 1)->logit, ==, logit);
  }
}

/* Nothing is propagated through channels that are knocked out behind the
 * target. */
static void
test_knock_outs_behind (void)
{
  static const gchar *const names[] = { "maxpooling2d_5", "dense_7", "dense_9",
    "dense_10" };
  g_autoptr (CnnModel) model = load_model ("seed");
  gfloat input[INPUT_SIZE];

  fill_randomly (input, INPUT_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const guint node = (guint) cnn_model_find_node (model, names[i]);
    const CnnShape *shape = cnn_model_get_node_shape (model, node);
    const guint channels = (guint) shape->dims[shape->rank - 1];
    const CnnExplainerOptions options = {
      .method = CNN_CAM_HIRES_CAM,
      .target = (guint) cnn_model_find_node (model, "maxpooling2d_3"),
      .keep = &node,
      .n_keep = 1,
    };
    g_autoptr (GError) error = NULL;
    g_autoptr (CnnExplainer)
        explainer = cnn_explainer_new (model, &options, &error);
    g_autofree CnnKnockOut *knock_outs = g_new (CnnKnockOut, channels);
    const CnnExplanation *explanation;

    g_assert_no_error (error);
    for (guint c = 0; c < channels; c++)
      knock_outs[c] = (CnnKnockOut) { node, c };
    for (guint n = 0; n <= channels; n++) {
      cnn_explainer_set_knock_outs (explainer, knock_outs, n);
      run_plan (explainer, model, input);
      explanation = cnn_explainer_run (explainer, 1);
      check_sum (explanation);
    }
    /* Only the bias is left, except when the output itself is knocked out: the
     * logit is taken before its sigmoid and keeps its contributions. */
    if (g_str_equal (names[i], "dense_10"))
      g_assert_cmpfloat (fabsf (explanation->logit - explanation->bias), >, .1);
    else
      g_assert_cmpfloat_with_epsilon (explanation->logit, explanation->bias,
          1e-6);
  }
}

/* Explaining does not change the activations that the plan has computed. */
static void
test_activations_stay (void)
{
  g_autoptr (CnnModel) model = load_model ("seed");
  gfloat input[INPUT_SIZE];

  fill_randomly (input, INPUT_SIZE);
  for (CnnCamMethod method = 0; method < CNN_CAM_N_METHODS; method++) {
    const CnnPlanOptions options = { cnn_kernels_get (), FALSE };
    g_autoptr (CnnExplainer)
        explainer = make_explainer (model, method, "auto", &options);
    CnnPlan *plan = cnn_explainer_get_plan (explainer);
    const gchar *const names[] = { "maxpooling2d_5", "dense_7", "dense_10" };
    g_autofree gfloat *before[G_N_ELEMENTS (names)] = { NULL };

    run_plan (explainer, model, input);
    for (guint pass = 0; pass < 2; pass++) {
      for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        const guint node = (guint) cnn_model_find_node (model, names[i]);
        const gsize size = sizeof (gfloat)
            * cnn_shape_size (cnn_model_get_node_shape (model, node));
        const gfloat *now = cnn_plan_get_activation (plan, node);

        if (pass == 0)
          before[i] = g_memdup2 (now, size);
        else
          g_assert_cmpmem (now, size, before[i], size);
      }
      cnn_explainer_run (explainer, 0);
    }
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      g_free (g_steal_pointer (&before[i]));
  }
}

/* The weights of two convolutions. */
#define WEIGHTS_MANIFEST                                               \
  "\"weightsManifest\":[{\"paths\":[\"w.bin\"],\"weights\":["          \
  "{\"name\":\"a/kernel\",\"shape\":[1,1,1,2],\"dtype\":\"float32\"}," \
  "{\"name\":\"b/kernel\",\"shape\":[3,3,2,3],\"dtype\":\"float32\"}]}]"
#define N_WEIGHTS 56

/* The two convolutions in sequence, followed by the given layers. */
#define TAILED_MODEL                                                     \
  "{\"modelTopology\":{\"class_name\":\"Sequential\",\"config\":{"       \
  "\"name\":\"m\",\"layers\":["                                          \
  "{\"class_name\":\"InputLayer\",\"config\":{\"name\":\"in\","          \
  "\"batch_input_shape\":[null,3,3,1]}},"                                \
  "{\"class_name\":\"Conv2D\",\"config\":{\"name\":\"a\",\"filters\":2," \
  "\"kernel_size\":1,\"use_bias\":false}},"                              \
  "{\"class_name\":\"Conv2D\",\"config\":{\"name\":\"b\",\"filters\":3," \
  "\"kernel_size\":3,\"use_bias\":false,\"activation\":\"%s\"}},%s]}}"   \
  "," WEIGHTS_MANIFEST "}"

/* The first convolution has two readers: the second one, and a layer whose
 * class and configuration are given. */
#define TWICE_READ_MODEL                                                    \
  "{\"modelTopology\":{\"class_name\":\"Model\",\"config\":{"               \
  "\"name\":\"m\",\"input_layers\":[[\"in\",0,0]],"                         \
  "\"output_layers\":[[\"flat\",0,0]],\"layers\":["                         \
  "{\"class_name\":\"InputLayer\",\"name\":\"in\",\"inbound_nodes\":[],"    \
  "\"config\":{\"name\":\"in\",\"batch_input_shape\":[null,3,3,1]}},"       \
  "{\"class_name\":\"Conv2D\",\"name\":\"a\","                              \
  "\"inbound_nodes\":[[[\"in\",0,0,{}]]],\"config\":{\"name\":\"a\","       \
  "\"filters\":2,\"kernel_size\":1,\"use_bias\":false}},"                   \
  "{\"class_name\":\"%s\",\"name\":\"same\","                               \
  "\"inbound_nodes\":[[[\"a\",0,0,{}]]],\"config\":{\"name\":\"same\"%s}}," \
  "{\"class_name\":\"Add\",\"name\":\"sum\",\"config\":{\"name\":\"sum\"}," \
  "\"inbound_nodes\":[[[\"same\",0,0,{}],[\"a\",0,0,{}]]]},"                \
  "{\"class_name\":\"Conv2D\",\"name\":\"b\","                              \
  "\"inbound_nodes\":[[[\"sum\",0,0,{}]]],\"config\":{\"name\":\"b\","      \
  "\"filters\":3,\"kernel_size\":3,\"use_bias\":false}},"                   \
  "{\"class_name\":\"Flatten\",\"name\":\"flat\","                          \
  "\"inbound_nodes\":[[[\"b\",0,0,{}]]],\"config\":{\"name\":\"flat\"}}]}}" \
  "," WEIGHTS_MANIFEST "}"

#define FLATTEN "{\"class_name\":\"Flatten\",\"config\":{\"name\":\"flat\"}}"
#define DROPOUT "{\"class_name\":\"Dropout\",\"config\":{\"name\":\"drop\"}}"
#define RESHAPE                                                 \
  "{\"class_name\":\"Reshape\",\"config\":{\"name\":\"shape\"," \
  "\"target_shape\":[1,3]}}"
#define ACTIVATE_WITH(function)                                  \
  "{\"class_name\":\"Activation\",\"config\":{\"name\":\"act\"," \
  "\"activation\":\"" function "\"}}"
#define ACTIVATE ACTIVATE_WITH ("softmax")
#define SOFTMAX                                                   \
  "{\"class_name\":\"Softmax\",\"config\":{\"name\":\"softmax\"," \
  "\"axis\":-1}}"

static CnnModel *
make_model (const gchar *text)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *json = g_build_filename (folder, "model.json", NULL);
  g_autofree gchar *shard = g_build_filename (folder, "w.bin", NULL);
  gfloat weights[N_WEIGHTS];
  g_autoptr (GError) error = NULL;
  CnnModel *model;

  for (guint i = 0; i < N_WEIGHTS; i++)
    weights[i] = (gfloat) (i % 7) - 3.0f;
  stored_float32_convert (weights, N_WEIGHTS);
  g_assert_true (g_file_set_contents (json, text, -1, NULL));
  g_assert_true (g_file_set_contents (shard, (const gchar *) weights,
      sizeof weights, NULL));
  model = cnn_model_load (folder, NULL, &error);
  g_assert_no_error (error);
  g_remove (json);
  g_remove (shard);
  g_rmdir (folder);
  return model;
}

static CnnModel *
make_tailed_model (const gchar *activation, const gchar *tail)
{
  g_autofree gchar *text = g_strdup_printf (TAILED_MODEL, activation, tail);

  return make_model (text);
}

static CnnModel *
make_twice_read_model (const gchar *class_name, const gchar *config)
{
  g_autofree gchar *text = g_strdup_printf (TWICE_READ_MODEL, class_name,
      config);

  return make_model (text);
}

/* Layers that only pass values on may stand on either side of the softmax: the
 * convolution before them decides, so that it is explained, and explains
 * nothing. */
static void
test_views_behind (void)
{
  static const gchar *const tails[] = { FLATTEN, FLATTEN "," ACTIVATE,
    DROPOUT "," FLATTEN "," SOFTMAX, ACTIVATE "," FLATTEN,
    FLATTEN "," SOFTMAX "," RESHAPE, RESHAPE "," FLATTEN "," ACTIVATE };
  gfloat input[9], expected[18];

  fill_randomly (input, G_N_ELEMENTS (input));
  for (guint i = 0; i < G_N_ELEMENTS (tails); i++) {
    g_autoptr (CnnModel) model = make_tailed_model ("linear", tails[i]);
    g_autoptr (CnnExplainer)
        explainer = make_explainer (model, CNN_CAM_SCORE_CAM, "auto", NULL);
    const CnnExplanation *explanation;

    check_refused (model, "b", MODEL_ERROR_ARGUMENT,
        "layer 'b' gives the scores itself");
    run_plan (explainer, model, input);
    explanation = cnn_explainer_run (explainer, 1);
    g_assert_cmpint (explanation->height * explanation->width, ==, 9);
    if (i == 0)
      memcpy (expected, explanation->gradient, sizeof expected);
    g_assert_cmpmem (explanation->gradient, sizeof expected, expected,
        sizeof expected);
    g_assert_cmpfloat_with_epsilon (explanation->bias, 0.0f, 1e-6);
  }
}

/* A view shares memory with its input, but explaining the view must not change
 * what other readers of that input see. */
static void
check_view_beside_reader (CnnCamMethod method, const gchar *view,
    const gchar *config)
{
  g_autoptr (CnnModel) shared = make_twice_read_model (view, config);
  g_autoptr (CnnModel)
      computed = make_twice_read_model ("Rescaling", ",\"scale\":1");
  g_autoptr (CnnExplainer)
      of_shared = make_explainer (shared, method, "same", NULL);
  g_autoptr (CnnExplainer)
      of_computed = make_explainer (computed, method, "same", NULL);
  const CnnExplanation *explanation, *expected;
  gfloat input[9];

  fill_randomly (input, G_N_ELEMENTS (input));
  run_plan (of_shared, shared, input);
  run_plan (of_computed, computed, input);
  explanation = cnn_explainer_run (of_shared, 1);
  expected = cnn_explainer_run (of_computed, 1);
  g_assert_cmpfloat (expected->logit, !=, 0.0f);
  g_assert_cmpfloat_with_epsilon (explanation->logit, expected->logit, 1e-5);
  compare_layer_values (view, explanation->gradient, expected->gradient, 18,
      GRADIENT_TOLERANCE);
  compare_layer_values (view, explanation->cam, expected->cam, 9,
      CAM_TOLERANCE);
}

static void
test_view_beside_reader (void)
{
  for (CnnCamMethod method = 0; method < CNN_CAM_N_METHODS; method++) {
    check_view_beside_reader (method, "Dropout", "");
    check_view_beside_reader (method, "Reshape", ",\"target_shape\":[3,3,2]");
  }
}

/* An activation function that is fused with the last layer is explained like
 * one that is a layer of its own. */
static void
test_last_activation (void)
{
  static const gchar *const functions[] = { "linear", "relu", "relu6",
    "leaky_relu", "sigmoid", "log_sigmoid", "hard_sigmoid", "hard_tanh",
    "hard_silu", "tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "elu",
    "selu", "exponential", "softplus", "squareplus", "softsign", "swish",
    "mish", "gelu", "gelu_new", "softmax", "log_softmax" };
  gfloat input[9];

  fill_randomly (input, G_N_ELEMENTS (input));
  for (guint i = 0; i < G_N_ELEMENTS (input); i++)
    input[i] *= 0.02f; /* where the functions are curved */
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++) {
    g_autofree gchar *activate = g_strdup_printf (ACTIVATE_WITH ("%s"),
        functions[i]);
    g_autofree gchar *tail = g_strconcat (activate, "," FLATTEN, NULL);
    g_autoptr (CnnModel) fused = make_tailed_model (functions[i], FLATTEN);
    g_autoptr (CnnModel) apart = make_tailed_model ("linear", tail);
    g_autoptr (CnnExplainer)
        of_fused = make_explainer (fused, CNN_CAM_ABLATION_CAM, "a", NULL);
    g_autoptr (CnnExplainer)
        of_apart = make_explainer (apart, CNN_CAM_ABLATION_CAM, "a", NULL);
    const CnnExplanation *explanation, *expected;
    gsize size;

    run_plan (of_fused, fused, input);
    run_plan (of_apart, apart, input);
    explanation = cnn_explainer_run (of_fused, 1);
    expected = cnn_explainer_run (of_apart, 1);
    size = cnn_explanation_count_cells (expected);
    check_sum (explanation);
    g_assert_cmpfloat_with_epsilon (explanation->logit, expected->logit, 1e-5);
    g_assert_cmpfloat_with_epsilon (explanation->bias, expected->bias, 1e-5);
    compare_layer_values (functions[i], explanation->gradient,
        expected->gradient, size * (gsize) expected->channels,
        GRADIENT_TOLERANCE);
    compare_layer_values (functions[i], explanation->map, expected->map, size,
        CAM_TOLERANCE);
  }
}

int
main (int argc, char **argv)
{
  g_autofree gchar *contents = NULL;
  const cJSON *entry;
  cJSON *index;
  GPtrArray *pairs = g_ptr_array_new_with_free_func (g_free);
  int result;

  g_test_init (&argc, &argv, NULL);
  read_file (&contents, NULL, "index.json", NULL);
  index = cJSON_Parse (contents);
  g_assert_nonnull (index);
  cJSON_ArrayForEach (entry, cJSON_GetObjectItem (index, "models"))
  {
    const cJSON *const pair[] = { index, entry };
    g_autofree gchar *path = g_strdup_printf ("/explain/golden/%s",
        cJSON_GetObjectItem (entry, "name")->valuestring);

    g_ptr_array_add (pairs, g_memdup2 (pair, sizeof pair));
    g_test_add_data_func (path, g_ptr_array_index (pairs, pairs->len - 1),
        test_golden);
  }
  if (!g_getenv ("EXPLAIN_GOLDEN")) {
    g_test_add_func ("/explain/table", test_table);
    g_test_add_func ("/explain/enlarge", test_enlarge);
    g_test_add_func ("/explain/nothing", test_nothing);
    g_test_add_func ("/explain/target", test_target);
    g_test_add_func ("/explain/refused", test_refused);
    g_test_add_func ("/explain/knock-outs", test_knock_outs);
    g_test_add_func ("/explain/knock-outs-behind", test_knock_outs_behind);
    g_test_add_func ("/explain/activations-stay", test_activations_stay);
    g_test_add_func ("/explain/views-behind", test_views_behind);
    g_test_add_func ("/explain/view-beside-reader", test_view_beside_reader);
    g_test_add_func ("/explain/last-activation", test_last_activation);
  }
  result = g_test_run ();
  g_ptr_array_unref (pairs);
  cJSON_Delete (index);
  return result;
}
