/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-input.h"

#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "manifest-repair.h"

#define MAX_REPAIRS 48

static const CnnLimits limits = { MODEL_INPUT_MAX_SIZE, 1 << 20, 300000 };

static CnnModel *
load (GError **error)
{
  return cnn_model_load (fuzz_get_folder (), &limits, error);
}

/* Loads the model with the weights that it needs. */
static CnnModel *
load_with_weights (cJSON *root)
{
  for (guint i = 0; i < MAX_REPAIRS; i++) {
    g_autoptr (GError) error = NULL;
    CnnModel *model;
    gchar *text;

    manifest_repair_write_shards (root);
    text = cJSON_PrintUnformatted (root);
    fuzz_write_file ("model.json", text, strlen (text));
    cJSON_free (text);
    model = load (&error);
    if (model)
      return model;
    if (!manifest_repair_apply (root, error->message))
      break;
  }
  return NULL;
}

CnnModel *
model_input_load (const guint8 *data, gsize size)
{
  const guint8 *end = memchr (data, 0, size);
  const gsize text_size = end ? (gsize) (end - data) : size;
  g_autoptr (GBytes) text = g_bytes_new (data, text_size);
  CnnModel *model;
  cJSON *root;

  if (size > MODEL_INPUT_MAX_SIZE)
    return NULL;
  root = end ? NULL : json_parse (text, NULL);
  if (cJSON_IsObject (root)) {
    model = load_with_weights (root);
  } else {
    fuzz_write_file ("model.json", data, text_size);
    if (end)
      fuzz_write_file ("w.bin", end + 1, size - text_size - 1);
    model = load (NULL);
  }
  cJSON_Delete (root);
  return model;
}

void
model_input_fill (const CnnModel *model, CnnPlan *plan)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  for (guint i = 0; i < n_inputs; i++) {
    gfloat *values = cnn_plan_get_input (plan, i);
    const gsize count = cnn_shape_size (
        cnn_model_get_node_shape (model, inputs[i]));

    for (gsize k = 0; k < count; k++)
      values[k] = (gfloat) (k % 17) / 17.0f;
  }
}
