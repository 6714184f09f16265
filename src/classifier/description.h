/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/colors.h"
#include "cnn/model/prediction.h"
#include "cnn/plan/plan.h"

G_BEGIN_DECLS

/**
 * ClassifierKernels:
 * @form: the convolution and the size of its kernels, as that of maps, one for
 *   each channel of its output; without data
 * @values: @form.channels x @form.height x @form.width x channels floats, with
 *   the channels of the network's input
 *
 * The kernels of a convolution that reads pictures.
 */
typedef struct {
  CnnLayerMaps form;
  const gfloat *values;
} ClassifierKernels;

/**
 * classifier_kernels_count_values:
 * @n_channels: of each kernel
 *
 * Returns: the number of floats
 */
static inline gsize
classifier_kernels_count_values (const ClassifierKernels *kernels,
    gint n_channels)
{
  return cnn_layer_maps_size (&kernels->form) * (gsize) n_channels;
}

/**
 * ClassifierDescription:
 * @model_name: name of the network
 * @attribute: what it predicts, such as "gender"
 * @labels: (array length=n_classes): names of the classes or labels
 * @n_classes: at least one; 0 if @kind has no classes
 * @kind: kind of its prediction
 * @thresholds: (array length=n_classes) (nullable): the score above which each
 *   label is predicted; %NULL unless @kind is %CNN_PREDICTION_LABELS
 * @unit: (nullable): unit of a number, such as "years"
 * @uncertain_below: if no class has a score of at least this, the prediction is
 *   uncertain; 0 to never say so
 * @colors: how the network's input is shown
 * @kernels: (nullable): those of the first convolution
 *
 * The part that all results of a network have in common, and share. It also
 * owns the names of layers in those results. Reference counted; may be shared
 * by threads.
 */
typedef struct {
  const gchar *model_name;
  const gchar *attribute;
  const gchar *const *labels;
  guint n_classes;
  CnnPredictionKind kind;
  const gfloat *thresholds;
  const gchar *unit;
  gfloat uncertain_below;
  ClassifierColors colors;
  const ClassifierKernels *kernels;
} ClassifierDescription;

/**
 * classifier_description_new:
 * @description: what to copy
 *
 * Returns: (transfer full): drop with classifier_description_unref()
 */
ClassifierDescription *classifier_description_new (
    const ClassifierDescription *description);

ClassifierDescription *classifier_description_ref (
    ClassifierDescription *description);
void classifier_description_unref (ClassifierDescription *description);

/**
 * classifier_description_count_scores:
 *
 * Returns: how many scores a result has: see cnn_prediction_count_scores()
 */
guint classifier_description_count_scores (
    const ClassifierDescription *description);

/**
 * classifier_description_intern:
 * @name: a name, such as that of a layer
 *
 * Returns: (transfer none): a copy that lives as long as @description; the same
 *   pointer for the same @name
 */
const gchar *classifier_description_intern (ClassifierDescription *description,
    const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClassifierDescription,
    classifier_description_unref)

G_END_DECLS
