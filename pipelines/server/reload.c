/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "reload.h"

#include <gio/gio.h>
#include <string.h>

#include "hub.h"
#include "web-options.h"

/* Job: what a thread tries, as a model takes a while to load. */
typedef struct {
  Reload *reload;
  GPtrArray *hubs;
  ReloadFunc func;
  gpointer user_data;
} Job;

static void
free_changes (gpointer changes)
{
  g_ptr_array_unref (changes);
}

void
reload_free (Reload *self)
{
  g_clear_pointer (&self->options, options_free);
  g_clear_pointer (&self->users, users_free);
  g_ptr_array_unref (self->changes);
  g_free (self);
}

static gboolean
read_files (Reload *self, gchar **argv, GError **error)
{
  WebOptions web = WEB_OPTIONS_DEFAULT;
  const AccessOptions *access;

  self->options = web_options_parse (&web, argv, error);
  web_options_clear (&web);
  if (!self->options)
    return FALSE;
  access = &self->options->access;
  if (access->users)
    self->users = users_new (access->users,
        (const gchar *const *) access->operators, error);
  return self->users || !access->users;
}

static const StreamOptions *
find_stream (const Options *options, const gchar *name)
{
  for (guint i = 0; i < options->streams->len; i++) {
    const StreamOptions *stream = options->streams->pdata[i];

    if (g_str_equal (stream->name, name))
      return stream;
  }
  return NULL;
}

static gboolean
is_set (Hub *hub, const gchar *property)
{
  const gchar *equals = strchr (property, '=');
  g_autofree gchar *name = g_strndup (property, (gsize) (equals - property));
  g_autofree gchar *value = hub_get_property (hub, name);

  return g_strcmp0 (value, equals + 1) == 0;
}

/* Returns: (transfer container): those of the stream that are new. */
static GPtrArray *
list_new_properties (Hub *hub, const StreamOptions *stream)
{
  GPtrArray *list = g_ptr_array_new ();
  gchar **properties = stream ? stream->properties : NULL;

  for (gchar **property = properties; property && *property; property++) {
    if (!is_set (hub, *property))
      g_ptr_array_add (list, *property);
  }
  g_ptr_array_add (list, NULL);
  return list;
}

static gboolean
try_hub (Reload *self, Hub *hub, GError **error)
{
  const StreamOptions *stream = find_stream (self->options, hub_get_name (hub));
  g_autoptr (GPtrArray) properties = list_new_properties (hub, stream);
  GPtrArray *changes = hub_try_properties (hub,
      (const gchar *const *) properties->pdata, error);

  if (changes)
    g_ptr_array_add (self->changes, changes);
  else if (*hub_get_name (hub))
    g_prefix_error (error, "stream %s: ", hub_get_name (hub));
  return changes != NULL;
}

static void
try_hubs (GTask *task, gpointer source, gpointer data,
    GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;

  for (guint i = 0; i < job->hubs->len; i++) {
    if (!try_hub (job->reload, job->hubs->pdata[i], &error)) {
      g_task_return_error (task, error);
      return;
    }
  }
  g_task_return_boolean (task, TRUE);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_clear_pointer (&job->reload, reload_free);
  job->func (job->reload, error, job->user_data);
  g_free (job);
}

void
reload_start (gchar **argv, GPtrArray *hubs, ReloadFunc func,
    gpointer user_data)
{
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_done, job);
  GError *error = NULL;

  job->reload = g_new0 (Reload, 1);
  job->reload->changes = g_ptr_array_new_with_free_func (free_changes);
  job->hubs = hubs;
  job->func = func;
  job->user_data = user_data;
  g_task_set_task_data (task, job, NULL);
  if (read_files (job->reload, argv, &error))
    g_task_run_in_thread (task, try_hubs);
  else
    g_task_return_error (task, error);
}
