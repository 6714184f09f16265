/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "hub.h"

#include <gst/video/video.h>
#include <string.h>

#include "journal.h"
#include "mailbox.h"
#include "network.h"
#include "placeholder.h"
#include "properties.h"
#include "reader.h"

#define TICK_MS 250
/* How long there is no frame before the source counts as lost: at least this,
 * and for slow sources a few intervals of its pictures. */
#define PATIENCE_US (2 * G_USEC_PER_SEC)
#define PATIENCE_INTERVALS 3
#define MAX_PATIENCE_US (15 * G_USEC_PER_SEC)
/* A camera or a pipe takes time to open. */
#define START_PATIENCE_US (20 * G_USEC_PER_SEC)
#define NO_SIGNAL "No signal"
#define NO_SIGNAL_WIDTH 640
#define NO_SIGNAL_HEIGHT 480

struct _Hub {
  StreamOptions *options;
  HubListener listener;
  gpointer user_data;

  Reader *reader;
  Mailbox *pictures; /* from the reader to the network */
  Network *network;
  GstElement *elements[HUB_N_ELEMENTS];
  GMutex trial_lock;       /* one model at a time is loaded on trial */
  GMutex property_lock;    /* held while properties are set, and not longer */
  gboolean network_failed; /* of the thread of @pictures alone */
  gchar *configured_model; /* of the main thread alone */

  guint tick;
  gboolean is_ready;
  gboolean is_lost; /* the reader has said so; protected by lock */

  GMutex lock;
  GPtrArray *consumers; /* of HubConsumer; these are protected by lock */
  GstSample *last_frame;
  HubStatus status;
  guint64 n_frames;
  gint64 last_frame_time, last_interval;
  gint width, height; /* of the source's last picture */

  GstBuffer *placeholder; /* of the main thread alone */
  GstCaps *placeholder_caps;
  gint placeholder_width, placeholder_height;
};

struct _HubConsumer {
  Mailbox *mailbox;
};

static GstClockTime
get_clock_time (void)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  return gst_clock_get_time (clock);
}

static guint
count_regions (GstBuffer *picture)
{
  return gst_buffer_get_n_meta (picture,
      GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE);
}

/* Call with the lock. */
static void
note_picture (Hub *self, GstBuffer *picture, GstCaps *caps, GstClockTime time)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  const gint64 now = g_get_monotonic_time ();
  const GstClockTime clock_time = get_clock_time ();

  if (self->status.last_picture_time)
    self->last_interval = now - self->status.last_picture_time;
  self->status.last_picture_time = now;
  self->status.n_inferred++;
  self->status.has_signal = TRUE;
  self->status.latency = clock_time > time ? clock_time - time : 0;
  self->status.n_regions = count_regions (picture);
  self->is_lost = FALSE;
  gst_structure_get_int (structure, "width", &self->width);
  gst_structure_get_int (structure, "height", &self->height);
}

/* Hands a frame to all consumers. */
static void
publish (Hub *self, GstBuffer *picture, GstCaps *caps, GstClockTime time,
    gboolean has_signal)
{
  FrameInfo info = { .time = time, .has_signal = has_signal };
  g_autoptr (GstSample) old = NULL;
  GstSample *frame;

  g_mutex_lock (&self->lock);
  if (has_signal)
    note_picture (self, picture, caps, time);
  else
    self->status.has_signal = FALSE;
  info.number = ++self->n_frames;
  self->last_frame_time = g_get_monotonic_time ();
  frame = frame_new (picture, caps, &info);
  for (guint i = 0; i < self->consumers->len; i++) {
    HubConsumer *consumer = g_ptr_array_index (self->consumers, i);

    mailbox_put (consumer->mailbox, frame);
  }
  old = self->last_frame;
  self->last_frame = frame;
  g_mutex_unlock (&self->lock);
}

/* An element has failed in the middle, for instance at a model that has been
 * changed: start again with the next picture. */
static gboolean
restart_network (Hub *self)
{
  g_autoptr (GError) error = NULL;

  self->network_failed = !network_start (self->network, &error);
  return !self->network_failed;
}

static void
fail_network (Hub *self, const GError *error)
{
  journal_print ("%s", error->message);
  self->network_failed = TRUE;
}

