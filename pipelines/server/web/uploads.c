/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "uploads.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "models.h"
#include "tar.h"

#define CONVERTER "activationmap-convert"
#define MAX_MODELS 8
#define MAX_NAME 100
/* What the converter may take. */
#define MAX_SECONDS 60
#define MAX_FILE_SIZE (512 * 1024 * 1024)

typedef struct {
  gchar *name;
  gchar *folder;
} Model;

struct _Uploads {
  gchar *parent;     /* of all folders */
  GPtrArray *models; /* of Model, the oldest first */
  gint n_folders;    /* atomic */
};

static gboolean fail (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_clear_error (error);
  if (error)
    *error = g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format,
        arguments);
  va_end (arguments);
  return FALSE;
}

void
uploads_discard (const gchar *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
}

static void
model_free (gpointer data)
{
  Model *self = data;

  uploads_discard (self->folder);
  g_free (self->folder);
  g_free (self->name);
  g_free (self);
}

Uploads *
uploads_new (void)
{
  Uploads *self = g_new0 (Uploads, 1);

  self->models = g_ptr_array_new_with_free_func (model_free);
  self->parent = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  return self;
}

void
uploads_free (Uploads *self)
{
  g_ptr_array_unref (self->models);
  if (self->parent)
    g_rmdir (self->parent);
  g_free (self->parent);
  g_free (self);
}

static gboolean
is_archive (const gchar *file)
{
  return g_str_has_suffix (file, ".tar");
}

static gboolean
is_for_converter (const gchar *file)
{
  return g_str_has_suffix (file, ".h5") || g_str_has_suffix (file, ".hdf5")
      || g_str_has_suffix (file, ".keras") || g_str_has_suffix (file, ".onnx");
}

gchar *
uploads_make_name (const gchar *file, GError **error)
{
  const gchar *end = strrchr (file, '.');

  if (!is_archive (file) && !is_for_converter (file))
    fail (error,
        "A model is a .tar of a model.json with its weights, or a "
        ".keras, .h5 or .onnx file");
  else if (!g_utf8_validate (file, -1, NULL) || strpbrk (file, "/\\")
      || *file == '.' || end - file > MAX_NAME
      || g_str_has_prefix (file, MODELS_DEFAULT "."))
    fail (error, "A model cannot have this name");
  else
    return g_strndup (file, (gsize) (end - file));
  return NULL;
}

/* In the child. */
static void
limit_resources (gpointer data)
{
  const struct rlimit time = { MAX_SECONDS, MAX_SECONDS };
  const struct rlimit size = { MAX_FILE_SIZE, MAX_FILE_SIZE };

  setrlimit (RLIMIT_CPU, &time);
  setrlimit (RLIMIT_FSIZE, &size);
}

static gboolean
run_converter (const gchar *source, const gchar *folder, gchar **output,
    GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;

  g_subprocess_launcher_set_child_setup (launcher, limit_resources, NULL, NULL);
  process = g_subprocess_launcher_spawn (launcher, error, CONVERTER, source,
      folder, NULL);
  if (!process)
    return fail (error,
        "The program " CONVERTER " is not installed; a .tar of "
        "what it makes can be sent");
  if (!g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, output, error))
    return FALSE;
  return g_subprocess_get_successful (process)
      || fail (error, "%s",
          *output && **output ? g_strchomp (*output)
                              : "The model takes too long");
}

/* In a process of its own, because files of others are to be read. */
static gboolean
convert (const gchar *folder, const gchar *file, GBytes *bytes, GError **error)
{
  g_autofree gchar *source = g_strconcat (folder, strrchr (file, '.'), NULL);
  g_autofree gchar *output = NULL;
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);
  gboolean is_converted;

  is_converted = g_file_set_contents_full (source, data, (gssize) size,
                     G_FILE_SET_CONTENTS_NONE, 0600, error)
      && run_converter (source, folder, &output, error);
  g_unlink (source);
  return is_converted;
}

static gboolean
unpack (const gchar *folder, const gchar *file, GBytes *bytes, GError **error)
{
  g_autofree gchar *model = g_build_filename (folder, "model.json", NULL);

  if (!is_archive (file))
    return convert (folder, file, bytes, error);
  return tar_unpack (bytes, folder, error)
      && (g_file_test (model, G_FILE_TEST_IS_REGULAR)
          || fail (error, "There is no model.json in the archive"));
}

gchar *
uploads_explain (const gchar *message, const gchar *folder, const gchar *file)
{
  g_autofree gchar *source = g_strconcat (folder, strrchr (file, '.'), NULL);
  GString *text = g_string_new (message);

  g_string_replace (text, source, file, 0);
  g_string_replace (text, folder, file, 0);
  return g_string_free (text, FALSE);
}

gchar *
uploads_unpack (Uploads *self, const gchar *file, GBytes *bytes, GError **error)
{
  const gint number = g_atomic_int_add (&self->n_folders, 1);
  g_autofree gchar *folder = NULL;
  g_autofree gchar *explained = NULL;
  g_autoptr (GError) failure = NULL;

  if (self->parent)
    folder = g_strdup_printf ("%s/%d", self->parent, number);
  if (!folder || g_mkdir (folder, 0700) != 0) {
    fail (error, "There is no place for a model: %s", g_strerror (errno));
    return NULL;
  }
  if (unpack (folder, file, bytes, &failure))
    return g_steal_pointer (&folder);
  explained = uploads_explain (failure->message, folder, file);
  fail (error, "%s", explained);
  uploads_discard (folder);
  return NULL;
}

static gint
find (const Uploads *self, const gchar *name)
{
  for (guint i = 0; i < self->models->len; i++) {
    const Model *model = g_ptr_array_index (self->models, i);

    if (g_str_equal (model->name, name))
      return (gint) i;
  }
  return -1;
}

void
uploads_add (Uploads *self, const gchar *name, gchar *folder)
{
  const gint old = find (self, name);
  Model *model = g_new (Model, 1);

  if (old >= 0)
    g_ptr_array_remove_index (self->models, (guint) old);
  else if (self->models->len == MAX_MODELS)
    g_ptr_array_remove_index (self->models, 0);
  model->name = g_strdup (name);
  model->folder = folder;
  g_ptr_array_add (self->models, model);
}

const gchar *
uploads_find (const Uploads *self, const gchar *name)
{
  const gint index = find (self, name);

  return index < 0
      ? NULL
      : ((const Model *) g_ptr_array_index (self->models, index))->folder;
}

guint
uploads_get_n_names (const Uploads *self)
{
  return self->models->len;
}

const gchar *
uploads_get_name (const Uploads *self, guint index)
{
  return ((const Model *) g_ptr_array_index (self->models, index))->name;
}
