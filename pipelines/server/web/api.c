/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "api.h"

#include "base/json.h"
#include "models.h"
#include "property-list.h"
#include "reply.h"
#include "uploads.h"
#include "view-loader.h"

struct _Api {
  Stream *stream;
  Hub *hub;
  Access *access;
  const gchar *models; /* (nullable) */
  Uploads *uploads;
  gchar *model; /* the name of the one that was chosen last */
  ViewLoader *views;
  guint n_changes; /* that threads are at work on */
};

typedef struct {
  SoupServerMessage *message;
  GHashTable *query; /* (nullable) */
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

/* Resumes a request that has been paused until its answer was there. */
static void
finish (SoupServerMessage *message)
{
  reply_resume (message);
  g_object_unref (message);
}

static void
reply_no_picture (SoupServerMessage *message)
{
  reply_error (message, SOUP_STATUS_SERVICE_UNAVAILABLE,
      "There is no picture yet");
}

static void
on_frame (Picture *picture, gpointer message)
{
  if (picture)
    reply_json (message, SOUP_STATUS_OK, cJSON_CreateRaw (picture->json));
  else
    reply_no_picture (message);
  finish (message);
}

static void
on_snapshot (Picture *picture, gpointer message)
{
  if (picture)
    reply_bytes (message, "image/jpeg", picture->jpeg);
  else
    reply_no_picture (message);
  finish (message);
}

static void
get_frame (Api *self, const Request *request)
{
  reply_pause (request->message);
  stream_ask_picture (self->stream, on_frame, g_object_ref (request->message));
}

static void
get_snapshot (Api *self, const Request *request)
{
  reply_pause (request->message);
  stream_ask_picture (self->stream, on_snapshot,
      g_object_ref (request->message));
}

static void
get_mjpeg (Api *self, const Request *request)
{
  stream_add_mjpeg (self->stream, request->message);
}

/* Question: a request that waits for the view of the model, paused. */
typedef struct Question Question;

/* @view: (nullable): NULL with an error. */
typedef void (*Answer) (const Question *question, const ModelView *view,
    const GError *error);

struct Question {
  Api *api;
  Request request;
  Answer answer;
};

/* The client may have gone meanwhile; then nothing is sent. */
static void
on_view (const ModelView *view, const GError *error, gpointer data)
{
  Question *self = data;

  self->answer (self, view, error);
  finish (self->request.message);
  g_clear_pointer (&self->request.query, g_hash_table_unref);
  g_free (self);
}

static void
ask_for_view (Api *self, const Request *request, Answer answer)
{
  Question *question = g_new0 (Question, 1);

  question->api = self;
  question->request.message = g_object_ref (request->message);
  if (request->query)
    question->request.query = g_hash_table_ref (request->query);
  question->answer = answer;
  view_loader_get (self->views, on_view, question);
}

/* Returns: (transfer full): those in the folder, and those that were sent. */
static cJSON *
list_models (const Api *self)
{
  g_auto (GStrv) names = models_list (self->models);
  cJSON *list = cJSON_CreateStringArray ((const gchar *const *) names,
      (gint) g_strv_length (names));

  for (guint i = 0; i < uploads_get_n_names (self->uploads); i++) {
    const gchar *name = uploads_get_name (self->uploads, i);

    if (!g_strv_contains ((const gchar *const *) names, name))
      cJSON_AddItemToArray (list, cJSON_CreateString (name));
  }
  return list;
}

/* Returns: (transfer none): the name of the model that runs. A reload chooses
 * the default again. */
static const gchar *
get_running (const Api *self)
{
  g_autofree gchar *path = hub_get_model_path (self->hub);

  return g_str_equal (path, hub_get_configured_model (self->hub))
      ? MODELS_DEFAULT
      : self->model;
}

static void
answer_model (const Question *question, const ModelView *view,
    const GError *error)
{
  const Api *self = question->api;
  cJSON *root = view ? model_view_describe (view) : cJSON_CreateObject ();

  cJSON_AddStringToObject (root, "running", get_running (self));
  cJSON_AddItemToObject (root, "models", list_models (self));
  if (error)
    cJSON_AddStringToObject (root, "error", error->message);
  reply_json (question->request.message, SOUP_STATUS_OK, root);
}

static void
get_model (Api *self, const Request *request)
{
  reply_pause (request->message);
  ask_for_view (self, request, answer_model);
}

static const gchar *
get_field (const Request *request, const gchar *name)
{
  return request->query ? g_hash_table_lookup (request->query, name) : NULL;
}

static gboolean
parse_channel (const Request *request, guint64 *channel)
{
  const gchar *text = get_field (request, "channel");

  return text
      && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, channel, NULL);
}

