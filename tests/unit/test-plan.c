/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Running a plan must not allocate memory, and layers are fused unless their
 * values are to be kept. */

#include <glib/gstdio.h>
#include <math.h>

#include "allocations.h"
#include "cnn/plan/plan.h"

static void
check_runs (CnnModel *model, const CnnKernels *kernels)
{
  const CnnPlanOptions options = { kernels, FALSE };
  const gint before_plan = allocations_count ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnPlan)
      plan = cnn_plan_new_full (model, NULL, 0, &options, &error);
  gint before_runs;

  g_assert_no_error (error);
  before_runs = allocations_count ();
  /* Check that allocations are counted at all. */
  g_assert_cmpint (before_runs, >, before_plan);
  for (guint i = 0; i < 3; i++)
    cnn_plan_run (plan);
  g_assert_cmpint (allocations_count (), ==, before_runs);
}

static void
test_allocation (gconstpointer data)
{
  g_autofree gchar *file = g_test_build_filename (G_TEST_DIST, "..", "golden",
      data, "model.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = cnn_model_load (file, NULL, &error);
  const CnnKernels *kernels;

  g_assert_no_error (error);
  if (allocations_count () < 0) {
    g_test_skip ("allocations cannot be counted here");
    return;
  }
  check_runs (model, NULL);
  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++)
    check_runs (model, kernels);
}

/* A sum with an activation behind it. */
#define SUM_MODEL                                                           \
  "{\"modelTopology\":{\"class_name\":\"Model\",\"config\":{"               \
  "\"name\":\"m\",\"input_layers\":[[\"in\",0,0]],"                         \
  "\"output_layers\":[[\"relu\",0,0]],\"layers\":["                         \
  "{\"class_name\":\"InputLayer\",\"name\":\"in\",\"inbound_nodes\":[],"    \
  "\"config\":{\"name\":\"in\",\"batch_input_shape\":[null,5,3,20]}},"      \
  "{\"class_name\":\"MaxPooling2D\",\"name\":\"pool\","                     \
  "\"inbound_nodes\":[[[\"in\",0,0,{}]]],\"config\":{\"name\":\"pool\","    \
  "\"pool_size\":3,\"strides\":1,\"padding\":\"same\"}},"                   \
  "{\"class_name\":\"Add\",\"name\":\"sum\",\"config\":{\"name\":\"sum\"}," \
  "\"inbound_nodes\":[[[\"in\",0,0,{}],[\"pool\",0,0,{}]]]},"               \
  "{\"class_name\":\"ReLU\",\"name\":\"relu\",\"inbound_nodes\":"           \
  "[[[\"sum\",0,0,{}]]],\"config\":{\"name\":\"relu\"}}]}},"                \
  "\"weightsManifest\":[]}"

static CnnModel *
make_sum_model (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "model.json", NULL);
  g_autoptr (GError) error = NULL;
  CnnModel *model;

  g_assert_true (g_file_set_contents (file, SUM_MODEL, -1, NULL));
  model = cnn_model_load (folder, NULL, &error);
  g_assert_no_error (error);
  g_remove (file);
  g_rmdir (folder);
  return model;
}

/* Runs the plan; the last step must run @kernel, from the layer @first on. */
static void
check_last_step (CnnPlan *plan, CnnModel *model, const gchar *kernel,
    const gchar *first)
{
  gfloat *input = cnn_plan_get_input (plan, 0);
  guint from, to;

  for (guint i = 0; i < 5 * 3 * 20; i++)
    input[i] = sinf ((gfloat) i);
  g_assert_cmpstr (cnn_plan_get_step (plan, cnn_plan_get_n_steps (plan) - 1,
                       &from, &to),
      ==, kernel);
  g_assert_cmpstr (cnn_model_get_node_name (model, from), ==, first);
  g_assert_cmpstr (cnn_model_get_node_name (model, to), ==, "relu");
  cnn_plan_run (plan);
}

static void
test_sum (void)
{
  g_autoptr (CnnModel) model = make_sum_model ();
  const guint sum = (guint) cnn_model_find_node (model, "sum");
  const guint relu = (guint) cnn_model_find_node (model, "relu");
  g_autoptr (CnnPlan) fused = cnn_plan_new (model, NULL, 0, NULL);
  g_autoptr (CnnPlan) kept = cnn_plan_new (model, &sum, 1, NULL);
  const gfloat *values, *sums, *expected;

  if (!cnn_kernels_get ()) {
    g_test_skip ("nothing is fused without kernels");
    return;
  }
  check_last_step (fused, model, "sum", "sum");
  check_last_step (kept, model, "activation", "relu");
  values = cnn_plan_get_activation (fused, relu);
  expected = cnn_plan_get_activation (kept, relu);
  sums = cnn_plan_get_activation (kept, sum);
  g_assert_cmpmem (values, 5 * 3 * 20 * sizeof *values, expected,
      5 * 3 * 20 * sizeof *values);
  for (guint i = 0; i < 5 * 3 * 20; i++)
    g_assert_cmpfloat (values[i], ==, MAX (sums[i], 0.0f));
}

int
main (int argc, char **argv)
{
  const gchar *models[] = { "models/original-small", "models/windows",
    "tfjs/conv2d", "tfjs/merges", "tfjs/mini-mobilenet", "tfjs/mini-xception",
    "tfjs/normalizations", "tfjs/pooling", "tfjs/squeeze-excite",
    "tfjs/transposed" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree gchar *path = g_strconcat ("/cnn/plan/allocation/", models[i],
        NULL);

    g_test_add_data_func (path, models[i], test_allocation);
  }
  g_test_add_func ("/cnn/plan/sum", test_sum);
  return g_test_run ();
}
