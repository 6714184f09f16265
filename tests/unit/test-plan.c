/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Running a plan must not allocate memory. */

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
  return g_test_run ();
}
