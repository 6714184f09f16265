/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers files of labels: their contents, and the errors for files that are
 * refused. */

#include "classifier/labels.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/model-error.h"

typedef struct {
  gchar *folder;
  gchar *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "labels.txt", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_labels (Fixture *fixture, const gchar *text, gssize size)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, text, size, &error);
  g_assert_no_error (error);
}

/* All of these are read as the labels "one" and "two words". */
static const gchar *const accepted[] = {
  "one\ntwo words",
  "one\ntwo words\n",
  "one\ntwo words\n\n\n",
  "one\r\ntwo words\r\n",
  "one\r\ntwo words\r\n\r\n\r\n",
  "\xef\xbb\xbfone\ntwo words\n",
  "\xef\xbb\xbfone\r\ntwo words\r\n\r\n",
  "  one \n\ttwo words\t\n  \n",
};

static void
test_accepted (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) labels = NULL;

    write_labels (fixture, accepted[i], -1);
    labels = labels_load (fixture->path, 2, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_strv_length (labels), ==, 2);
    g_assert_cmpstr (labels[0], ==, "one");
    g_assert_cmpstr (labels[1], ==, "two words");
  }
}

static void
test_unicode (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) labels = NULL;

  write_labels (fixture, "\xc3\xa4\xc3\xb6\n\xe5\xa5\xb3\xe6\x80\xa7\n", -1);
  labels = labels_load (fixture->path, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (labels[0], ==, "\xc3\xa4\xc3\xb6");
  g_assert_cmpstr (labels[1], ==, "\xe5\xa5\xb3\xe6\x80\xa7");
}

static const struct {
  const gchar *text;
  gssize size;
  ModelError code;
  const gchar *part;
} refused[] = {
  { "one\n", -1, MODEL_ERROR_ARGUMENT, "1 labels" },
  { "one\ntwo\nthree\n", -1, MODEL_ERROR_ARGUMENT, "3 labels" },
  { "", -1, MODEL_ERROR_ARGUMENT, "2 classes" },
  { "\n\n", -1, MODEL_ERROR_ARGUMENT, "2 classes" },
  { "\ntwo\n", -1, MODEL_ERROR_INVALID, "line 1" },
  { "  \ntwo\n", -1, MODEL_ERROR_INVALID, "line 1" },
  { "one\n\nthree\n", -1, MODEL_ERROR_ARGUMENT, "3 labels" },
  { "\xff\xfe\n\xff\n", -1, MODEL_ERROR_INVALID, "UTF-8" },
  { "one\ntw\0o\n", 9, MODEL_ERROR_INVALID, "UTF-8" },
};

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;

    write_labels (fixture, refused[i].text, refused[i].size);
    g_assert_null (labels_load (fixture->path, 2, &error));
    g_test_message ("%s", error ? error->message : "(no error)");
    g_assert_error (error, MODEL_ERROR, (gint) refused[i].code);
    g_assert_nonnull (strstr (error->message, refused[i].part));
    g_assert_nonnull (strstr (error->message, fixture->path));
  }
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) folder = NULL;

  g_assert_null (labels_load (fixture->path, 2, &missing));
  g_assert_error (missing, MODEL_ERROR, MODEL_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing->message, fixture->path));
  g_assert_null (labels_load (fixture->folder, 2, &folder));
  g_assert_error (folder, MODEL_ERROR, MODEL_ERROR_READ);
  g_assert_nonnull (strstr (folder->message, fixture->folder));
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  const gsize size = (1 << 20) + 1;
  g_autofree gchar *text = g_malloc (size);
  g_autoptr (GError) error = NULL;

  memset (text, 'x', size);
  write_labels (fixture, text, (gssize) size);
  g_assert_null (labels_load (fixture->path, 1, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT);
}

#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/labels/accepted", test_accepted);
  ADD ("/labels/unicode", test_unicode);
  ADD ("/labels/refused", test_refused);
  ADD ("/labels/no-file", test_no_file);
  ADD ("/labels/too-large", test_too_large);
  return g_test_run ();
}
