/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#ifndef GST_ACTIVATION_META_API
#define GST_ACTIVATION_META_API __attribute__ ((visibility ("default"))) extern
#endif

/**
 * GstActivationsKind:
 * @GST_ACTIVATIONS_CLASSES: one of several classes, each with a score
 * @GST_ACTIVATIONS_LABELS: any number of several labels, each with a score of
 *   its own. They are classes too in the names of functions.
 * @GST_ACTIVATIONS_NUMBER: a number, such as an age; there are no classes
 * @GST_ACTIVATIONS_MAPS: an image, the values of the output; there are no
 *   classes
 *
 * What a network predicts.
 *
 * Since: 0.2
 */
typedef enum {
  GST_ACTIVATIONS_CLASSES,
  GST_ACTIVATIONS_LABELS,
  GST_ACTIVATIONS_NUMBER,
  GST_ACTIVATIONS_MAPS
} GstActivationsKind;

#define GST_TYPE_ACTIVATIONS_KIND (gst_activations_kind_get_type ())
GST_ACTIVATION_META_API GType gst_activations_kind_get_type (void);

/**
 * GstActivations:
 *
 * The result of a network for one region of a picture: a score for each class,
 * or a number; the values of all outputs; and the activations of the layers
 * that were asked for. Immutable and reference counted, so that it can be kept
 * and shared between threads. Everything that is returned (transfer none) lives
 * as long as it does.
 *
 * Since: 0.2
 */
typedef struct _GstActivations GstActivations;

#define GST_TYPE_ACTIVATIONS (gst_activations_get_type ())
GST_ACTIVATION_META_API GType gst_activations_get_type (void);

