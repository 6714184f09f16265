/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstactivationmeta.h"

#include <gst/video/video.h>
#include <string.h>

#include "classifier/result-codec.h"
#include "frametransform.h"
#include "gstactivationmeta-private.h"

G_DEFINE_BOXED_TYPE (GstActivations, gst_activations, gst_activations_ref,
    gst_activations_unref)

G_STATIC_ASSERT ((gint) GST_ACTIVATIONS_CLASSES == CNN_PREDICTION_CLASSES);
G_STATIC_ASSERT ((gint) GST_ACTIVATIONS_LABELS == CNN_PREDICTION_LABELS);
G_STATIC_ASSERT ((gint) GST_ACTIVATIONS_NUMBER == CNN_PREDICTION_NUMBER);
G_STATIC_ASSERT ((gint) GST_ACTIVATIONS_MAPS == CNN_PREDICTION_MAPS);

GType
gst_activations_kind_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { GST_ACTIVATIONS_CLASSES, "GST_ACTIVATIONS_CLASSES", "classes" },
    { GST_ACTIVATIONS_LABELS, "GST_ACTIVATIONS_LABELS", "labels" },
    { GST_ACTIVATIONS_NUMBER, "GST_ACTIVATIONS_NUMBER", "number" },
    { GST_ACTIVATIONS_MAPS, "GST_ACTIVATIONS_MAPS", "maps" },
    { 0 },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationsKind", values));
  return (GType) type;
}

GstActivations *
gst_activations_ref (GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return (GstActivations *) classifier_result_ref (
      (ClassifierResult *) activations);
}

void
gst_activations_unref (GstActivations *activations)
{
  g_return_if_fail (activations);
  classifier_result_unref ((ClassifierResult *) activations);
}

const gchar *
gst_activations_get_model_name (const GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return gst_activations_get_result (activations)->description->model_name;
}

const gchar *
gst_activations_get_attribute (const GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return gst_activations_get_result (activations)->description->attribute;
}

GstActivationsKind
gst_activations_get_kind (const GstActivations *activations)
{
  g_return_val_if_fail (activations, GST_ACTIVATIONS_CLASSES);
  return (GstActivationsKind) gst_activations_get_result (activations)
      ->description->kind;
}

gchar *
gst_activations_to_text (const GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return classifier_result_to_text (gst_activations_get_result (activations));
}

guint
gst_activations_get_n_classes (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0);
  return gst_activations_get_result (activations)->description->n_classes;
}

guint
gst_activations_get_winner (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0);
  return gst_activations_get_result (activations)->winner;
}

gboolean
gst_activations_is_predicted (const GstActivations *activations, guint index)
{
  g_return_val_if_fail (activations, FALSE);
  g_return_val_if_fail (index < gst_activations_get_n_classes (activations),
      FALSE);
  return classifier_result_is_predicted (gst_activations_get_result (
                                             activations),
      index);
}

gfloat
gst_activations_get_threshold (const GstActivations *activations, guint index)
{
  const gfloat *thresholds;

  g_return_val_if_fail (activations, 0.0f);
  g_return_val_if_fail (index < gst_activations_get_n_classes (activations),
      0.0f);
  thresholds =
      gst_activations_get_result (activations)->description->thresholds;
  return thresholds ? thresholds[index] : 0.0f;
}

static gboolean
is_number (const GstActivations *activations)
{
  return gst_activations_get_kind (activations) == GST_ACTIVATIONS_NUMBER;
}

gfloat
gst_activations_get_number (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0.0f);
  g_return_val_if_fail (is_number (activations), 0.0f);
  return gst_activations_get_result (activations)->scores[0];
}

const gchar *
gst_activations_get_unit (const GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return gst_activations_get_result (activations)->description->unit;
}

const gchar *
gst_activations_get_label (const GstActivations *activations, guint index)
{
  g_return_val_if_fail (activations, NULL);
  g_return_val_if_fail (index < gst_activations_get_n_classes (activations),
      NULL);
  return gst_activations_get_result (activations)->description->labels[index];
}

