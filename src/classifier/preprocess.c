/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/preprocess.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/model-error.h"
#include "classifier/teachable-machine.h"

#define MAX_FILE_SIZE (1 << 16)
#define VERSION 1

const gchar *const classifier_resize_names[] = {
  [IMAGE_RESIZE_LEGACY] = "legacy",
  [IMAGE_RESIZE_ALIGN_CORNERS] = "align-corners",
  [IMAGE_RESIZE_HALF_PIXEL] = "half-pixel",
  NULL,
};

const gchar *const classifier_channels_names[] = {
  [IMAGE_CHANNELS_RGB] = "rgb",
  [IMAGE_CHANNELS_BGR] = "bgr",
  [IMAGE_CHANNELS_GRAY] = "gray",
  [IMAGE_CHANNELS_RGBA] = "rgba",
  NULL,
};

const gchar *const classifier_fit_names[] = {
  [IMAGE_FIT_STRETCH] = "stretch",
  [IMAGE_FIT_COVER] = "cover",
  [IMAGE_FIT_CONTAIN] = "contain",
  NULL,
};

gint
classifier_find_name (const gchar *const *names, const gchar *name)
{
  for (gint i = 0; names[i]; i++) {
    if (g_str_equal (names[i], name))
      return i;
  }
  return -1;
}

/* Returns: (transfer full): @text as one line of UTF-8 */
static gchar *
make_printable (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  gchar kept[129] = { 0 }; /* all bytes that are not ASCII */

  for (guint i = 0; i < sizeof kept - 1; i++)
    kept[i] = (gchar) (0x80 + i);
  return g_strescape (valid, kept);
}

gboolean
classifier_check_attribute (const gchar *attribute, GError **error)
{
  g_autofree gchar *printable = NULL;

  if (g_ascii_isalpha (attribute[0])
      && !attribute[strspn (attribute,
          G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/-_.:+")])
    return TRUE;
  printable = make_printable (attribute);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "attribute '%s' is not a valid name: use a letter and then letters, "
      "digits and /-_.:+",
      printable);
  return FALSE;
}

static gboolean
read_name (const cJSON *root, const gchar *key, const gchar *const *names,
    gint *index, GError **error)
{
  const gchar *name = json_get_string (root, key, error);
  g_autofree gchar *list = NULL;

  if (!name)
    return FALSE;
  *index = classifier_find_name (names, name);
  if (*index >= 0)
    return TRUE;
  list = g_strjoinv (", ", (gchar **) names);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'%s' is '%s', which is not one of %s", key, name, list);
  return FALSE;
}

/* In an unknown version, any field may mean something else. */
static gboolean
read_version (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  gint version;

  if (!json_get_integer (root, key, 1, G_MAXINT, &version, error))
    return FALSE;
  if (version == VERSION)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "'%s' is %d, but only version %d is known", key, version, VERSION);
  return FALSE;
}

static gboolean
read_resize (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  gint index;

  if (!read_name (root, key, classifier_resize_names, &index, error))
    return FALSE;
  preprocess->resize = (ImageResizeConvention) index;
  return TRUE;
}

static gboolean
read_channels (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  gint index;

  if (!read_name (root, key, classifier_channels_names, &index, error))
    return FALSE;
  preprocess->channels = (ImageChannels) index;
  preprocess->has_channels = TRUE;
  return TRUE;
}

/* Reads a number, or a list with one for each channel. */
static gboolean
read_numbers (const cJSON *item, const gchar *key, gdouble *number,
    gdouble list[IMAGE_MAX_CHANNELS], guint *n, GError **error)
{
  const cJSON *entry;

  if (!cJSON_IsArray (item))
    return json_to_number (item, key, number, error);
  cJSON_ArrayForEach (entry, item)
  {
    if (*n == IMAGE_MAX_CHANNELS) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'%s' has more than %d numbers", key, IMAGE_MAX_CHANNELS);
      return FALSE;
    }
    if (!json_to_number (entry, key, &list[*n], error))
      return FALSE;
    (*n)++;
  }
  if (*n > 0)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' has no numbers",
      key);
  return FALSE;
}

/* With a scale of 0 all inputs would be the same. */
static gboolean
read_scale (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  gboolean is_zero;

  preprocess->has_range = TRUE;
  if (!read_numbers (json_get (root, key), key, &preprocess->scale,
          preprocess->scales, &preprocess->n_scales, error))
    return FALSE;
  is_zero = (gfloat) preprocess->scale == 0.0f;
  for (guint i = 0; i < preprocess->n_scales; i++)
    is_zero |= (gfloat) preprocess->scales[i] == 0.0f;
  if (!is_zero)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is 0", key);
  return FALSE;
}

