/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/explain/class-activation.h"
#include "cnn/model/prediction.h"
#include "cnn/plan/layer-selection.h"

G_BEGIN_DECLS

/**
 * CnnExplainer:
 *
 * Runs a model and explains its decisions: a plan, and the backpropagation from
 * the logit of a class to a target layer. The logit is the value before the
 * final sigmoid or softmax. If a single value decides between two classes, it
 * is the logit of class 1, and its negative is that of class 0. Of a number,
 * the number itself is explained, and of an image, the mean of all its values
 * before the final sigmoid or softmax; both in place of the logit. Nothing is
 * allocated after its creation. Use it from one thread at a time.
 */
typedef struct _CnnExplainer CnnExplainer;

/**
 * CnnExplainerOptions:
 * @target: node of the target layer, see cnn_explainer_find_target()
 * @keep: (array length=n_keep) (nullable): nodes whose activations can be read
 *   after a run, besides the model's outputs and the target
 * @plan: (nullable): options of the plan; %NULL for the fastest ones
 * @prediction: (nullable): the output to explain, and its meaning; %NULL for
 *   the first, of which a single value decides between two classes
 */
typedef struct {
  CnnCamMethod method;
  guint target;
  const guint *keep;
  guint n_keep;
  const CnnPlanOptions *plan;
  const CnnPrediction *prediction;
} CnnExplainerOptions;

/**
 * CnnExplanation:
 * @method: method of @cam, see cnn_cam_get_name()
 * @layer: name of the target layer
 * @source: the layer under whose name it is shown, see #CnnLayerMaps.source
 * @target_class: the class that is explained, from 0; 0 for a number or an
 *   image
 * @logit: logit of the class that is explained, or what stands in its place
 * @bias: the part of @logit that does not come from the target layer: biases,
 *   and everything else that the model adds behind it, along the current slopes
 *   of its activation functions
 * @height: height of the target layer's maps
 * @activations: @height x @width x @channels, A: output of the target layer
 * @gradient: @height x @width x @channels, G: derivatives of @logit by
 *   @activations
 * @cam: @height x @width: class activation map, not normalised
 * @map: @height x @width: @cam normalised to 0..1, see cnn_cam_normalize()
 * @cell_contributions: @height x @width: sum over channels of G * A, signed
 * @channel_contributions: @channels: sum over cells of G * A
 *
 * The contributions add up to @logit - @bias with every method.
 */
typedef struct {
  const gchar *method;
  const gchar *layer;
  const gchar *source;
  guint target_class;
  gfloat logit;
  gfloat bias;
  gint height;
  gint width;
  gint channels;
  const gfloat *activations;
  const gfloat *gradient;
  const gfloat *cam;
  const gfloat *map;
  const gfloat *cell_contributions;
  const gfloat *channel_contributions;
} CnnExplanation;

/**
 * cnn_explanation_count_cells:
 *
 * Returns: the number of values in each of the maps
 */
static inline gsize
cnn_explanation_count_cells (const CnnExplanation *explanation)
{
  return (gsize) explanation->height * (gsize) explanation->width;
}

/**
 * cnn_explainer_find_target:
 * @output: the output to explain
 * @name: (nullable): name of a layer. That of a convolution selects its block,
 *   see cnn_layer_selection_find_block(). %NULL, empty or "auto" selects the
 *   last feature map before the decision: in most networks that of the last
 *   convolution, after its activation and pooling
 * @target: (out): the target layer
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT if there is no such layer
 */
gboolean cnn_explainer_find_target (const CnnModel *model, guint output,
    const gchar *name, CnnSelectedLayer *target, GError **error);

/**
 * cnn_knock_outs_parse:
 * @text: (nullable): any number of "layer:channel" items, separated by commas;
 *   channels count from 0. The name of a convolution selects its block, as in
 *   cnn_explainer_find_target(), so that the maps that are shown are set to
 *   zero
 *
 * Returns: (transfer full) (element-type CnnKnockOut): an empty array for %NULL
 *   or an empty text; %NULL with %MODEL_ERROR_ARGUMENT that names the invalid
 *   item
 */
GArray *cnn_knock_outs_parse (const CnnModel *model, const gchar *text,
    GError **error);

/**
 * cnn_explainer_new:
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that says which layer
 *   cannot be explained, and why
 */
CnnExplainer *cnn_explainer_new (CnnModel *model,
    const CnnExplainerOptions *options, GError **error);

void cnn_explainer_free (CnnExplainer *explainer);

/**
 * cnn_explainer_get_plan:
 *
 * Returns: (transfer none): the plan, to be run before each explanation
 */
CnnPlan *cnn_explainer_get_plan (CnnExplainer *explainer);

/**
 * cnn_explainer_set_knock_outs:
 * @knock_outs: (array length=n_knock_outs): channels of the target or of nodes
 *   in #CnnExplainerOptions.keep; borrowed until others are set
 *
 * See cnn_plan_set_knock_outs(). Explanations are those of the network with
 * these channels at zero.
 */
void cnn_explainer_set_knock_outs (CnnExplainer *explainer,
    const CnnKnockOut *knock_outs, guint n_knock_outs);

/**
 * cnn_explainer_run:
 * @target_class: a class or label; 0 for a number or an image
 *
 * Explains the last run of the plan. The activations of the plan are the same
 * as before afterwards.
 *
 * Returns: (transfer none): the explanation, valid until the next one
 */
const CnnExplanation *cnn_explainer_run (CnnExplainer *explainer,
    guint target_class);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnExplainer, cnn_explainer_free)

G_END_DECLS
