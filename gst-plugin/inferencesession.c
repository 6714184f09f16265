/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "inferencesession.h"

#include "cnn/explain/explainer.h"
#include "cnn/explain/knock-outs.h"
#include "cnn/layer-selection.h"
#include "cnn/plan.h"
#include "cnn/prediction.h"
#include "modelfile.h"

/**
 * InferenceSession:
 * @plan: to run; that of @explainer where there is one
 * @explainer: (nullable)
 * @target_class: what to explain; -1 for the class that is predicted
 */
struct _InferenceSession {
  Classifier *classifier;
  CnnModel *model; /* the classifier's */
  ImageResizer *resizer;
  guint output;      /* node */
  gfloat *scores;    /* scratch of one run, one for each class */
  GArray *selection; /* of CnnSelectedLayer */
  GArray *layers;    /* of GstActivationLayer; only data changes */

  CnnPlan *plan;
  CnnExplainer *explainer;
  gint target_class;
  GstActivationExplanation explanation; /* results change with each run */
  GArray *knock_outs;                   /* of CnnKnockOut */
  GArray *knocked_out;                  /* of GstActivationKnockOut */
  gfloat *intact_scores;                /* as scores, without the knock-outs */
};

/* Feature maps keep their shape; everything else is shown as a vector. */
static void
describe_layer (const CnnModel *model, const CnnSelectedLayer *selected,
    GstActivationLayer *layer)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, selected->node);

  layer->name = cnn_model_get_node_name (model, selected->node);
  layer->source = cnn_model_get_node_name (model, selected->source);
  layer->data = NULL;
  if (shape->rank == 3) {
    layer->height = shape->dims[0];
    layer->width = shape->dims[1];
    layer->channels = shape->dims[2];
  } else {
    layer->height = layer->width = 1;
    layer->channels = (gint) cnn_shape_size (shape);
  }
}

static gboolean
select_layers (InferenceSession *session, const gchar *layers, GError **error)
{
  session->selection = cnn_layer_selection_new (session->model, layers, error);
  if (!session->selection)
    return FALSE;
  session->layers = g_array_new (FALSE, FALSE, sizeof (GstActivationLayer));
  g_array_set_size (session->layers, session->selection->len);
  for (guint i = 0; i < session->selection->len; i++) {
    describe_layer (session->model,
        &g_array_index (session->selection, CnnSelectedLayer, i),
        &g_array_index (session->layers, GstActivationLayer, i));
  }
  return TRUE;
}

InferenceSession *
inference_session_new (const gchar *model, const gchar *labels,
    const gchar *layers, const CnnLimits *limits, GError **error)
{
  g_autoptr (InferenceSession) session = g_new0 (InferenceSession, 1);
  g_autofree gchar *path = model && *model ? g_strdup (model)
                                           : model_file_get_default ("gender");
  guint n_outputs, n_classes;

  session->classifier = classifier_load (path, labels, NULL, limits, error);
  if (!session->classifier)
    return NULL;
  session->model = classifier_get_model (session->classifier);
  session->resizer = classifier_new_resizer (session->classifier);
  session->output = cnn_model_get_outputs (session->model, &n_outputs)[0];
  classifier_get_labels (session->classifier, &n_classes);
  session->scores = g_new (gfloat, n_classes);
  session->intact_scores = g_new (gfloat, n_classes);
  return select_layers (session, layers, error) ? g_steal_pointer (&session)
                                                : NULL;
}

static void
drop_plan (InferenceSession *session)
{
  if (!session->explainer)
    g_clear_pointer (&session->plan, cnn_plan_free);
  session->plan = NULL;
  g_clear_pointer (&session->explainer, cnn_explainer_free);
  g_clear_pointer (&session->knock_outs, g_array_unref);
  g_clear_pointer (&session->knocked_out, g_array_unref);
}

void
inference_session_free (InferenceSession *session)
{
  drop_plan (session);
  g_clear_pointer (&session->resizer, image_resizer_free);
  g_clear_pointer (&session->selection, g_array_unref);
  g_clear_pointer (&session->layers, g_array_unref);
  g_clear_pointer (&session->classifier, classifier_free);
  g_free (session->scores);
  g_free (session->intact_scores);
  g_free (session);
}

static gboolean
choose_knock_outs (InferenceSession *session, const gchar *text, GError **error)
{
  session->knock_outs = cnn_knock_outs_parse (session->model, text, error);
  if (!session->knock_outs)
    return FALSE;
  session->knocked_out = g_array_new (FALSE, FALSE,
      sizeof (GstActivationKnockOut));
  for (guint i = 0; i < session->knock_outs->len; i++) {
    const CnnKnockOut *knock_out = &g_array_index (session->knock_outs,
        CnnKnockOut, i);
    const GstActivationKnockOut named = {
      cnn_model_get_node_name (session->model, knock_out->node),
      (gint) knock_out->channel
    };

    g_array_append_val (session->knocked_out, named);
  }
  return TRUE;
}

