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
 * GstActivationExplanation:
 * @method: how @cam was made: a nick of the property `explain` of cnninference,
 *   such as "hires-cam"
 * @layer: the target layer, whose activations are said to be the reason
 * @source: the layer that it is shown as, like #GstActivationLayer.source
 * @target_class: the class that is explained, from 0
 * @height: of the maps, in cells: that of the target layer
 * @width: of the maps, in cells
 * @channels: of the target layer
 * @cam: @height x @width: the class activation map as its method gives it; not
 *   clipped and not scaled, so that it can be compared between frames
 * @map: @height x @width: the same for the eye: what is below 0 is 0, then
 *   scaled to 0 ... 1; all 0 where nothing speaks for the class
 * @cell_contributions: @height x @width: what each cell of the target layer adds
 *   to @logit: the sum over channels of activation * gradient, above 0 for the
 *   class and below 0 against it
 * @channel_contributions: @channels: what each channel adds, summed over cells
 * @logit: the value before the final sigmoid or softmax that speaks for the
 *   class; for class 0 of a single output, that output's value negated
 * @bias: what of @logit does not come from the target layer. The contributions
 *   add up: sum (@cell_contributions) = sum (@channel_contributions)
 *   = @logit - @bias
 *
 * Why a network predicts a class.
 */
typedef struct {
  const gchar *method;
  const gchar *layer;
  const gchar *source;
  guint target_class;
  gint height;
  gint width;
  gint channels;
  const gfloat *cam;
  const gfloat *map;
  const gfloat *cell_contributions;
  const gfloat *channel_contributions;
  gfloat logit;
  gfloat bias;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstActivationExplanation;

/**
 * GstActivationKnockOut:
 * @layer: #GstActivationLayer.name of the layer
 * @channel: of the layer, from 0
 *
 * A channel that was set to zero while the network ran.
 */
typedef struct {
  const gchar *layer;
  gint channel;
} GstActivationKnockOut;

/**
 * GstActivationKnockOuts:
 * @channels: (array length=n_channels): what was set to zero
 * @n_channels: how many channels that are
 * @intact_scores: the scores of all classes without that
 *
 * An experiment with a network: how its scores change when channels are silent.
 */
typedef struct {
  const GstActivationKnockOut *channels;
  guint n_channels;
  const gfloat *intact_scores;
} GstActivationKnockOuts;

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

/**
 * gst_activations_new_explained: (skip)
 * @explanation: (nullable): why it is predicted
 * @knock_outs: (nullable): channels that were set to zero; the scores and
 *   activations are those with the channels at zero
 *
 * Like gst_activations_new(), with more to tell. Copies everything that it is
 * given.
 *
 * Returns: (transfer full): free with gst_activations_unref()
 */
GST_ACTIVATION_META_API GstActivations *
gst_activations_new_explained (const gchar *model_name, const gchar *attribute,
    gint region_id, guint n_classes, const gchar *const *labels,
    const gfloat *scores, guint winner, const GstActivationLayer *layers,
    guint n_layers, const GstActivationExplanation *explanation,
    const GstActivationKnockOuts *knock_outs);

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

/**
 * gst_activations_get_explanation: (skip)
 *
 * Returns: (transfer none) (nullable): why the network predicts a class; %NULL
 *   when it was not asked. The functions below give its parts.
 */
GST_ACTIVATION_META_API const GstActivationExplanation *
gst_activations_get_explanation (const GstActivations *activations);

/**
 * gst_activations_get_explanation_method:
 *
 * Returns: (nullable): #GstActivationExplanation.method; %NULL when there is no
 *   explanation
 */
GST_ACTIVATION_META_API const gchar *gst_activations_get_explanation_method (
    const GstActivations *activations);

/**
 * gst_activations_get_explanation_layer:
 *
 * Returns: (nullable): the target layer; %NULL when there is no explanation
 */
GST_ACTIVATION_META_API const gchar *gst_activations_get_explanation_layer (
    const GstActivations *activations);

/**
 * gst_activations_get_explanation_class:
 *
 * Returns: the class that is explained, from 0; -1 when there is no explanation
 */
GST_ACTIVATION_META_API gint gst_activations_get_explanation_class (
    const GstActivations *activations);

/**
 * gst_activations_get_logit:
 *
 * Returns: #GstActivationExplanation.logit; 0 when there is no explanation
 */
GST_ACTIVATION_META_API gfloat gst_activations_get_logit (
    const GstActivations *activations);

/**
 * gst_activations_get_bias:
 *
 * Returns: #GstActivationExplanation.bias; 0 when there is no explanation
 */
GST_ACTIVATION_META_API gfloat gst_activations_get_bias (
    const GstActivations *activations);

/**
 * gst_activations_get_cam:
 * @height: (out): in cells
 * @width: (out): in cells
 * @n_values: (out): height x width
 *
 * Returns: (array length=n_values) (transfer none) (nullable):
 *   #GstActivationExplanation.cam
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_cam (const GstActivations *activations, gint *height,
    gint *width, gsize *n_values);

/**
 * gst_activations_get_cam_map:
 * @height: (out): in cells
 * @width: (out): in cells
 * @n_values: (out): height x width
 *
 * Returns: (array length=n_values) (transfer none) (nullable):
 *   #GstActivationExplanation.map
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_cam_map (const GstActivations *activations, gint *height,
    gint *width, gsize *n_values);

/**
 * gst_activations_get_cell_contributions:
 * @height: (out): in cells
 * @width: (out): in cells
 * @n_values: (out): height x width
 *
 * Returns: (array length=n_values) (transfer none) (nullable):
 *   #GstActivationExplanation.cell_contributions
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_cell_contributions (const GstActivations *activations,
    gint *height, gint *width, gsize *n_values);

/**
 * gst_activations_get_channel_contributions:
 * @n_values: (out): channels of the target layer
 *
 * Returns: (array length=n_values) (transfer none) (nullable):
 *   #GstActivationExplanation.channel_contributions
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_channel_contributions (const GstActivations *activations,
    gsize *n_values);

/**
 * gst_activations_get_n_knock_outs:
 *
 * Returns: how many channels were set to zero
 */
GST_ACTIVATION_META_API guint gst_activations_get_n_knock_outs (
    const GstActivations *activations);

/**
 * gst_activations_get_knock_out:
 * @index: from 0
 * @channel: (out): of the layer, from 0; -1 when there is no such knock-out
 *
 * Returns: (nullable): the layer of a channel that was set to zero; %NULL when
 *   there is no such knock-out
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_knock_out (const GstActivations *activations, guint index,
    gint *channel);

/**
 * gst_activations_is_knocked_out:
 * @layer: name of a layer
 * @channel: of the layer, from 0
 *
 * Returns: whether that channel was set to zero
 */
GST_ACTIVATION_META_API gboolean gst_activations_is_knocked_out (
    const GstActivations *activations, const gchar *layer, gint channel);

/**
 * gst_activations_get_intact_score:
 * @index: a class, from 0
 *
 * Returns: its score without the knock-outs: gst_activations_get_score() when
 *   there are none
 */
GST_ACTIVATION_META_API gfloat gst_activations_get_intact_score (
    const GstActivations *activations, guint index);

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
