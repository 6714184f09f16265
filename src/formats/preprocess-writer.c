/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/preprocess-writer.h"

#include "base/file.h"
#include "classifier/input-range.h"
#include "classifier/labels.h"
#include "classifier/preprocess.h"
#include "classifier/teachable-machine.h"
#include "cnn/model/prediction.h"
#include "formats/layers-model-writer.h"

#define MAX_LABELS_SIZE (1 << 20)
#define LABELS_FILE "labels.txt"

typedef struct {
  const gchar *name;
  gdouble scale;
  gdouble offset;
} Range;

static const Range ranges[] = {
  { "0..1", 1.0 / 255.0, 0.0 },
  { "-1..1", 2.0 / 255.0, -1.0 },
  { "0..255", 1.0, 0.0 },
};

void
preprocess_options_init (PreprocessOptions *preprocess)
{
  *preprocess = (PreprocessOptions) { .scale = ranges[0].scale,
    .offset = ranges[0].offset };
}

void
preprocess_options_clear (PreprocessOptions *preprocess)
{
  g_free (preprocess->resize);
  g_free (preprocess->channels);
  g_free (preprocess->fit);
  g_free (preprocess->labels);
  g_free (preprocess->attribute);
}

gboolean
preprocess_options_set_range (PreprocessOptions *preprocess, const gchar *range,
    GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    if (g_str_equal (ranges[i].name, range)) {
      preprocess->has_range = TRUE;
      preprocess->scale = ranges[i].scale;
      preprocess->offset = ranges[i].offset;
      return TRUE;
    }
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "range '%s' is none of 0..1, -1..1 and 0..255", range);
  return FALSE;
}

static gboolean
check_choice (const gchar *value, const gchar *const *choices,
    const gchar *what, GError **error)
{
  g_autofree gchar *list = NULL;

  if (!value || classifier_find_name (choices, value) >= 0)
    return TRUE;
  list = g_strjoinv (", ", (gchar **) choices);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "%s '%s' is none of %s", what, value, list);
  return FALSE;
}

gboolean
preprocess_options_check (const PreprocessOptions *preprocess, GError **error)
{
  const gdouble crop_scale = preprocess->crop_scale;

  if (!check_choice (preprocess->resize, classifier_resize_names, "resize",
          error)
      || !check_choice (preprocess->channels, classifier_channels_names,
          "channel order", error)
      || !check_choice (preprocess->fit, classifier_fit_names, "fit", error))
    return FALSE;
  /* Written so that NaN fails. */
  if (crop_scale != 0.0
      && !(crop_scale >= CLASSIFIER_MIN_CROP_SCALE
          && crop_scale <= CLASSIFIER_MAX_CROP_SCALE)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "crop scale is not between %g and %g", CLASSIFIER_MIN_CROP_SCALE,
        CLASSIFIER_MAX_CROP_SCALE);
    return FALSE;
  }
  return !preprocess->attribute
      || classifier_check_attribute (preprocess->attribute, error);
}

/* 0 if the first input is not a picture. One without channels is gray. */
static gint
count_channels (const CnnModel *model)
{
  guint n;
  guint input = cnn_model_get_inputs (model, &n)[0];
  const CnnShape *shape = cnn_model_get_node_shape (model, input);

  if (shape->rank == 2)
    return 1;
  return shape->rank == 3 ? shape->dims[2] : 0;
}

static ImageChannels
get_usual_channels (gint n)
{
  switch (n) {
    case 1:
      return IMAGE_CHANNELS_GRAY;
    case 4:
      return IMAGE_CHANNELS_RGBA;
    default:
      return IMAGE_CHANNELS_RGB;
  }
}

/* The requested order, by default one that fits the model's input. */
static gboolean
choose_channels (const PreprocessOptions *preprocess, const CnnModel *model,
    const gchar **channels, GError **error)
{
  gint n = model ? count_channels (model) : 0;
  gint wanted;

  *channels = preprocess->channels;
  if (!*channels)
    *channels = classifier_channels_names[get_usual_channels (n)];
  wanted = image_channels_count (
      (ImageChannels) classifier_find_name (classifier_channels_names,
          *channels));
  if (n > 0 && n != wanted && preprocess->channels) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "channel order '%s' has %d channels, but the model takes %d", *channels,
        wanted, n);
    return FALSE;
  }
  return TRUE;
}

static void
set_range (PreprocessOptions *preprocess, gdouble scale, gdouble offset)
{
  if (preprocess->has_range)
    return;
  preprocess->scale = scale;
  preprocess->offset = offset;
}

