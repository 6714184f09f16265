/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"
#include "cnn/kernels/kernels.h"
#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * CnnPlan:
 *
 * A model prepared for running: one arena of memory with a place for each
 * activation. Places are reused when a value is no longer needed, unless it is
 * kept. Nothing is allocated while it runs. Use a plan from one thread at a
 * time; several plans may share a model.
 */
typedef struct _CnnPlan CnnPlan;

/**
 * cnn_plan_new:
 * @keep: (array length=n_keep) (nullable): nodes whose activations can be read
 *   after a run, besides the model's outputs
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR when the arena cannot
 *   be allocated
 */
CnnPlan *cnn_plan_new (CnnModel *model, const guint *keep, guint n_keep,
    GError **error);

/**
 * CnnPlanOptions:
 * @kernels: (nullable): the kernels to run on; %NULL for the scalar reference
 *   code of each layer
 * @exact: whether to use only direct convolution, whose sums equal those of the
 *   reference except for their order
 * @changed_node: node whose values are changed between steps, or 0, an input,
 *   for none. If it is a view it gets its own memory, so that other readers of
 *   its source do not see the change
 */
typedef struct {
  const CnnKernels *kernels;
  gboolean exact;
  guint changed_node;
} CnnPlanOptions;

/**
 * cnn_plan_new_full:
 *
 * Like cnn_plan_new(), with options.
 */
CnnPlan *cnn_plan_new_full (CnnModel *model, const guint *keep, guint n_keep,
    const CnnPlanOptions *options, GError **error);

void cnn_plan_free (CnnPlan *plan);

/**
 * cnn_plan_get_input:
 * @input: index into cnn_model_get_inputs()
 *
 * Returns: (transfer none): where to write the input before each run, NHWC
 */
gfloat *cnn_plan_get_input (CnnPlan *plan, guint input);

/**
 * cnn_plan_run:
 *
 * Computes all nodes from the inputs. Batches are not supported: docs/engine.md
 * describes what they would gain.
 */
void cnn_plan_run (CnnPlan *plan);

/**
 * cnn_plan_get_n_steps:
 *
 * Returns: the number of steps of a run: nodes that compute something, without
 *   those that are fused into others
 */
guint cnn_plan_get_n_steps (const CnnPlan *plan);

/**
 * cnn_plan_get_step:
 * @first: (out): the first node that the step computes
 * @last: (out): the last node; others between both are fused into the step
 *
 * Returns: (transfer none): name of the kernel in use
 */
const gchar *cnn_plan_get_step (const CnnPlan *plan, guint step, guint *first,
    guint *last);

/**
 * cnn_plan_run_step:
 *
 * Runs one step; all of them in order are a run.
 */
void cnn_plan_run_step (CnnPlan *plan, guint step);

/**
 * cnn_plan_get_activation:
 * @node: an output of the model, or a node that was asked to be kept
 *
 * Returns: (transfer none): its values after the last run, NHWC, valid until
 *   the next
 */
const gfloat *cnn_plan_get_activation (const CnnPlan *plan, guint node);

/**
 * cnn_plan_get_writable_activation:
 *
 * Like cnn_plan_get_activation(), for changing values before running
 * steps again: see #CnnPlanOptions.changed_node. Its place stays the same for
 * the plan's life.
 */
gfloat *cnn_plan_get_writable_activation (CnnPlan *plan, guint node);

/**
 * CnnLayerMaps:
 * @name: the layer whose output this is, such as "max_pooling2d_1"
 * @source: the layer under whose name it is shown: the convolution whose output
 *   @name pools or activates, otherwise @name itself
 * @height: of each map, in cells; 1 for a vector
 * @width: of each map, in cells; 1 for a vector
 * @channels: number of maps
 * @data: @height x @width x @channels floats, NHWC
 * @interior: the cells that see the least of the padding, as
 *   cnn_interior_find() says; 0x0 if that is unknown
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
  Rect interior;
} CnnLayerMaps;

/**
 * cnn_layer_maps_size:
 *
 * Returns: number of values
 */
static inline gsize
cnn_layer_maps_size (const CnnLayerMaps *layer)
{
  return (gsize) layer->height * (gsize) layer->width * (gsize) layer->channels;
}

/**
 * cnn_layer_maps_is_vector:
 *
 * Returns: whether the layer has one value for each channel, as a dense layer
 *   has
 */
static inline gboolean
cnn_layer_maps_is_vector (const CnnLayerMaps *layer)
{
  return layer->height == 1 && layer->width == 1;
}

/**
 * CnnKnockOut:
 * @node: a node that was asked to be kept, and that is computed by a step
 * @channel: channel of the node, from 0, an index into its last dimension
 * @layer: name of the layer of @node, for messages and metadata
 *
 * A channel that is set to zero while the network runs.
 */
typedef struct {
  guint node;
  guint channel;
  const gchar *layer;
} CnnKnockOut;

/**
 * cnn_plan_set_knock_outs:
 * @knock_outs: (array length=n_knock_outs): borrowed until others are set
 *
 * Sets the channels that are set to zero as soon as they are computed, in all
 * following runs.
 */
void cnn_plan_set_knock_outs (CnnPlan *plan, const CnnKnockOut *knock_outs,
    guint n_knock_outs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnPlan, cnn_plan_free)

G_END_DECLS