/* Runs the network on a picture, in the thread of its mailbox. */
static void
on_picture (GstSample *sample, gpointer data)
{
  Hub *self = data;
  const FrameInfo info = frame_get_info (sample);
  GstCaps *caps = gst_sample_get_caps (sample);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstBuffer) result = NULL;

  if (self->network_failed && !restart_network (self))
    return;
  result = network_process (self->network,
      gst_buffer_ref (gst_sample_get_buffer (sample)), caps, info.time, &error);
  if (result)
    publish (self, result, caps, info.time, TRUE);
  else if (error)
    fail_network (self, error);
}

static void
on_read (GstBuffer *picture, GstCaps *caps, GstClockTime time, gpointer data)
{
  Hub *self = data;
  const FrameInfo info = { .time = time, .has_signal = TRUE };
  g_autoptr (GstSample) sample = frame_new (picture, caps, &info);

  g_mutex_lock (&self->lock);
  self->status.n_seen++;
  g_mutex_unlock (&self->lock);
  mailbox_put (self->pictures, sample);
}

static void
on_lost (const GError *error, gpointer data)
{
  Hub *self = data;

  g_mutex_lock (&self->lock);
  self->is_lost = TRUE;
  g_mutex_unlock (&self->lock);
}

static void
on_ended (const GError *error, gpointer data)
{
  Hub *self = data;

  on_lost (error, data);
  if (self->listener.ended)
    self->listener.ended (self, error, self->user_data);
}

static void
draw_placeholder (Hub *self, gint width, gint height)
{
  if (width == self->placeholder_width && height == self->placeholder_height)
    return;
  gst_clear_buffer (&self->placeholder);
  gst_clear_caps (&self->placeholder_caps);
  self->placeholder = placeholder_draw (width, height, NO_SIGNAL,
      &self->placeholder_caps);
  self->placeholder_width = width;
  self->placeholder_height = height;
}

static void
publish_placeholder (Hub *self)
{
  g_autoptr (GstBuffer) picture = NULL;
  gint width, height;

  g_mutex_lock (&self->lock);
  width = self->width;
  height = self->height;
  g_mutex_unlock (&self->lock);
  draw_placeholder (self, width, height);
  picture = gst_buffer_copy (self->placeholder);
  publish (self, picture, self->placeholder_caps, get_clock_time (), FALSE);
}

static gint64
get_patience (const Hub *self)
{
  if (self->is_lost || (self->n_frames > 0 && !self->status.has_signal))
    return 0;
  if (self->n_frames == 0)
    return source_is_remote (reader_get_source (self->reader))
        ? PATIENCE_US
        : START_PATIENCE_US;
  return CLAMP (PATIENCE_INTERVALS * self->last_interval, PATIENCE_US,
      MAX_PATIENCE_US);
}

static gboolean
on_tick (gpointer data)
{
  Hub *self = data;
  gboolean is_due, is_ready;

  g_mutex_lock (&self->lock);
  is_due = g_get_monotonic_time () - self->last_frame_time
      > get_patience (self);
  g_mutex_unlock (&self->lock);
  if (is_due)
    publish_placeholder (self);
  g_mutex_lock (&self->lock);
  is_ready = self->n_frames > 0;
  g_mutex_unlock (&self->lock);
  if (is_ready && !self->is_ready && self->listener.ready)
    self->listener.ready (self, self->user_data);
  self->is_ready = is_ready;
  return G_SOURCE_CONTINUE;
}

/* Those of the options. */
static gboolean
set_first_properties (Hub *self, GError **error)
{
  g_autoptr (GPtrArray) changes = properties_parse (self->elements,
      HUB_N_ELEMENTS, (const gchar *const *) self->options->properties, error);

  if (changes)
    properties_set (self->elements, HUB_N_ELEMENTS, changes);
  return changes != NULL;
}

static gboolean
make_elements (Hub *self, GError **error)
{
  self->network = network_new (error);
  if (!self->network)
    return FALSE;
  for (guint i = 0; i < NETWORK_N_ELEMENTS; i++)
    self->elements[i] = network_get_elements (self->network)[i];
  self->elements[HUB_OVERLAY] = hub_make_overlay (self);
  gst_object_ref_sink (self->elements[HUB_OVERLAY]);
  return TRUE;
}