gfloat
gst_activations_get_score (const GstActivations *activations, guint index)
{
  g_return_val_if_fail (activations, 0.0f);
  g_return_val_if_fail (index < gst_activations_get_n_classes (activations),
      0.0f);
  return gst_activations_get_result (activations)->scores[index];
}

/* Returns: (transfer full): bytes of @activations, which they keep alive */
static GBytes *
share_values (GstActivations *activations, const gfloat *values, gsize n_values)
{
  return g_bytes_new_with_free_func (values, n_values * sizeof *values,
      (GDestroyNotify) gst_activations_unref,
      gst_activations_ref (activations));
}

GBytes *
gst_activations_get_score_bytes (GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return share_values (activations,
      gst_activations_get_result (activations)->scores,
      gst_activations_get_n_classes (activations));
}

guint
gst_activations_get_n_layers (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0);
  return gst_activations_get_result (activations)->n_layers;
}

static const CnnLayerMaps *
get_layer (const GstActivations *activations, guint index)
{
  const ClassifierResult *result = gst_activations_get_result (activations);

  g_return_val_if_fail (result, NULL);
  g_return_val_if_fail (index < result->n_layers, NULL);
  return &result->layers[index];
}

const gchar *
gst_activations_get_layer_name (const GstActivations *activations, guint index)
{
  const CnnLayerMaps *layer = get_layer (activations, index);

  return layer ? layer->name : NULL;
}

const gchar *
gst_activations_get_layer_source (const GstActivations *activations,
    guint index)
{
  const CnnLayerMaps *layer = get_layer (activations, index);

  return layer ? layer->source : NULL;
}

static void
set_size (guint *parameter, gint size)
{
  if (parameter)
    *parameter = (guint) size;
}

static void
set_n_values (gsize *parameter, gsize n_values)
{
  if (parameter)
    *parameter = n_values;
}

/* Returns the values of a layer, or NULL for none. */
static const gfloat *
describe_layer (const CnnLayerMaps *layer, guint *height, guint *width,
    guint *channels, gsize *n_values)
{
  static const CnnLayerMaps none = { 0 };

  if (!layer)
    layer = &none;
  set_size (height, layer->height);
  set_size (width, layer->width);
  set_size (channels, layer->channels);
  set_n_values (n_values, cnn_layer_maps_size (layer));
  return layer->data;
}

const gfloat *
gst_activations_get_layer_data (const GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels, gsize *n_values)
{
  return describe_layer (get_layer (activations, index), height, width,
      channels, n_values);
}

GBytes *
gst_activations_get_layer_bytes (GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels)
{
  gsize n_values;
  const gfloat *values = gst_activations_get_layer_data (activations, index,
      height, width, channels, &n_values);

  return values ? share_values (activations, values, n_values) : NULL;
}

gboolean
gst_activations_get_layer_interior (const GstActivations *activations,
    guint index, guint *x, guint *y, guint *width, guint *height)
{
  const CnnLayerMaps *layer = get_layer (activations, index);
  const Rect interior = layer ? layer->interior : (Rect) { 0, 0, 0, 0 };

  set_size (x, interior.x);
  set_size (y, interior.y);
  set_size (width, interior.width);
  set_size (height, interior.height);
  return interior.width > 0 && interior.height > 0;
}

guint
gst_activations_get_n_outputs (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0);
  return gst_activations_get_result (activations)->n_outputs;
}

guint
gst_activations_get_output (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0);
  return gst_activations_get_result (activations)->output;
}

static const CnnLayerMaps *
get_output (const GstActivations *activations, guint index)
{
  const ClassifierResult *result = gst_activations_get_result (activations);

  g_return_val_if_fail (result, NULL);
  g_return_val_if_fail (index < result->n_outputs, NULL);
  return &result->outputs[index];
}

