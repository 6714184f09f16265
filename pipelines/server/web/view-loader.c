/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "view-loader.h"

#include <gio/gio.h>

typedef struct {
  ViewFunc func;
  gpointer user_data;
} Wait;

struct _ViewLoader {
  Hub *hub;
  ModelView *view; /* (nullable): of path */
  gchar *path;
  gboolean is_loading;
  GArray *waits; /* of Wait, while it is loading */
};

/* Job: what the thread loads. */
typedef struct {
  gchar *path, *labels, *output;
  CnnLimits limits;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  g_free (self->path);
  g_free (self->labels);
  g_free (self->output);
  g_free (self);
}

static guint
get_count (Hub *hub, const gchar *property)
{
  g_autofree gchar *text = hub_get_property (hub, property);

  return text ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

static Job *
job_new (Hub *hub)
{
  Job *self = g_new0 (Job, 1);
  const CnnLimits limits = CNN_LIMITS_DEFAULT;

  self->path = hub_get_model_path (hub);
  self->labels = hub_get_property (hub, "labels");
  self->output = hub_get_property (hub, "output");
  self->limits = limits;
  self->limits.memory_bytes = (gsize) get_count (hub, "max-memory") << 20;
  self->limits.macs = get_count (hub, "max-macs") * CNN_LIMITS_MACS_UNIT;
  return self;
}

static ModelView *
load_view (const Job *job, GError **error)
{
  const ClassifierSource source = {
    .model = job->path,
    .labels = job->labels && *job->labels ? job->labels : NULL,
    .output = job->output,
    .limits = &job->limits,
  };

  if (*job->path)
    return model_view_new (&source, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
      "No network runs");
  return NULL;
}

static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  ModelView *view = load_view (data, &error);

  if (view)
    g_task_return_pointer (task, view, (GDestroyNotify) model_view_free);
  else
    g_task_return_error (task, error);
}

static void start (ViewLoader *self);

static gboolean
is_current (const ViewLoader *self)
{
  g_autofree gchar *path = hub_get_model_path (self->hub);

  return g_strcmp0 (path, self->path) == 0;
}

/* A function that is called may ask again. */
static void
hand_out (ViewLoader *self, const GError *error)
{
  g_autoptr (GArray) waits = g_steal_pointer (&self->waits);

  self->waits = g_array_new (FALSE, FALSE, sizeof (Wait));
  for (guint i = 0; i < waits->len; i++) {
    const Wait *wait = &g_array_index (waits, Wait, i);

    wait->func (self->view, error, wait->user_data);
  }
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  ViewLoader *self = data;
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->is_loading = FALSE;
  g_clear_pointer (&self->view, model_view_free);
  g_free (self->path);
  self->path = g_strdup (job->path);
  self->view = g_task_propagate_pointer (G_TASK (result), &error);
  if (is_current (self))
    hand_out (self, error);
  else
    start (self);
}

static void
start (ViewLoader *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_loaded, self);

  self->is_loading = TRUE;
  g_task_set_task_data (task, job_new (self->hub), job_free);
  g_task_run_in_thread (task, load);
}

ViewLoader *
view_loader_new (Hub *hub)
{
  ViewLoader *self = g_new0 (ViewLoader, 1);

  self->hub = hub;
  self->waits = g_array_new (FALSE, FALSE, sizeof (Wait));
  return self;
}

void
view_loader_free (ViewLoader *self)
{
  while (self->is_loading)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&self->view, model_view_free);
  g_array_unref (self->waits);
  g_free (self->path);
  g_free (self);
}

void
view_loader_get (ViewLoader *self, ViewFunc func, gpointer user_data)
{
  const Wait wait = { func, user_data };

  if (!self->is_loading && self->view && is_current (self)) {
    func (self->view, NULL, user_data);
    return;
  }
  g_array_append_val (self->waits, wait);
  if (!self->is_loading)
    start (self);
}
