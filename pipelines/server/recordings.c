/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recordings.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"

/* As g_date_time_format() writes it; a letter stands for itself, 0 for a digit.
 * Names in the order of the alphabet are in that of time. */
#define STAMP_FORMAT "%Y%m%dT%H%M%SZ"
#define STAMP_PATTERN "00000000T000000Z"

/* A file. */
typedef struct {
  gchar *name;
  guint64 size;
  gint64 time; /* when it was written to last */
} Entry;

struct _Recordings {
  gchar *folder;
  gchar *prefix; /* "NAME-" */
  gint64 max_age;
  guint64 max_size;
};

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->name);
  g_free (self);
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *const *first = a;
  const Entry *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

static gboolean
is_stamp (const gchar *text)
{
  for (const gchar *pattern = STAMP_PATTERN; *pattern; pattern++, text++) {
    if (*pattern == '0' ? !g_ascii_isdigit (*text) : *text != *pattern)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_own (const Recordings *self, const gchar *name)
{
  const gsize length = strlen (self->prefix);
  const gchar *ending;

  if (!g_str_has_prefix (name, self->prefix) || !is_stamp (name + length))
    return FALSE;
  ending = name + length + strlen (STAMP_PATTERN);
  return g_str_equal (ending, RECORDINGS_VIDEO)
      || g_str_equal (ending, RECORDINGS_METADATA);
}

/* Adds what is known of a file. */
static void
add_entry (const Recordings *self, const gchar *name, GPtrArray *entries)
{
  g_autofree gchar *path = g_build_filename (self->folder, name, NULL);
  GStatBuf status;
  Entry *entry;

  if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return;
  entry = g_new0 (Entry, 1);
  entry->name = g_strdup (name);
  entry->size = (guint64) status.st_size;
  entry->time = status.st_mtime;
  g_ptr_array_add (entries, entry);
}

/* Returns the recordings, the oldest one first. */
static GPtrArray *
list_entries (const Recordings *self)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const gchar *name;

  while (folder && (name = g_dir_read_name (folder))) {
    if (is_own (self, name))
      add_entry (self, name, entries);
  }
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

static void
remove_entry (const Recordings *self, const Entry *entry)
{
  g_autofree gchar *path = g_build_filename (self->folder, entry->name, NULL);

  if (g_unlink (path) != 0)
    journal_print ("%s cannot be removed: %s", path, g_strerror (errno));
}

static void
remove_old (const Recordings *self)
{
  g_autoptr (GPtrArray) entries = list_entries (self);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  guint64 size = 0;

  for (guint i = 0; i < entries->len; i++)
    size += ((const Entry *) entries->pdata[i])->size;
  for (guint i = 0; i < entries->len; i++) {
    const Entry *entry = entries->pdata[i];
    const gboolean is_old = self->max_age && now - entry->time > self->max_age;

    if (!is_old && (!self->max_size || size <= self->max_size))
      continue;
    remove_entry (self, entry);
    size -= entry->size;
  }
}

Recordings *
recordings_new (const gchar *folder, const gchar *name, gint64 max_age,
    guint64 max_size)
{
  Recordings *self = g_atomic_rc_box_new0 (Recordings);

  self->folder = g_strdup (folder);
  self->prefix = g_strconcat (name, "-", NULL);
  self->max_age = max_age;
  self->max_size = max_size;
  return self;
}

Recordings *
recordings_ref (Recordings *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  Recordings *self = data;

  g_free (self->folder);
  g_free (self->prefix);
}

void
recordings_unref (Recordings *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

gboolean
recordings_check (const Recordings *self, GError **error)
{
  if (g_mkdir_with_parents (self->folder, 0777) == 0
      && g_access (self->folder, W_OK | X_OK) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
      "nothing can be recorded here: %s", g_strerror (errno));
  return FALSE;
}

/* A name that has been taken, since the last recording was short, is that of a
 * second later. */
gchar *
recordings_begin (const Recordings *self, gint64 time)
{
  gchar *path = NULL;
  gboolean is_taken;

  remove_old (self);
  do {
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time++);
    g_autofree gchar *stamp = g_date_time_format (date, STAMP_FORMAT);
    g_autofree gchar *video = NULL;

    g_free (path);
    path = g_strconcat (self->folder, G_DIR_SEPARATOR_S, self->prefix, stamp,
        NULL);
    video = g_strconcat (path, RECORDINGS_VIDEO, NULL);
    is_taken = g_file_test (video, G_FILE_TEST_EXISTS);
  } while (is_taken);
  return path;
}