const gchar *
gst_activations_get_output_name (const GstActivations *activations, guint index)
{
  const CnnLayerMaps *output = get_output (activations, index);

  return output ? output->name : NULL;
}

const gfloat *
gst_activations_get_output_data (const GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels, gsize *n_values)
{
  return describe_layer (get_output (activations, index), height, width,
      channels, n_values);
}

GBytes *
gst_activations_get_output_bytes (GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels)
{
  gsize n_values;
  const gfloat *values = gst_activations_get_output_data (activations, index,
      height, width, channels, &n_values);

  return values ? share_values (activations, values, n_values) : NULL;
}

/* Returns: (nullable): the explanation, if there is one */
static const CnnExplanation *
get_explanation (const GstActivations *activations)
{
  g_return_val_if_fail (activations, NULL);
  return gst_activations_get_result (activations)->explanation;
}

const gchar *
gst_activations_get_explanation (const GstActivations *activations,
    const gchar **layer, guint *target_class, gfloat *logit, gfloat *bias)
{
  const CnnExplanation *explanation = get_explanation (activations);

  if (!explanation)
    return NULL;
  if (layer)
    *layer = explanation->layer;
  if (target_class)
    *target_class = explanation->target_class;
  if (logit)
    *logit = explanation->logit;
  if (bias)
    *bias = explanation->bias;
  return explanation->method;
}

/* Stands for no explanation. */
static const CnnExplanation *
describe_maps (const GstActivations *activations, guint *height, guint *width,
    gsize *n_values)
{
  static const CnnExplanation none = { 0 };
  const CnnExplanation *explanation = get_explanation (activations);

  if (!explanation)
    explanation = &none;
  set_size (height, explanation->height);
  set_size (width, explanation->width);
  set_n_values (n_values, cnn_explanation_count_cells (explanation));
  return explanation;
}

const gfloat *
gst_activations_get_cam (const GstActivations *activations, guint *height,
    guint *width, gsize *n_values)
{
  return describe_maps (activations, height, width, n_values)->cam;
}

GBytes *
gst_activations_get_cam_bytes (GstActivations *activations, guint *height,
    guint *width)
{
  gsize n_values;
  const gfloat *values = gst_activations_get_cam (activations, height, width,
      &n_values);

  return values ? share_values (activations, values, n_values) : NULL;
}

void
gst_activations_get_maps_area (const GstActivations *activations, gdouble *x,
    gdouble *y, gdouble *width, gdouble *height)
{
  const ClassifierResult *result = gst_activations_get_result (activations);
  const RectMargins *maps;

  g_return_if_fail (result);
  maps = &result->view.maps;
  if (x)
    *x = (gdouble) maps->left;
  if (y)
    *y = (gdouble) maps->top;
  if (width)
    *width = 1.0 - (gdouble) maps->left - (gdouble) maps->right;
  if (height)
    *height = 1.0 - (gdouble) maps->top - (gdouble) maps->bottom;
}

const gfloat *
gst_activations_get_cam_map (const GstActivations *activations, guint *height,
    guint *width, gsize *n_values)
{
  return describe_maps (activations, height, width, n_values)->map;
}

const gfloat *
gst_activations_get_cell_contributions (const GstActivations *activations,
    guint *height, guint *width, gsize *n_values)
{
  return describe_maps (activations, height, width, n_values)
      ->cell_contributions;
}

const gfloat *
gst_activations_get_channel_contributions (const GstActivations *activations,
    gsize *n_values)
{
  const CnnExplanation *explanation = get_explanation (activations);

  set_n_values (n_values, explanation ? (gsize) explanation->channels : 0);
  return explanation ? explanation->channel_contributions : NULL;
}

guint
gst_activations_get_n_knock_outs (const GstActivations *activations)
{
  g_return_val_if_fail (activations, 0);
  return gst_activations_get_result (activations)->n_knock_outs;
}