static gboolean
make_reader (Hub *self, GError **error)
{
  const ReaderListener listener = { on_read, on_lost, on_ended };

  self->reader = reader_new (self->options, &listener, self, error);
  return self->reader != NULL;
}

Hub *
hub_new (const StreamOptions *options, GError **error)
{
  g_autoptr (Hub) self = g_new0 (Hub, 1);

  g_mutex_init (&self->trial_lock);
  g_mutex_init (&self->property_lock);
  g_mutex_init (&self->lock);
  self->options = stream_options_copy (options);
  self->consumers = g_ptr_array_new ();
  self->status.latency = GST_CLOCK_TIME_NONE;
  self->width = options->width ? options->width : NO_SIGNAL_WIDTH;
  self->height = options->height ? options->height : NO_SIGNAL_HEIGHT;
  if (!make_reader (self, error) || !make_elements (self, error)
      || !set_first_properties (self, error)
      || !network_start (self->network, error))
    return NULL;
  self->configured_model = hub_get_model_path (self);
  self->pictures = mailbox_new ("network", 1, NULL, on_picture, self);
  return g_steal_pointer (&self);
}

void
hub_set_listener (Hub *self, const HubListener *listener, gpointer user_data)
{
  self->listener = *listener;
  self->user_data = user_data;
}

void
hub_free (Hub *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->reader, reader_free);
  g_clear_pointer (&self->pictures, mailbox_free);
  gst_clear_object (&self->elements[HUB_OVERLAY]);
  g_clear_pointer (&self->network, network_free);
  g_clear_pointer (&self->last_frame, gst_sample_unref);
  gst_clear_buffer (&self->placeholder);
  gst_clear_caps (&self->placeholder_caps);
  g_ptr_array_unref (self->consumers);
  g_free (self->configured_model);
  stream_options_free (self->options);
  g_mutex_clear (&self->trial_lock);
  g_mutex_clear (&self->property_lock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
hub_start (Hub *self)
{
  self->last_frame_time = g_get_monotonic_time ();
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  reader_start (self->reader);
}

const gchar *
hub_get_name (const Hub *self)
{
  return self->options->name;
}

const StreamOptions *
hub_get_options (const Hub *self)
{
  return self->options;
}

HubConsumer *
hub_add_consumer (Hub *self, const gchar *name, guint capacity,
    GMainContext *context, HubFrameFunc func, gpointer user_data)
{
  HubConsumer *consumer = g_new0 (HubConsumer, 1);

  consumer->mailbox = mailbox_new (name, capacity, context, func, user_data);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->consumers, consumer);
  g_mutex_unlock (&self->lock);
  return consumer;
}

void
hub_remove_consumer (Hub *self, HubConsumer *consumer)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->consumers, consumer);
  g_mutex_unlock (&self->lock);
  mailbox_free (consumer->mailbox);
  g_free (consumer);
}

void
hub_consumer_get_counts (HubConsumer *consumer, guint64 *n_delivered,
    guint64 *n_dropped)
{
  mailbox_get_counts (consumer->mailbox, n_delivered, n_dropped);
}

GstSample *
hub_get_last_frame (Hub *self)
{
  GstSample *frame = NULL;

  g_mutex_lock (&self->lock);
  if (self->last_frame)
    frame = gst_sample_ref (self->last_frame);
  g_mutex_unlock (&self->lock);
  return frame;
}

void
hub_add_player (Hub *self)
{
  g_mutex_lock (&self->lock);
  self->status.n_players++;
  g_mutex_unlock (&self->lock);
}

void
hub_remove_player (Hub *self)
{
  g_mutex_lock (&self->lock);
  self->status.n_players--;
  g_mutex_unlock (&self->lock);
}

HubStatus
hub_get_status (Hub *self)
{
  HubStatus status;

  g_mutex_lock (&self->lock);
  status = self->status;
  status.n_consumers = self->consumers->len;
  g_mutex_unlock (&self->lock);
  mailbox_get_counts (self->pictures, NULL, &status.n_dropped);
  return status;
}

GstElement *
hub_get_element (Hub *self, HubElement element)
{
  return self->elements[element];
}

