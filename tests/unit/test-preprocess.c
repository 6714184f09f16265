/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers preprocess.json: its fields, their defaults, and the errors for files
 * that are refused. */

#include "classifier/preprocess.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/model-error.h"

typedef struct {
  gchar *folder;
  gchar *path;
  gchar *metadata;
  ClassifierPreprocess preprocess;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "preprocess.json", NULL);
  fixture->metadata = g_build_filename (fixture->folder, "metadata.json", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  classifier_preprocess_clear (&fixture->preprocess);
  g_remove (fixture->path);
  g_remove (fixture->metadata);
  g_free (fixture->metadata);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* Clears the last result and reads a file with these contents. */
static gboolean
load_bytes (Fixture *fixture, const gchar *text, gssize size, GError **error)
{
  g_assert_true (g_file_set_contents (fixture->path, text, size, NULL));
  classifier_preprocess_clear (&fixture->preprocess);
  return classifier_preprocess_load (&fixture->preprocess, fixture->folder,
      error);
}

static const ClassifierPreprocess *
load (Fixture *fixture, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  load_bytes (fixture, text, -1, &error);
  g_assert_no_error (error);
  return &fixture->preprocess;
}

static void
assert_defaults (const ClassifierPreprocess *preprocess)
{
  g_assert_cmpint (preprocess->resize, ==, IMAGE_RESIZE_LEGACY);
  g_assert_false (preprocess->has_channels);
  g_assert_cmpfloat (preprocess->scale, ==, 1.0 / 255.0);
  g_assert_cmpfloat (preprocess->offset, ==, 0.0);
  g_assert_false (preprocess->has_range);
  g_assert_cmpint (preprocess->fit, ==, IMAGE_FIT_STRETCH);
  g_assert_cmpint (preprocess->input_size.height, ==, 0);
  g_assert_cmpfloat (preprocess->crop_scale, ==, 0.0);
  g_assert_null (preprocess->labels);
  g_assert_null (preprocess->exported_labels);
  g_assert_null (preprocess->output);
  g_assert_null (preprocess->attribute);
  g_assert_null (preprocess->unit);
  g_assert_cmpuint (preprocess->n_thresholds, ==, 0);
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_assert_true (
      classifier_preprocess_load (&fixture->preprocess, fixture->folder, NULL));
  assert_defaults (&fixture->preprocess);
}

static void
test_nothing_said (Fixture *fixture, gconstpointer data)
{
  assert_defaults (load (fixture, "{\"version\":1}"));
  assert_defaults (load (fixture, "\xef\xbb\xbf{\r\n\"version\":1}\r\n"));
}

static void
test_channels (Fixture *fixture, gconstpointer data)
{
  const ClassifierPreprocess *preprocess = load (fixture,
      "{\"version\":1,\"scale\":[0.5,0.25,2],\"offset\":[-1,0,4]}");

  g_assert_cmpuint (preprocess->n_scales, ==, 3);
  g_assert_cmpfloat (preprocess->scales[1], ==, 0.25);
  g_assert_cmpfloat (preprocess->scales[2], ==, 2.0);
  g_assert_cmpuint (preprocess->n_offsets, ==, 3);
  g_assert_cmpfloat (preprocess->offsets[0], ==, -1.0);
  g_assert_cmpfloat (preprocess->offsets[2], ==, 4.0);
}

static void
test_all_fields (Fixture *fixture, gconstpointer data)
{
  const ClassifierPreprocess *preprocess = load (fixture,
      "{\"output\":\"mood\",\"unit\":\"\xc2\xb0\",\"threshold\":[0,0.5,1],"
      "\"attribute\":\"mood/now_1.0\",\"labels\":\"names/seven.txt\","
      "\"crop_scale\":1.5,\"input_size\":[48,64],\"fit\":\"contain\","
      "\"offset\":-1,\"scale\":0.0078125,"
      "\"channels\":\"gray\",\"resize\":\"half-pixel\",\"version\":1}\n");
  g_autofree gchar *labels = g_build_filename (fixture->folder, "names",
      "seven.txt", NULL);

  g_assert_cmpint (preprocess->resize, ==, IMAGE_RESIZE_HALF_PIXEL);
  g_assert_true (preprocess->has_channels);
  g_assert_cmpint (preprocess->channels, ==, IMAGE_CHANNELS_GRAY);
  g_assert_cmpfloat (preprocess->scale, ==, 0.0078125);
  g_assert_cmpfloat (preprocess->offset, ==, -1.0);
  g_assert_true (preprocess->has_range);
  g_assert_cmpint (preprocess->fit, ==, IMAGE_FIT_CONTAIN);
  g_assert_cmpint (preprocess->input_size.height, ==, 48);
  g_assert_cmpint (preprocess->input_size.width, ==, 64);
  g_assert_cmpfloat (preprocess->crop_scale, ==, 1.5);
  g_assert_cmpstr (preprocess->labels, ==, labels);
  g_assert_cmpstr (preprocess->output, ==, "mood");
  g_assert_cmpstr (preprocess->attribute, ==, "mood/now_1.0");
  g_assert_cmpstr (preprocess->unit, ==, "\xc2\xb0");
  g_assert_cmpuint (preprocess->n_thresholds, ==, 3);
  g_assert_cmpfloat (preprocess->thresholds[1], ==, 0.5f);
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const gchar *name;
    ImageResizeConvention resize;
  } resizes[] = { { "legacy", IMAGE_RESIZE_LEGACY },
    { "align-corners", IMAGE_RESIZE_ALIGN_CORNERS },
    { "half-pixel", IMAGE_RESIZE_HALF_PIXEL } };
  static const struct {
    const gchar *name;
    ImageChannels channels;
  } channels[] = { { "rgb", IMAGE_CHANNELS_RGB }, { "bgr", IMAGE_CHANNELS_BGR },
    { "gray", IMAGE_CHANNELS_GRAY }, { "rgba", IMAGE_CHANNELS_RGBA } };
  static const struct {
    const gchar *name;
    ImageFit fit;
  } fits[] = { { "stretch", IMAGE_FIT_STRETCH }, { "cover", IMAGE_FIT_COVER },
    { "contain", IMAGE_FIT_CONTAIN } };

  for (guint i = 0; i < G_N_ELEMENTS (resizes); i++) {
    g_autofree gchar *text =
        g_strdup_printf ("{\"version\":1,\"resize\":\"%s\",\"fit\":\"%s\"}",
            resizes[i].name, fits[i].name);
    const ClassifierPreprocess *preprocess = load (fixture, text);

    g_assert_cmpint (preprocess->resize, ==, resizes[i].resize);
    g_assert_cmpint (preprocess->fit, ==, fits[i].fit);
  }
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    g_autofree gchar *text =
        g_strdup_printf ("{\"version\":1,\"channels\":\"%s\"}",
            channels[i].name);

    g_assert_cmpint (load (fixture, text)->channels, ==, channels[i].channels);
  }
}