const gchar *
gst_activations_get_knock_out (const GstActivations *activations, guint index,
    guint *channel)
{
  const ClassifierResult *result = gst_activations_get_result (activations);

  g_return_val_if_fail (result, NULL);
  g_return_val_if_fail (index < result->n_knock_outs, NULL);
  if (channel)
    *channel = result->knock_outs[index].channel;
  return result->knock_outs[index].layer;
}

gfloat
gst_activations_get_intact_score (const GstActivations *activations,
    guint index)
{
  const ClassifierResult *result = gst_activations_get_result (activations);

  g_return_val_if_fail (result, 0.0f);
  g_return_val_if_fail (index < result->description->n_classes, 0.0f);
  return result->intact_scores ? result->intact_scores[index]
                               : result->scores[index];
}

gfloat
gst_activations_get_intact_number (const GstActivations *activations)
{
  const ClassifierResult *result = gst_activations_get_result (activations);

  g_return_val_if_fail (result, 0.0f);
  g_return_val_if_fail (is_number (activations), 0.0f);
  return result->intact_scores ? result->intact_scores[0] : result->scores[0];
}

/**
 * GstActivationsBuilder:
 * @scores: one for each class, or the number, once they are set
 * @layers: of CnnLayerMaps; their data pointers are set when the builder
 *   finishes
 * @values: the data of all layers, one after the other
 */
struct _GstActivationsBuilder {
  ClassifierDescription *description;
  GArray *scores;
  guint winner;
  GArray *layers;
  GArray *values;
};

static GstActivationsBuilder *
new_builder (ClassifierDescription *description)
{
  GstActivationsBuilder *self = g_new0 (GstActivationsBuilder, 1);

  self->description = description;
  self->scores = g_array_new (FALSE, FALSE, sizeof (gfloat));
  self->layers = g_array_new (FALSE, FALSE, sizeof (CnnLayerMaps));
  self->values = g_array_new (FALSE, FALSE, sizeof (gfloat));
  return self;
}

static void
append_array (GArray *array, const GArray *source)
{
  g_array_append_vals (array, source->data, source->len);
}

static GstActivationsBuilder *
copy_builder (GstActivationsBuilder *builder)
{
  GstActivationsBuilder *copy = new_builder (
      classifier_description_ref (builder->description));

  copy->winner = builder->winner;
  append_array (copy->scores, builder->scores);
  append_array (copy->layers, builder->layers);
  append_array (copy->values, builder->values);
  return copy;
}

G_DEFINE_BOXED_TYPE (GstActivationsBuilder, gst_activations_builder,
    copy_builder, gst_activations_builder_free)

GstActivationsBuilder *
gst_activations_builder_new (const gchar *model_name, const gchar *attribute,
    const gchar *const *labels)
{
  g_return_val_if_fail (model_name && attribute, NULL);
  g_return_val_if_fail (labels && labels[0], NULL);
  return new_builder (
      classifier_description_new (&(const ClassifierDescription) {
          .model_name = model_name,
          .attribute = attribute,
          .labels = labels,
          .n_classes = g_strv_length ((gchar **) labels),
      }));
}

GstActivationsBuilder *
gst_activations_builder_new_labels (const gchar *model_name,
    const gchar *attribute, const gchar *const *labels, gfloat threshold)
{
  ClassifierDescription description = {
    .model_name = model_name,
    .attribute = attribute,
    .labels = labels,
    .kind = CNN_PREDICTION_LABELS,
  };
  g_autofree gfloat *thresholds = NULL;

  g_return_val_if_fail (model_name && attribute, NULL);
  g_return_val_if_fail (labels && labels[0], NULL);
  description.n_classes = g_strv_length ((gchar **) labels);
  thresholds = g_new (gfloat, description.n_classes);
  for (guint i = 0; i < description.n_classes; i++)
    thresholds[i] = threshold;
  description.thresholds = thresholds;
  return new_builder (classifier_description_new (&description));
}

