/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Compares every layer of a model with values computed elsewhere: those of
 * small random models by tests/golden/make-model-golden.py, and those of the
 * original network by TensorFlow.js (shared data, if available). */

#include <cjson/cJSON.h>
#include <string.h>

#include "base/stored-number.h"
#include "cnn/plan/plan.h"
#include "layer-values.h"

typedef struct {
  gchar *model_folder;
  gchar *golden_folder;
} Source;

static gfloat *
read_floats (const gchar *folder, const gchar *id, const gchar *layer,
    gsize count)
{
  g_autofree gchar *name = g_strconcat (id, ".", layer, ".f32", NULL);
  g_autofree gchar *file = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  gchar *data = NULL;
  gsize size = 0;

  /* The generators leave out layers that repeat their input. */
  if (!g_file_get_contents (file, &data, &size, &error)) {
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    return NULL;
  }
  g_assert_cmpuint (size, ==, count * sizeof (gfloat));
  stored_float32_convert (data, count);
  return (gfloat *) data;
}

static void
check_case (CnnModel *model, CnnPlan *plan, const Source *source,
    const cJSON *golden, gdouble layer_tolerance)
{
  const gchar *id = cJSON_GetObjectItem (golden, "id")->valuestring;
  guint n_inputs, compared = 0;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
  gsize size = cnn_shape_size (cnn_model_get_node_shape (model, inputs[0]));
  g_autofree gfloat *input = read_floats (source->golden_folder, id, "input",
      size);
  const cJSON *layer;

  g_assert_nonnull (input);
  memcpy (cnn_plan_get_input (plan, 0), input, size * sizeof *input);
  cnn_plan_run (plan);
  cJSON_ArrayForEach (layer, cJSON_GetObjectItem (golden, "layers"))
  {
    const gchar *name = cJSON_GetObjectItem (layer, "name")->valuestring;
    gint node = cnn_model_find_node (model, name);
    g_autofree gfloat *expected = NULL;

    g_assert_cmpint (node, >=, 0);
    size = cnn_shape_size (cnn_model_get_node_shape (model, (guint) node));
    expected = read_floats (source->golden_folder, id, name, size);
    if (!expected)
      continue;
    compare_layer_values (name, cnn_plan_get_activation (plan, (guint) node),
        expected, size, layer_tolerance);
    compared++;
  }
  g_test_message ("%s: %u layers compared", id, compared);
  g_assert_cmpuint (compared, >=, 4);
}

static void
check_cases (CnnModel *model, const Source *source, const cJSON *index,
    const CnnPlanOptions *options)
{
  const guint n_nodes = cnn_model_get_n_nodes (model);
  g_autofree guint *all = g_new (guint, n_nodes);
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnPlan) plan = NULL;
  const cJSON *golden;
  guint n_cases = 0;

  for (guint i = 0; i < n_nodes; i++)
    all[i] = i;
  plan = cnn_plan_new_full (model, all, n_nodes, options, &error);
  g_assert_no_error (error);
  g_test_message ("%s%s", cnn_kernels_get_name (options->kernels),
      options->exact ? ", exact" : "");
  cJSON_ArrayForEach (golden, cJSON_GetObjectItem (index, "cases"))
  {
    check_case (model, plan, source, golden,
        options->exact ? EXACT_LAYER_TOLERANCE : WINOGRAD_LAYER_TOLERANCE);
    n_cases++;
  }
  g_assert_cmpuint (n_cases, >=, 1);
}

static void
check_source (gconstpointer data)
{
  const Source *source = data;
  g_autofree gchar *file = g_build_filename (source->golden_folder,
      "index.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (CnnModel) model = NULL;
  CnnPlanOptions options = { NULL, TRUE };
  cJSON *index;

  if (!g_file_get_contents (file, &text, NULL, NULL)) {
    g_test_skip ("the shared golden data is not there");
    return;
  }
  model = cnn_model_load (source->model_folder, NULL, &error);
  g_assert_no_error (error);
  index = cJSON_Parse (text);
  check_cases (model, source, index, &options);
  for (guint i = 0; (options.kernels = cnn_kernels_get_nth (i)); i++) {
    options.exact = TRUE;
    check_cases (model, source, index, &options);
    options.exact = FALSE;
    check_cases (model, source, index, &options);
  }
  cJSON_Delete (index);
}

/* Memory of activations is reused, but never that of a node that is kept. */
static void
check_kept_alone (gconstpointer data)
{
  const Source *source = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel)
      model = cnn_model_load (source->model_folder, NULL, &error);
  guint n_nodes;

  g_assert_no_error (error);
  n_nodes = cnn_model_get_n_nodes (model);
  for (guint node = 0; node < n_nodes; node++) {
    gsize size = cnn_shape_size (cnn_model_get_node_shape (model, node));
    g_autoptr (CnnPlan) plan = cnn_plan_new (model, &node, 1, &error);
    const gchar *name = cnn_model_get_node_name (model, node);
    g_autofree gfloat *input = NULL;
    g_autofree gfloat *expected = NULL;
    guint n_inputs;
    const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
    gsize input_size = cnn_shape_size (
        cnn_model_get_node_shape (model, inputs[0]));

    g_assert_no_error (error);
    /* Second calls of shared layers have no values of their own. */
    if (cnn_model_find_node (model, name) != (gint) node)
      continue;
    expected = read_floats (source->golden_folder, "random", name, size);
    if (!expected)
      continue;
    input = read_floats (source->golden_folder, "random", "input", input_size);
    /* Run twice: the second run must not depend on leftovers of the first. */
    for (guint run = 0; run < 2; run++) {
      memcpy (cnn_plan_get_input (plan, 0), input, input_size * sizeof *input);
      cnn_plan_run (plan);
      compare_layer_values (name, cnn_plan_get_activation (plan, node),
          expected, size, WINOGRAD_LAYER_TOLERANCE);
    }
  }
}

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->model_folder);
  g_free (source->golden_folder);
  g_free (source);
}

static Source *
source_new (const gchar *model_folder, const gchar *golden_folder)
{
  Source *source = g_new (Source, 1);

  source->model_folder = g_strdup (model_folder);
  source->golden_folder = g_strdup (golden_folder);
  return source;
}

static void
add_shared (void)
{
  g_autofree gchar *sibling = g_test_build_filename (G_TEST_DIST, "..", "..",
      "..", "shared", NULL);
  const gchar *shared = g_getenv ("ACTIVATIONMAP_SHARED");
  g_autofree gchar *model = g_build_filename (shared ? shared : sibling, "data",
      "seed-model", NULL);
  g_autofree gchar *golden = g_build_filename (model, "golden", NULL);

  g_test_add_data_func_full ("/cnn/golden/original", source_new (model, golden),
      check_source, source_free);
}

int
main (int argc, char **argv)
{
  const gchar *names[] = { "activations", "original-small", "shared",
    "windows" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *folder = g_test_build_filename (G_TEST_DIST, "..",
        "golden", "models", names[i], NULL);
    g_autofree gchar *path = g_strconcat ("/cnn/golden/", names[i], NULL);
    g_autofree gchar *kept = g_strconcat ("/cnn/kept/", names[i], NULL);

    g_test_add_data_func_full (path, source_new (folder, folder), check_source,
        source_free);
    g_test_add_data_func_full (kept, source_new (folder, folder),
        check_kept_alone, source_free);
  }
  add_shared ();
  return g_test_run ();
}
