/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstactivationmeta.h"

#include <gst/video/video.h>
#include <string.h>

/* One block of memory holds the struct and, behind it, the arrays. Names are
 * interned: they come from a model and a labels file, so there are few. */
struct _GstActivations {
  gatomicrefcount ref_count;
  const gchar *model_name;
  const gchar *attribute;
  gint region_id;
  guint winner;
  guint n_classes;
  guint n_layers;
  guint n_knock_outs;
  const gchar **labels;
  GstActivationLayer *layers;
  GstActivationExplanation *explanation; /* or NULL */
  GstActivationKnockOut *knock_outs;
  const gfloat *scores;
  const gfloat *intact_scores; /* the scores where there are no knock-outs */
};

G_DEFINE_BOXED_TYPE (GstActivations, gst_activations, gst_activations_ref,
    gst_activations_unref)

static gsize
layer_size (const GstActivationLayer *layer)
{
  return (gsize) layer->height * layer->width * layer->channels;
}

static gsize
map_size (const GstActivationExplanation *explanation)
{
  return (gsize) explanation->height * explanation->width;
}

/* Three maps of one value a cell, and one value a channel. */
static gsize
explanation_size (const GstActivationExplanation *explanation)
{
  return 3 * map_size (explanation) + (gsize) explanation->channels;
}

/* Copies values to @next, which moves on behind them. */
static const gfloat *
append_values (gfloat **next, const gfloat *values, gsize count)
{
  const gfloat *copy = memcpy (*next, values, count * sizeof *values);

  *next += count;
  return copy;
}

static void
copy_layer (const GstActivationLayer *layer, GstActivationLayer *copy,
    gfloat **values)
{
  *copy = *layer;
  copy->name = g_intern_string (layer->name);
  copy->source = g_intern_string (layer->source);
  copy->data = append_values (values, layer->data, layer_size (layer));
}

static void
copy_explanation (const GstActivationExplanation *explanation,
    GstActivationExplanation *copy, gfloat **values)
{
  const gsize cells = map_size (explanation);

  *copy = *explanation;
  copy->method = g_intern_string (explanation->method);
  copy->layer = g_intern_string (explanation->layer);
  copy->source = g_intern_string (explanation->source);
  copy->cam = append_values (values, explanation->cam, cells);
  copy->map = append_values (values, explanation->map, cells);
  copy->cell_contributions = append_values (values,
      explanation->cell_contributions, cells);
  copy->channel_contributions = append_values (values,
      explanation->channel_contributions, (gsize) explanation->channels);
}

GstActivations *
gst_activations_new_explained (const gchar *model_name, const gchar *attribute,
    gint region_id, guint n_classes, const gchar *const *labels,
    const gfloat *scores, guint winner, const GstActivationLayer *layers,
    guint n_layers, const GstActivationExplanation *explanation,
    const GstActivationKnockOuts *knock_outs)
{
  const guint n_knock_outs = knock_outs ? knock_outs->n_channels : 0;
  const guint n_explanations = explanation ? 1 : 0;
  gsize n_values = n_classes * (n_knock_outs ? 2 : 1);
  GstActivations *self;
  gfloat *values;

  g_return_val_if_fail (winner < n_classes, NULL);
  for (guint i = 0; i < n_layers; i++)
    n_values += layer_size (&layers[i]);
  if (explanation)
    n_values += explanation_size (explanation);
  self = g_malloc (sizeof (GstActivations) + n_classes * sizeof (gchar *)
      + n_layers * sizeof (GstActivationLayer)
      + n_explanations * sizeof (GstActivationExplanation)
      + n_knock_outs * sizeof (GstActivationKnockOut)
      + n_values * sizeof (gfloat));
  g_atomic_ref_count_init (&self->ref_count);
  self->model_name = g_intern_string (model_name);
  self->attribute = g_intern_string (attribute);
  self->region_id = region_id;
  self->winner = winner;
  self->n_classes = n_classes;
  self->n_layers = n_layers;
  self->n_knock_outs = n_knock_outs;
  /* Largest alignment first. */
  self->labels = (const gchar **) (self + 1);
  self->layers = (GstActivationLayer *) (self->labels + n_classes);
  self->explanation = (GstActivationExplanation *) (self->layers + n_layers);
  self->knock_outs = (GstActivationKnockOut *) (self->explanation
      + n_explanations);
  values = (gfloat *) (self->knock_outs + n_knock_outs);

  for (guint i = 0; i < n_classes; i++)
    self->labels[i] = g_intern_string (labels[i]);
  self->scores = append_values (&values, scores, n_classes);
  self->intact_scores = n_knock_outs
      ? append_values (&values, knock_outs->intact_scores, n_classes)
      : self->scores;
  for (guint i = 0; i < n_layers; i++)
    copy_layer (&layers[i], &self->layers[i], &values);
  if (explanation)
    copy_explanation (explanation, self->explanation, &values);
  else
    self->explanation = NULL;
  for (guint i = 0; i < n_knock_outs; i++) {
    self->knock_outs[i].layer = g_intern_string (knock_outs->channels[i].layer);
    self->knock_outs[i].channel = knock_outs->channels[i].channel;
  }
  return self;
}