GstActivationsBuilder *
gst_activations_builder_new_number (const gchar *model_name,
    const gchar *attribute, const gchar *unit)
{
  g_return_val_if_fail (model_name && attribute, NULL);
  return new_builder (
      classifier_description_new (&(const ClassifierDescription) {
          .model_name = model_name,
          .attribute = attribute,
          .kind = CNN_PREDICTION_NUMBER,
          .unit = unit,
      }));
}

void
gst_activations_builder_free (GstActivationsBuilder *builder)
{
  g_return_if_fail (builder);
  classifier_description_unref (builder->description);
  g_array_unref (builder->scores);
  g_array_unref (builder->layers);
  g_array_unref (builder->values);
  g_free (builder);
}

gboolean
gst_activations_builder_set_scores (GstActivationsBuilder *builder,
    const gfloat *scores, gsize n_scores, guint winner)
{
  g_return_val_if_fail (builder, FALSE);
  g_return_val_if_fail (scores, FALSE);
  if (n_scores != builder->description->n_classes || winner >= n_scores)
    return FALSE;
  g_array_set_size (builder->scores, 0);
  g_array_append_vals (builder->scores, scores, (guint) n_scores);
  builder->winner = winner;
  return TRUE;
}

gboolean
gst_activations_builder_set_number (GstActivationsBuilder *builder,
    gfloat number)
{
  g_return_val_if_fail (builder, FALSE);
  if (builder->description->kind != CNN_PREDICTION_NUMBER)
    return FALSE;
  g_array_set_size (builder->scores, 0);
  g_array_append_val (builder->scores, number);
  return TRUE;
}

static gboolean
is_size_of_layer (guint height, guint width, guint channels, gsize n_values)
{
  guint size;

  return n_values > 0 && height <= G_MAXINT && width <= G_MAXINT
      && channels <= G_MAXINT && g_uint_checked_mul (&size, height, width)
      && g_uint_checked_mul (&size, size, channels) && size == n_values;
}

gboolean
gst_activations_builder_add_layer (GstActivationsBuilder *builder,
    const gchar *name, const gchar *source, guint height, guint width,
    guint channels, const gfloat *data, gsize n_values)
{
  CnnLayerMaps layer = { .height = (gint) height,
    .width = (gint) width,
    .channels = (gint) channels };

  g_return_val_if_fail (builder, FALSE);
  g_return_val_if_fail (name && data, FALSE);
  if (!is_size_of_layer (height, width, channels, n_values)
      || n_values > G_MAXUINT - builder->values->len)
    return FALSE;
  layer.name = classifier_description_intern (builder->description, name);
  layer.source = classifier_description_intern (builder->description,
      source ? source : name);
  g_array_append_val (builder->layers, layer);
  g_array_append_vals (builder->values, data, (guint) n_values);
  return TRUE;
}

GstActivations *
gst_activations_builder_finish (GstActivationsBuilder *builder)
{
  CnnLayerMaps *layers;
  const gfloat *values;
  GstActivations *activations;

  g_return_val_if_fail (builder, NULL);
  if (builder->scores->len == 0)
    return NULL;
  layers = (CnnLayerMaps *) (gpointer) builder->layers->data;
  values = (const gfloat *) (gpointer) builder->values->data;
  for (guint i = 0; i < builder->layers->len; i++) {
    layers[i].data = values;
    values += cnn_layer_maps_size (&layers[i]);
  }
  activations = gst_activations_new_from_result (&(const ClassifierResult) {
      .description = builder->description,
      .scores = (const gfloat *) (gpointer) builder->scores->data,
      .winner = builder->winner,
      .layers = layers,
      .n_layers = builder->layers->len,
  });
  g_array_set_size (builder->scores, 0);
  g_array_set_size (builder->layers, 0);
  g_array_set_size (builder->values, 0);
  return activations;
}

