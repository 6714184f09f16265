/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"
#include "formats/preprocess-hints.h"
#include "image/resizer.h"

G_BEGIN_DECLS

/**
 * PreprocessOptions:
 * @resize: (nullable): "half-pixel" (%NULL), "legacy" or "align-corners"
 * @channels: (nullable): "rgb", "bgr", "gray" or "rgba"; %NULL chooses by the
 *   model
 * @has_range: whether @scale, @offset, @mean or @deviation were given; if not,
 *   they are defaults
 * @scale: input = pixel * @scale + @offset, for pixels from 0 to 255
 * @offset: see @scale
 * @mean: (array length=n_channels): what to subtract from each channel after
 *   that, if @n_channels is not 0
 * @deviation: (array length=n_channels): what to divide the result by
 * @fit: (nullable): "stretch" (%NULL), "cover" or "contain"
 * @input_size: size of an input that the model leaves open, 0x0 if not given
 * @crop_scale: size of the crop relative to the face, 0 if not given
 * @labels: (nullable): path of a file with a label for each class
 * @names: (array zero-terminated=1) (nullable): the labels that the model's
 *   file has, which count if there are no @labels
 * @numbered: whether each label may have its number in front of it, which is
 *   left out
 * @output: (nullable): the output that is the prediction, of several
 * @attribute: (nullable): what the model predicts, such as "gender"
 * @unit: (nullable): unit of a number, such as "years"
 * @thresholds: (nullable): the score above which a label is predicted, or one
 *   for each label, separated by commas
 *
 * How pixels become the model's input, which is not in model.json.
 */
typedef struct {
  gchar *resize;
  gchar *channels;
  gboolean has_range;
  gdouble scale;
  gdouble offset;
  gchar *fit;
  guint n_channels;
  gdouble mean[IMAGE_MAX_CHANNELS];
  gdouble deviation[IMAGE_MAX_CHANNELS];
  CnnInputSize input_size;
  gdouble crop_scale;
  gchar *labels;
  GStrv names;
  gboolean numbered;
  gchar *output;
  gchar *attribute;
  gchar *unit;
  gchar *thresholds;
} PreprocessOptions;

/**
 * preprocess_options_init:
 *
 * Sets defaults that suit most Keras models.
 */
void preprocess_options_init (PreprocessOptions *preprocess);

void preprocess_options_clear (PreprocessOptions *preprocess);

/**
 * preprocess_options_set_range:
 * @range: "0..1", "-1..1" or "0..255": the range of inputs to which 0..255 is
 *   mapped
 *
 * Returns: FALSE with a %MODEL_ERROR if @range is none of these
 */
gboolean preprocess_options_set_range (PreprocessOptions *preprocess,
    const gchar *range, GError **error);

/**
 * preprocess_options_set_mean:
 * @mean: (nullable): numbers for each channel, separated by commas; 0 by
 *   default
 * @deviation: (nullable): likewise; 1 by default
 *
 * Returns: FALSE with a %MODEL_ERROR if they are no such lists of equal length
 */
gboolean preprocess_options_set_mean (PreprocessOptions *preprocess,
    const gchar *mean, const gchar *deviation, GError **error);

/**
 * preprocess_options_take_hints:
 *
 * Takes from the file what the user does not give.
 *
 * Returns: FALSE with a %MODEL_ERROR if the file says something impossible
 */
gboolean preprocess_options_take_hints (PreprocessOptions *preprocess,
    const PreprocessHints *hints, GError **error);

/**
 * preprocess_options_check:
 *
 * Returns: FALSE with a %MODEL_ERROR if a field has an invalid value
 */
gboolean preprocess_options_check (const PreprocessOptions *preprocess,
    GError **error);

/**
 * preprocess_options_complete:
 * @preprocess: options as they were given
 * @model: the converted model
 * @input: path of the file that it was converted from
 *
 * Fills in what the options leave open, where the model tells: it may scale its
 * input itself, or be an export of Teachable Machine, whose labels are in
 * labels.txt beside @input. Prints what was recognized, in a line to stdout; or
 * what is doubtful, to stderr.
 */
void preprocess_options_complete (PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *input);

/**
 * preprocess_writer_write:
 * @model: (nullable): if given, channels, labels and all else must fit it
 *
 * Writes preprocess.json and, if there are labels, labels.txt.
 *
 * Returns: FALSE with an error
 */
gboolean preprocess_writer_write (const PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *folder, GError **error);

G_END_DECLS