static void
reply_kernel (SoupServerMessage *message, GBytes *kernel, guint first_input)
{
  g_autofree gchar *first = g_strdup_printf ("%u", first_input);

  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "First-Input", first);
  reply_bytes (message, "application/octet-stream", kernel);
}

static void
answer_kernel (const Question *question, const ModelView *view,
    const GError *error)
{
  const Request *request = &question->request;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) kernel = NULL;
  guint64 channel = 0;
  guint first_input;

  parse_channel (request, &channel);
  if (view)
    kernel = model_view_copy_kernel (view, get_field (request, "layer"),
        (guint) channel, &first_input, &failure);
  if (kernel)
    reply_kernel (request->message, kernel, first_input);
  else
    reply_error (request->message, SOUP_STATUS_NOT_FOUND,
        (view ? failure : error)->message);
}

static void
get_kernel (Api *self, const Request *request)
{
  guint64 channel;

  if (!get_field (request, "layer") || !parse_channel (request, &channel)) {
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST,
        "?layer=NAME&channel=NUMBER says of which channel");
    return;
  }
  reply_pause (request->message);
  ask_for_view (self, request, answer_kernel);
}

/* Change: a request that changes properties, on which a thread is at work;
 * paused. */
typedef struct {
  Api *api;
  SoupServerMessage *message;
  gchar **properties; /* as hub_set_properties() takes them; NULL before the
                         upload is unpacked */
  gchar *model;       /* (nullable): the name of the one that runs afterwards */
  gchar *file;        /* (nullable): the name of the upload */
  GBytes *upload;     /* (nullable) */
  gchar *folder;      /* (nullable): where the upload has been unpacked */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_object_unref (self->message);
  g_strfreev (self->properties);
  g_free (self->model);
  g_free (self->file);
  g_clear_pointer (&self->upload, g_bytes_unref);
  g_free (self->folder);
  g_free (self);
}

/* Settings that are about layers and classes of the old model are forgotten. */
static gchar **
make_model_properties (const gchar *path)
{
  g_autofree gchar *model = g_strconcat ("model=", path, NULL);
  const gchar *const properties[] = { model,
    "knock-out=", "explain-layer=", "explain-class=", NULL };

  return g_strdupv ((gchar **) properties);
}

static gboolean
unpack_upload (Change *self, GError **error)
{
  if (!self->upload)
    return TRUE;
  self->folder = uploads_unpack (self->api->uploads, self->file, self->upload,
      error);
  if (self->folder)
    self->properties = make_model_properties (self->folder);
  return self->folder != NULL;
}

