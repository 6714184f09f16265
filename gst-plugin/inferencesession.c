/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "inferencesession.h"

#include "cnn/labels.h"
#include "cnn/layer-selection.h"
#include "cnn/plan.h"
#include "cnn/prediction.h"
#include "image/crop-resize.h"

struct _InferenceSession {
  CnnModel *model;
  CnnPlan *plan;
  ImageResizer *resizer;
  GStrv labels;
  guint output; /* node */
  guint n_classes;
  gfloat *scores;    /* scratch of one run, n_classes */
  GArray *selection; /* of CnnSelectedLayer */
  GArray *layers;    /* of GstActivationLayer; only data changes */
};

static gboolean
is_set (const gchar *text)
{
  return text && *text;
}

static gchar *
get_default_model (void)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");

  return g_build_filename (folder ? folder : MODEL_DIR, "gender", NULL);
}

static gboolean
load_labels (InferenceSession *session, const gchar *model, const gchar *labels,
    GError **error)
{
  g_autofree gchar *beside = NULL;

  if (!is_set (labels)) {
    g_autofree gchar *folder = g_file_test (model, G_FILE_TEST_IS_DIR)
        ? g_strdup (model)
        : g_path_get_dirname (model);

    beside = g_build_filename (folder, "labels.txt", NULL);
    labels = g_file_test (beside, G_FILE_TEST_EXISTS) ? beside : NULL;
  }
  if (labels) {
    session->labels = cnn_labels_load (labels, session->n_classes, error);
    return session->labels != NULL;
  }
  session->labels = g_new0 (gchar *, session->n_classes + 1);
  for (guint i = 0; i < session->n_classes; i++)
    session->labels[i] = g_strdup_printf ("class %u", i);
  return TRUE;
}

static gboolean
make_resizer (InferenceSession *session, const gchar *model, GError **error)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (session->model, &n_inputs);
  const CnnShape *shape = cnn_model_get_node_shape (session->model, inputs[0]);
  ImageTensorSpec spec = {
    .convention = IMAGE_RESIZE_LEGACY,
    .scale = 1.0f / 255.0f,
  };

  if (n_inputs != 1 || shape->rank != 3
      || (shape->dims[2] != 1 && shape->dims[2] != 3)) {
    g_autofree gchar *text = cnn_shape_to_string (shape);

    g_set_error (error, CNN_ERROR, CNN_ERROR_UNSUPPORTED,
        "%s: is no image network: it needs one input of height x width x 1 or "
        "3 channels, but has %u, the first of %s",
        model, n_inputs, text);
    return FALSE;
  }
  spec.height = shape->dims[0];
  spec.width = shape->dims[1];
  spec.channels = shape->dims[2] == 1 ? IMAGE_CHANNELS_GRAY
                                      : IMAGE_CHANNELS_RGB;
  session->resizer = image_resizer_new (&spec);
  return TRUE;
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
    const gchar *layers, GError **error)
{
  g_autoptr (InferenceSession) session = g_new0 (InferenceSession, 1);
  g_autofree gchar *path = is_set (model) ? g_strdup (model)
                                          : get_default_model ();
  guint n_outputs;

  session->model = cnn_model_load (path, NULL, error);
  if (!session->model)
    return NULL;
  session->output = cnn_model_get_outputs (session->model, &n_outputs)[0];
  session->n_classes = cnn_prediction_count_classes (session->model);
  session->scores = g_new (gfloat, session->n_classes);
  if (!make_resizer (session, path, error)
      || !load_labels (session, path, labels, error)
      || !select_layers (session, layers, error))
    return NULL;
  return g_steal_pointer (&session);
}

void
inference_session_free (InferenceSession *session)
{
  g_clear_pointer (&session->model, cnn_model_unref);
  g_clear_pointer (&session->plan, cnn_plan_free);
  g_clear_pointer (&session->resizer, image_resizer_free);
  g_clear_pointer (&session->labels, g_strfreev);
  g_clear_pointer (&session->selection, g_array_unref);
  g_clear_pointer (&session->layers, g_array_unref);
  g_free (session->scores);
  g_free (session);
}

GstActivations *
inference_session_run (InferenceSession *session, const ImageFrame *frame,
    const ImageRect *region, const gchar *attribute, gint region_id)
{
  guint winner;

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
      region_id, session->n_classes, (const gchar *const *) session->labels,
      session->scores, winner,
      (const GstActivationLayer *) session->layers->data, session->layers->len);
}