static gboolean
gst_activation_meta_init (GstMeta *meta, gpointer params, GstBuffer *buffer)
{
  GstActivationMeta *self = (GstActivationMeta *) meta;

  self->activations = NULL;
  self->roi_type = 0;
  self->region_id = 0;
  self->id = -1;
  self->x = self->y = 0;
  self->width = self->height = 0;
  return TRUE;
}

static void
gst_activation_meta_free (GstMeta *meta, GstBuffer *buffer)
{
  GstActivationMeta *self = (GstActivationMeta *) meta;

  g_clear_pointer (&self->activations, gst_activations_unref);
}

static GstActivationMeta *
add_meta (GstBuffer *buffer, GstActivations *activations, GQuark roi_type)
{
  GstActivationMeta *meta = (GstActivationMeta *) gst_buffer_add_meta (buffer,
      GST_ACTIVATION_META_INFO, NULL);

  meta->activations = gst_activations_ref (activations);
  meta->roi_type = roi_type;
  return meta;
}

/* Returns: (transfer full): @activations, for a picture that has been turned */
static GstActivations *
turn_activations (GstActivations *activations, const MapTurn *turn)
{
  if (!map_turn_is_needed (turn))
    return gst_activations_ref (activations);
  return (GstActivations *) classifier_result_copy_turned (
      gst_activations_get_result (activations), turn);
}

static void
copy_meta (GstBuffer *destination, const GstActivationMeta *meta,
    const Rect *box, const MapTurn *turn)
{
  g_autoptr (GstActivations)
      activations = turn_activations (meta->activations, turn);
  GstActivationMeta *copy = add_meta (destination, activations, meta->roi_type);

  copy->region_id = meta->region_id;
  copy->id = meta->id;
  copy->x = box->x;
  copy->y = box->y;
  copy->width = (guint) box->width;
  copy->height = (guint) box->height;
}

/* A meta that is gone is no failure: elements would go on to scale it. */
static gboolean
gst_activation_meta_transform (GstBuffer *destination, GstMeta *meta,
    GstBuffer *buffer, GQuark type, gpointer data)
{
  const GstActivationMeta *self = (GstActivationMeta *) meta;
  Rect box = gst_activation_meta_get_box (self);

  if (!frame_transform_is_known (type))
    return FALSE;
  if (frame_transform_box (type, data, &box)) {
    const MapTurn turn = frame_transform_get_turn (type, data);

    copy_meta (destination, self, &box, &turn);
  }
  return TRUE;
}

GType
gst_activation_meta_api_get_type (void)
{
  static gsize type = 0;
  static const gchar *tags[] = { GST_META_TAG_VIDEO_STR,
    GST_META_TAG_VIDEO_ORIENTATION_STR, GST_META_TAG_VIDEO_SIZE_STR, NULL };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        gst_meta_api_type_register ("GstActivationMetaAPI", tags));
  }
  return (GType) type;
}

#if GST_CHECK_VERSION(1, 24, 0)
#define SERIAL_VERSION 2

/* The fields of a meta besides its result: six words, and the region's type. */
typedef struct {
  guint32 words[6];
  guint32 type_length; /* with its end; 0 for none */
} SerialHead;

/* The processes run on one machine, but the byte order is fixed. */
static void
swap_head (SerialHead *head)
{
  guint32 *words = (guint32 *) head;

  for (guint i = 0; i < sizeof *head / sizeof *words; i++)
    words[i] = GUINT32_TO_LE (words[i]);
}

static gboolean
gst_activation_meta_serialize (const GstMeta *meta, GstByteArrayInterface *data,
    guint8 *version)
{
  const GstActivationMeta *self = (const GstActivationMeta *) meta;
  const gchar *type = g_quark_to_string (self->roi_type);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  SerialHead head = { { (guint32) self->region_id, (guint32) self->id,
                          (guint32) self->x, (guint32) self->y, self->width,
                          self->height },
    type ? (guint32) strlen (type) + 1 : 0 };
  const guint32 type_length = head.type_length;

  swap_head (&head);
  g_byte_array_append (bytes, (const guint8 *) &head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *) type, type_length);
  classifier_result_encode (gst_activations_get_result (self->activations),
      bytes);
  *version = SERIAL_VERSION;
  return gst_byte_array_interface_append_data (data, bytes->data, bytes->len);
}

