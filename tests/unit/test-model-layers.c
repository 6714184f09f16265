/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Every layer against values computed elsewhere: models that
 * tests/golden/make-tfjs-golden.mjs made with TensorFlow.js, and that
 * make-keras-golden.py made with PyTorch and numpy, with the output of each call
 * of each layer. */

#include <cjson/cJSON.h>
#include <string.h>

#include "cnn/plan.h"
#include "layer-values.h"

/**
 * Values:
 * @left: how many have not been read
 */
typedef struct {
  const gfloat *next;
  gsize left;
} Values;

/**
 * Source:
 * @folder: where the models lie, in tests/golden
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

static void
check_layer (const CnnModel *model, const CnnPlan *plan, const cJSON *layer,
    gdouble layer_tolerance, Values *values)
{
  const gchar *name = cJSON_GetObjectItem (layer, "name")->valuestring;
  const cJSON *shape = cJSON_GetObjectItem (layer, "shape");
  guint node = find_call (model, name,
      cJSON_GetObjectItem (layer, "call")->valueint);
  const CnnShape *inferred = cnn_model_get_node_shape (model, node);
  gsize count = 1;
  const cJSON *dimension;
  guint rank = 0;

  cJSON_ArrayForEach (dimension, shape)
  {
    g_assert_cmpuint (rank, <, inferred->rank);
    g_assert_cmpint (inferred->dims[rank], ==, dimension->valueint);
    count *= (gsize) inferred->dims[rank++];
  }
  g_assert_cmpuint (rank, ==, inferred->rank);
  compare_layer_values (name, cnn_plan_get_activation (plan, node),
      read_values (values, count), count, layer_tolerance);
}

static CnnPlan *
make_plan (CnnModel *model, const CnnPlanOptions *options, const guint *keep,
    guint n_keep)
{
  g_autoptr (GError) error = NULL;
  CnnPlan *plan = options
      ? cnn_plan_new_full (model, keep, n_keep, options, &error)
      : cnn_plan_new (model, keep, n_keep, &error);

  g_assert_no_error (error);
  return plan;
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

/* All layers are kept: nothing is computed together with its neighbours. */
static void
check_plan (CnnModel *model, const CnnPlanOptions *options, const cJSON *layers,
    Values values)
{
  guint n_nodes = cnn_model_get_n_nodes (model);
  g_autofree guint *all = g_new (guint, n_nodes);
  g_autoptr (CnnPlan) plan = NULL;
  const cJSON *layer;

  for (guint i = 0; i < n_nodes; i++)
    all[i] = i;
  plan = make_plan (model, options, all, n_nodes);
  fill_inputs (model, plan, &values);
  cnn_plan_run (plan);
  cJSON_ArrayForEach (layer, layers)
  {
    check_layer (model, plan, layer,
        options ? EXACT_LAYER_TOLERANCE : WINOGRAD_LAYER_TOLERANCE, &values);
  }
  g_assert_cmpuint (values.left, ==, 0);
}

/* One layer is kept beside the outputs: what comes before it may be computed in
 * one step with it. */
static void
check_each (CnnModel *model, const cJSON *layers, Values values)
{
  const cJSON *layer;
  const Values inputs = values;
  gboolean first = TRUE;

  cJSON_ArrayForEach (layer, layers)
  {
    guint node = find_call (model,
        cJSON_GetObjectItem (layer, "name")->valuestring,
        cJSON_GetObjectItem (layer, "call")->valueint);
    g_autoptr (CnnPlan) plan = make_plan (model, NULL, &node, 1);
    Values again = inputs;

    fill_inputs (model, plan, &again);
    if (first)
      values = again;
    first = FALSE;
    cnn_plan_run (plan);
    check_layer (model, plan, layer, WINOGRAD_LAYER_TOLERANCE, &values);
  }
}

/* With the kernels of this machine, and with the reference code. */
static void
check_model (gconstpointer data)
{
  const Source *source = data;
  const cJSON *entry = source->entry;
  const cJSON *layers = cJSON_GetObjectItem (entry, "layers");
  const gchar *name = cJSON_GetObjectItem (entry, "model")->valuestring;
  const CnnPlanOptions reference = { NULL, TRUE };
  g_autofree gchar *json = build_path (source->folder, name, "model.json");
  g_autofree gchar *file = build_path (source->folder, name, "values.bin");
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = cnn_model_load (json, NULL, &error);
  g_autofree gchar *bytes = NULL;
  Values values;
  gsize size;

  g_assert_no_error (error);
  g_file_get_contents (file, &bytes, &size, &error);
  g_assert_no_error (error);
  values = (Values) { (const gfloat *) bytes, size / sizeof (gfloat) };
  check_plan (model, NULL, layers, values);
  check_plan (model, &reference, layers, values);
  check_each (model, layers, values);
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
