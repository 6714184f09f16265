/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model.h"

G_BEGIN_DECLS

/**
 * CnnPlan:
 *
 * A model made ready to run: one arena of memory with a place for each
 * activation. Places are used again when a value is no longer needed, unless
 * it is to be kept. Nothing is allocated while it runs. A plan serves one
 * thread at a time; several plans may share a model.
 */
typedef struct _CnnPlan CnnPlan;

/**
 * cnn_plan_new:
 * @keep: (array length=n_keep) (nullable): nodes whose activations can be read
 *   after a run, besides the model's outputs
 *
 * Returns: (transfer full): or %NULL with a %CNN_ERROR when the arena cannot
 *   be allocated
 */
CnnPlan *cnn_plan_new (
    CnnModel *model, const guint *keep, guint n_keep, GError **error);

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
 * Computes all nodes from the inputs.
 */
void cnn_plan_run (CnnPlan *plan);

/**
 * cnn_plan_get_activation:
 * @node: an output of the model, or a node that was asked to be kept
 *
 * Returns: (transfer none): its values after the last run, NHWC, valid until
 *   the next
 */
const gfloat *cnn_plan_get_activation (const CnnPlan *plan, guint node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnPlan, cnn_plan_free)

G_END_DECLS
