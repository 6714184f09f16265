/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/*
 * Exports of Teachable Machine, which trains image networks in the browser.
 * Its library shows them the square in the middle of a picture, with values of
 * pixel / 127 - 1 (`capture()` and `cropTo()` of @teachablemachine/image).
 */

#define TEACHABLE_MACHINE_SCALE (1.0 / 127.0)
#define TEACHABLE_MACHINE_OFFSET (-1.0)

/**
 * teachable_machine_load:
 * @folder: the model's folder
 * @labels: (out) (transfer full) (nullable): the labels of an image model;
 *   %NULL if the model is not one of Teachable Machine
 *
 * Reads metadata.json, which the export for TensorFlow.js has beside its
 * model.json. Files of that name that are not Teachable Machine's are ignored.
 *
 * Returns: FALSE with a %MODEL_ERROR: %MODEL_ERROR_UNSUPPORTED for models of
 *   sounds and poses, %MODEL_ERROR_INVALID for a file that cannot be read
 */
gboolean teachable_machine_load (const gchar *folder, GStrv *labels,
    GError **error);

/**
 * teachable_machine_made:
 *
 * For models that have lost their metadata.json, as those exported for Keras
 * have: these are recognized by the layers of MobileNetV2, followed by
 * a pooling and two dense layers with the names that TensorFlow.js gives.
 *
 * Returns: whether @model is an image model of Teachable Machine
 */
gboolean teachable_machine_made (const CnnModel *model);

/**
 * teachable_machine_strip_numbers:
 * @labels: (inout): of a labels.txt
 *
 * Removes the number that the export for Keras puts in front of each label,
 * as in "0 cat", if all labels have theirs.
 */
void teachable_machine_strip_numbers (GStrv labels);

G_END_DECLS
