/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstactivationmeta.h"

#include <gst/video/video.h>
#include <string.h>

/**
 * GstActivations:
 *
 * One block of memory holds the struct and, behind it, the arrays. Names are
 * interned: they come from a model and a labels file, so there are few.
 */
struct _GstActivations {
  gatomicrefcount ref_count;
  const gchar *model_name;
  const gchar *attribute;
  gint region_id;
  guint winner;
  guint n_classes;
  guint n_layers;
  const gchar **labels;
  GstActivationLayer *layers;
  gfloat *scores;
};

G_DEFINE_BOXED_TYPE (GstActivations, gst_activations, gst_activations_ref,
    gst_activations_unref)

static gsize
layer_size (const GstActivationLayer *layer)
{
  return (gsize) layer->height * layer->width * layer->channels;
}

GstActivations *
gst_activations_new (const gchar *model_name, const gchar *attribute,
    gint region_id, guint n_classes, const gchar *const *labels,
    const gfloat *scores, guint winner, const GstActivationLayer *layers,
    guint n_layers)
{
  gsize size = sizeof (GstActivations) + n_classes * sizeof (gchar *)
      + n_layers * sizeof (GstActivationLayer) + n_classes * sizeof (gfloat);
  GstActivations *self;
  gfloat *values;

  g_return_val_if_fail (winner < n_classes, NULL);
  for (guint i = 0; i < n_layers; i++)
    size += layer_size (&layers[i]) * sizeof (gfloat);
  self = g_malloc (size);
  g_atomic_ref_count_init (&self->ref_count);
  self->model_name = g_intern_string (model_name);
  self->attribute = g_intern_string (attribute);
  self->region_id = region_id;
  self->winner = winner;
  self->n_classes = n_classes;
  self->n_layers = n_layers;
  /* Largest alignment first. */
  self->labels = (const gchar **) (self + 1);
  self->layers = (GstActivationLayer *) (self->labels + n_classes);
  self->scores = (gfloat *) (self->layers + n_layers);
  values = self->scores + n_classes;
  for (guint i = 0; i < n_classes; i++)
    self->labels[i] = g_intern_string (labels[i]);
  memcpy (self->scores, scores, n_classes * sizeof *scores);
  for (guint i = 0; i < n_layers; i++) {
    gsize count = layer_size (&layers[i]);

    self->layers[i] = layers[i];
    self->layers[i].name = g_intern_string (layers[i].name);
    self->layers[i].source = g_intern_string (layers[i].source);
    self->layers[i].data = memcpy (values, layers[i].data,
        count * sizeof *values);
    values += count;
  }
  return self;
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
