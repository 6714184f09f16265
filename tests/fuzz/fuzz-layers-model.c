/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Fuzzes the loader of layers-models, and runs the models that it accepts. */

#include "fuzz.h"
#include "model-input.h"

static void
run (CnnModel *model, gboolean keep_all)
{
  g_autoptr (CnnPlan) plan = NULL;
  guint n_nodes = cnn_model_get_n_nodes (model);
  g_autofree guint *nodes = g_new (guint, n_nodes);

  for (guint i = 0; i < n_nodes; i++)
    nodes[i] = i;
  plan = cnn_plan_new (model, nodes, keep_all ? n_nodes : 0, NULL);
  if (!plan)
    return;
  model_input_fill (model, plan);
  cnn_plan_run (plan);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (CnnModel) model = model_input_load (data, size);

  if (model)
    run (model, size % 2);
  return 0;
}
