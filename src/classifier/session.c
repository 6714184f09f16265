/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/session.h"

#include "cnn/explain/explainer.h"

/**
 * ClassifierSession:
 * @plan: the plan to run; that of @explainer if there is one
 * @explainer: (nullable): explains predictions, if that was asked for
 * @target_class: the class to explain; -1 for the predicted one
 * @explanation: explanation of the last run; the description owns its names
 * @result: result of the last run
 */
struct _ClassifierSession {
  Classifier *classifier;
  CnnModel *model;                 /* the classifier's */
  const CnnPrediction *prediction; /* the classifier's */
  ImageResizer *resizer;
  gfloat *scores;
  gfloat *intact_scores; /* without the knock-outs */

  CnnPlan *plan;
  CnnExplainer *explainer;
  gint target_class;
  GArray *selection;  /* of CnnSelectedLayer */
  GArray *layers;     /* of CnnLayerMaps; only data changes */
  GArray *outputs;    /* like layers */
  GArray *knock_outs; /* of CnnKnockOut */
  CnnExplanation explanation;
  ClassifierResult result;
};

ClassifierSession *
classifier_session_new (const ClassifierSource *source, GError **error)
{
  g_autoptr (ClassifierSession) session = g_new0 (ClassifierSession, 1);
  guint n_scores;

  session->classifier = classifier_load (source, error);
  if (!session->classifier)
    return NULL;
  session->model = classifier_get_model (session->classifier);
  session->prediction = classifier_get_prediction (session->classifier);
  session->resizer = classifier_new_resizer (session->classifier);
  n_scores = cnn_prediction_count_scores (session->prediction->kind,
      session->prediction->n_classes);
  session->scores = g_new (gfloat, n_scores);
  session->intact_scores = g_new (gfloat, n_scores);
  return g_steal_pointer (&session);
}

/* Forgets the last question. */
static void
clear_answers (ClassifierSession *session)
{
  if (!session->explainer)
    g_clear_pointer (&session->plan, cnn_plan_free);
  session->plan = NULL;
  g_clear_pointer (&session->explainer, cnn_explainer_free);
  g_clear_pointer (&session->selection, g_array_unref);
  g_clear_pointer (&session->layers, g_array_unref);
  g_clear_pointer (&session->outputs, g_array_unref);
  g_clear_pointer (&session->knock_outs, g_array_unref);
  g_clear_pointer (&session->result.description, classifier_description_unref);
  session->result = (ClassifierResult) { 0 };
}

void
classifier_session_free (ClassifierSession *session)
{
  clear_answers (session);
  g_clear_pointer (&session->resizer, image_resizer_free);
  g_clear_pointer (&session->classifier, classifier_free);
  g_free (session->scores);
  g_free (session->intact_scores);
  g_free (session);
}

/* Takes ownership of @error. */
static void
warn (GPtrArray *warnings, const gchar *part, GError *error)
{
  g_ptr_array_add (warnings,
      g_strdup_printf ("'%s': %s", part, error->message));
  g_error_free (error);
}

/* Parses each item of a list by itself, so that a wrong item does not spoil the
 * others. */
static GArray *
parse_list (const CnnModel *model, const gchar *part, const gchar *text,
    guint item_size,
    GArray *(*parse) (const CnnModel *model, const gchar *item, GError **error),
    GPtrArray *warnings)
{
  GArray *all = g_array_new (FALSE, FALSE, item_size);
  g_auto (GStrv) items = g_strsplit (text ? text : "", ",", -1);

  for (guint i = 0; items[i]; i++) {
    GError *error = NULL;
    g_autoptr (GArray) parsed = NULL;

    if (!*g_strstrip (items[i]))
      continue;
    parsed = parse (model, items[i], &error);
    if (parsed)
      g_array_append_vals (all, parsed->data, parsed->len);
    else
      warn (warnings, part, error);
  }
  return all;
}

static gboolean
is_selected (const ClassifierSession *session, guint node)
{
  for (guint i = 0; i < session->selection->len; i++) {
    if (g_array_index (session->selection, CnnSelectedLayer, i).node == node)
      return TRUE;
  }
  return FALSE;
}

static gboolean
wants_auto (const gchar *layers)
{
  g_auto (GStrv) items = g_strsplit (layers ? layers : "", ",", -1);

  for (guint i = 0; items[i]; i++) {
    if (g_str_equal (g_strstrip (items[i]), "auto"))
      return TRUE;
  }
  return FALSE;
}

/* An image is the prediction itself, so it is shown whichever layer it comes
 * from. */
static void
add_image (ClassifierSession *session, const gchar *layers)
{
  const guint output = session->prediction->output;
  const CnnSelectedLayer selected = { output,
    cnn_layer_selection_find_source (session->model, output) };

  if (session->prediction->kind == CNN_PREDICTION_MAPS && wants_auto (layers)
      && !is_selected (session, output))
    g_array_append_val (session->selection, selected);
}

