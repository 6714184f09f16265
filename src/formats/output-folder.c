/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* renameat2() */
#endif

#include "formats/output-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/model-error.h"

struct _OutputFolder {
  gchar *path;
  gchar *temporary; /* NULL when there is nothing to remove */
};

static void
refuse (GError **error, const gchar *path, const gchar *reason)
{
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT, "%s: %s", path,
      reason);
}

/* Files that this program writes, and therefore may remove. */
static gboolean
is_model_file (const gchar *name)
{
  return g_str_equal (name, "model.json")
      || g_str_equal (name, "preprocess.json")
      || g_str_equal (name, "labels.txt")
      || (g_str_has_prefix (name, "group1-shard")
          && g_str_has_suffix (name, ".bin"));
}

/* An existing folder may be replaced if it holds nothing but a model. */
static gboolean
check_present (const gchar *path, gboolean force, GError **error)
{
  g_autoptr (GDir) directory = NULL;
  gboolean is_allowed = TRUE;
  const gchar *name;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  directory = g_dir_open (path, 0, error);
  if (!directory)
    return FALSE;
  while (is_allowed && (name = g_dir_read_name (directory))) {
    if (!force) {
      refuse (error, path,
          "is not empty; give another folder, or --force to replace the model "
          "in it");
      is_allowed = FALSE;
    } else if (!is_model_file (name)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
          "%s: holds '%s', which is not part of a converted model; give "
          "another folder",
          path, name);
      is_allowed = FALSE;
    }
  }
  return is_allowed;
}

/* The real path of a folder that may not exist yet. */
static gchar *
resolve (const gchar *path)
{
  g_autofree gchar *absolute = g_canonicalize_filename (path, NULL);
  gchar resolved[PATH_MAX];

  return realpath (absolute, resolved) ? g_strdup (resolved)
                                       : g_steal_pointer (&absolute);
}

OutputFolder *
output_folder_new (const gchar *path, gboolean force, GError **error)
{
  g_autoptr (OutputFolder) folder = g_new0 (OutputFolder, 1);
  g_autofree gchar *parent = NULL;
  g_autofree gchar *temporary = NULL;

  folder->path = resolve (path);
  parent = g_path_get_dirname (folder->path);
  if (!check_present (folder->path, force, error))
    return NULL;
  temporary = g_build_filename (parent, ".activationmap-XXXXXX", NULL);
  if (!g_mkdtemp (temporary)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "%s: no folder can be made in it: %s", parent, g_strerror (errno));
    return NULL;
  }
  folder->temporary = g_steal_pointer (&temporary);
  return g_steal_pointer (&folder);
}

static void
remove_folder (const gchar *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (directory && (name = g_dir_read_name (directory))) {
    g_autofree gchar *file = g_build_filename (path, name, NULL);

    if (is_model_file (name))
      g_unlink (file);
  }
  g_rmdir (path);
}

void
output_folder_free (OutputFolder *folder)
{
  if (folder->temporary)
    remove_folder (folder->temporary);
  g_free (folder->temporary);
  g_free (folder->path);
  g_free (folder);
}

const gchar *
output_folder_get_path (const OutputFolder *folder)
{
  return folder->temporary;
}

/* mkdtemp() gives 0700; the folder gets what mkdir() would have given it. */
static void
give_permissions (const gchar *path)
{
  mode_t mask = umask (0);

  umask (mask);
  g_chmod (path, (gint) (0777 & ~mask));
}

/* Swaps the two folders, or moves the old one aside on systems that cannot
 * swap. Either way the temporary folder then holds the old model. */
static gboolean
replace (OutputFolder *folder)
{
  g_autofree gchar *aside = g_strconcat (folder->temporary, ".old", NULL);

#ifdef RENAME_EXCHANGE
  if (renameat2 (AT_FDCWD, folder->temporary, AT_FDCWD, folder->path,
          RENAME_EXCHANGE)
      == 0)
    return TRUE;
#endif
  if (g_rename (folder->path, aside) != 0)
    return FALSE;
  if (g_rename (folder->temporary, folder->path) != 0) {
    gint reason = errno;

    g_rename (aside, folder->path);
    errno = reason;
    return FALSE;
  }
  g_free (folder->temporary);
  folder->temporary = g_steal_pointer (&aside);
  return TRUE;
}

gboolean
output_folder_publish (OutputFolder *folder, GError **error)
{
  give_permissions (folder->temporary);
  if (g_rename (folder->temporary, folder->path) == 0) {
    g_clear_pointer (&folder->temporary, g_free);
    return TRUE;
  }
  if ((errno == ENOTEMPTY || errno == EEXIST)
      && check_present (folder->path, TRUE, error)) {
    if (replace (folder))
      return TRUE;
    errno = errno ? errno : EIO;
  }
  if (error && !*error)
    refuse (error, folder->path, g_strerror (errno));
  return FALSE;
}