#define IMAGE_PACKAGE "\"packageName\":\"@teachablemachine/image\""

static gboolean
load_metadata (Fixture *fixture, const gchar *text, GError **error)
{
  g_assert_true (g_file_set_contents (fixture->metadata, text, -1, NULL));
  classifier_preprocess_clear (&fixture->preprocess);
  return classifier_preprocess_load (&fixture->preprocess, fixture->folder,
      error);
}

/* What preprocess.json says takes precedence over the export. */
static void
test_teachable_machine (Fixture *fixture, gconstpointer data)
{
  const ClassifierPreprocess *preprocess = &fixture->preprocess;

  g_assert_true (load_metadata (fixture,
      "{" IMAGE_PACKAGE ",\"labels\":[\"a b\",\" \xe5\xa5\xb3\\n\"],"
      "\"imageSize\":224}",
      NULL));
  g_assert_cmpint (preprocess->resize, ==, IMAGE_RESIZE_HALF_PIXEL);
  g_assert_cmpfloat (preprocess->scale, ==, 1.0 / 127.0);
  g_assert_cmpfloat (preprocess->offset, ==, -1.0);
  g_assert_true (preprocess->has_range);
  g_assert_cmpint (preprocess->fit, ==, IMAGE_FIT_COVER);
  g_assert_cmpuint (g_strv_length (preprocess->exported_labels), ==, 2);
  g_assert_cmpstr (preprocess->exported_labels[0], ==, "a b");
  g_assert_cmpstr (preprocess->exported_labels[1], ==, "\xe5\xa5\xb3");

  load (fixture, "{\"version\":1,\"fit\":\"stretch\",\"offset\":0}");
  g_assert_cmpint (preprocess->fit, ==, IMAGE_FIT_STRETCH);
  g_assert_cmpfloat (preprocess->scale, ==, 1.0 / 127.0);
  g_assert_cmpfloat (preprocess->offset, ==, 0.0);
}