/* A file that does not fit must be another model's. */
static void
find_labels (PreprocessOptions *preprocess, const CnnModel *model,
    const gchar *input)
{
  g_autofree gchar *folder = g_path_get_dirname (input);
  g_autofree gchar *path = g_build_filename (folder, LABELS_FILE, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)
      labels = labels_load (path, cnn_prediction_count_classes (model), &error);

  if (labels)
    preprocess->labels = g_steal_pointer (&path);
  else
    g_printerr ("activationmap-convert: no labels: %s\n", error->message);
}

static void
complete_teachable_machine (PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *input)
{
  set_range (preprocess, TEACHABLE_MACHINE_SCALE, TEACHABLE_MACHINE_OFFSET);
  if (!preprocess->fit)
    preprocess->fit = g_strdup (classifier_fit_names[IMAGE_FIT_COVER]);
  if (!preprocess->labels)
    find_labels (preprocess, model, input);
  preprocess->numbered = TRUE;
  g_print (
      "an image model of Teachable Machine: input = %s, fit \"%s\", %s%s\n",
      preprocess->has_range ? "as --input-range says" : "pixel / 127 - 1",
      preprocess->fit,
      preprocess->labels ? "labels of " : "classes without labels",
      preprocess->labels ? preprocess->labels : "");
}

void
preprocess_options_complete (PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *input)
{
  const gchar *hint = input_range_get_hint (model);

  if (teachable_machine_made (model)) {
    complete_teachable_machine (preprocess, model, input);
  } else if (input_range_is_pixels (model)) {
    set_range (preprocess, 1.0, 0.0);
    g_print ("the model scales its input itself: input = %s\n",
        preprocess->has_range ? "as --input-range says" : "pixel, 0..255");
  } else if (hint && !preprocess->has_range) {
    g_printerr ("activationmap-convert: the layers are those of %s; without "
                "--input-range, its input is pixel / 255\n",
        hint);
  }
}

/* One label a line, without numbers. */
static gboolean
write_labels (GStrv labels, const gchar *path, GError **error)
{
  g_autofree gchar *lines = NULL;
  g_autofree gchar *text = NULL;

  teachable_machine_strip_numbers (labels);
  lines = g_strjoinv ("\n", labels);
  text = g_strconcat (lines, "\n", NULL);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE,
      0666, error);
}

static gboolean
copy_labels (const PreprocessOptions *preprocess, const CnnModel *model,
    const gchar *folder, GError **error)
{
  const gchar *path = preprocess->labels;
  g_autofree gchar *target = g_build_filename (folder, LABELS_FILE, NULL);
  g_autoptr (GBytes) text = NULL;
  gsize size;
  gconstpointer data;

  if (model) {
    g_auto (GStrv) labels = labels_load (path,
        cnn_prediction_count_classes (model), error);

    if (!labels)
      return FALSE;
    if (preprocess->numbered)
      return write_labels (labels, target, error);
  }
  text = file_read (path, MAX_LABELS_SIZE, error);
  if (!text)
    return FALSE;
  data = g_bytes_get_data (text, &size);
  return g_file_set_contents_full (target, data, (gssize) size,
      G_FILE_SET_CONTENTS_NONE, 0666, error);
}

static cJSON *
create_json (const PreprocessOptions *preprocess, const gchar *channels)
{
  cJSON *root = cJSON_CreateObject ();

  cJSON_AddNumberToObject (root, "version", 1);
  cJSON_AddStringToObject (root, "resize",
      preprocess->resize ? preprocess->resize
                         : classifier_resize_names[IMAGE_RESIZE_HALF_PIXEL]);
  cJSON_AddStringToObject (root, "channels", channels);
  cJSON_AddNumberToObject (root, "scale", preprocess->scale);
  cJSON_AddNumberToObject (root, "offset", preprocess->offset);
  if (preprocess->fit)
    cJSON_AddStringToObject (root, "fit", preprocess->fit);
  if (preprocess->input_size.height > 0) {
    const gint size[2] = { preprocess->input_size.height,
      preprocess->input_size.width };

    cJSON_AddItemToObject (root, "input_size", cJSON_CreateIntArray (size, 2));
  }
  if (preprocess->crop_scale > 0.0)
    cJSON_AddNumberToObject (root, "crop_scale", preprocess->crop_scale);
  if (preprocess->labels)
    cJSON_AddStringToObject (root, "labels", LABELS_FILE);
  if (preprocess->attribute)
    cJSON_AddStringToObject (root, "attribute", preprocess->attribute);
  return root;
}

gboolean
preprocess_writer_write (const PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *folder, GError **error)
{
  const gchar *channels;
  gboolean done;
  cJSON *root;

  if (!choose_channels (preprocess, model, &channels, error)
      || (preprocess->labels
          && !copy_labels (preprocess, model, folder, error)))
    return FALSE;
  root = create_json (preprocess, channels);
  done = layers_model_writer_write_json (root, folder,
      CLASSIFIER_PREPROCESS_FILE, error);
  cJSON_Delete (root);
  return done;
}
