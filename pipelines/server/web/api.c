/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "api.h"

#include "base/json.h"
#include "model-view.h"
#include "models.h"
#include "property-list.h"
#include "reply.h"

struct _Api {
  Stream *stream;
  Hub *hub;
  Access *access;
  const gchar *models; /* (nullable) */
  gchar *first_model;  /* the path of MODELS_DEFAULT */
  gchar *model;        /* the name of the one that runs */
  ModelView *view;     /* (nullable): of view_path */
  gchar *view_path;
  guint n_switches; /* that threads are at work on */
};

typedef struct {
  SoupServerMessage *message;
  GHashTable *query;
} Request;

typedef void (*Handler) (Api *self, const Request *request);

typedef struct {
  const gchar *method;
  const gchar *path;
  UserRole role; /* that it takes */
  Handler handle;
} Route;

static cJSON *
read_body (const Request *request, GError **error)
{
  SoupMessageBody *body = soup_server_message_get_request_body (
      request->message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

  return json_parse (bytes, error);
}

static void
get_properties (Api *self, const Request *request)
{
  reply_json (request->message, SOUP_STATUS_OK,
      property_list_describe (self->hub));
}

static void
patch_properties (Api *self, const Request *request)
{
  g_autoptr (GError) error = NULL;
  cJSON *changes = read_body (request, &error);

  if (changes && property_list_change (self->hub, changes, &error))
    get_properties (self, request);
  else
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST, error->message);
  cJSON_Delete (changes);
}

static Picture *
get_picture (Api *self, const Request *request)
{
  Picture *picture = stream_get_picture (self->stream);

  if (!picture)
    reply_error (request->message, SOUP_STATUS_SERVICE_UNAVAILABLE,
        "There is no picture yet");
  return picture;
}

static void
get_frame (Api *self, const Request *request)
{
  g_autoptr (Picture) picture = get_picture (self, request);

  if (picture)
    reply_json (request->message, SOUP_STATUS_OK,
        cJSON_CreateRaw (picture->json));
}

static void
get_snapshot (Api *self, const Request *request)
{
  g_autoptr (Picture) picture = get_picture (self, request);

  if (picture)
    reply_bytes (request->message, "image/jpeg", picture->jpeg);
}

static void
get_mjpeg (Api *self, const Request *request)
{
  stream_add_mjpeg (self->stream, request->message);
}

static guint
get_count (Api *self, const gchar *property)
{
  g_autofree gchar *text = hub_get_property (self->hub, property);

  return text ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

static ModelView *
load_view (Api *self, const gchar *path, GError **error)
{
  g_autofree gchar *labels = hub_get_property (self->hub, "labels");
  g_autofree gchar *output = hub_get_property (self->hub, "output");
  CnnLimits limits = CNN_LIMITS_DEFAULT;
  const ClassifierSource source = {
    .model = path,
    .labels = labels && *labels ? labels : NULL,
    .output = output,
    .limits = &limits,
  };

  limits.memory_bytes = (gsize) get_count (self, "max-memory") << 20;
  limits.macs = get_count (self, "max-macs") * CNN_LIMITS_MACS_UNIT;
  return model_view_new (&source, error);
}

/* The network that runs, loaded once more for its kernels, which its element
 * does not show. Once for each model. */
static const ModelView *
get_view (Api *self, GError **error)
{
  g_autofree gchar *path = hub_get_model_path (self->hub);

  if (self->view && g_strcmp0 (path, self->view_path) == 0)
    return self->view;
  g_clear_pointer (&self->view, model_view_free);
  g_clear_pointer (&self->view_path, g_free);
  if (!*path) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "No network runs");
    return NULL;
  }
  self->view = load_view (self, path, error);
  self->view_path = g_steal_pointer (&path);
  return self->view;
}

static void
get_model (Api *self, const Request *request)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = models_list (self->models);
  const ModelView *view = get_view (self, &error);
  cJSON *root = view ? model_view_describe (view) : cJSON_CreateObject ();

  cJSON_AddStringToObject (root, "running", self->model);
  cJSON_AddItemToObject (root, "models",
      cJSON_CreateStringArray ((const gchar *const *) names,
          (gint) g_strv_length (names)));
  if (error)
    cJSON_AddStringToObject (root, "error", error->message);
  reply_json (request->message, SOUP_STATUS_OK, root);
}

static void
get_kernel (Api *self, const Request *request)
{
  const gchar *layer = request->query
      ? g_hash_table_lookup (request->query, "layer")
      : NULL;
  const gchar *channel = request->query
      ? g_hash_table_lookup (request->query, "channel")
      : NULL;
  g_autoptr (GError) error = NULL;
  const ModelView *view = get_view (self, &error);
  g_autoptr (GBytes) kernel = NULL;
  g_autofree gchar *first = NULL;
  guint first_input;
  guint64 number;

  if (!layer || !channel
      || !g_ascii_string_to_unsigned (channel, 10, 0, G_MAXINT, &number,
          NULL)) {
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST,
        "?layer=NAME&channel=NUMBER says of which channel");
    return;
  }
  if (view)
    kernel = model_view_copy_kernel (view, layer, (guint) number, &first_input,
        &error);
  if (!kernel) {
    reply_error (request->message, SOUP_STATUS_NOT_FOUND, error->message);
    return;
  }
  first = g_strdup_printf ("%u", first_input);
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    request->message),
      "First-Input", first);
  reply_bytes (request->message, "application/octet-stream", kernel);
}

