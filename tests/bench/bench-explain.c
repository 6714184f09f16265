/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Measures explanations: for each method, the median time of an explanation
 * after a run of the network. The methods take turns.
 *
 *   bench-explain model/gender [layer]
 */

#include "cnn/explain/explainer.h"
#include "worker.h"

#define ROUNDS 300

typedef struct {
  CnnExplainer *explainer;
  gdouble run[ROUNDS]; /* in microseconds */
  gdouble explain[ROUNDS];
} Candidate;

static gdouble
get_microseconds (void)
{
  return worker_now () * 1e3;
}

static gboolean
prepare (Candidate *candidate, CnnCamMethod method, CnnModel *model,
    const gchar *layer, GRand *random, GError **error)
{
  guint n_inputs, n_outputs;
  const gsize size = cnn_shape_size (cnn_model_get_node_shape (model,
      cnn_model_get_inputs (model, &n_inputs)[0]));
  CnnExplainerOptions options = { .method = method };
  CnnSelectedLayer target;
  gfloat *input;

  if (!cnn_explainer_find_target (model,
          cnn_model_get_outputs (model, &n_outputs)[0], layer, &target, error))
    return FALSE;
  options.target = target.node;
  candidate->explainer = cnn_explainer_new (model, &options, error);
  if (!candidate->explainer)
    return FALSE;
  input = cnn_plan_get_input (cnn_explainer_get_plan (candidate->explainer), 0);
  for (gsize i = 0; i < size; i++)
    input[i] = (gfloat) g_rand_double (random);
  return TRUE;
}

static void
measure (Candidate *candidate, guint round)
{
  const gdouble start = get_microseconds ();
  gdouble between;

  cnn_plan_run (cnn_explainer_get_plan (candidate->explainer));
  between = get_microseconds ();
  cnn_explainer_run (candidate->explainer, 0);
  candidate->run[round] = between - start;
  candidate->explain[round] = get_microseconds () - between;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (CnnModel) model = NULL;
  g_autofree Candidate *candidates = g_new0 (Candidate, CNN_CAM_N_METHODS);

  if (argc < 2 || argc > 3) {
    g_printerr ("usage: %s model [layer]\n", argv[0]);
    return 2;
  }
  model = cnn_model_load (argv[1], NULL, &error);
  for (guint i = 0; !error && i < CNN_CAM_N_METHODS; i++) {
    prepare (&candidates[i], (CnnCamMethod) i, model,
        argc > 2 ? argv[2] : "auto", random, &error);
  }
  for (guint round = 0; !error && round < ROUNDS; round++) {
    for (guint i = 0; i < CNN_CAM_N_METHODS; i++)
      measure (&candidates[i], round);
  }
  if (error)
    g_printerr ("%s\n", error->message);
  else
    g_print ("%-14s %12s %12s\n", "method", "network us", "explain us");
  for (guint i = 0; i < CNN_CAM_N_METHODS; i++) {
    if (!error) {
      g_print ("%-14s %12.1f %12.1f\n", cnn_cam_get_name ((CnnCamMethod) i),
          worker_median (candidates[i].run, ROUNDS),
          worker_median (candidates[i].explain, ROUNDS));
    }
    g_clear_pointer (&candidates[i].explainer, cnn_explainer_free);
  }
  return error ? 1 : 0;
}
