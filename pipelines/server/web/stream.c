/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stream.h"

#include "../journal.h"
#include "mjpeg.h"
#include "picture-encoder.h"
#include "stage-clock.h"
#include "viewer.h"

struct _Stream {
  Hub *hub;
  HubConsumer *consumer; /* (nullable): only while somebody watches */
  StageClock *clocks[2]; /* tracker, inference */

  PictureEncoder *encoder; /* in the consumer's thread alone */
  Snapshots *snapshots;

  GMutex lock;
  Picture *newest; /* (nullable): protected by lock */
  guint delivery;  /* source that delivers it; protected by lock */

  gint revision; /* atomic */

  /* main thread */
  Picture *picture;     /* (nullable): the one that viewers get */
  GHashTable *messages; /* request as text -> GBytes, of that picture */
  GPtrArray *viewers;
  GPtrArray *mjpegs;
};

static GBytes *
get_message (Stream *self, const MessageRequest *request)
{
  gchar *key = message_request_to_key (request);
  GBytes *message = g_hash_table_lookup (self->messages, key);
  const MessageContext context = {
    .revision = (guint) g_atomic_int_get (&self->revision),
    .track_time = stage_clock_get_time (self->clocks[0]),
    .infer_time = stage_clock_get_time (self->clocks[1]),
  };

  if (message) {
    g_free (key);
    return message;
  }
  message = message_new (self->picture, request, &context);
  g_hash_table_insert (self->messages, key, message);
  return message;
}

static void
show_to_viewer (Viewer *viewer, gpointer data)
{
  Stream *self = data;

  if (self->picture && viewer_wants (viewer, self->picture))
    viewer_send (viewer, self->picture,
        get_message (self, viewer_get_request (viewer)));
}

static void
show_to_mjpeg (Mjpeg *mjpeg, gpointer data)
{
  Stream *self = data;

  if (self->picture)
    mjpeg_send (mjpeg, self->picture);
}

static gboolean
deliver (gpointer data)
{
  Stream *self = data;

  g_clear_pointer (&self->picture, picture_unref);
  g_hash_table_remove_all (self->messages);
  g_mutex_lock (&self->lock);
  self->picture = g_steal_pointer (&self->newest);
  self->delivery = 0;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->viewers->len; i++)
    show_to_viewer (g_ptr_array_index (self->viewers, i), self);
  for (guint i = 0; i < self->mjpegs->len; i++)
    show_to_mjpeg (g_ptr_array_index (self->mjpegs, i), self);
  return G_SOURCE_REMOVE;
}

/* In the consumer's own thread. A picture that the main thread had no time for
 * gives way to this one. */
static void
on_frame (GstSample *frame, gpointer data)
{
  Stream *self = data;
  g_autoptr (GError) error = NULL;
  Picture *picture = picture_encoder_encode (self->encoder, frame, &error);

  if (!picture) {
    journal_print ("%s", error->message);
    return;
  }
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->newest, picture_unref);
  self->newest = picture;
  if (!self->delivery)
    self->delivery = g_idle_add_full (G_PRIORITY_DEFAULT, deliver, self, NULL);
  g_mutex_unlock (&self->lock);
}

/* A picture of earlier is nothing for the next viewer. */
static void
forget_pictures (Stream *self)
{
  g_mutex_lock (&self->lock);
  g_clear_handle_id (&self->delivery, g_source_remove);
  g_clear_pointer (&self->newest, picture_unref);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->picture, picture_unref);
  g_hash_table_remove_all (self->messages);
}

static void
watch_or_rest (Stream *self)
{
  const gboolean is_watched = stream_count_viewers (self) > 0;

  if (is_watched && !self->consumer) {
    self->consumer = hub_add_consumer (self->hub, "web", 1, NULL, on_frame,
        self);
  } else if (!is_watched && self->consumer) {
    hub_remove_consumer (self->hub, g_steal_pointer (&self->consumer));
    forget_pictures (self);
  }
}