/* Switch: a change of the model, on which a thread is at work. */
typedef struct {
  Api *api;
  SoupServerMessage *message;
  gchar *name;
  gchar *path;
} Switch;

static void
switch_free (gpointer data)
{
  Switch *self = data;

  g_object_unref (self->message);
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}

static void
load_model (GTask *task, gpointer source, gpointer data,
    GCancellable *cancellable)
{
  const Switch *job = data;
  GError *error = NULL;

  if (hub_load_model (job->api->hub, job->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Settings that are about layers and classes of the old model. */
static void
forget_settings (Api *self)
{
  const gchar *const names[] = { "knock-out", "explain-layer",
    "explain-class" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    hub_set_property (self->hub, names[i], "", NULL);
}

static void
on_model_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  Api *self = data;
  const Switch *job = g_task_get_task_data (G_TASK (result));
  const Request request = { .message = job->message };
  g_autoptr (GError) error = NULL;

  self->n_switches--;
  if (g_task_propagate_boolean (G_TASK (result), &error)) {
    g_free (self->model);
    self->model = g_strdup (job->name);
    forget_settings (self);
    stream_announce_change (self->stream);
    get_model (self, &request);
  } else {
    reply_error (job->message, SOUP_STATUS_UNPROCESSABLE_ENTITY,
        error->message);
  }
  soup_server_message_unpause (job->message);
}

static gchar *
find_model (Api *self, const gchar *name, GError **error)
{
  if (g_str_equal (name, MODELS_DEFAULT))
    return g_strdup (self->first_model);
  return models_find (self->models, name, error);
}

static void
start_switch (Api *self, const Request *request, const gchar *name, gchar *path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_model_loaded, self);
  Switch *job = g_new0 (Switch, 1);

  job->api = self;
  job->message = g_object_ref (request->message);
  job->name = g_strdup (name);
  job->path = path;
  g_task_set_task_data (task, job, switch_free);
  self->n_switches++;
  soup_server_message_pause (request->message);
  g_task_run_in_thread (task, load_model);
}

static void
put_model (Api *self, const Request *request)
{
  g_autoptr (GError) error = NULL;
  cJSON *root = read_body (request, &error);
  const gchar *name = root ? json_get_string (root, "name", &error) : NULL;
  gchar *path = name ? find_model (self, name, &error) : NULL;

  if (path)
    start_switch (self, request, name, path);
  else
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST, error->message);
  cJSON_Delete (root);
}

static void
get_session (Api *self, const Request *request)
{
  const UserRole role = access_get_role (self->access, request->message);
  g_autofree gchar *ticket = access_make_ticket (self->access);
  cJSON *root = cJSON_CreateObject ();

  cJSON_AddStringToObject (root, "role",
      role == USER_OPERATOR ? "operator" : "viewer");
  cJSON_AddStringToObject (root, "ticket", ticket);
  cJSON_AddStringToObject (root, "stream", hub_get_name (self->hub));
  reply_json (request->message, SOUP_STATUS_OK, root);
}

static const Route routes[] = {
  { "GET", "api/session", USER_VIEWER, get_session },
  { "GET", "api/properties", USER_VIEWER, get_properties },
  { "PATCH", "api/properties", USER_OPERATOR, patch_properties },
  { "GET", "api/frame.json", USER_VIEWER, get_frame },
  { "GET", "api/model", USER_VIEWER, get_model },
  { "PUT", "api/model", USER_OPERATOR, put_model },
  { "GET", "api/kernel", USER_VIEWER, get_kernel },
  { "GET", "snapshot.jpg", USER_VIEWER, get_snapshot },
  { "GET", "mjpeg", USER_VIEWER, get_mjpeg },
};

Api *
api_new (Stream *stream, Access *access, const gchar *models)
{
  Api *self = g_new0 (Api, 1);

  self->stream = stream;
  self->hub = stream_get_hub (stream);
  self->access = access;
  self->models = models;
  self->first_model = hub_get_model_path (self->hub);
  self->model = g_strdup (MODELS_DEFAULT);
  return self;
}

void
api_free (Api *self)
{
  while (self->n_switches > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&self->view, model_view_free);
  g_free (self->view_path);
  g_free (self->first_model);
  g_free (self->model);
  g_free (self);
}

static void
run (Api *self, const Route *route, const Request *request)
{
  if (access_get_role (self->access, request->message) < route->role)
    reply_error (request->message, SOUP_STATUS_FORBIDDEN,
        "This takes an operator");
  else
    route->handle (self, request);
}

gboolean
api_handle (Api *self, SoupServerMessage *message, const gchar *path,
    GHashTable *query)
{
  const Request request = { message, query };
  const gchar *method = soup_server_message_get_method (message);
  gboolean is_known = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    if (!g_str_equal (routes[i].path, path))
      continue;
    is_known = TRUE;
    if (g_str_equal (routes[i].method, method)) {
      run (self, &routes[i], &request);
      return TRUE;
    }
  }
  if (is_known)
    reply_error (message, SOUP_STATUS_METHOD_NOT_ALLOWED,
        "This cannot be done here");
  return is_known;
}
