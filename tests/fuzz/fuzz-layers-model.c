/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The loader of layers-models, and runs of what it loads. The input is a
 * model.json, whose weights are made up here; or a model.json, a byte 0, and
 * the file "w.bin".
 */

#include <string.h>

#include "cnn/json.h"
#include "cnn/plan.h"
#include "fuzz.h"
#include "json-mutator.h"
#include "manifest-repair.h"

#define MAX_INPUT_SIZE 65536
#define MAX_REPAIRS 48

static const CnnLimits limits = { MAX_INPUT_SIZE, 1 << 20, 300000 };

/* In TMPDIR, which run.sh removes at the end. */
static const gchar *
get_folder (void)
{
  static gchar *folder;

  if (!folder) {
    folder = g_dir_make_tmp ("activationmap-fuzz-XXXXXX", NULL);
    g_assert_nonnull (folder);
  }
  return folder;
}

static void
run (CnnModel *model, gboolean keep_all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnPlan) plan = NULL;
  guint n_nodes = cnn_model_get_n_nodes (model);
  g_autofree guint *nodes = g_new (guint, n_nodes);
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  for (guint i = 0; i < n_nodes; i++)
    nodes[i] = i;
  plan = cnn_plan_new (model, nodes, keep_all ? n_nodes : 0, &error);
  if (!plan)
    return;
  for (guint i = 0; i < n_inputs; i++) {
    gfloat *values = cnn_plan_get_input (plan, i);
    gsize count = cnn_shape_size (cnn_model_get_node_shape (model, inputs[i]));

    for (gsize k = 0; k < count; k++)
      values[k] = (gfloat) (k % 17) / 17.0f;
  }
  cnn_plan_run (plan);
}

static CnnModel *
load (GError **error)
{
  return cnn_model_load (get_folder (), &limits, error);
}

/* Loads the model with weights as it wants them. */
static CnnModel *
load_with_weights (cJSON *root)
{
  for (guint i = 0; i < MAX_REPAIRS; i++) {
    g_autoptr (GError) error = NULL;
    CnnModel *model;
    gchar *text;

    manifest_repair_write_shards (root, get_folder ());
    text = cJSON_PrintUnformatted (root);
    fuzz_write_file (get_folder (), "model.json", text, strlen (text));
    cJSON_free (text);
    model = load (&error);
    if (model)
      return model;
    if (!manifest_repair_apply (root, error->message))
      break;
  }
  return NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *end = memchr (data, 0, size);
  gsize text_size = end ? (gsize) (end - data) : size;
  g_autoptr (GBytes) text = g_bytes_new (data, text_size);
  g_autoptr (CnnModel) model = NULL;
  cJSON *root;

  if (size > MAX_INPUT_SIZE)
    return 0;
  root = end ? NULL : cnn_json_parse (text, NULL);
  if (cJSON_IsObject (root)) {
    model = load_with_weights (root);
  } else {
    fuzz_write_file (get_folder (), "model.json", data, text_size);
    if (end)
      fuzz_write_file (get_folder (), "w.bin", end + 1, size - text_size - 1);
    model = load (NULL);
  }
  cJSON_Delete (root);
  if (model)
    run (model, size % 2);
  return 0;
}

gsize
LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size,
    unsigned int seed)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  GRand *random = g_rand_new_with_seed (seed);
  cJSON *root = seed % 8 ? cnn_json_parse (bytes, NULL) : NULL;
  gchar *text = NULL;

  if (root) {
    for (gint i = g_rand_int_range (random, 1, 5); i > 0; i--)
      json_mutator_change (root, random);
    text = cJSON_PrintUnformatted (root);
  }
  if (text && strlen (text) <= max_size) {
    size = strlen (text);
    memcpy (data, text, size);
  } else {
    size = LLVMFuzzerMutate (data, size, max_size);
  }
  cJSON_free (text);
  cJSON_Delete (root);
  g_rand_free (random);
  return size;
}
