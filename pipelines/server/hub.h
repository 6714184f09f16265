/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "frame.h"
#include "options.h"

G_BEGIN_DECLS

/* Hub: one stream. One source is read and one network is run, however many
 * consumers there are and whatever they make of the frames: each frame is
 * handed once to every consumer. It runs from hub_start() on, and gives frames
 * even while the source gives none: then they say that there is no signal.
 *
 * All functions may be called from any thread, except where it is said
 * otherwise. The program's default main context must be running. */
typedef struct _Hub Hub;

/* A consumer of frames, with a mailbox of its own, so that a slow one delays
 * nobody: when the mailbox is full, the oldest frame in it is dropped. */
typedef struct _HubConsumer HubConsumer;

/* @frame is the consumer's only for the call; gst_sample_ref() keeps it. See
 * frame.h for what it holds. */
typedef void (*HubFrameFunc) (GstSample *frame, gpointer user_data);

typedef struct {
  guint64 n_seen;           /* pictures that the source gave */
  guint64 n_inferred;       /* of them, those that went through the network */
  guint64 n_dropped;        /* of them, those for which there was no time */
  GstClockTime latency;     /* of the last frame, from when it was taken to
                                when it was handed out; or NONE */
  gint64 last_picture_time; /* g_get_monotonic_time() when the last picture of
                                the source was handed out; 0 if none was */
  gboolean has_signal;      /* whether the source gives pictures now */
  guint n_regions;          /* regions (faces) in the last frame */
  guint n_consumers;
  guint n_players; /* that watch it by RTSP */
} HubStatus;

/* The elements whose properties can be changed while the hub runs. */
typedef enum {
  HUB_TRACKER,   /* facetracker */
  HUB_INFERENCE, /* cnninference */
  HUB_OVERLAY,   /* activationoverlay: not itself in a pipeline, but every
                    output that draws follows its properties, see
                    hub_make_overlay() */
  HUB_N_ELEMENTS
} HubElement;

typedef struct {
  /* The first frame was handed out. */
  void (*ready) (Hub *hub, gpointer user_data);
  /* The source has ended for good; there will be no more pictures of it. */
  void (*ended) (Hub *hub, const GError *error, gpointer user_data);
} HubListener;

/* Only makes the elements and checks the options; @options is copied. Call from
 * the main thread. Errors: a source, property or element that there is not. */
Hub *hub_new (const StreamOptions *options, GError **error);

/* Both functions are called from the main thread. Set them before the start. */
void hub_set_listener (Hub *self, const HubListener *listener,
    gpointer user_data);

/* Stops the source. All consumers must have been removed. From the main
 * thread. */
void hub_free (Hub *self);

/* Starts the source; if it fails or ends, it is tried again and again, at
 * growing intervals. From the main thread. */
void hub_start (Hub *self);

/* The name of the stream, as in [stream NAME] and in its paths; "" if it is the
 * only one and was given none. */
const gchar *hub_get_name (const Hub *self);
/* What the stream was made of. */
const StreamOptions *hub_get_options (const Hub *self);

/* Adds a consumer. @context: where @func is called; NULL for a thread of its
 * own. @capacity: how many frames may wait, at least 1; 1 means that the newest
 * one wins. @name is for logs. The consumer must be given back with
 * hub_remove_consumer(). */
HubConsumer *hub_add_consumer (Hub *self, const gchar *name, guint capacity,
    GMainContext *context, HubFrameFunc func, gpointer user_data);

/* Once this returns, @func is not running (unless this is called from within
 * it, or from another thread than that of @context), and is not called again.
 * Frees the consumer. */
void hub_remove_consumer (Hub *self, HubConsumer *consumer);

/* How many frames @func was given, and how many were dropped for it. */
void hub_consumer_get_counts (HubConsumer *consumer, guint64 *n_delivered,
    guint64 *n_dropped);

/* Returns: (transfer full) (nullable): the last frame that was handed out. */
GstSample *hub_get_last_frame (Hub *self);

HubStatus hub_get_status (Hub *self);

/* Counts somebody who watches the stream by RTSP, until the other is called. */
void hub_add_player (Hub *self);
void hub_remove_player (Hub *self);

/* Returns: (transfer none): an element, for its properties, and for its signals
 * "notify", which come from the thread that changes a property. */
GstElement *hub_get_element (Hub *self, HubElement element);

/* Returns: (transfer floating): a new activationoverlay whose properties are
 * those of hub_get_element (HUB_OVERLAY), and follow them. */
GstElement *hub_make_overlay (Hub *self);

/* Sets properties of the element activationmap, such as "colormap=viridis", on
 * all elements that have them: all or, after an error, none. The values are in
 * GStreamer's notation. What they change is logged. A model is loaded on trial
 * first, which may take a while; other functions do not wait for it. @changes:
 * NULL-terminated. Errors: a name or value that there is not, or that the
 * network cannot run with. */
gboolean hub_set_properties (Hub *self, const gchar *const *changes,
    GError **error);

/* The same for options that have changed, in two steps, of which only the first
 * takes a while and may fail: it only tries. Returns: (transfer full): for
 * hub_apply_properties(), which is called from the main thread. */
GPtrArray *hub_try_properties (Hub *self, const gchar *const *changes,
    GError **error);
void hub_apply_properties (Hub *self, const GPtrArray *changes);

/* The same as hub_set_properties() for a default, such as "explain=grad-cam",
 * which holds unless the options of the stream set the property. It is not
 * logged. */
void hub_set_default (Hub *self, const gchar *change);

/* Returns: (transfer full): a property as hub_set_properties() takes its value;
 * NULL if there is no such property. */
gchar *hub_get_property (Hub *self, const gchar *name);

/* The properties that hub_set_properties() knows, without GObject's and
 * GstObject's own. Returns: (transfer container). */
GParamSpec **hub_list_properties (Hub *self, guint *n_pspecs);

/* Returns: (transfer full): the model.json, or its folder, that the network was
 * loaded from; "" if there is none. */
gchar *hub_get_model_path (Hub *self);

/* Returns: (transfer none): the same, of the model that the options name, since
 * the last hub_apply_properties(). From the main thread. */
const gchar *hub_get_configured_model (const Hub *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hub, hub_free)

G_END_DECLS
