/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Fuzzes explanations of models that the loader accepts, with every method, and
 * with target layers, classes, kernels and knock-outs derived from the bytes of
 * the input.
 */

#include "cnn/explain/explainer.h"
#include "cnn/model/prediction.h"
#include "fuzz.h"
#include "model-input.h"

#define MAX_KNOCK_OUTS 3
#define TARGETS_PER_METHOD 2
/* Score-CAM and ablation-CAM run the network once per channel. */
#define MAX_RUNS 64

static guint
choose (GRand *random, guint n)
{
  return (guint) g_rand_int_range (random, 0, (gint32) n);
}

static GRand *
new_random (const guint8 *data, gsize size)
{
  guint32 seed = 5381;

  for (gsize i = 0; i < size; i++)
    seed = seed * 33 + data[i];
  return g_rand_new_with_seed (seed);
}

static CnnPrediction
choose_prediction (const CnnModel *model, GRand *random)
{
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (model, &n_outputs);
  CnnPrediction prediction = cnn_prediction_describe (model,
      outputs[choose (random, n_outputs)]);

  if (prediction.kind == CNN_PREDICTION_NUMBER && choose (random, 2))
    cnn_prediction_take_as_logit (&prediction);
  return prediction;
}

/* Chooses the target by name, which may select its whole block, or chooses any
 * node, even if it cannot be a target. */
static guint
choose_target (const CnnModel *model, guint output, GRand *random)
{
  const guint node = choose (random, cnn_model_get_n_nodes (model));
  const gchar *name = cnn_model_get_node_name (model, node);
  CnnSelectedLayer target;

  if (choose (random, 2))
    return node;
  if (cnn_explainer_find_target (model, output,
          choose (random, 2) ? name : "auto", &target, NULL))
    return target.node;
  return node;
}

static GArray *
choose_knock_outs (const CnnModel *model, GRand *random)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GArray *knock_outs;

  for (guint i = choose (random, MAX_KNOCK_OUTS + 1); i > 0; i--) {
    const guint node = choose (random, cnn_model_get_n_nodes (model));

    g_string_append_printf (text, "%s:%u,",
        cnn_model_get_node_name (model, node), choose (random, 4));
  }
  knock_outs = cnn_knock_outs_parse (model, text->str, NULL);
  return knock_outs ? knock_outs
                    : g_array_new (FALSE, FALSE, sizeof (CnnKnockOut));
}

/* Prevents the reads from being optimised away. */
static volatile gfloat explanation_sum;

/* Reads every value, so that a sanitizer reports uninitialised values and
 * accesses to memory that the explainer does not own. */
static void
read_explanation (const CnnExplanation *explanation)
{
  const gsize cells = (gsize) explanation->height * (gsize) explanation->width;
  const gsize channels = (gsize) explanation->channels;
  gfloat sum = 0.0f;

  for (gsize i = 0; i < cells * channels; i++)
    sum += explanation->activations[i] + explanation->gradient[i];
  for (gsize i = 0; i < cells; i++) {
    sum += explanation->cam[i] + explanation->map[i]
        + explanation->cell_contributions[i];
  }
  for (gsize i = 0; i < channels; i++)
    sum += explanation->channel_contributions[i];
  explanation_sum = sum;
}

static gboolean
is_cheap (const CnnModel *model, const CnnExplainerOptions *options)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, options->target);

  return options->method < CNN_CAM_ABLATION_CAM || shape->rank != 3
      || shape->dims[2] <= MAX_RUNS;
}

static void
explain (CnnModel *model, const CnnExplainerOptions *options,
    const GArray *knock_outs, GRand *random)
{
  g_autoptr (CnnExplainer) explainer = NULL;
  const guint n_targets = MAX (options->prediction->n_classes, 1);

  if (!is_cheap (model, options))
    return;
  explainer = cnn_explainer_new (model, options, NULL);
  if (!explainer)
    return;
  cnn_explainer_set_knock_outs (explainer,
      (const CnnKnockOut *) knock_outs->data, knock_outs->len);
  model_input_fill (model, cnn_explainer_get_plan (explainer));
  cnn_plan_run (cnn_explainer_get_plan (explainer));
  read_explanation (cnn_explainer_run (explainer, choose (random, n_targets)));
  read_explanation (cnn_explainer_run (explainer, n_targets - 1));
}

static void
explain_with_method (CnnModel *model, CnnCamMethod method, GRand *random)
{
  const CnnPlanOptions plans[] = { { cnn_kernels_get (), FALSE },
    { cnn_kernels_get (), TRUE }, { NULL, FALSE } };
  g_autoptr (GArray) knock_outs = choose_knock_outs (model, random);
  guint keep[MAX_KNOCK_OUTS];
  const CnnPrediction prediction = choose_prediction (model, random);
  CnnExplainerOptions options = { method,
    choose_target (model, prediction.output, random), keep, knock_outs->len,
    &plans[choose (random, G_N_ELEMENTS (plans))], &prediction };

  for (guint i = 0; i < knock_outs->len; i++)
    keep[i] = g_array_index (knock_outs, CnnKnockOut, i).node;
  explain (model, &options, knock_outs, random);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (CnnModel) model = model_input_load (data, size);
  GRand *random;

  if (!model)
    return 0;
  random = new_random (data, size);
  for (guint i = 0; i < CNN_CAM_N_METHODS * TARGETS_PER_METHOD; i++) {
    explain_with_method (model, (CnnCamMethod) (i / TARGETS_PER_METHOD),
        random);
  }
  g_rand_free (random);
  return 0;
}