GstActivations *
gst_activations_new (const gchar *model_name, const gchar *attribute,
    gint region_id, guint n_classes, const gchar *const *labels,
    const gfloat *scores, guint winner, const GstActivationLayer *layers,
    guint n_layers)
{
  return gst_activations_new_explained (model_name, attribute, region_id,
      n_classes, labels, scores, winner, layers, n_layers, NULL, NULL);
}

GstActivations *
gst_activations_ref (GstActivations *activations)
{
  g_atomic_ref_count_inc (&activations->ref_count);
  return activations;
}

void
gst_activations_unref (GstActivations *activations)
{
  if (g_atomic_ref_count_dec (&activations->ref_count))
    g_free (activations);
}

const gchar *
gst_activations_get_model_name (const GstActivations *activations)
{
  return activations->model_name;
}

const gchar *
gst_activations_get_attribute (const GstActivations *activations)
{
  return activations->attribute;
}

gint
gst_activations_get_region_id (const GstActivations *activations)
{
  return activations->region_id;
}

guint
gst_activations_get_n_classes (const GstActivations *activations)
{
  return activations->n_classes;
}

guint
gst_activations_get_winner (const GstActivations *activations)
{
  return activations->winner;
}

const gchar *
gst_activations_get_label (const GstActivations *activations, guint index)
{
  return index < activations->n_classes ? activations->labels[index] : NULL;
}

gfloat
gst_activations_get_score (const GstActivations *activations, guint index)
{
  g_return_val_if_fail (index < activations->n_classes, 0.0f);
  return activations->scores[index];
}

guint
gst_activations_get_n_layers (const GstActivations *activations)
{
  return activations->n_layers;
}

const GstActivationLayer *
gst_activations_get_layer (const GstActivations *activations, guint index)
{
  return index < activations->n_layers ? &activations->layers[index] : NULL;
}

const gchar *
gst_activations_get_layer_name (const GstActivations *activations, guint index)
{
  const GstActivationLayer *layer = gst_activations_get_layer (activations,
      index);

  return layer ? layer->name : NULL;
}

const gfloat *
gst_activations_get_layer_data (const GstActivations *activations, guint index,
    gint *height, gint *width, gint *channels, gsize *n_values)
{
  static const GstActivationLayer none = { 0 };
  const GstActivationLayer *layer = gst_activations_get_layer (activations,
      index);

  if (!layer)
    layer = &none;
  *height = layer->height;
  *width = layer->width;
  *channels = layer->channels;
  *n_values = layer_size (layer);
  return layer->data;
}

const GstActivationExplanation *
gst_activations_get_explanation (const GstActivations *activations)
{
  return activations->explanation;
}

/* What the functions below tell of when there is no explanation. */
static const GstActivationExplanation no_explanation = { 0 };

static const GstActivationExplanation *
get_explanation (const GstActivations *activations)
{
  return activations->explanation ? activations->explanation : &no_explanation;
}

const gchar *
gst_activations_get_explanation_method (const GstActivations *activations)
{
  return get_explanation (activations)->method;
}

const gchar *
gst_activations_get_explanation_layer (const GstActivations *activations)
{
  return get_explanation (activations)->layer;
}

gint
gst_activations_get_explanation_class (const GstActivations *activations)
{
  return activations->explanation
      ? (gint) activations->explanation->target_class
      : -1;
}

gfloat
gst_activations_get_logit (const GstActivations *activations)
{
  return get_explanation (activations)->logit;
}

gfloat
gst_activations_get_bias (const GstActivations *activations)
{
  return get_explanation (activations)->bias;
}

static const GstActivationExplanation *
describe_maps (const GstActivations *activations, gint *height, gint *width,
    gsize *n_values)
{
  const GstActivationExplanation *explanation = get_explanation (activations);

  *height = explanation->height;
  *width = explanation->width;
  *n_values = map_size (explanation);
  return explanation;
}