/* Returns FALSE if it does not fit @size. */
static gboolean
read_head (const guint8 *data, gsize size, SerialHead *head, const gchar **type)
{
  if (size < sizeof *head)
    return FALSE;
  memcpy (head, data, sizeof *head);
  swap_head (head);
  if (head->type_length > size - sizeof *head)
    return FALSE;
  *type = head->type_length ? (const gchar *) data + sizeof *head : NULL;
  return !*type || (*type)[head->type_length - 1] == '\0';
}

static GstMeta *
gst_activation_meta_deserialize (const GstMetaInfo *info, GstBuffer *buffer,
    const guint8 *data, gsize size, guint8 version)
{
  g_autoptr (ClassifierResult) result = NULL;
  SerialHead head;
  const gchar *type;
  GstActivationMeta *meta;

  if (version != SERIAL_VERSION || !read_head (data, size, &head, &type))
    return NULL;
  result = classifier_result_decode (data + sizeof head + head.type_length,
      size - sizeof head - head.type_length);
  if (!result)
    return NULL;
  meta = gst_buffer_add_activation_meta (buffer, (GstActivations *) result,
      type, (gint) head.words[2], (gint) head.words[3], head.words[4],
      head.words[5]);
  meta->region_id = (gint) head.words[0];
  meta->id = (gint) head.words[1];
  return &meta->meta;
}

/* For elements that send metadata to other processes, such as unixfdsink. */
static const GstMetaInfo *
register_meta (void)
{
  GstMetaInfo *info = gst_meta_info_new (GST_ACTIVATION_META_API_TYPE,
      "GstActivationMeta", sizeof (GstActivationMeta));

  info->init_func = gst_activation_meta_init;
  info->free_func = gst_activation_meta_free;
  info->transform_func = gst_activation_meta_transform;
  info->serialize_func = gst_activation_meta_serialize;
  info->deserialize_func = gst_activation_meta_deserialize;
  return gst_meta_info_register (info);
}
#else
static const GstMetaInfo *
register_meta (void)
{
  return gst_meta_register (GST_ACTIVATION_META_API_TYPE, "GstActivationMeta",
      sizeof (GstActivationMeta), gst_activation_meta_init,
      gst_activation_meta_free, gst_activation_meta_transform);
}
#endif

const GstMetaInfo *
gst_activation_meta_get_info (void)
{
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter (&info))
    g_once_init_leave (&info, register_meta ());
  return info;
}

GstActivationMeta *
gst_buffer_add_activation_meta (GstBuffer *buffer, GstActivations *activations,
    const gchar *roi_type, gint x, gint y, guint width, guint height)
{
  GstActivationMeta *meta;

  g_return_val_if_fail (gst_buffer_is_writable (buffer), NULL);
  g_return_val_if_fail (activations, NULL);
  meta = add_meta (buffer, activations,
      roi_type ? g_quark_from_string (roi_type) : 0);
  meta->x = x;
  meta->y = y;
  meta->width = width;
  meta->height = height;
  return meta;
}

GstActivationMeta *
gst_buffer_iterate_activation_meta (GstBuffer *buffer, gpointer *state)
{
  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  g_return_val_if_fail (state, NULL);
  return (GstActivationMeta *) gst_buffer_iterate_meta_filtered (buffer, state,
      GST_ACTIVATION_META_API_TYPE);
}

GstActivationMeta *
gst_buffer_get_nth_activation_meta (GstBuffer *buffer, guint index)
{
  gpointer state = NULL;
  GstActivationMeta *meta;

  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    if (index-- == 0)
      break;
  }
  return meta;
}