static void
on_viewer_closed (Viewer *viewer, gpointer data)
{
  Stream *self = data;

  journal_print ("%s has left the page /%s after %d s",
      viewer_get_address (viewer), hub_get_name (self->hub),
      viewer_get_age (viewer));
  g_ptr_array_remove (self->viewers, viewer);
  watch_or_rest (self);
}

static void
on_mjpeg_closed (Mjpeg *mjpeg, gpointer data)
{
  Stream *self = data;

  g_ptr_array_remove (self->mjpegs, mjpeg);
  watch_or_rest (self);
}

static void
on_notify (GObject *element, GParamSpec *pspec, gpointer data)
{
  stream_announce_change (data);
}

static void
listen_to_elements (Stream *self)
{
  for (guint i = 0; i < HUB_N_ELEMENTS; i++) {
    GstElement *element = hub_get_element (self->hub, (HubElement) i);

    g_signal_connect (element, "notify", G_CALLBACK (on_notify), self);
  }
}

Stream *
stream_new (Hub *hub, GError **error)
{
  Stream *self;
  PictureEncoder *encoder = picture_encoder_new (error);
  Snapshots *snapshots = encoder ? snapshots_new (hub, error) : NULL;

  if (!snapshots) {
    g_clear_pointer (&encoder, picture_encoder_free);
    return NULL;
  }
  self = g_new0 (Stream, 1);
  self->hub = hub;
  self->encoder = encoder;
  self->snapshots = snapshots;
  g_mutex_init (&self->lock);
  self->clocks[0] = stage_clock_new (hub_get_element (hub, HUB_TRACKER));
  self->clocks[1] = stage_clock_new (hub_get_element (hub, HUB_INFERENCE));
  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) g_bytes_unref);
  self->viewers = g_ptr_array_new_with_free_func ((GDestroyNotify) viewer_free);
  self->mjpegs = g_ptr_array_new_with_free_func ((GDestroyNotify) mjpeg_free);
  listen_to_elements (self);
  return self;
}

static void
stop (Stream *self)
{
  for (guint i = 0; i < HUB_N_ELEMENTS; i++)
    g_signal_handlers_disconnect_by_data (hub_get_element (self->hub,
                                              (HubElement) i),
        self);
  g_ptr_array_set_size (self->viewers, 0);
  g_ptr_array_set_size (self->mjpegs, 0);
  watch_or_rest (self);
}

void
stream_free (Stream *self)
{
  stop (self);
  snapshots_free (self->snapshots);
  for (guint i = 0; i < G_N_ELEMENTS (self->clocks); i++)
    stage_clock_free (self->clocks[i]);
  picture_encoder_free (self->encoder);
  g_hash_table_unref (self->messages);
  g_ptr_array_unref (self->viewers);
  g_ptr_array_unref (self->mjpegs);
  g_mutex_clear (&self->lock);
  g_free (self);
}

Hub *
stream_get_hub (Stream *self)
{
  return self->hub;
}

void
stream_add_viewer (Stream *self, SoupWebsocketConnection *connection,
    const gchar *address)
{
  Viewer *viewer = viewer_new (connection, address, show_to_viewer,
      on_viewer_closed, self);

  journal_print ("%s watches the page /%s", address, hub_get_name (self->hub));

  g_ptr_array_add (self->viewers, viewer);
  watch_or_rest (self);
}

void
stream_add_mjpeg (Stream *self, SoupServerMessage *message)
{
  Mjpeg *mjpeg = mjpeg_new (message, show_to_mjpeg, on_mjpeg_closed, self);

  g_ptr_array_add (self->mjpegs, mjpeg);
  watch_or_rest (self);
}

guint
stream_count_viewers (Stream *self)
{
  return self->viewers->len + self->mjpegs->len;
}

void
stream_ask_picture (Stream *self, SnapshotFunc func, gpointer user_data)
{
  if (self->consumer && self->picture)
    func (self->picture, user_data);
  else
    snapshots_ask (self->snapshots, func, user_data);
}

void
stream_announce_change (Stream *self)
{
  g_atomic_int_inc (&self->revision);
}