const gfloat *
gst_activations_get_cam (const GstActivations *activations, gint *height,
    gint *width, gsize *n_values)
{
  return describe_maps (activations, height, width, n_values)->cam;
}

const gfloat *
gst_activations_get_cam_map (const GstActivations *activations, gint *height,
    gint *width, gsize *n_values)
{
  return describe_maps (activations, height, width, n_values)->map;
}

const gfloat *
gst_activations_get_cell_contributions (const GstActivations *activations,
    gint *height, gint *width, gsize *n_values)
{
  return describe_maps (activations, height, width, n_values)
      ->cell_contributions;
}

const gfloat *
gst_activations_get_channel_contributions (const GstActivations *activations,
    gsize *n_values)
{
  const GstActivationExplanation *explanation = get_explanation (activations);

  *n_values = (gsize) explanation->channels;
  return explanation->channel_contributions;
}

guint
gst_activations_get_n_knock_outs (const GstActivations *activations)
{
  return activations->n_knock_outs;
}

const gchar *
gst_activations_get_knock_out (const GstActivations *activations, guint index,
    gint *channel)
{
  static const GstActivationKnockOut none = { NULL, -1 };
  const GstActivationKnockOut *knock_out = index < activations->n_knock_outs
      ? &activations->knock_outs[index]
      : &none;

  *channel = knock_out->channel;
  return knock_out->layer;
}

gboolean
gst_activations_is_knocked_out (const GstActivations *activations,
    const gchar *layer, gint channel)
{
  for (guint i = 0; i < activations->n_knock_outs; i++) {
    if (activations->knock_outs[i].channel == channel
        && g_strcmp0 (activations->knock_outs[i].layer, layer) == 0)
      return TRUE;
  }
  return FALSE;
}

gfloat
gst_activations_get_intact_score (const GstActivations *activations,
    guint index)
{
  g_return_val_if_fail (index < activations->n_classes, 0.0f);
  return activations->intact_scores[index];
}

static gboolean
gst_activation_meta_init (GstMeta *meta, gpointer params, GstBuffer *buffer)
{
  GstActivationMeta *self = (GstActivationMeta *) meta;

  self->activations = NULL;
  self->roi_type = 0;
  self->x = self->y = self->width = self->height = 0;
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

static guint
scale_length (guint length, gint from, gint to)
{
  return (guint) gst_util_uint64_scale_int_round (length, to, from);
}

static gboolean
gst_activation_meta_transform (GstBuffer *destination, GstMeta *meta,
    GstBuffer *buffer, GQuark type, gpointer data)
{
  const GstActivationMeta *self = (GstActivationMeta *) meta;
  GstActivationMeta *copy;

  if (GST_META_TRANSFORM_IS_COPY (type)) {
    copy = add_meta (destination, self->activations, self->roi_type);
    copy->x = self->x;
    copy->y = self->y;
    copy->width = self->width;
    copy->height = self->height;
  } else if (GST_VIDEO_META_TRANSFORM_IS_SCALE (type)) {
    const GstVideoMetaTransform *scale = data;
    const gint in_width = GST_VIDEO_INFO_WIDTH (scale->in_info);
    const gint in_height = GST_VIDEO_INFO_HEIGHT (scale->in_info);
    const gint out_width = GST_VIDEO_INFO_WIDTH (scale->out_info);
    const gint out_height = GST_VIDEO_INFO_HEIGHT (scale->out_info);

    copy = add_meta (destination, self->activations, self->roi_type);
    copy->x = scale_length (self->x, in_width, out_width);
    copy->y = scale_length (self->y, in_height, out_height);
    copy->width = scale_length (self->width, in_width, out_width);
    copy->height = scale_length (self->height, in_height, out_height);
  } else {
    return FALSE;
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

const GstMetaInfo *
gst_activation_meta_get_info (void)
{
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter (&info)) {
    const GstMetaInfo *registered =
        gst_meta_register (GST_ACTIVATION_META_API_TYPE, "GstActivationMeta",
            sizeof (GstActivationMeta), gst_activation_meta_init,
            gst_activation_meta_free, gst_activation_meta_transform);

    g_once_init_leave (&info, registered);
  }
  return info;
}

GstActivationMeta *
gst_buffer_add_activation_meta (GstBuffer *buffer, GstActivations *activations,
    const gchar *roi_type, guint x, guint y, guint width, guint height)
{
  GstActivationMeta *meta;

  g_return_val_if_fail (gst_buffer_is_writable (buffer), NULL);
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
