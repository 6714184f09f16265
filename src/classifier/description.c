/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/description.h"

#define CHUNK_SIZE 512

typedef struct {
  ClassifierDescription public;
  GMutex lock; /* protects names */
  GStringChunk *names;
} Description;

ClassifierDescription *
classifier_description_new (const gchar *model_name, const gchar *attribute,
    const gchar *const *labels, guint n_classes)
{
  Description *self = g_atomic_rc_box_new0 (Description);
  const gchar **copies = g_new (const gchar *, n_classes);

  g_mutex_init (&self->lock);
  self->names = g_string_chunk_new (CHUNK_SIZE);
  for (guint i = 0; i < n_classes; i++)
    copies[i] = g_string_chunk_insert (self->names, labels[i]);
  self->public = (ClassifierDescription) {
    .model_name = g_string_chunk_insert (self->names, model_name),
    .attribute = g_string_chunk_insert (self->names, attribute),
    .labels = copies,
    .n_classes = n_classes,
  };
  return &self->public;
}

ClassifierDescription *
classifier_description_ref (ClassifierDescription *description)
{
  return g_atomic_rc_box_acquire (description);
}

static void
clear (gpointer data)
{
  Description *self = data;

  g_free ((gpointer) self->public.labels);
  g_string_chunk_free (self->names);
  g_mutex_clear (&self->lock);
}

void
classifier_description_unref (ClassifierDescription *description)
{
  g_atomic_rc_box_release_full (description, clear);
}

const gchar *
classifier_description_intern (ClassifierDescription *description,
    const gchar *name)
{
  Description *self = (Description *) description;
  const gchar *copy;

  g_mutex_lock (&self->lock);
  copy = g_string_chunk_insert_const (self->names, name);
  g_mutex_unlock (&self->lock);
  return copy;
}