/* Other programs have a metadata.json, too. */
static void
test_other_metadata (Fixture *fixture, gconstpointer data)
{
  static const gchar *const others[] = { "{}", "[1]", "null",
    "{\"keras_version\":\"3.0\"}", "{\"packageName\":7}",
    "{\"packageName\":\"@other/image\",\"labels\":[\"a\"]}" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_assert_true (load_metadata (fixture, others[i], NULL));
    assert_defaults (&fixture->preprocess);
  }
}

static void
test_refused_metadata (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const gchar *text;
    gint code;
    const gchar *part;
  } texts[] = {
    { "{\"packageName\":\"@teachablemachine/pose\",\"labels\":[\"a\"]}",
        MODEL_ERROR_UNSUPPORTED, "a pose model of Teachable Machine" },
    { "{\"packageName\":\"@teachablemachine/audio\"}", MODEL_ERROR_UNSUPPORTED,
        "an audio model of Teachable Machine" },
    { "{\"tfjsSpeechCommandsVersion\":\"0.4.0\",\"wordLabels\":[\"a\"]}",
        MODEL_ERROR_UNSUPPORTED, "an audio model of Teachable Machine" },
    { "", MODEL_ERROR_INVALID, "is empty" },
    { "{" IMAGE_PACKAGE, MODEL_ERROR_INVALID, "is not valid JSON" },
    { "{" IMAGE_PACKAGE "}", MODEL_ERROR_INVALID, "'labels'" },
    { "{" IMAGE_PACKAGE ",\"labels\":[]}", MODEL_ERROR_INVALID, "'labels'" },
    { "{" IMAGE_PACKAGE ",\"labels\":{\"a\":1}}", MODEL_ERROR_INVALID,
        "'labels'" },
    { "{" IMAGE_PACKAGE ",\"labels\":[\"a\",7]}", MODEL_ERROR_INVALID,
        "'labels'" },
    { "{" IMAGE_PACKAGE ",\"labels\":[\"a\",\" \"]}", MODEL_ERROR_INVALID,
        "'labels'" },
  };
  g_autofree gchar *large = g_strnfill ((1 << 20) + 1, ' ');
  g_autofree gchar *deep = g_strnfill (1 << 15, '[');
  g_autoptr (GError) too_large = NULL;
  g_autoptr (GError) too_deep = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (load_metadata (fixture, texts[i].text, &error));
    g_assert_error (error, MODEL_ERROR, texts[i].code);
    g_assert_true (g_str_has_prefix (error->message, fixture->metadata));
    g_assert_nonnull (strstr (error->message, texts[i].part));
  }
  g_assert_false (load_metadata (fixture, large, &too_large));
  g_assert_error (too_large, MODEL_ERROR, MODEL_ERROR_LIMIT);
  g_assert_false (load_metadata (fixture, deep, &too_deep));
  g_assert_error (too_deep, MODEL_ERROR, MODEL_ERROR_LIMIT);
}

static void
test_extremes (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpfloat (
      load (fixture, "{\"version\":1,\"crop_scale\":0.1}")->crop_scale, ==,
      0.1);
  g_assert_cmpfloat (
      load (fixture, "{\"version\":1,\"crop_scale\":10}")->crop_scale, ==,
      10.0);
  g_assert_cmpfloat (load (fixture, "{\"version\":1,\"scale\":-3e38}")->scale,
      ==, -3e38);
}

