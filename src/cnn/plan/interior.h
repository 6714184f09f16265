/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"
#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * cnn_interior_find:
 * @node: a node whose output is height x width x channels
 *
 * Finds the cells of a map that see nothing but the picture: those whose
 * receptive field lies within the input of the network. What the others answer
 * to is, in part, the zeros that layers put around their inputs.
 *
 * Where such cells cover less than half of a side, as in deep layers, the
 * middle half of the side stands in for them: it sees the least of the padding.
 *
 * Returns: the cells, as a rectangle within the map
 */
Rect cnn_interior_find (const CnnModel *model, guint node);

G_END_DECLS