/* Nodes whose values are to be seen, or set to zero. */
static GArray *
list_kept (const InferenceSession *session)
{
  GArray *keep = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < session->selection->len; i++) {
    g_array_append_val (keep,
        g_array_index (session->selection, CnnSelectedLayer, i).node);
  }
  for (guint i = 0; i < session->knock_outs->len; i++) {
    g_array_append_val (keep,
        g_array_index (session->knock_outs, CnnKnockOut, i).node);
  }
  return keep;
}

static gboolean
make_explainer (InferenceSession *session,
    const InferenceExplanation *explanation, const GArray *keep, GError **error)
{
  const gchar *target_class = explanation->target_class;
  CnnSelectedLayer target;
  CnnExplainerOptions options = {
    .method = explanation->method,
    .keep = (const guint *) keep->data,
    .n_keep = keep->len,
  };
  guint number;

  session->target_class = -1;
  if (target_class && *target_class) {
    if (!classifier_find_class (session->classifier, target_class, &number,
            error))
      return FALSE;
    session->target_class = (gint) number;
  }
  if (!cnn_explainer_find_target (session->model, explanation->layer, &target,
          error))
    return FALSE;
  options.target = target.node;
  session->explainer = cnn_explainer_new (session->model, &options, error);
  if (!session->explainer)
    return FALSE;
  session->plan = cnn_explainer_get_plan (session->explainer);
  session->explanation = (GstActivationExplanation) {
    .method = cnn_cam_get_name (explanation->method),
    .layer = cnn_model_get_node_name (session->model, target.node),
    .source = cnn_model_get_node_name (session->model, target.source),
  };
  return TRUE;
}

gboolean
inference_session_explain (InferenceSession *session,
    const InferenceExplanation *explanation, GError **error)
{
  g_autoptr (GArray) keep = NULL;

  drop_plan (session);
  if (!choose_knock_outs (session, explanation->knock_out, error))
    return FALSE;
  keep = list_kept (session);
  if (explanation->explain)
    return make_explainer (session, explanation, keep, error);
  session->plan = cnn_plan_new (session->model, (const guint *) keep->data,
      keep->len, error);
  return session->plan != NULL;
}

const ClassifierPreprocess *
inference_session_get_preprocess (const InferenceSession *session)
{
  return classifier_get_preprocess (session->classifier);
}

static void
set_knock_outs (InferenceSession *session, guint n_knock_outs)
{
  const CnnKnockOut *knock_outs =
      (const CnnKnockOut *) session->knock_outs->data;

  if (session->explainer) {
    cnn_explainer_set_knock_outs (session->explainer, knock_outs, n_knock_outs);
  } else {
    cnn_plan_set_knock_outs (session->plan, knock_outs, n_knock_outs);
  }
}

/* Returns the class that is predicted. */
static guint
predict (InferenceSession *session, gfloat *scores)
{
  cnn_plan_run (session->plan);
  return cnn_prediction_compute (session->model,
      cnn_plan_get_activation (session->plan, session->output), scores);
}

/* With knock-outs the network runs once more, without them, to compare. */
static guint
predict_with_knock_outs (InferenceSession *session)
{
  if (session->knock_outs->len > 0) {
    set_knock_outs (session, 0);
    predict (session, session->intact_scores);
    set_knock_outs (session, session->knock_outs->len);
  }
  return predict (session, session->scores);
}

static void
explain (InferenceSession *session, guint winner)
{
  const guint target_class = session->target_class >= 0
      ? (guint) session->target_class
      : winner;
  const CnnExplanation *result = cnn_explainer_run (session->explainer,
      target_class);
  GstActivationExplanation *explanation = &session->explanation;

  explanation->target_class = target_class;
  explanation->height = result->height;
  explanation->width = result->width;
  explanation->channels = result->channels;
  explanation->cam = result->cam;
  explanation->map = result->map;
  explanation->cell_contributions = result->cell_contributions;
  explanation->channel_contributions = result->channel_contributions;
  explanation->logit = result->logit;
  explanation->bias = result->bias;
}

GstActivations *
inference_session_run (InferenceSession *session, const ImageFrame *frame,
    const ImageRect *region, const gchar *attribute, gint region_id)
{
  guint winner, n_classes;
  const gchar *const *labels = classifier_get_labels (session->classifier,
      &n_classes);
  const GstActivationKnockOuts knock_outs = {
    (const GstActivationKnockOut *) session->knocked_out->data,
    session->knocked_out->len, session->intact_scores
  };

  image_resizer_run (session->resizer, frame, region,
      cnn_plan_get_input (session->plan, 0));
  winner = predict_with_knock_outs (session);
  if (session->explainer)
    explain (session, winner);
  for (guint i = 0; i < session->layers->len; i++) {
    guint node = g_array_index (session->selection, CnnSelectedLayer, i).node;

    g_array_index (session->layers, GstActivationLayer, i).data =
        cnn_plan_get_activation (session->plan, node);
  }
  return gst_activations_new_explained (cnn_model_get_name (session->model),
      attribute, region_id, n_classes, labels, session->scores, winner,
      (const GstActivationLayer *) session->layers->data, session->layers->len,
      session->explainer ? &session->explanation : NULL, &knock_outs);
}