static void
append_layer (const ClassifierSession *session,
    const CnnSelectedLayer *selected, GArray *layers)
{
  const CnnLayerMaps layer = cnn_layer_selection_describe (session->model,
      selected);

  g_array_append_val (layers, layer);
}

static void
choose_layers (ClassifierSession *session, const gchar *layers,
    GPtrArray *warnings)
{
  session->selection = parse_list (session->model, "layers", layers,
      sizeof (CnnSelectedLayer), cnn_layer_selection_new, warnings);
  add_image (session, layers);
  session->layers = g_array_new (FALSE, FALSE, sizeof (CnnLayerMaps));
  for (guint i = 0; i < session->selection->len; i++)
    append_layer (session,
        &g_array_index (session->selection, CnnSelectedLayer, i),
        session->layers);
}

static void
list_outputs (ClassifierSession *session)
{
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (session->model, &n_outputs);

  session->outputs = g_array_new (FALSE, FALSE, sizeof (CnnLayerMaps));
  for (guint i = 0; i < n_outputs; i++)
    append_layer (session, &(CnnSelectedLayer) { outputs[i], outputs[i] },
        session->outputs);
}

static void
describe_input (ClassifierSession *session)
{
  guint n_inputs;
  const guint node = cnn_model_get_inputs (session->model, &n_inputs)[0];
  const CnnShape *shape = cnn_model_get_node_shape (session->model, node);
  const gchar *name = cnn_model_get_node_name (session->model, node);

  /* gray pictures may have no dimension for their channel */
  session->result.input = (CnnLayerMaps) { .name = name,
    .source = name,
    .height = shape->dims[0],
    .width = shape->dims[1],
    .channels = shape->rank == 3 ? shape->dims[2] : 1 };
}

/* The nodes whose values are to be kept, or set to zero. */
static GArray *
list_kept (const ClassifierSession *session)
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
find_target_class (ClassifierSession *session, const gchar *name,
    GError **error)
{
  guint number;

  session->target_class = -1;
  if (!name || !*name)
    return TRUE;
  if (!classifier_find_class (session->classifier, name, &number, error))
    return FALSE;
  session->target_class = (gint) number;
  return TRUE;
}

/* Warnings name the property that the user has to change. */
static gboolean
make_explainer (ClassifierSession *session, const ClassifierQuestion *question,
    const GArray *keep, GPtrArray *warnings)
{
  GError *error = NULL;
  CnnSelectedLayer target;
  CnnExplainerOptions options = {
    .method = question->method,
    .keep = (const guint *) keep->data,
    .n_keep = keep->len,
    .prediction = session->prediction,
  };

  if (!find_target_class (session, question->target_class, &error)) {
    warn (warnings, "explain-class", error);
    return FALSE;
  }
  if (!cnn_explainer_find_target (session->model, session->prediction->output,
          question->target_layer, &target, &error)) {
    warn (warnings, "explain-layer", error);
    return FALSE;
  }
  options.target = target.node;
  session->explainer = cnn_explainer_new (session->model, &options, &error);
  if (!session->explainer) {
    warn (warnings, "explain", error);
    return FALSE;
  }
  session->plan = cnn_explainer_get_plan (session->explainer);
  session->explanation.layer = cnn_model_get_node_name (session->model,
      target.node);
  session->explanation.source = cnn_model_get_node_name (session->model,
      target.source);
  return TRUE;
}

static gboolean
make_plan (ClassifierSession *session, const ClassifierQuestion *question,
    GPtrArray *warnings, GError **error)
{
  g_autoptr (GArray) keep = list_kept (session);

  if (question->explain && make_explainer (session, question, keep, warnings))
    return TRUE;
  session->plan = cnn_plan_new (session->model, (const guint *) keep->data,
      keep->len, error);
  return session->plan != NULL;
}

static void
share_layer_names (ClassifierDescription *description, CnnLayerMaps *layers,
    guint n_layers)
{
  for (guint i = 0; i < n_layers; i++) {
    CnnLayerMaps *layer = &layers[i];

    layer->name = classifier_description_intern (description, layer->name);
    layer->source = classifier_description_intern (description, layer->source);
  }
}

/* Results may outlive the model, so the description takes over its names. */
static void
share_names (ClassifierSession *session)
{
  ClassifierDescription *description = session->result.description;
  CnnExplanation *explanation = &session->explanation;

  if (session->explainer) {
    explanation->layer = classifier_description_intern (description,
        explanation->layer);
    explanation->source = classifier_description_intern (description,
        explanation->source);
  }
  share_layer_names (description,
      (CnnLayerMaps *) (gpointer) session->layers->data, session->layers->len);
  share_layer_names (description,
      (CnnLayerMaps *) (gpointer) session->outputs->data,
      session->outputs->len);
  share_layer_names (description, &session->result.input, 1);
  for (guint i = 0; i < session->knock_outs->len; i++) {
    CnnKnockOut *knock_out = &g_array_index (session->knock_outs, CnnKnockOut,
        i);

    knock_out->layer = classifier_description_intern (description,
        knock_out->layer);
  }
}