/* The file of the default model must match its training. */
static void
test_gender (Fixture *fixture, gconstpointer data)
{
  ClassifierPreprocess *preprocess = &fixture->preprocess;
  g_autofree gchar *folder = g_test_build_filename (G_TEST_DIST, "..", "..",
      "model", "gender", NULL);
  g_autoptr (GError) error = NULL;

  classifier_preprocess_load (preprocess, folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (preprocess->resize, ==, IMAGE_RESIZE_LEGACY);
  g_assert_cmpint (preprocess->channels, ==, IMAGE_CHANNELS_RGB);
  g_assert_cmpfloat (preprocess->scale, ==, 1.0 / 255.0);
  g_assert_cmpfloat (preprocess->offset, ==, 0.0);
  g_assert_cmpfloat (preprocess->crop_scale, ==, 1.0);
  g_assert_cmpstr (preprocess->attribute, ==, "gender");
  g_assert_true (g_file_test (preprocess->labels, G_FILE_TEST_IS_REGULAR));
}

/* Texts that are refused, with a part of their error. */
static const struct {
  const gchar *text;
  const gchar *part;
} refused[] = {
  { "", "is empty" },
  { "{\"version\":1", "is not valid JSON" },
  { "\xff", "UTF-8" },
  { "[]", "is not a JSON object" },
  { "null", "is not a JSON object" },
  { "1", "is not a JSON object" },
  { "{}", "'version'" },
  { "{\"version\":null}", "'version'" },
  { "{\"version\":\"1\"}", "'version'" },
  { "{\"version\":1.5}", "'version'" },
  { "{\"version\":0}", "'version'" },
  { "{\"version\":1e30}", "'version'" },
  { "{\"version\":2,\"tiles\":4}", "only version 1" },
  { "{\"version\":1,\"version\":1}", "'version' appears twice" },
};

static const struct {
  const gchar *key;
  const gchar *value;
} refused_fields[] = {
  { "resize", "\"cubic\"" },
  { "resize", "\"Legacy\"" },
  { "resize", "\"\"" },
  { "resize", "1" },
  { "resize", "null" },
  { "channels", "\"argb\"" },
  { "channels", "[\"rgb\"]" },
  { "channels", "3" },
  { "scale", "0" },
  { "scale", "1e-60" },
  { "scale", "1e39" },
  { "scale", "-1e999" },
  { "scale", "\"1\"" },
  { "scale", "[]" },
  { "scale", "[0.1,0,0.1]" },
  { "scale", "[0.1,\"1\",0.1]" },
  { "scale", "[0.1,[0.1],0.1]" },
  { "scale", "[1,1,1,1,1]" },
  { "offset", "[1,1,1,1,1]" },
  { "offset", "[1e39]" },
  { "scale", "null" },
  { "offset", "1e39" },
  { "offset", "true" },
  { "offset", "{}" },
  { "fit", "\"fill\"" },
  { "fit", "\"Cover\"" },
  { "fit", "1" },
  { "fit", "null" },
  { "input_size", "64" },
  { "input_size", "\"64x64\"" },
  { "input_size", "[]" },
  { "input_size", "[64]" },
  { "input_size", "[64,64,3]" },
  { "input_size", "[64,0]" },
  { "input_size", "[null,64]" },
  { "input_size", "[64,64.5]" },
  { "input_size", "[64,16777217]" },
  { "input_size", "null" },
  { "crop_scale", "0" },
  { "crop_scale", "0.0999" },
  { "crop_scale", "10.001" },
  { "crop_scale", "-1" },
  { "crop_scale", "1e999" },
  { "crop_scale", "\"large\"" },
  { "labels", "\"\"" },
  { "labels", "[\"a\",\"b\"]" },
  { "labels", "7" },
  { "labels", "\"/etc/passwd\"" },
  { "labels", "\"../labels.txt\"" },
  { "labels", "\"names/../../labels.txt\"" },
  { "labels", "\"..\"" },
  { "labels", "\"c:\\\\labels.txt\"" },
  { "labels", "\"http://example.com/labels\"" },
  { "attribute", "\"\"" },
  { "attribute", "\"two words\"" },
  { "attribute", "\"1st\"" },
  { "attribute", "\"a\\nb\"" },
  { "attribute", "\"\xc3\xa4\"" },
  { "attribute", "false" },
  { "output", "\"\"" },
  { "output", "0" },
  { "unit", "\"\"" },
  { "unit", "[\"years\"]" },
  { "threshold", "\"0.5\"" },
  { "threshold", "-0.1" },
  { "threshold", "1.5" },
  { "threshold", "[]" },
  { "threshold", "[0.5,null]" },
  { "threshold", "[0.5,2]" },
  { "threshold", "{\"hat\":0.5}" },
  { "attribute", "\"age\",\"attribute\":\"sex\"" },
  { "crop-scale", "1" },
  { "Scale", "1" },
  { "", "1" },
};

/* The error is a single line that names the file and contains @part. */
static void
assert_refused (Fixture *fixture, const gchar *text, const gchar *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (load_bytes (fixture, text, -1, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (error->domain == MODEL_ERROR);
  g_assert_true (g_str_has_prefix (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_refused (fixture, refused[i].text, refused[i].part);
}

static void
test_refused_fields (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused_fields); i++) {
    g_autofree gchar *text = g_strdup_printf ("{\"version\":1,\"%s\":%s}",
        refused_fields[i].key, refused_fields[i].value);
    g_autofree gchar *part = g_strdup_printf ("'%s'", refused_fields[i].key);

    assert_refused (fixture, text, part);
  }
}

static void
test_no_regular_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) folder = NULL;
  g_autoptr (GError) link = NULL;

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  g_assert_false (classifier_preprocess_load (&fixture->preprocess,
      fixture->folder, &folder));
  g_assert_error (folder, MODEL_ERROR, MODEL_ERROR_READ);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);

  g_assert_cmpint (symlink ("nowhere", fixture->path), ==, 0);
  g_assert_false (classifier_preprocess_load (&fixture->preprocess,
      fixture->folder, &link));
  g_assert_error (link, MODEL_ERROR, MODEL_ERROR_NOT_FOUND);
}