/**
 * gst_activations_ref:
 * @activations: a #GstActivations
 *
 * Returns: (transfer full): @activations
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivations *gst_activations_ref (
    GstActivations *activations);

/**
 * gst_activations_unref:
 * @activations: (transfer full): a #GstActivations
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API void gst_activations_unref (
    GstActivations *activations);

/**
 * gst_activations_get_model_name:
 * @activations: a #GstActivations
 *
 * Returns: (transfer none): name of the network
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *gst_activations_get_model_name (
    const GstActivations *activations);

/**
 * gst_activations_get_attribute:
 * @activations: a #GstActivations
 *
 * Returns: (transfer none): what it predicts, such as "gender"
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *gst_activations_get_attribute (
    const GstActivations *activations);

/**
 * gst_activations_get_kind:
 * @activations: a #GstActivations
 *
 * Returns: what is predicted
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationsKind gst_activations_get_kind (
    const GstActivations *activations);

/**
 * gst_activations_to_text:
 * @activations: a #GstActivations
 *
 * Returns: (transfer full) (nullable): the prediction in words: the label, or
 *   `uncertain`; all predicted labels, separated by commas, which may be none;
 *   or the number, to three digits, with its unit. %NULL for an image
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gchar *gst_activations_to_text (
    const GstActivations *activations);

/**
 * gst_activations_get_n_classes:
 * @activations: a #GstActivations
 *
 * Returns: how many classes or labels the network tells apart; 0 if it predicts
 *   a number or an image
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API guint gst_activations_get_n_classes (
    const GstActivations *activations);

/**
 * gst_activations_get_winner:
 * @activations: a #GstActivations
 *
 * Returns: the class that is predicted, from 0; of labels, the one with the
 *   highest score, even if it is below its threshold; 0 if there are no classes
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API guint gst_activations_get_winner (
    const GstActivations *activations);

/**
 * gst_activations_is_predicted:
 * @activations: a #GstActivations
 * @index: a class, from 0
 *
 * Returns: whether it is predicted: of classes, only the winner is, and where
 *   cnninference's uncertain-below makes the label `uncertain`, none; a label
 *   is if its score is above its threshold
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gboolean
gst_activations_is_predicted (const GstActivations *activations, guint index);

/**
 * gst_activations_get_threshold:
 * @activations: a #GstActivations
 * @index: a class, from 0
 *
 * Returns: the score above which the label is predicted; 0 for classes, which
 *   have none
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gfloat
gst_activations_get_threshold (const GstActivations *activations, guint index);

/**
 * gst_activations_get_number:
 * @activations: a #GstActivations of %GST_ACTIVATIONS_NUMBER
 *
 * Returns: the number that is predicted
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gfloat gst_activations_get_number (
    const GstActivations *activations);

/**
 * gst_activations_get_unit:
 * @activations: a #GstActivations
 *
 * Returns: (transfer none) (nullable): unit of the number, such as "years"
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *gst_activations_get_unit (
    const GstActivations *activations);

/**
 * gst_activations_get_n_outputs:
 * @activations: a #GstActivations
 *
 * Returns: the number of outputs whose values it has: all outputs of the
 *   network, or none if it was made by a #GstActivationsBuilder
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API guint gst_activations_get_n_outputs (
    const GstActivations *activations);

/**
 * gst_activations_get_output:
 * @activations: a #GstActivations
 *
 * Returns: the output that is the prediction, from 0; the scores, the number
 *   and the explanation are about this one
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API guint gst_activations_get_output (
    const GstActivations *activations);

/**
 * gst_activations_get_output_name:
 * @activations: a #GstActivations
 * @index: an output, from 0, in the order of the network
 *
 * Returns: (transfer none): the layer whose output this is
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_output_name (const GstActivations *activations,
    guint index);

/**
 * gst_activations_get_output_data:
 * @activations: a #GstActivations
 * @index: an output, from 0
 * @height: (out) (optional): of an image, in cells; 1 for a vector
 * @width: (out) (optional): of an image, in cells; 1 for a vector
 * @channels: (out) (optional): of an image, or number of values
 * @n_values: (out) (optional): height x width x channels
 *
 * Returns: (array length=n_values) (transfer none): the values, NHWC, as the
 *   network gives them
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_output_data (const GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels, gsize *n_values);

/**
 * gst_activations_get_output_bytes:
 * @activations: a #GstActivations
 * @index: an output, from 0
 * @height: (out) (optional): of an image, in cells; 1 for a vector
 * @width: (out) (optional): of an image, in cells; 1 for a vector
 * @channels: (out) (optional): of an image, or number of values
 *
 * The values of gst_activations_get_output_data() as
 * gst_activations_get_layer_bytes() has those of layers.
 *
 * Returns: (transfer full): the values, NHWC
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GBytes *
gst_activations_get_output_bytes (GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels);

/**
 * gst_activations_get_label:
 * @activations: a #GstActivations
 * @index: a class, from 0
 *
 * Returns: (transfer none): its name
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_label (const GstActivations *activations, guint index);

/**
 * gst_activations_get_score:
 * @activations: a #GstActivations
 * @index: a class, from 0
 *
 * Returns: its score, 0 to 1 for networks that end in probabilities
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gfloat
gst_activations_get_score (const GstActivations *activations, guint index);

/**
 * gst_activations_get_score_bytes:
 * @activations: a #GstActivations
 *
 * The scores of all classes in one piece: native floats (32 bits, in the byte
 * order of the machine). Nothing is copied; the bytes hold a reference to
 * @activations and may outlive the buffer that it came with.
 *
 * Returns: (transfer full): one float for each class, as
 *   gst_activations_get_score() has it
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GBytes *gst_activations_get_score_bytes (
    GstActivations *activations);

/**
 * gst_activations_get_n_layers:
 * @activations: a #GstActivations
 *
 * Returns: the number of layers whose activations it has
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API guint gst_activations_get_n_layers (
    const GstActivations *activations);

/**
 * gst_activations_get_layer_name:
 * @activations: a #GstActivations
 * @index: a layer, from 0, in the order in which they were asked for
 *
 * Returns: (transfer none): the layer whose output this is, such as
 *   "max_pooling2d_1"
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_layer_name (const GstActivations *activations, guint index);

/**
 * gst_activations_get_layer_source:
 * @activations: a #GstActivations
 * @index: a layer, from 0
 *
 * Returns: (transfer none): the layer that it is shown as: the convolution
 *   whose output it pools or activates, else the layer itself
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_layer_source (const GstActivations *activations,
    guint index);

/**
 * gst_activations_get_layer_data:
 * @activations: a #GstActivations
 * @index: a layer, from 0
 * @height: (out) (optional): of each map, in cells; 1 for a vector
 * @width: (out) (optional): of each map, in cells; 1 for a vector
 * @channels: (out) (optional): number of maps
 * @n_values: (out) (optional): height x width x channels
 *
 * Returns: (array length=n_values) (transfer none): the activations, NHWC
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_layer_data (const GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels, gsize *n_values);

/**
 * gst_activations_get_layer_bytes:
 * @activations: a #GstActivations
 * @index: a layer, from 0
 * @height: (out) (optional): of each map, in cells; 1 for a vector
 * @width: (out) (optional): of each map, in cells; 1 for a vector
 * @channels: (out) (optional): number of maps
 *
 * The activations of gst_activations_get_layer_data() as native floats (32
 * bits, in the byte order of the machine), @height x @width x @channels: the
 * value of channel c at row y and column x is number (y * @width + x) *
 * @channels + c. Nothing is copied; the bytes hold a reference to @activations
 * and may outlive the buffer that it came with.
 *
 * In Python, `numpy.frombuffer(maps.get_data(), numpy.float32)`, reshaped to
 * (height, width, channels), is the array. (PyGObject's get_data() makes one
 * copy, which belongs to Python.)
 *
 * Returns: (transfer full): the activations, NHWC
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GBytes *
gst_activations_get_layer_bytes (GstActivations *activations, guint index,
    guint *height, guint *width, guint *channels);

/**
 * gst_activations_get_layer_interior:
 * @activations: a #GstActivations
 * @index: a layer, from 0
 * @x: (out) (optional): the first column
 * @y: (out) (optional): the first row
 * @width: (out) (optional): number of columns
 * @height: (out) (optional): number of rows
 *
 * Of each map, the cells that see the least of what layers put around their
 * inputs: those whose receptive field lies within the network's input, or the
 * middle half of a side where they cover less than that. Their values are the
 * ones to scale a drawing by; the others answer, in part, to the zeros around
 * the picture.
 *
 * Returns: whether they are known. If not, they are 0x0.
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gboolean
gst_activations_get_layer_interior (const GstActivations *activations,
    guint index, guint *x, guint *y, guint *width, guint *height);

/**
 * gst_activations_get_explanation:
 * @activations: a #GstActivations
 * @layer: (out) (optional) (transfer none): the target layer, whose activations
 *   are said to be the reason
 * @target_class: (out) (optional): the class that is explained, from 0; 0 if
 *   there are no classes
 * @logit: (out) (optional): the value before the final sigmoid or softmax that
 *   speaks for the class; for class 0 of a single output, that output's value
 *   negated; the number itself; or the mean of an image's values, before the
 *   final sigmoid or softmax
 * @bias: (out) (optional): the part of @logit that does not come from the
 *   target layer. The cell contributions add up to @logit - @bias, and so do
 *   the channel contributions.
 *
 * Explains why the network predicts a class. If there is no explanation, the
 * parameters are not changed.
 *
 * Returns: (transfer none) (nullable): how the class activation map was made: a
 *   nick of the property `explain` of cnninference, such as "hires-cam"; %NULL
 *   when there is no explanation
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_explanation (const GstActivations *activations,
    const gchar **layer, guint *target_class, gfloat *logit, gfloat *bias);

/**
 * gst_activations_get_cam:
 * @activations: a #GstActivations
 * @height: (out) (optional): in cells: that of the target layer
 * @width: (out) (optional): in cells
 * @n_values: (out) (optional): height x width
 *
 * Returns: (array length=n_values) (transfer none) (nullable): the class
 *   activation map as its method gives it: not clipped and not scaled, so that
 *   it can be compared between frames; %NULL when there is no explanation
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_cam (const GstActivations *activations, guint *height,
    guint *width, gsize *n_values);

/**
 * gst_activations_get_cam_bytes:
 * @activations: a #GstActivations
 * @height: (out) (optional): in cells: that of the target layer
 * @width: (out) (optional): in cells
 *
 * The class activation map of gst_activations_get_cam() as native floats (32
 * bits, in the byte order of the machine), @height x @width. Nothing is copied;
 * the bytes hold a reference to @activations and may outlive the buffer that it
 * came with.
 *
 * Returns: (transfer full) (nullable): the map; %NULL when there is no
 *   explanation
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GBytes *
gst_activations_get_cam_bytes (GstActivations *activations, guint *height,
    guint *width);

/**
 * gst_activations_get_maps_area:
 * @activations: a #GstActivations
 * @x: (out) (optional): left edge, from the left edge of the region
 * @y: (out) (optional): top edge, from the top edge of the region
 * @width: (out) (optional): its width
 * @height: (out) (optional): its height
 *
 * The place that the network's input, and thus each map and the class
 * activation map, covers in the picture, in widths and heights of the region:
 * 0, 0, 1, 1 is the region itself. A network that takes the square in the
 * middle of a wide region covers less of it; one that takes more than the
 * region, or all of it with bars beside it, covers more.
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API void
gst_activations_get_maps_area (const GstActivations *activations, gdouble *x,
    gdouble *y, gdouble *width, gdouble *height);

/**
 * gst_activations_get_cam_map:
 * @activations: a #GstActivations
 * @height: (out) (optional): in cells
 * @width: (out) (optional): in cells
 * @n_values: (out) (optional): height x width
 *
 * Returns: (array length=n_values) (transfer none) (nullable): the class
 *   activation map for the eye: values below 0 are set to 0, and the map is
 *   then scaled to 0 ... 1; it is all 0 if nothing speaks for the class
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_cam_map (const GstActivations *activations, guint *height,
    guint *width, gsize *n_values);

/**
 * gst_activations_get_cell_contributions:
 * @activations: a #GstActivations
 * @height: (out) (optional): in cells
 * @width: (out) (optional): in cells
 * @n_values: (out) (optional): height x width
 *
 * Returns: (array length=n_values) (transfer none) (nullable): what each cell
 *   of the target layer adds to the logit: the sum over channels of activation
 *   * gradient, above 0 for the class and below 0 against it
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_cell_contributions (const GstActivations *activations,
    guint *height, guint *width, gsize *n_values);

/**
 * gst_activations_get_channel_contributions:
 * @activations: a #GstActivations
 * @n_values: (out) (optional): channels of the target layer
 *
 * Returns: (array length=n_values) (transfer none) (nullable): what each
 *   channel of the target layer adds to the logit, summed over its cells
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gfloat *
gst_activations_get_channel_contributions (const GstActivations *activations,
    gsize *n_values);

/**
 * gst_activations_get_n_knock_outs:
 * @activations: a #GstActivations
 *
 * Returns: how many channels were set to zero while the network ran; the scores
 *   and activations are those with them at zero
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API guint gst_activations_get_n_knock_outs (
    const GstActivations *activations);

/**
 * gst_activations_get_knock_out:
 * @activations: a #GstActivations
 * @index: a knock-out, from 0
 * @channel: (out) (optional): of the layer, from 0
 *
 * Returns: (transfer none): the layer of a channel that was set to zero, as
 *   gst_activations_get_layer_name() has it
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API const gchar *
gst_activations_get_knock_out (const GstActivations *activations, guint index,
    guint *channel);

/**
 * gst_activations_get_intact_score:
 * @activations: a #GstActivations
 * @index: a class, from 0
 *
 * Returns: its score without the knock-outs: gst_activations_get_score() when
 *   there are none
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gfloat gst_activations_get_intact_score (
    const GstActivations *activations, guint index);

/**
 * gst_activations_get_intact_number:
 * @activations: a #GstActivations of %GST_ACTIVATIONS_NUMBER
 *
 * Returns: the number without the knock-outs: gst_activations_get_number() when
 *   there are none
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gfloat gst_activations_get_intact_number (
    const GstActivations *activations);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstActivations, gst_activations_unref)

/**
 * GstActivationsBuilder:
 *
 * Makes #GstActivations of the values that another element has for a region. A
 * builder can make any number of them, one after the other, which then share
 * the names. It serves one thread at a time.
 *
 * Since: 0.2
 */