static void
prepare_result (ClassifierSession *session, const ClassifierQuestion *question)
{
  ClassifierResult *result = &session->result;

  result->description = classifier_describe (session->classifier,
      question->attribute ? question->attribute
                          : classifier_get_attribute (session->classifier));
  result->description->uncertain_below = question->uncertain_below;
  share_names (session);
  result->scores = session->scores;
  result->outputs = (const CnnLayerMaps *) (gpointer) session->outputs->data;
  result->n_outputs = session->outputs->len;
  result->output = classifier_get_output (session->classifier);
  result->layers = (const CnnLayerMaps *) (gpointer) session->layers->data;
  result->n_layers = session->layers->len;
  result->knock_outs =
      (const CnnKnockOut *) (gpointer) session->knock_outs->data;
  result->n_knock_outs = session->knock_outs->len;
  result->intact_scores = result->n_knock_outs ? session->intact_scores : NULL;
  result->explanation = session->explainer ? &session->explanation : NULL;
}

gboolean
classifier_session_ask (ClassifierSession *session,
    const ClassifierQuestion *question, GPtrArray *warnings, GError **error)
{
  clear_answers (session);
  choose_layers (session, question->layers, warnings);
  list_outputs (session);
  describe_input (session);
  session->knock_outs = parse_list (session->model, "knock-out",
      question->knock_out, sizeof (CnnKnockOut), cnn_knock_outs_parse,
      warnings);
  if (!make_plan (session, question, warnings, error))
    return FALSE;
  prepare_result (session, question);
  return TRUE;
}

const Classifier *
classifier_session_get_classifier (const ClassifierSession *session)
{
  return session->classifier;
}

const gchar *
classifier_session_get_range_hint (const ClassifierSession *session)
{
  return classifier_get_range_hint (session->classifier);
}

static void
set_knock_outs (ClassifierSession *session, guint n_knock_outs)
{
  const CnnKnockOut *knock_outs = session->result.knock_outs;

  if (session->explainer) {
    cnn_explainer_set_knock_outs (session->explainer, knock_outs, n_knock_outs);
  } else {
    cnn_plan_set_knock_outs (session->plan, knock_outs, n_knock_outs);
  }
}

/* Returns the predicted class. */
static guint
predict (ClassifierSession *session, gfloat *scores)
{
  cnn_plan_run (session->plan);
  return cnn_prediction_compute (session->prediction,
      cnn_plan_get_activation (session->plan, session->prediction->output),
      scores);
}

/* With knock-outs, the network first runs without them, for comparison. */
static guint
predict_with_knock_outs (ClassifierSession *session)
{
  if (session->result.n_knock_outs > 0) {
    set_knock_outs (session, 0);
    predict (session, session->intact_scores);
    set_knock_outs (session, session->result.n_knock_outs);
  }
  return predict (session, session->scores);
}

static void
explain (ClassifierSession *session)
{
  const CnnExplanation names = session->explanation;
  CnnExplanation *explanation = &session->explanation;

  *explanation = *cnn_explainer_run (session->explainer,
      session->target_class >= 0 ? (guint) session->target_class
                                 : session->result.winner);
  explanation->layer = names.layer;
  explanation->source = names.source;
}

/* Points the input, layers and outputs to their values. */
static void
read_layers (ClassifierSession *session)
{
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (session->model, &n_outputs);

  if (session->layers->len > 0)
    session->result.input.data = cnn_plan_get_input (session->plan, 0);
  for (guint i = 0; i < session->layers->len; i++) {
    const guint node =
        g_array_index (session->selection, CnnSelectedLayer, i).node;

    g_array_index (session->layers, CnnLayerMaps, i).data =
        cnn_plan_get_activation (session->plan, node);
  }
  for (guint i = 0; i < n_outputs; i++) {
    g_array_index (session->outputs, CnnLayerMaps, i).data =
        cnn_plan_get_activation (session->plan, outputs[i]);
  }
}

const ClassifierResult *
classifier_session_run (ClassifierSession *session, const ImageFrame *frame,
    const Rect *crop, const Rect *region)
{
  image_resizer_run (session->resizer, frame, crop,
      cnn_plan_get_input (session->plan, 0));
  classifier_get_view (session->classifier, frame, crop, region,
      &session->result.view);
  session->result.winner = predict_with_knock_outs (session);
  if (session->explainer)
    explain (session);
  read_layers (session);
  return &session->result;
}
