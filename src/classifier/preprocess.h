/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"
#include "image/resizer.h"

G_BEGIN_DECLS

#define CLASSIFIER_PREPROCESS_FILE "preprocess.json"
#define CLASSIFIER_MIN_CROP_SCALE 0.1
#define CLASSIFIER_MAX_CROP_SCALE 10.0

/**
 * ClassifierPreprocess:
 * @has_channels: whether the file says which; else they follow from the model
 * @scale: input = pixel * @scale + @offset, for pixels of 0 to 255
 * @input_size: of an input that the model leaves open; all 0 if not said
 * @crop_scale: how much larger than a region its crop is; 0 if not said
 * @labels: (nullable): path of the file with a label for each class
 * @attribute: (nullable): what the model predicts, such as "gender"
 *
 * What a model wants of its input, and what its output means, beyond what
 * model.json says. docs/models.md describes the file.
 */
typedef struct {
  ImageResizeConvention resize;
  gboolean has_channels;
  ImageChannels channels;
  gdouble scale;
  gdouble offset;
  CnnInputSize input_size;
  gdouble crop_scale;
  gchar *labels;
  gchar *attribute;
} ClassifierPreprocess;

/* The names of the file, NULL-terminated: by ImageResizeConvention, and by
 * ImageChannels. */
extern const gchar *const classifier_resize_names[];
extern const gchar *const classifier_channels_names[];

/**
 * classifier_find_name:
 * @names: one of the two lists above
 *
 * Returns: the place of @name in the list, or -1
 */
gint classifier_find_name (const gchar *const *names, const gchar *name);

/**
 * classifier_check_attribute:
 *
 * An attribute becomes the name of a structure in the metadata: a letter, and
 * then letters, digits and /-_.:+
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT
 */
gboolean classifier_check_attribute (const gchar *attribute, GError **error);

/**
 * classifier_preprocess_load:
 * @preprocess: (out caller-allocates): clear it also after an error
 * @folder: of the model
 *
 * Reads preprocess.json. What it does not say, and all if there is no such
 * file, is as in the web demo: legacy convention, pixel / 255.
 *
 * Returns: FALSE with a %MODEL_ERROR that names the file and the field
 */
gboolean classifier_preprocess_load (ClassifierPreprocess *preprocess,
    const gchar *folder, GError **error);

void classifier_preprocess_clear (ClassifierPreprocess *preprocess);

G_END_DECLS
