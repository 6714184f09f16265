/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "inferencesession.h"

#include "cnn/layer-selection.h"
#include "cnn/plan.h"
#include "cnn/prediction.h"

struct _InferenceSession {
  Classifier *classifier;
  CnnModel *model; /* the classifier's */
  CnnPlan *plan;
  ImageResizer *resizer;
  guint output;      /* node */
  gfloat *scores;    /* scratch of one run, one for each class */
  GArray *selection; /* of CnnSelectedLayer */
  GArray *layers;    /* of GstActivationLayer; only data changes */
};

static gchar *
get_default_model (void)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");

  return g_build_filename (folder ? folder : MODEL_DIR, "gender", NULL);
}

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
  g_autofree guint *keep = NULL;

  session->selection = cnn_layer_selection_new (session->model, layers, error);
  if (!session->selection)
    return FALSE;
  keep = g_new (guint, MAX (session->selection->len, 1));
  session->layers = g_array_new (FALSE, FALSE, sizeof (GstActivationLayer));
  g_array_set_size (session->layers, session->selection->len);
  for (guint i = 0; i < session->selection->len; i++) {
    const CnnSelectedLayer *selected = &g_array_index (session->selection,
        CnnSelectedLayer, i);

    keep[i] = selected->node;
    describe_layer (session->model, selected,
        &g_array_index (session->layers, GstActivationLayer, i));
  }
  session->plan = cnn_plan_new (session->model, keep, session->selection->len,
      error);
  return session->plan != NULL;
}

InferenceSession *
inference_session_new (const gchar *model, const gchar *labels,
    const gchar *layers, const CnnLimits *limits, GError **error)
{
  g_autoptr (InferenceSession) session = g_new0 (InferenceSession, 1);
  g_autofree gchar *path = model && *model ? g_strdup (model)
                                           : get_default_model ();
  guint n_outputs, n_classes;

  session->classifier = classifier_load (path, labels, limits, error);
  if (!session->classifier)
    return NULL;
  session->model = classifier_get_model (session->classifier);
  session->resizer = classifier_new_resizer (session->classifier);
  session->output = cnn_model_get_outputs (session->model, &n_outputs)[0];
  classifier_get_labels (session->classifier, &n_classes);
  session->scores = g_new (gfloat, n_classes);
  return select_layers (session, layers, error) ? g_steal_pointer (&session)
                                                : NULL;
}

void
inference_session_free (InferenceSession *session)
{
  g_clear_pointer (&session->plan, cnn_plan_free);
  g_clear_pointer (&session->resizer, image_resizer_free);
  g_clear_pointer (&session->selection, g_array_unref);
  g_clear_pointer (&session->layers, g_array_unref);
  g_clear_pointer (&session->classifier, classifier_free);
  g_free (session->scores);
  g_free (session);
}

const ClassifierPreprocess *
inference_session_get_preprocess (const InferenceSession *session)
{
  return classifier_get_preprocess (session->classifier);
}

GstActivations *
inference_session_run (InferenceSession *session, const ImageFrame *frame,
    const ImageRect *region, const gchar *attribute, gint region_id)
{
  guint winner, n_classes;
  const gchar *const *labels = classifier_get_labels (session->classifier,
      &n_classes);

  image_resizer_run (session->resizer, frame, region,
      cnn_plan_get_input (session->plan, 0));
  cnn_plan_run (session->plan);
  winner = cnn_prediction_compute (session->model,
      cnn_plan_get_activation (session->plan, session->output),
      session->scores);
  for (guint i = 0; i < session->layers->len; i++) {
    guint node = g_array_index (session->selection, CnnSelectedLayer, i).node;

    g_array_index (session->layers, GstActivationLayer, i).data =
        cnn_plan_get_activation (session->plan, node);
  }
  return gst_activations_new (cnn_model_get_name (session->model), attribute,
      region_id, n_classes, labels, session->scores, winner,
      (const GstActivationLayer *) session->layers->data, session->layers->len);
}
