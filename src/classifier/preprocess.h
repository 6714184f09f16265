/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/prediction.h"
#include "image/resizer.h"

G_BEGIN_DECLS

#define CLASSIFIER_PREPROCESS_FILE "preprocess.json"
#define CLASSIFIER_MIN_CROP_SCALE 0.1
#define CLASSIFIER_MAX_CROP_SCALE 10.0

/**
 * ClassifierPreprocess:
 * @resize: how coordinates are mapped when a crop is resized
 * @has_channels: whether the file sets @channels; if not, they follow from the
 *   model's input
 * @channels: the channels of the input, if @has_channels
 * @has_range: whether @scale and @offset are known; if not, they are the
 *   defaults
 * @scale: input = pixel * @scale + @offset, for pixels of 0 to 255
 * @offset: see @scale
 * @scales: (array length=n_scales): instead of @scale, one for each channel, if
 *   @n_scales is not 0
 * @offsets: (array length=n_offsets): likewise
 * @fit: how a crop is fitted into an input of other proportions
 * @input_size: size of an input that the model leaves open; all 0 if not set
 * @crop_scale: size of a crop relative to its region; 0 if not set
 * @labels: (nullable): path of the file with a label for each class
 * @exported_labels: (nullable): the labels that an export of Teachable Machine
 *   holds
 * @output: (nullable): name of the output that is the prediction; %NULL for the
 *   first. The fields below, and @labels, are about this output
 * @attribute: (nullable): what the model predicts, such as "gender"
 * @unit: (nullable): unit of a number, such as "years"
 * @thresholds: (array length=n_thresholds): the score above which a label is
 *   predicted, where there may be several: one for each label, or a single one
 *   for all
 * @n_thresholds: 0 if not set
 *
 * How a model's input is made, and what its output means: what model.json does
 * not say. docs/models.md describes the file.
 */
typedef struct {
  ImageResizeConvention resize;
  gboolean has_channels;
  ImageChannels channels;
  gboolean has_range;
  gdouble scale;
  gdouble offset;
  guint n_scales;
  gdouble scales[IMAGE_MAX_CHANNELS];
  guint n_offsets;
  gdouble offsets[IMAGE_MAX_CHANNELS];
  ImageFit fit;
  CnnInputSize input_size;
  gdouble crop_scale;
  gchar *labels;
  GStrv exported_labels;
  gchar *output;
  gchar *attribute;
  gchar *unit;
  gfloat *thresholds;
  guint n_thresholds;
} ClassifierPreprocess;

/* The values in the file, NULL-terminated, indexed by ImageResizeConvention, by
 * ImageChannels and by ImageFit. */
extern const gchar *const classifier_resize_names[];
extern const gchar *const classifier_channels_names[];
extern const gchar *const classifier_fit_names[];

/**
 * classifier_find_name:
 * @names: one of the lists above
 *
 * Returns: the index of @name in the list, or -1
 */
gint classifier_find_name (const gchar *const *names, const gchar *name);

/**
 * classifier_check_attribute:
 *
 * An attribute becomes the name of a structure in the metadata, so it must be a
 * letter followed by letters, digits and /-_.:+
 *
 * Returns: FALSE with a %MODEL_ERROR_ARGUMENT
 */
gboolean classifier_check_attribute (const gchar *attribute, GError **error);

/**
 * classifier_preprocess_load:
 * @preprocess: (out caller-allocates): must be cleared even after an error
 * @folder: the model's folder
 *
 * Reads preprocess.json. Fields that are absent, and all of them if there is no
 * such file, default to those of an export of Teachable Machine if the folder
 * holds one, else to those of the web demo: legacy convention, pixel / 255.
 *
 * Returns: FALSE with a %MODEL_ERROR that names the file and the field
 */
gboolean classifier_preprocess_load (ClassifierPreprocess *preprocess,
    const gchar *folder, GError **error);

/**
 * classifier_preprocess_check_prediction:
 * @prediction: the output that the file is about
 *
 * Returns: FALSE with a %MODEL_ERROR that names the field, but not the file, if
 *   `unit` or `threshold` does not fit an output of this kind
 */
gboolean
classifier_preprocess_check_prediction (const ClassifierPreprocess *preprocess,
    const CnnPrediction *prediction, GError **error);

void classifier_preprocess_clear (ClassifierPreprocess *preprocess);

G_END_DECLS