static gboolean
read_offset (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  preprocess->has_range = TRUE;
  return read_numbers (json_get (root, key), key, &preprocess->offset,
      preprocess->offsets, &preprocess->n_offsets, error);
}

static gboolean
read_fit (ClassifierPreprocess *preprocess, const cJSON *root, const gchar *key,
    GError **error)
{
  gint index;

  if (!read_name (root, key, classifier_fit_names, &index, error))
    return FALSE;
  preprocess->fit = (ImageFit) index;
  return TRUE;
}

static gboolean
read_input_size (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  CnnShape shape;

  if (!cnn_shape_from_json (json_get (root, key), key, &shape, error))
    return FALSE;
  if (shape.rank == 2) {
    preprocess->input_size = (CnnInputSize) { shape.dims[0], shape.dims[1] };
    return TRUE;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'%s' is not a list of a height and a width", key);
  return FALSE;
}

static gboolean
read_crop_scale (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  gdouble *scale = &preprocess->crop_scale;

  if (!json_to_number (json_get (root, key), key, scale, error))
    return FALSE;
  if (*scale >= CLASSIFIER_MIN_CROP_SCALE
      && *scale <= CLASSIFIER_MAX_CROP_SCALE)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'%s' is %g, which is not between %g and %g", key, *scale,
      CLASSIFIER_MIN_CROP_SCALE, CLASSIFIER_MAX_CROP_SCALE);
  return FALSE;
}

static gboolean
read_labels (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  const gchar *labels = json_get_string (root, key, error);

  if (!labels)
    return FALSE;
  if (!file_is_below (labels)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is '%s', which is not a relative path below the model's folder",
        key, labels);
    return FALSE;
  }
  preprocess->labels = g_strdup (labels);
  return TRUE;
}

static gboolean
read_attribute (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  const gchar *attribute = json_get_string (root, key, error);

  if (!attribute)
    return FALSE;
  if (!classifier_check_attribute (attribute, error)) {
    g_prefix_error (error, "'%s': ", key);
    return FALSE;
  }
  preprocess->attribute = g_strdup (attribute);
  return TRUE;
}

/* Returns: (transfer full): the text of a field, which may not be empty */
static gchar *
read_text (const cJSON *root, const gchar *key, GError **error)
{
  const gchar *text = json_get_string (root, key, error);

  if (!text || *text)
    return g_strdup (text);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is empty", key);
  return NULL;
}

static gboolean
read_output (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  preprocess->output = read_text (root, key, error);
  return preprocess->output != NULL;
}

static gboolean
read_unit (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  preprocess->unit = read_text (root, key, error);
  return preprocess->unit != NULL;
}

static gboolean
append_threshold (const cJSON *item, const gchar *key, GArray *thresholds,
    GError **error)
{
  gdouble value;
  gfloat threshold;

  if (!json_to_number (item, key, &value, error))
    return FALSE;
  if (value < 0.0 || value > 1.0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is %g, which is not between 0 and 1", key, value);
    return FALSE;
  }
  threshold = (gfloat) value;
  g_array_append_val (thresholds, threshold);
  return TRUE;
}

/* A number, or a list of numbers. */
static gboolean
read_threshold (ClassifierPreprocess *preprocess, const cJSON *root,
    const gchar *key, GError **error)
{
  const cJSON *field = json_get (root, key);
  const gboolean is_list = cJSON_IsArray (field);
  g_autoptr (GArray) thresholds = g_array_new (FALSE, FALSE, sizeof (gfloat));

  if (is_list && !field->child) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is empty", key);
    return FALSE;
  }
  for (const cJSON *item = is_list ? field->child : field; item;
       item = is_list ? item->next : NULL) {
    if (!append_threshold (item, key, thresholds, error))
      return FALSE;
  }
  preprocess->n_thresholds = thresholds->len;
  preprocess->thresholds =
      (gfloat *) (gpointer) g_array_free (g_steal_pointer (&thresholds), FALSE);
  return TRUE;
}

/* The version comes first: the meaning of the others depends on it. */
static const struct {
  const gchar *key;
  gboolean (*read) (ClassifierPreprocess *preprocess, const cJSON *root,
      const gchar *key, GError **error);
} fields[] = {
  { "version", read_version },
  { "resize", read_resize },
  { "channels", read_channels },
  { "scale", read_scale },
  { "offset", read_offset },
  { "fit", read_fit },
  { "input_size", read_input_size },
  { "crop_scale", read_crop_scale },
  { "labels", read_labels },
  { "output", read_output },
  { "attribute", read_attribute },
  { "unit", read_unit },
  { "threshold", read_threshold },
};

static gboolean
is_field (const gchar *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (g_str_equal (fields[i].key, key))
      return TRUE;
  }
  return FALSE;
}