/* The first one is what the others follow. */
GstElement *
hub_make_overlay (Hub *self)
{
  GstElement *from = self->elements[HUB_OVERLAY];
  GstElement *overlay = gst_element_factory_make ("activationoverlay", NULL);
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs = 0;

  if (from)
    pspecs = properties_list (&from, 1, &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++) {
    g_object_bind_property (from, pspecs[i]->name, overlay, pspecs[i]->name,
        G_BINDING_SYNC_CREATE);
  }
  return overlay;
}

/* The properties at whose values an element can fail. */
static gboolean
is_risky (const PropertyChange *change)
{
  static const gchar *const names[] = { "model", "labels", "output",
    "max-memory", "max-macs", "layers", "explain", "explain-layer",
    "face-model", NULL };

  return g_strv_contains (names, change->name);
}

static gboolean
are_risky (const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++) {
    if (is_risky (changes->pdata[i]))
      return TRUE;
  }
  return FALSE;
}

static void
set (Hub *self, const GPtrArray *changes)
{
  g_mutex_lock (&self->property_lock);
  properties_set (self->elements, HUB_N_ELEMENTS, changes);
  g_mutex_unlock (&self->property_lock);
}

/* What has been tried is what is there when it is set. */
static gboolean
try_and_set (Hub *self, const GPtrArray *changes, GError **error)
{
  gboolean is_right;

  g_mutex_lock (&self->trial_lock);
  is_right = network_try (self->network, changes, error);
  if (is_right)
    set (self, changes);
  g_mutex_unlock (&self->trial_lock);
  return is_right;
}

/* Returns: (transfer full): the changes that were made; NULL after an error. */
static GPtrArray *
set_properties (Hub *self, const gchar *const *texts, GError **error)
{
  g_autoptr (GPtrArray)
      changes = properties_parse (self->elements, HUB_N_ELEMENTS, texts, error);

  if (!changes)
    return NULL;
  if (!are_risky (changes))
    set (self, changes);
  else if (!try_and_set (self, changes, error))
    return NULL;
  return g_steal_pointer (&changes);
}

static void
log_changes (Hub *self, const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++) {
    const PropertyChange *change = changes->pdata[i];

    journal_print ("%s%s%s is now %s", self->options->name,
        *self->options->name ? ": " : "", change->name, change->text);
  }
}

gboolean
hub_set_properties (Hub *self, const gchar *const *texts, GError **error)
{
  g_autoptr (GPtrArray) changes = set_properties (self, texts, error);

  if (changes)
    log_changes (self, changes);
  return changes != NULL;
}

GPtrArray *
hub_try_properties (Hub *self, const gchar *const *texts, GError **error)
{
  g_autoptr (GPtrArray)
      changes = properties_parse (self->elements, HUB_N_ELEMENTS, texts, error);

  return changes
          && (!are_risky (changes)
              || network_try (self->network, changes, error))
      ? g_steal_pointer (&changes)
      : NULL;
}

static void
note_configured_model (Hub *self, const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++) {
    const PropertyChange *change = changes->pdata[i];

    if (g_str_equal (change->name, "model")) {
      g_free (self->configured_model);
      self->configured_model = hub_get_model_path (self);
    }
  }
}

void
hub_apply_properties (Hub *self, const GPtrArray *changes)
{
  set (self, changes);
  note_configured_model (self, changes);
  log_changes (self, changes);
}

void
hub_set_default (Hub *self, const gchar *change)
{
  const gsize length = strcspn (change, "=") + 1;
  const gchar *const texts[] = { change, NULL };
  gchar **properties = self->options->properties;
  g_autoptr (GPtrArray) changes = NULL;

  for (guint i = 0; properties && properties[i]; i++) {
    if (strncmp (properties[i], change, length) == 0)
      return;
  }
  changes = set_properties (self, texts, NULL);
}

gchar *
hub_get_property (Hub *self, const gchar *name)
{
  return properties_get (self->elements, HUB_N_ELEMENTS, name);
}

GParamSpec **
hub_list_properties (Hub *self, guint *n_pspecs)
{
  return properties_list (self->elements, HUB_N_ELEMENTS, n_pspecs);
}

gchar *
hub_get_model_path (Hub *self)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");
  gchar *path = NULL;

  g_object_get (self->elements[HUB_INFERENCE], "model", &path, NULL);
  return path ? path
              : g_build_filename (folder ? folder : MODEL_DIR, "gender", NULL);
}

const gchar *
hub_get_configured_model (const Hub *self)
{
  return self->configured_model;
}