typedef struct _GstActivationsBuilder GstActivationsBuilder;

#define GST_TYPE_ACTIVATIONS_BUILDER (gst_activations_builder_get_type ())
GST_ACTIVATION_META_API GType gst_activations_builder_get_type (void);

/**
 * gst_activations_builder_new:
 * @model_name: name of the network
 * @attribute: what it predicts, such as "gender"
 * @labels: (array zero-terminated=1): names of the classes, at least one
 *
 * Returns: (transfer full): free with gst_activations_builder_free()
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationsBuilder *
gst_activations_builder_new (const gchar *model_name, const gchar *attribute,
    const gchar *const *labels);

/**
 * gst_activations_builder_new_labels:
 * @model_name: name of the network
 * @attribute: what it predicts, such as "accessories"
 * @labels: (array zero-terminated=1): names of the labels, at least one
 * @threshold: the score above which a label is predicted
 *
 * A builder for labels of which any number may be predicted.
 *
 * Returns: (transfer full): free with gst_activations_builder_free()
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationsBuilder *
gst_activations_builder_new_labels (const gchar *model_name,
    const gchar *attribute, const gchar *const *labels, gfloat threshold);

/**
 * gst_activations_builder_new_number:
 * @model_name: name of the network
 * @attribute: what it predicts, such as "age"
 * @unit: (nullable): unit of the number, such as "years"
 *
 * A builder for a number.
 *
 * Returns: (transfer full): free with gst_activations_builder_free()
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationsBuilder *
gst_activations_builder_new_number (const gchar *model_name,
    const gchar *attribute, const gchar *unit);

/**
 * gst_activations_builder_free:
 * @builder: (transfer full): a #GstActivationsBuilder
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API void gst_activations_builder_free (
    GstActivationsBuilder *builder);

/**
 * gst_activations_builder_set_scores:
 * @builder: a #GstActivationsBuilder
 * @scores: (array length=n_scores): copied; one for each class
 * @n_scores: as many as there are labels
 * @winner: the class that is predicted, or the label with the highest score,
 *   from 0
 *
 * Returns: whether they were set: %FALSE when the numbers do not fit
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gboolean
gst_activations_builder_set_scores (GstActivationsBuilder *builder,
    const gfloat *scores, gsize n_scores, guint winner);

/**
 * gst_activations_builder_set_number:
 * @builder: a #GstActivationsBuilder
 * @number: the number that is predicted
 *
 * Returns: whether it was set: %FALSE when the builder is not for a number
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gboolean gst_activations_builder_set_number (
    GstActivationsBuilder *builder, gfloat number);

/**
 * gst_activations_builder_add_layer:
 * @builder: a #GstActivationsBuilder
 * @name: of the layer
 * @source: (nullable): see gst_activations_get_layer_source(); %NULL for @name
 * @height: of each map, in cells; 1 for a vector
 * @width: of each map, in cells; 1 for a vector
 * @channels: number of maps
 * @data: (array length=n_values): copied; NHWC
 * @n_values: @height x @width x @channels
 *
 * Returns: whether it was added: %FALSE when the numbers do not fit
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API gboolean
gst_activations_builder_add_layer (GstActivationsBuilder *builder,
    const gchar *name, const gchar *source, guint height, guint width,
    guint channels, const gfloat *data, gsize n_values);

/**
 * gst_activations_builder_finish:
 * @builder: a #GstActivationsBuilder, which is empty again afterwards, except
 *   for the names
 *
 * Returns: (transfer full) (nullable): free with gst_activations_unref(); %NULL
 *   when neither scores nor a number were set
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivations *gst_activations_builder_finish (
    GstActivationsBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstActivationsBuilder,
    gst_activations_builder_free)

/**
 * GstActivationMeta:
 * @meta: parent
 * @activations: the result of the network for the region
 * @roi_type: quark of the region's type, such as "face"; 0 for a whole frame
 * @region_id: the id of the #GstVideoRegionOfInterestMeta, or 0
 * @id: by which the region is followed from frame to frame, or -1
 * @x: left edge of the region, in pixels of the buffer that carries the meta;
 *   it may lie outside of the picture (below 0), as all edges may
 * @y: top edge
 * @width: of the region
 * @height: of the region
 *
 * Activations of one region of a video frame. It survives copies, and its box
 * follows when the frame is scaled. With GStreamer 1.28 it also follows when
 * the frame is cropped, mirrored, turned by right angles, framed or
 * composited, and the maps turn with the picture: a cell of a map always lies
 * at the same place of the box in what is seen now. When nothing of the box is
 * left in the picture, the meta is gone. (The parameters of a
 * #GstVideoRegionOfInterestMeta do not survive scaling or conversion.)
 *
 * With GStreamer 1.24 it can be sent to another process, by unixfdsink. There
 * the plugin, or gst_activation_meta_get_info(), must have been loaded before
 * the first frame arrives.
 *
 * Since: 0.2
 */
