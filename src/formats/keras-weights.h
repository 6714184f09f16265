/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/hdf5-reader.h"
#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * keras_weights_read:
 * @model: (inout): its configuration says which layers there are
 * @reader: a `model.weights.h5`, in which the variables of a layer are datasets
 *   0, 1, ... in the group layers/CLASS_N/vars, where CLASS is the class of the
 *   layer in snake case and N counts the layers of that class; the first has no
 *   _N
 *
 * Reads the weights that Keras 3, and Keras 2 from 2.12 on, save in .keras
 * files and with `save_weights ("NAME.weights.h5")`.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean keras_weights_read (LayersModel *model, Hdf5Reader *reader,
    GError **error);

G_END_DECLS
