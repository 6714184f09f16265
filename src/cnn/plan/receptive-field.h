/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"
#include "cnn/window.h"

G_BEGIN_DECLS

/**
 * cnn_receptive_field_get_side:
 * @axis: 0 for height, 1 for width
 *
 * Returns: the number of rows or columns of a node's output; 1 if it is no
 *   feature map
 */
gint cnn_receptive_field_get_side (const CnnModel *model, guint node,
    guint axis);

/**
 * cnn_receptive_field_get_reach:
 * @input: one of the nodes that @node reads
 * @cell: row (@axis 0) or column (@axis 1) of the output of @node
 * @reach: (out): the rows or columns of @input that it is computed from; those
 *   outside of the input are padding
 *
 * Returns: FALSE if all cells are computed from all of @input
 */
gboolean cnn_receptive_field_get_reach (const CnnModel *model, guint node,
    guint input, guint axis, gint cell, CnnReach *reach);

/**
 * cnn_receptive_field_find:
 *
 * Finds what of the network's input each row (@axis 0) or column (@axis 1) of a
 * map sees, padding left out. Several inputs count as one.
 *
 * Returns: (transfer full): cnn_receptive_field_get_side() elements; free with
 *   g_free()
 */
CnnReach *cnn_receptive_field_find (const CnnModel *model, guint node,
    guint axis);

G_END_DECLS