typedef struct {
  GstMeta meta;

  GstActivations *activations;
  GQuark roi_type;
  gint region_id;
  gint id;
  gint x;
  gint y;
  guint width;
  guint height;
} GstActivationMeta;

#define GST_ACTIVATION_META_API_TYPE (gst_activation_meta_api_get_type ())
#define GST_ACTIVATION_META_INFO (gst_activation_meta_get_info ())

GST_ACTIVATION_META_API GType gst_activation_meta_api_get_type (void);
GST_ACTIVATION_META_API const GstMetaInfo *gst_activation_meta_get_info (void);

/**
 * gst_buffer_add_activation_meta:
 * @buffer: a writable buffer
 * @activations: (transfer none): a #GstActivations
 * @roi_type: (nullable): type of the region; %NULL for a whole frame
 * @x: left edge of the region, in pixels
 * @y: top edge
 * @width: of the region
 * @height: of the region
 *
 * Attaches @activations. The ids of the meta are those of a region without ids;
 * set them afterwards.
 *
 * Returns: (transfer none): the meta, owned by the buffer
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationMeta *
gst_buffer_add_activation_meta (GstBuffer *buffer, GstActivations *activations,
    const gchar *roi_type, gint x, gint y, guint width, guint height);

/**
 * gst_buffer_get_nth_activation_meta:
 * @buffer: a buffer
 * @index: from 0, in the order in which they were added
 *
 * Returns: (transfer none) (nullable): %NULL when there are no more
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationMeta *
gst_buffer_get_nth_activation_meta (GstBuffer *buffer, guint index);

/**
 * gst_buffer_iterate_activation_meta: (skip)
 * @buffer: a buffer
 * @state: (inout): %NULL to begin
 *
 * Returns: (transfer none) (nullable): the next one
 *
 * Since: 0.2
 */
GST_ACTIVATION_META_API GstActivationMeta *
gst_buffer_iterate_activation_meta (GstBuffer *buffer, gpointer *state);

G_END_DECLS