/* An unknown field is an error; otherwise a misspelt one would go unnoticed. */
static gboolean
check_keys (const cJSON *root, GError **error)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, root)
  {
    if (!is_field (item->string)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'%s' is not a known field", item->string);
      return FALSE;
    }
    if (cJSON_GetObjectItemCaseSensitive (root, item->string) != item) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'%s' appears twice", item->string);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_fields (ClassifierPreprocess *preprocess, const cJSON *root,
    GError **error)
{
  if (!cJSON_IsObject (root)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is not a JSON object");
    return FALSE;
  }
  if (!fields[0].read (preprocess, root, fields[0].key, error)
      || !check_keys (root, error))
    return FALSE;
  for (guint i = 1; i < G_N_ELEMENTS (fields); i++) {
    const gchar *key = fields[i].key;

    if (cJSON_HasObjectItem (root, key)
        && !fields[i].read (preprocess, root, key, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_file (ClassifierPreprocess *preprocess, const gchar *path, GError **error)
{
  g_autoptr (GBytes) text = file_read (path, MAX_FILE_SIZE, error);
  cJSON *root;
  gboolean done;

  if (!text)
    return FALSE;
  root = json_parse (text, error);
  done = root && read_fields (preprocess, root, error);
  cJSON_Delete (root);
  if (!done)
    g_prefix_error (error, "%s: ", path);
  return done;
}

static void
resolve_labels (ClassifierPreprocess *preprocess, const gchar *folder)
{
  gchar *name = preprocess->labels;

  if (!name)
    return;
  preprocess->labels = g_build_filename (folder, name, NULL);
  g_free (name);
}

static void
set_teachable_machine (ClassifierPreprocess *preprocess)
{
  preprocess->resize = IMAGE_RESIZE_HALF_PIXEL;
  preprocess->has_range = TRUE;
  preprocess->scale = TEACHABLE_MACHINE_SCALE;
  preprocess->offset = TEACHABLE_MACHINE_OFFSET;
  preprocess->fit = IMAGE_FIT_COVER;
}

gboolean
classifier_preprocess_load (ClassifierPreprocess *preprocess,
    const gchar *folder, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, CLASSIFIER_PREPROCESS_FILE,
      NULL);

  *preprocess = (ClassifierPreprocess) {
    .resize = IMAGE_RESIZE_LEGACY,
    .scale = 1.0 / 255.0,
  };
  if (!teachable_machine_load (folder, &preprocess->exported_labels, error))
    return FALSE;
  if (preprocess->exported_labels)
    set_teachable_machine (preprocess);
  /* A dangling link is an error, unlike an absent file. */
  if (!g_file_test (path, G_FILE_TEST_EXISTS)
      && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  if (!read_file (preprocess, path, error))
    return FALSE;
  resolve_labels (preprocess, folder);
  return TRUE;
}

static gboolean
check_kind (const CnnPrediction *prediction, const gchar *key,
    CnnPredictionKind kind, const gchar *meant, GError **error)
{
  static const gchar *const names[CNN_PREDICTION_N_KINDS] = {
    [CNN_PREDICTION_CLASSES] = "classes that exclude each other",
    [CNN_PREDICTION_LABELS] = "values that each end with a sigmoid",
    [CNN_PREDICTION_NUMBER] = "a number",
    [CNN_PREDICTION_MAPS] = "an image",
  };

  if (prediction->kind == kind)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'%s' is for %s, but the output is %s", key, meant,
      names[prediction->kind]);
  return FALSE;
}

gboolean
classifier_preprocess_check_prediction (const ClassifierPreprocess *preprocess,
    const CnnPrediction *prediction, GError **error)
{
  const guint n_thresholds = preprocess->n_thresholds;

  if (preprocess->unit
      && !check_kind (prediction, "unit", CNN_PREDICTION_NUMBER,
          "a number without labels", error))
    return FALSE;
  if (n_thresholds == 0)
    return TRUE;
  if (!check_kind (prediction, "threshold", CNN_PREDICTION_LABELS,
          "several values that each end with a sigmoid", error))
    return FALSE;
  if (n_thresholds == 1 || n_thresholds == prediction->n_classes)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'threshold' has %u values, but there are %u labels", n_thresholds,
      prediction->n_classes);
  return FALSE;
}

void
classifier_preprocess_clear (ClassifierPreprocess *preprocess)
{
  g_clear_pointer (&preprocess->labels, g_free);
  g_clear_pointer (&preprocess->exported_labels, g_strfreev);
  g_clear_pointer (&preprocess->output, g_free);
  g_clear_pointer (&preprocess->attribute, g_free);
  g_clear_pointer (&preprocess->unit, g_free);
  g_clear_pointer (&preprocess->thresholds, g_free);
}
