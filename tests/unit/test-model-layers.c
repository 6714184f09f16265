/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Compares the output of each call of each layer with values computed
 * elsewhere, for models that tests/golden/make-tfjs-golden.mjs made with
 * TensorFlow.js and make-keras-golden.py with PyTorch and numpy. */

#include <cjson/cJSON.h>
#include <string.h>

#include "base/stored-number.h"
#include "cnn/plan/plan.h"
#include "layer-values.h"

/**
 * Values:
 * @next: the next unread value
 * @left: number of unread values
 */
typedef struct {
  const gfloat *next;
  gsize left;
} Values;

/**
 * Source:
 * @folder: folder of the models in tests/golden
 */
typedef struct {
  const gchar *folder;
  const cJSON *entry;
} Source;

static gchar *
build_path (const gchar *folder, const gchar *model, const gchar *file)
{
  return g_test_build_filename (G_TEST_DIST, "..", "golden", folder, model,
      file, NULL);
}

static const gfloat *
read_values (Values *values, gsize count)
{
  const gfloat *read = values->next;

  g_assert_cmpuint (count, <=, values->left);
  values->next += count;
  values->left -= count;
  return read;
}

/* The node of call number @call of the layer @name. */
static guint
find_call (const CnnModel *model, const gchar *name, gint call)
{
  guint n_nodes = cnn_model_get_n_nodes (model);

  for (guint i = 0; i < n_nodes; i++) {
    if (g_str_equal (cnn_model_get_node_name (model, i), name) && call-- == 0)
      return i;
  }
  g_error ("there is no such call of layer '%s'", name);
}

static guint
find_node (const CnnModel *model, const cJSON *layer)
{
  return find_call (model, cJSON_GetObjectItem (layer, "name")->valuestring,
      cJSON_GetObjectItem (layer, "call")->valueint);
}

static void
check_shape (const CnnModel *model, const cJSON *layer)
{
  const cJSON *shape = cJSON_GetObjectItem (layer, "shape");
  const CnnShape *inferred = cnn_model_get_node_shape (model,
      find_node (model, layer));
  const cJSON *dimension;
  guint rank = 0;

  cJSON_ArrayForEach (dimension, shape)
  {
    g_assert_cmpuint (rank, <, inferred->rank);
    g_assert_cmpint (inferred->dims[rank], ==, dimension->valueint);
    rank++;
  }
  g_assert_cmpuint (rank, ==, inferred->rank);
}

static void
fill_inputs (const CnnModel *model, CnnPlan *plan, Values *values)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  for (guint i = 0; i < n_inputs; i++) {
    gsize count = cnn_shape_size (cnn_model_get_node_shape (model, inputs[i]));

    memcpy (cnn_plan_get_input (plan, i), read_values (values, count),
        count * sizeof (gfloat));
  }
}

/**
 * Check:
 * @options: options of the plan
 * @layers: the layers that have values
 * @values: the values of the inputs, followed by those of each layer
 *
 * A model with its expected values.
 */
typedef struct {
  CnnModel *model;
  CnnPlanOptions options;
  const cJSON *layers;
  Values values;
} Check;

/* Runs a plan that keeps some nodes, and compares their values. */
static void
check_plan (const Check *check, const guint *keep, guint n_keep)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnPlan) plan = cnn_plan_new_full (check->model, keep, n_keep,
      &check->options, &error);
  Values values = check->values;
  const cJSON *layer;

  g_assert_no_error (error);
  fill_inputs (check->model, plan, &values);
  cnn_plan_run (plan);
  cJSON_ArrayForEach (layer, check->layers)
  {
    const guint node = find_node (check->model, layer);
    const gsize count = cnn_shape_size (
        cnn_model_get_node_shape (check->model, node));
    const gfloat *expected = read_values (&values, count);

    for (guint i = 0; i < n_keep; i++) {
      if (keep[i] == node) {
        compare_layer_values (cnn_model_get_node_name (check->model, node),
            cnn_plan_get_activation (plan, node), expected, count,
            check->options.exact ? EXACT_LAYER_TOLERANCE
                                 : WINOGRAD_LAYER_TOLERANCE);
      }
    }
  }
  g_assert_cmpuint (values.left, ==, 0);
}

/* Checks all layers at once, where nothing can be fused, and each one alone,
 * where the others are fused and folded as far as possible. */
static void
check_options (const Check *check)
{
  const guint n_nodes = cnn_model_get_n_nodes (check->model);
  g_autofree guint *all = g_new (guint, n_nodes);

  for (guint i = 0; i < n_nodes; i++)
    all[i] = i;
  check_plan (check, all, n_nodes);
  for (guint i = 0; i < n_nodes; i++)
    check_plan (check, &all[i], 1);
}

/* @size is the size at which a model with an input of open size was run. */
static CnnModel *
load_model (const gchar *json, const cJSON *size)
{
  const CnnInputSize given = {
    size ? cJSON_GetArrayItem (size, 0)->valueint : 0,
    size ? cJSON_GetArrayItem (size, 1)->valueint : 0,
  };
  g_autoptr (GError) error = NULL;
  CnnModel *model = cnn_model_load_sized (json, NULL, size ? &given : NULL,
      &error);

  g_assert_no_error (error);
  return model;
}

/* Checks a model with the reference code and with all kernels that this machine
 * can run. */
static void
check_model (gconstpointer data)
{
  const Source *source = data;
  const cJSON *entry = source->entry;
  const gchar *name = cJSON_GetObjectItem (entry, "model")->valuestring;
  g_autofree gchar *json = build_path (source->folder, name, "model.json");
  g_autofree gchar *file = build_path (source->folder, name, "values.bin");
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel)
      model = load_model (json, cJSON_GetObjectItem (entry, "size"));
  g_autofree gchar *bytes = NULL;
  Check check = { model, { NULL, TRUE },
    cJSON_GetObjectItem (entry, "layers") };
  const cJSON *layer;
  gsize size;

  g_file_get_contents (file, &bytes, &size, &error);
  g_assert_no_error (error);
  stored_float32_convert (bytes, size / sizeof (gfloat));
  check.values = (Values) { (const gfloat *) bytes, size / sizeof (gfloat) };
  cJSON_ArrayForEach (layer, check.layers) check_shape (model, layer);
  check_options (&check);
  for (guint i = 0; (check.options.kernels = cnn_kernels_get_nth (i)); i++) {
    check.options.exact = TRUE;
    check_options (&check);
    check.options.exact = FALSE;
    check_options (&check);
  }
}

static cJSON *
add_tests (const gchar *folder)
{
  g_autofree gchar *file = build_path (folder, "index.json", NULL);
  g_autofree gchar *text = NULL;
  const cJSON *entry;
  cJSON *index;

  if (!g_file_get_contents (file, &text, NULL, NULL))
    g_error ("%s cannot be read", file);
  index = cJSON_Parse (text);
  g_assert_nonnull (index);
  cJSON_ArrayForEach (entry, index)
  {
    g_autofree gchar *path = g_strdup_printf ("/cnn/%s/%s", folder,
        cJSON_GetObjectItem (entry, "model")->valuestring);
    Source *source = g_new (Source, 1);

    *source = (Source) { folder, entry };
    g_test_add_data_func_full (path, source, check_model, g_free);
  }
  return index;
}

int
main (int argc, char **argv)
{
  cJSON *tfjs, *keras;
  gint result;

  g_test_init (&argc, &argv, NULL);
  tfjs = add_tests ("tfjs");
  keras = add_tests ("keras");
  result = g_test_run ();
  cJSON_Delete (tfjs);
  cJSON_Delete (keras);
  return result;
}
