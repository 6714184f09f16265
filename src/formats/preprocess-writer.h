/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * PreprocessOptions:
 * @resize: (nullable): "half-pixel" (%NULL), "legacy" or "align-corners"
 * @channels: (nullable): "rgb", "bgr" or "gray"; follows from the model if
 *   %NULL
 * @scale: input = pixel * @scale + @offset, for pixels of 0 to 255
 * @input_size: of an input that the model leaves open, all 0 if not said
 * @crop_scale: how much larger than a face its crop is, 0 if not said
 * @labels: (nullable): path of a file with a label for each class
 * @attribute: (nullable): what the model predicts, such as "gender"
 *
 * How pixels become the model's input, which model.json does not say.
 */
typedef struct {
  gchar *resize;
  gchar *channels;
  gdouble scale;
  gdouble offset;
  CnnInputSize input_size;
  gdouble crop_scale;
  gchar *labels;
  gchar *attribute;
} PreprocessOptions;

/**
 * preprocess_options_init:
 *
 * Sets the values that suit most models of Keras.
 */
void preprocess_options_init (PreprocessOptions *preprocess);

void preprocess_options_clear (PreprocessOptions *preprocess);

/**
 * preprocess_options_set_range:
 * @range: "0..1", "-1..1" or "0..255": what the model takes 0..255 as
 */
gboolean preprocess_options_set_range (PreprocessOptions *preprocess,
    const gchar *range, GError **error);

/**
 * preprocess_options_check:
 *
 * Returns: FALSE with a %MODEL_ERROR if a field has no valid value
 */
gboolean preprocess_options_check (const PreprocessOptions *preprocess,
    GError **error);

/**
 * preprocess_writer_write:
 * @model: (nullable): held against channels and labels
 *
 * Writes preprocess.json and, if there are labels, labels.txt.
 */
gboolean preprocess_writer_write (const PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *folder, GError **error);

G_END_DECLS
