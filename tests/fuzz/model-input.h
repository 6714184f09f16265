/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/plan.h"

G_BEGIN_DECLS

#define MODEL_INPUT_MAX_SIZE 65536

/*
 * The input of targets that need a network: either a model.json, whose weights
 * are made up here, or a model.json, a byte 0 and the file "w.bin".
 */

/**
 * model_input_load:
 *
 * Returns: (transfer full) (nullable): the model, if there is one in @data
 */
CnnModel *model_input_load (const guint8 *data, gsize size);

/* Fills the inputs of the model with values. */
void model_input_fill (const CnnModel *model, CnnPlan *plan);

G_END_DECLS
