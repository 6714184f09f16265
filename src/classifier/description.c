/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/description.h"

#define CHUNK_SIZE 512

typedef struct {
  ClassifierDescription public;
  ClassifierKernels kernels; /* of public, if it has any */
  GMutex lock;               /* protects names */
  GStringChunk *names;
} Description;

static const gchar *const *
copy_labels (Description *self, const ClassifierDescription *description)
{
  const gchar **labels = g_new (const gchar *, description->n_classes);

  for (guint i = 0; i < description->n_classes; i++)
    labels[i] = g_string_chunk_insert (self->names, description->labels[i]);
  return labels;
}

static void
copy_kernels (Description *self, const ClassifierDescription *description)
{
  const gsize n_values = classifier_kernels_count_values (description->kernels,
      image_channels_count (description->colors.channels));
  ClassifierKernels *kernels = &self->kernels;

  *kernels = *description->kernels;
  kernels->form.name = g_string_chunk_insert (self->names, kernels->form.name);
  kernels->form.source = g_string_chunk_insert (self->names,
      kernels->form.source);
  kernels->values = g_memdup2 (kernels->values, n_values * sizeof (gfloat));
  self->public.kernels = kernels;
}

ClassifierDescription *
classifier_description_new (const ClassifierDescription *description)
{
  Description *self = g_atomic_rc_box_new0 (Description);
  ClassifierDescription *public = &self->public;

  g_mutex_init (&self->lock);
  self->names = g_string_chunk_new (CHUNK_SIZE);
  *public = *description;
  public->model_name = g_string_chunk_insert (self->names,
      description->model_name);
  public->attribute = g_string_chunk_insert (self->names,
      description->attribute);
  public->labels = copy_labels (self, description);
  if (description->thresholds)
  public->thresholds = g_memdup2 (description->thresholds,
      description->n_classes * sizeof (gfloat));
  if (description->unit)
  public->unit = g_string_chunk_insert (self->names, description->unit);
  if (description->kernels)
    copy_kernels (self, description);
  return public;
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
  g_free ((gpointer) self->public.thresholds);
  g_free ((gpointer) self->kernels.values);
  g_string_chunk_free (self->names);
  g_mutex_clear (&self->lock);
}

void
classifier_description_unref (ClassifierDescription *description)
{
  g_atomic_rc_box_release_full (description, clear);
}

guint
classifier_description_count_scores (const ClassifierDescription *description)
{
  return cnn_prediction_count_scores (description->kind,
      description->n_classes);
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