static void
test_hostile_sizes (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *large = g_strnfill ((1 << 16) + 1, ' ');
  g_autofree gchar *deep = g_strnfill (1 << 15, '[');
  g_autoptr (GError) too_large = NULL;
  g_autoptr (GError) too_deep = NULL;

  g_assert_false (load_bytes (fixture, large, -1, &too_large));
  g_assert_error (too_large, MODEL_ERROR, MODEL_ERROR_LIMIT);
  g_assert_false (load_bytes (fixture, deep, -1, &too_deep));
  g_assert_error (too_deep, MODEL_ERROR, MODEL_ERROR_LIMIT);
  g_assert_false (load_bytes (fixture, "{\"version\":1,\0}", 15, NULL));
}

#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/preprocess/no-file", test_no_file);
  ADD ("/preprocess/nothing-said", test_nothing_said);
  ADD ("/preprocess/all-fields", test_all_fields);
  ADD ("/preprocess/channels", test_channels);
  ADD ("/preprocess/names", test_names);
  ADD ("/preprocess/teachable-machine", test_teachable_machine);
  ADD ("/preprocess/other-metadata", test_other_metadata);
  ADD ("/preprocess/refused-metadata", test_refused_metadata);
  ADD ("/preprocess/extremes", test_extremes);
  ADD ("/preprocess/gender", test_gender);
  ADD ("/preprocess/refused", test_refused);
  ADD ("/preprocess/refused-fields", test_refused_fields);
  ADD ("/preprocess/no-regular-file", test_no_regular_file);
  ADD ("/preprocess/hostile-sizes", test_hostile_sizes);
  return g_test_run ();
}