static void
run_change (GTask *task, gpointer source, gpointer data,
    GCancellable *cancellable)
{
  Change *change = data;
  GError *error = NULL;

  if (unpack_upload (change, &error)
      && hub_set_properties (change->api->hub,
          (const gchar *const *) change->properties, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
reply_changed_model (Api *self, Change *change)
{
  const Request request = { .message = change->message };

  if (change->folder)
    uploads_add (self->uploads, change->model,
        g_steal_pointer (&change->folder));
  g_free (self->model);
  self->model = g_steal_pointer (&change->model);
  stream_announce_change (self->stream);
  ask_for_view (self, &request, answer_model);
}

/* Nothing of an upload that cannot be used is left. */
static void
reply_failure (Change *change, const GError *error)
{
  g_autofree gchar *text = NULL;

  if (change->folder) {
    text = uploads_explain (error->message, change->folder, change->file);
    uploads_discard (change->folder);
    g_clear_pointer (&change->folder, g_free);
  }
  reply_error (change->message,
      change->model ? SOUP_STATUS_UNPROCESSABLE_ENTITY
                    : SOUP_STATUS_BAD_REQUEST,
      text ? text : error->message);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  Api *self = data;
  Change *change = g_task_get_task_data (G_TASK (result));
  const Request request = { .message = change->message };
  g_autoptr (GError) error = NULL;

  self->n_changes--;
  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    reply_failure (change, error);
  } else if (change->model) {
    reply_changed_model (self, change);
    return;
  } else {
    get_properties (self, &request);
  }
  reply_resume (change->message);
}

static Change *
change_new (Api *api, const Request *request)
{
  Change *self = g_new0 (Change, 1);

  self->api = api;
  self->message = g_object_ref (request->message);
  return self;
}

/* Takes @change. */
static void
start_change (Change *change)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_changed, change->api);

  change->api->n_changes++;
  reply_pause (change->message);
  g_task_set_task_data (task, change, change_free);
  g_task_run_in_thread (task, run_change);
}

static void
patch_properties (Api *self, const Request *request)
{
  g_autoptr (GError) error = NULL;
  cJSON *changes = read_body (request, &error);
  gchar **properties = changes ? property_list_read (self->hub, changes, &error)
                               : NULL;
  Change *change;

  cJSON_Delete (changes);
  if (!properties) {
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST, error->message);
    return;
  }
  change = change_new (self, request);
  change->properties = properties;
  start_change (change);
}

static gchar *
find_model (Api *self, const gchar *name, GError **error)
{
  const gchar *upload = uploads_find (self->uploads, name);

  if (upload)
    return g_strdup (upload);
  if (g_str_equal (name, MODELS_DEFAULT))
    return g_strdup (hub_get_configured_model (self->hub));
  return models_find (self->models, name, error);
}

static void
put_model (Api *self, const Request *request)
{
  g_autoptr (GError) error = NULL;
  cJSON *root = read_body (request, &error);
  const gchar *name = root ? json_get_string (root, "name", &error) : NULL;
  g_autofree gchar *path = name ? find_model (self, name, &error) : NULL;

  if (path) {
    Change *change = change_new (self, request);

    change->properties = make_model_properties (path);
    change->model = g_strdup (name);
    start_change (change);
  } else {
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST, error->message);
  }
  cJSON_Delete (root);
}

/* A model that is sent, and runs from then on. */
static void
post_model (Api *self, const Request *request)
{
  const gchar *file = get_field (request, "file");
  g_autoptr (GError) error = NULL;
  g_autofree gchar *name = uploads_make_name (file ? file : "", &error);
  Change *change;

  if (!name) {
    reply_error (request->message, SOUP_STATUS_BAD_REQUEST, error->message);
    return;
  }
  change = change_new (self, request);
  change->model = g_steal_pointer (&name);
  change->file = g_strdup (file);
  change->upload = soup_message_body_flatten (
      soup_server_message_get_request_body (request->message));
  start_change (change);
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
  { "POST", "api/models", USER_OPERATOR, post_model },
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
  self->model = g_strdup (MODELS_DEFAULT);
  self->uploads = uploads_new ();
  self->views = view_loader_new (self->hub);
  return self;
}

void
api_free (Api *self)
{
  while (self->n_changes > 0)
    g_main_context_iteration (NULL, TRUE);
  view_loader_free (self->views);
  uploads_free (self->uploads);
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
