/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#ifndef GST_ACTIVATION_META_API
#define GST_ACTIVATION_META_API __attribute__ ((visibility ("default"))) extern
#endif

/**
 * GstActivationLayer:
 * @name: the layer whose output this is, such as "max_pooling2d_1"
 * @source: the layer that it is shown as: the convolution whose output @name
 *   pools or activates, else @name itself
 * @height: of each map, in cells; 1 for a vector
 * @width: of each map, in cells; 1 for a vector
 * @channels: number of maps
 * @data: @height x @width x @channels floats, NHWC
 *
 * The activations of one layer.
 */
typedef struct {
  const gchar *name;
  const gchar *source;
  gint height;
  gint width;
  gint channels;
  const gfloat *data;
} GstActivationLayer;

/**
 * GstActivations:
 *
 * What a network makes of one region of a picture: a score for each class, and
 * the activations of the layers that were asked for. Immutable and reference
 * counted, so that it can be kept and shared between threads.
 */
typedef struct _GstActivations GstActivations;

#define GST_TYPE_ACTIVATIONS (gst_activations_get_type ())
GST_ACTIVATION_META_API GType gst_activations_get_type (void);

/**
 * gst_activations_new: (skip)
 * @model_name: name of the network
 * @attribute: what it predicts, such as "gender"
 * @region_id: the tracked id of the region, or -1 when it has none
 * @n_classes: how many classes there are, at least one
 * @labels: (array length=n_classes): their names
 * @scores: (array length=n_classes): their scores
 * @winner: the class that is predicted
 * @layers: (array length=n_layers) (nullable): the activations
 * @n_layers: how many layers there are
 *
 * Copies everything that it is given.
 *
 * Returns: (transfer full): free with gst_activations_unref()
 */
GST_ACTIVATION_META_API GstActivations *
gst_activations_new (const gchar *model_name, const gchar *attribute,
    gint region_id, guint n_classes, const gchar *const *labels,
    const gfloat *scores, guint winner, const GstActivationLayer *layers,
    guint n_layers);

GST_ACTIVATION_META_API GstActivations *gst_activations_ref (
    GstActivations *activations);
GST_ACTIVATION_META_API void gst_activations_unref (
    GstActivations *activations);

GST_ACTIVATION_META_API const gchar *gst_activations_get_model_name (
    const GstActivations *activations);
GST_ACTIVATION_META_API const gchar *gst_activations_get_attribute (
    const GstActivations *activations);

/**
 * gst_activations_get_region_id:
 *
 * Returns: the tracked id of the region, or -1 when it has none
 */
GST_ACTIVATION_META_API gint gst_activations_get_region_id (
    const GstActivations *activations);

/**
 * gst_activations_get_n_classes:
 *
 * Returns: how many classes the network tells apart
 */
GST_ACTIVATION_META_API guint gst_activations_get_n_classes (
    const GstActivations *activations);

/**
 * gst_activations_get_winner:
 *
 * Returns: the class that is predicted, from 0
 */
GST_ACTIVATION_META_API guint gst_activations_get_winner (
    const GstActivations *activations);

/**
 * gst_activations_get_label:
 * @index: a class, from 0
 *
 * Returns: (nullable): its name; %NULL when there is no such class
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_label (const GstActivations *activations, guint index);

/**
 * gst_activations_get_score:
 * @index: a class, from 0
 *
 * Returns: its score, 0 to 1 for networks that end in probabilities
 */
GST_ACTIVATION_META_API gfloat
gst_activations_get_score (const GstActivations *activations, guint index);

GST_ACTIVATION_META_API guint gst_activations_get_n_layers (
    const GstActivations *activations);

/**
 * gst_activations_get_layer: (skip)
 * @index: a layer, from 0, in the order in which they were asked for
 *
 * Returns: (transfer none) (nullable): %NULL when there is no such layer
 */
GST_ACTIVATION_META_API const GstActivationLayer *
gst_activations_get_layer (const GstActivations *activations, guint index);

/**
 * gst_activations_get_layer_name:
 * @index: a layer, from 0
 *
 * Returns: (nullable): the layer whose output this is
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_layer_name (const GstActivations *activations, guint index);

/**
 * gst_activations_get_layer_data:
 * @index: a layer, from 0
 * @height: (out): of each map, in cells
 * @width: (out): of each map, in cells
 * @channels: (out): number of maps
 * @n_values: (out): height x width x channels
 *
 * Returns: (array length=n_values) (transfer none) (nullable): NHWC
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_layer_data (const GstActivations *activations, guint index,
    gint *height, gint *width, gint *channels, gsize *n_values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstActivations, gst_activations_unref)

/**
 * GstActivationMeta:
 * @meta: parent
 * @activations: what the network makes of the region
 * @roi_type: quark of the region's type, such as "face"; 0 for a whole frame
 * @x: left edge of the region, in pixels of the buffer that carries the meta
 * @y: top edge
 * @width: of the region
 * @height: of the region
 *
 * Activations of one region of a video frame. It survives copies, and its box
 * follows when the frame is scaled. (The parameters of a
 * GstVideoRegionOfInterestMeta do not survive scaling or conversion.)
 */
typedef struct {
  GstMeta meta;

  GstActivations *activations;
  GQuark roi_type;
  guint x;
  guint y;
  guint width;
  guint height;
} GstActivationMeta;

#define GST_ACTIVATION_META_API_TYPE (gst_activation_meta_api_get_type ())
#define GST_ACTIVATION_META_INFO (gst_activation_meta_get_info ())

GST_ACTIVATION_META_API GType gst_activation_meta_api_get_type (void);
GST_ACTIVATION_META_API const GstMetaInfo *gst_activation_meta_get_info (void);

/**
 * gst_buffer_add_activation_meta:
 * @buffer: (transfer none): a writable buffer
 * @activations: (transfer none)
 * @roi_type: (nullable): type of the region; %NULL for a whole frame
 *
 * Returns: (transfer none): the meta, owned by the buffer
 */
GST_ACTIVATION_META_API GstActivationMeta *
gst_buffer_add_activation_meta (GstBuffer *buffer, GstActivations *activations,
    const gchar *roi_type, guint x, guint y, guint width, guint height);

/**
 * gst_buffer_get_nth_activation_meta:
 * @buffer: (transfer none)
 * @index: from 0, in the order in which they were added
 *
 * Returns: (transfer none) (nullable): %NULL when there are no more
 */
GST_ACTIVATION_META_API GstActivationMeta *
gst_buffer_get_nth_activation_meta (GstBuffer *buffer, guint index);

/**
 * gst_buffer_iterate_activation_meta: (skip)
 * @state: (inout): %NULL to begin
 *
 * Returns: (transfer none) (nullable): the next one
 */
GST_ACTIVATION_META_API GstActivationMeta *
gst_buffer_iterate_activation_meta (GstBuffer *buffer, gpointer *state);

G_END_DECLS
