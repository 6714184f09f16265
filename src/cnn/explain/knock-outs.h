/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/plan.h"

G_BEGIN_DECLS

/**
 * cnn_knock_outs_parse:
 * @text: (nullable): "layer:channel", any number of them separated by commas;
 *   channels count from 0. A convolution's name means its block, see
 *   cnn_layer_selection_find_block(): what is set to zero is what is shown
 *
 * Returns: (transfer full) (element-type CnnKnockOut): none for %NULL or an
 *   empty text; %NULL with %MODEL_ERROR_ARGUMENT that names the item which is
 *   wrong
 */
GArray *cnn_knock_outs_parse (const CnnModel *model, const gchar *text,
    GError **error);

G_END_DECLS
