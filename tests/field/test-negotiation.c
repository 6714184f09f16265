/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Negotiation and drawing must follow the same decision, whatever changes in
 * the meantime: properties, sizes, or the elements around. */

#include "common.h"

#include <string.h>

#define WAIT (100 * GST_SECOND)

/* Successive frames have these sizes in turn. */
static const gint sizes[][2] = { { 320, 240 }, { 160, 120 }, { 161, 121 },
  { 15, 9 }, { 240, 320 }, { 400, 300 }, { 16, 16 } };

typedef struct {
  GstElement *pipeline;
  GstElement *source;
  GstElement *overlay; /* (nullable) */
  GstSample *samples[G_N_ELEMENTS (sizes)];
  gint n_pushed; /* atomic */
  gint enough;   /* atomic */
} Line;

static void
push_next (GstElement *source, guint length, gpointer data)
{
  Line *line = data;
  const gint number = g_atomic_int_add (&line->n_pushed, 1);
  GstFlowReturn flow;

  if (g_atomic_int_get (&line->enough))
    g_signal_emit_by_name (source, "end-of-stream", &flow);
  else
    g_signal_emit_by_name (source, "push-sample",
        line->samples[(guint) number % G_N_ELEMENTS (sizes)], &flow);
}

static gboolean
seek_anywhere (GstElement *source, guint64 offset, gpointer data)
{
  return TRUE;
}

static void
make_samples (Line *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const gint width = sizes[i][0], height = sizes[i][1];
    g_autoptr (GstCaps) caps = test_caps ("I420", width, height);
    GstBuffer *buffer = test_frame ("I420", width, height, 0);

    line->samples[i] = gst_sample_new (buffer, caps, NULL, NULL);
    gst_buffer_unref (buffer);
  }
}

/* Starts a pipeline with frames of all sizes through @middle, in which one
 * element may be named `overlay`. */
static void
start_line (Line *line, const gchar *middle)
{
  g_autofree gchar *text =
      g_strdup_printf ("appsrc name=source format=time stream-type=seekable ! "
                       "%s ! fakesink async=false",
          middle);
  g_autoptr (GError) error = NULL;

  memset (line, 0, sizeof (*line));
  make_samples (line);
  line->pipeline = gst_parse_launch_full (text, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  fail_unless (line->pipeline != NULL, "%s", error ? error->message : "");
  line->source = gst_bin_get_by_name (GST_BIN (line->pipeline), "source");
  line->overlay = gst_bin_get_by_name (GST_BIN (line->pipeline), "overlay");
  g_signal_connect (line->source, "need-data", G_CALLBACK (push_next), line);
  g_signal_connect (line->source, "seek-data", G_CALLBACK (seek_anywhere),
      line);
  gst_element_set_state (line->pipeline, GST_STATE_PLAYING);
}

static void
fail_on_error (GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return;
  gst_message_parse_error (message, &error, &debug);
  fail ("%s\n%s", error->message, debug);
}

/* Fails unless the pipeline reaches its end without an error. */
static void
finish_line (Line *line)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (line->pipeline);
  GstMessage *message;

  g_atomic_int_set (&line->enough, TRUE);
  message = gst_bus_timed_pop_filtered (bus, WAIT,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "no end");
  fail_on_error (message);
  gst_message_unref (message);
  gst_element_set_state (line->pipeline, GST_STATE_NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    gst_sample_unref (line->samples[i]);
  gst_object_unref (line->source);
  gst_clear_object (&line->overlay);
  gst_object_unref (line->pipeline);
}

/* Waits until @n more frames have been taken, or until there is an error. */
static void
wait_for_frames (Line *line, gint n)
{
  const gint last = g_atomic_int_get (&line->n_pushed) + n;
  g_autoptr (GstBus) bus = gst_element_get_bus (line->pipeline);
  gboolean failed = FALSE;

  while (!failed && g_atomic_int_get (&line->n_pushed) < last) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, GST_MSECOND,
        GST_MESSAGE_ERROR);

    failed = message != NULL;
    if (message)
      fail_on_error (message);
  }
}

static const gchar *const middles[] = {
  "activationoverlay name=overlay layout=beside",
  "videoconvert ! activationoverlay name=overlay layout=beside ! videoconvert",
  "queue ! activationoverlay name=overlay layout=beside ! queue",
  "videoscale ! activationoverlay name=overlay layout=beside ! "
  "video/x-raw,width=544,height=180",
  "videoscale ! queue ! activationoverlay name=overlay layout=beside ! queue ! "
  "capsfilter caps=video/x-raw,width=400,height=200",
  "activationoverlay layout=beside ! activationoverlay name=overlay "
  "layout=beside",
  "activationmap name=overlay layout=beside",
};

/* Changes a property, at intervals that place the change anywhere in a
 * negotiation. */
static void
change (Line *line, guint number)
{
  if (number % 3 < 2)
    gst_util_set_object_arg (G_OBJECT (line->overlay), "layout",
        number % 2 ? "beside" : "dock");
  else
    g_object_set (line->overlay, "draw-maps", number % 2, NULL);
  g_usleep (100);
}

GST_START_TEST (test_layout_while_sizes_change)
{
  Line line;

  start_line (&line, middles[__i__]);
  for (guint i = 0; i < 3000; i++) {
    change (&line, i);
    if (i % 50 == 0)
      wait_for_frames (&line, 1);
  }
  finish_line (&line);
}
GST_END_TEST;

typedef struct {
  Line *line;
  GstElement *before;
  GstElement *after;
  const gchar *description; /* of the element in between, or NULL for none */
  GMutex lock;
  GCond cond;
  gboolean is_done;
} Relink;

static void
take_out (Line *line)
{
  gst_element_set_state (line->overlay, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (line->pipeline), line->overlay);
  gst_clear_object (&line->overlay);
}

static void
put_in (Relink *relink)
{
  Line *line = relink->line;
  g_autoptr (GstElement) element = test_element ("%s", relink->description);

  gst_bin_add (GST_BIN (line->pipeline), element);
  line->overlay = g_steal_pointer (&element);
  fail_unless (gst_element_link_many (relink->before, line->overlay,
      relink->after, NULL));
  gst_element_sync_state_with_parent (line->overlay);
}

static GstPadProbeReturn
relink_now (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Relink *relink = data;
  Line *line = relink->line;

  if (line->overlay)
    take_out (line);
  else
    gst_element_unlink (relink->before, relink->after);
  if (relink->description)
    put_in (relink);
  else
    fail_unless (gst_element_link (relink->before, relink->after));
  g_mutex_lock (&relink->lock);
  relink->is_done = TRUE;
  g_cond_signal (&relink->cond);
  g_mutex_unlock (&relink->lock);
  return GST_PAD_PROBE_REMOVE;
}

static void
relink_between_frames (Relink *relink, const gchar *description)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (relink->before, "src");

  relink->description = description;
  relink->is_done = FALSE;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER,
      relink_now, relink, NULL);
  g_mutex_lock (&relink->lock);
  while (!relink->is_done)
    g_cond_wait (&relink->cond, &relink->lock);
  g_mutex_unlock (&relink->lock);
}

/* Elements are replaced as applications do it: in a pad probe, while the
 * pipeline is playing. */
GST_START_TEST (test_relinking)
{
  static const gchar *const descriptions[][2] = {
    { "activationoverlay layout=beside", "activationoverlay" },
    { "activationmap", "activationmap layout=beside" },
    { "activationoverlay layout=beside", NULL },
    { "activationmap layout=beside", NULL },
  };
  Line line;
  Relink relink = { .line = &line };

  g_mutex_init (&relink.lock);
  g_cond_init (&relink.cond);
  start_line (&line, "identity name=before ! identity name=after");
  relink.before = gst_bin_get_by_name (GST_BIN (line.pipeline), "before");
  relink.after = gst_bin_get_by_name (GST_BIN (line.pipeline), "after");
  for (guint i = 0; i < 40; i++) {
    relink_between_frames (&relink, descriptions[__i__][i % 2]);
    for (guint k = 0; line.overlay && k < 30; k++)
      change (&line, k);
    wait_for_frames (&line, 10);
  }
  gst_object_unref (relink.before);
  gst_object_unref (relink.after);
  finish_line (&line);
  g_mutex_clear (&relink.lock);
  g_cond_clear (&relink.cond);
}
GST_END_TEST;

/* Seeks arrive while the layout changes. */
GST_START_TEST (test_flushes_while_layout_changes)
{
  Line line;

  start_line (&line, "activationoverlay name=overlay ! videoconvert");
  for (guint i = 0; i < 100; i++) {
    for (guint k = 0; k < 10; k++)
      change (&line, k);
    fail_unless (gst_element_seek_simple (line.pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH, 0));
    wait_for_frames (&line, 3);
  }
  finish_line (&line);
}
GST_END_TEST;

static GstHarness *
harness_around (const gchar *description)
{
  GstElement *element = test_element ("%s", description);
  GstHarness *harness = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element); /* the harness has its own reference */
  return harness;
}

static GstHarness *
harness_with_sink_caps (const gchar *description, const gchar *caps)
{
  GstHarness *harness = harness_around (description);

  gst_harness_set_sink_caps_str (harness, caps);
  return harness;
}

static guint
count_errors (GstElement *pipeline, const gchar *text)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_timed_pop_filtered (bus, 2 * GST_SECOND,
              GST_MESSAGE_ERROR))) {
    g_autoptr (GError) error = NULL;

    gst_message_parse_error (message, &error, NULL);
    n += strstr (error->message, text) != NULL;
    gst_message_unref (message);
  }
  return n;
}

/* If there is no room for the panel beside the picture, the element that knows
 * the reason reports it in one error. */
GST_START_TEST (test_no_room_beside)
{
  static const gchar *const lines[] = {
    "videotestsrc ! video/x-raw,width=640,height=480 ! activationoverlay "
    "layout=beside ! video/x-raw,width=640,height=480 ! fakesink",
    "videotestsrc ! video/x-raw,width=640,height=480 ! activationoverlay "
    "layout=beside ! videoconvert ! video/x-raw,width=640 ! fakesink",
    "videotestsrc ! video/x-raw,width=640,height=480 ! activationmap "
    "layout=beside ! video/x-raw,width=640 ! fakesink",
  };
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (lines[__i__], &error);

  fail_unless (error == NULL, "%s", error ? error->message : "");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  fail_unless_equals_int (count_errors (pipeline, "'layout'"), 1);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}
GST_END_TEST;

/* A scaler upstream makes room, whatever the shape of the pixels. */
GST_START_TEST (test_scaler_makes_room)
{
  static const gchar *const outs[] = { "width=640,height=360", "width=640",
    "width=[16,4096]", "width=[16,1000],height=[16,1000]",
    "width=[2,1000,2],height=[2,1000,2]" };
  g_autofree gchar *text = g_strdup_printf (
      "videotestsrc num-buffers=2 ! video/x-raw,width=720,height=576,"
      "pixel-aspect-ratio=16/15 ! videoscale ! activationoverlay "
      "layout=beside ! video/x-raw,%s ! fakesink",
      outs[__i__]);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, WAIT,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_on_error (message);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}
GST_END_TEST;

/* While playing, a lack of room causes only a warning, and the frames stay as
 * they were. */
GST_START_TEST (test_no_room_while_playing)
{
  GstHarness *harness = harness_with_sink_caps ("activationoverlay",
      "video/x-raw,width=320");

  gst_harness_set_src_caps (harness, test_caps ("I420", 320, 240));
  for (guint i = 0; i < 6; i++) {
    if (i == 2)
      gst_util_set_object_arg (G_OBJECT (harness->element), "layout", "beside");
    gst_buffer_unref (test_push (harness, test_frame ("I420", 320, 240, i)));
  }
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Small frames pass through, even if downstream asks for their size. */
GST_START_TEST (test_small_frames)
{
  static const gint small[][2] = { { 15, 9 }, { 1, 1 }, { 15, 400 },
    { 400, 15 }, { 16, 15 }, { 32768, 1 }, { 1, 32768 } };

  for (guint i = 0; i < G_N_ELEMENTS (small); i++) {
    const gint width = small[i][0], height = small[i][1];
    g_autofree gchar *text = g_strdup_printf ("video/x-raw,width=%d,height=%d",
        width, height);
    GstHarness *harness =
        harness_with_sink_caps ("activationoverlay layout=beside", text);
    g_autoptr (GstCaps) caps = test_caps ("GRAY8", width, height);
    g_autoptr (GstCaps) taken = gst_pad_peer_query_caps (harness->srcpad, caps);

    fail_if (gst_caps_is_empty (taken), "%s", text);
    gst_harness_set_src_caps (harness, g_steal_pointer (&caps));
    gst_buffer_unref (
        test_push (harness, test_frame ("GRAY8", width, height, 0)));
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

static gboolean
takes (const GstCaps *caps, const gchar *format, gint width, gint height)
{
  g_autoptr (GstCaps) frame = test_caps (format, width, height);

  return gst_caps_can_intersect (caps, frame);
}

/* Returns the width of the output for frames of this size. */
static gint
get_wide_width (gint width, gint height)
{
  GstHarness *harness = gst_harness_new_parse ("activationoverlay "
                                               "layout=beside");
  g_autoptr (GstCaps) caps = NULL;
  gint wide = 0;

  gst_harness_set_src_caps (harness, test_caps ("GRAY8", width, height));
  caps = gst_pad_get_current_caps (harness->sinkpad);
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &wide);
  gst_harness_teardown (harness);
  return wide;
}

/* Upstream is offered exactly the sizes that downstream accepts, less the
 * panel, in whatever form downstream gives them. */
GST_START_TEST (test_forms_of_sizes)
{
  enum {
    N_STEPPED = 4
  };
  static const gchar *const forms[] = {
    "video/x-raw,width=[1,2147483647],height=[1,2147483647]",
    "video/x-raw,width=[2,1920,2],height=[2,1080,2]",
    "video/x-raw,width=[16,1920,16],height=[4,1080,4]",
    "video/x-raw,width=[32,4096,32],height=480",
    "video/x-raw,width=[3,1200,3],height=480",
    "video/x-raw,width=[16,1920],height=[16,1080]",
    "video/x-raw,width={544,1072,15},height={180,480,9}",
    "video/x-raw,width={544,[1000,1100]},height={180,[400,500]}",
    "video/x-raw,width=1072",
    "video/x-raw,height=480",
    "video/x-raw,width=2147483647,height=2147483647",
    "video/x-raw,width=2147483647,height=1",
    "video/x-raw,width=2147483647",
    "video/x-raw,width=1000,height=1",
    "video/x-raw(ANY),width=[1,1072]",
  };
  static const gint frames[][2] = { { 640, 480 }, { 641, 479 }, { 320, 180 },
    { 319, 180 }, { 1280, 720 }, { 1920, 1080 }, { 15, 9 }, { 16, 16 },
    { 17, 400 }, { 416, 480 }, { 100, 480 }, { 101, 480 }, { 752, 480 },
    { 1000, 1 }, { 32767, 32767 }, { 32768, 20 }, { 633, 480 } };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    GstHarness *harness =
        harness_with_sink_caps ("activationoverlay layout=beside", forms[i]);
    g_autoptr (GstCaps) out = gst_caps_from_string (forms[i]);
    g_autoptr (GstCaps) in = gst_pad_peer_query_caps (harness->srcpad, NULL);

    fail_unless (gst_caps_get_size (in) < 100);
    for (guint k = 0; k < G_N_ELEMENTS (frames); k++) {
      const gint width = frames[k][0], height = frames[k][1];
      const gint wide = get_wide_width (width, height);

      if (width % 2 == 1 && i > 0 && i <= N_STEPPED)
        continue; /* ranges with a step keep it */
      fail_unless (takes (in, "GRAY8", width, height)
              == takes (out, "GRAY8", wide, height),
          "%s: %dx%d becomes %dx%d", forms[i], width, height, wide, height);
    }
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

#define COMPOSITION                                            \
  "video/x-raw(memory:SystemMemory,"                           \
  "" GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION "); " \
  "video/x-raw"

static GstCaps *
with_composition (GstCaps *caps)
{
  gst_caps_set_features (caps, 0,
      gst_caps_features_new (
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, NULL));
  return caps;
}

/* Returns a harness around elements that draw on frames of 640x480. The sink
 * draws compositions, in a window of this size, or of an unknown size if @width
 * is 0. */
static GstHarness *
harness_before_window (const gchar *elements, guint width, guint height)
{
  GstHarness *harness = gst_harness_new_parse (elements);
  g_autoptr (GstStructure) window = NULL;

  if (width > 0)
    window = gst_structure_new ("GstVideoOverlayCompositionMeta", "width",
        G_TYPE_UINT, width, "height", G_TYPE_UINT, height, NULL);
  gst_harness_set_sink_caps_str (harness, COMPOSITION);
  gst_harness_add_propose_allocation_meta (harness,
      GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, window);
  gst_harness_set_src_caps (harness, test_caps ("I420", 640, 480));
  return harness;
}

static const gfloat values[4] = { 1.0f, 2.0f, 3.0f, 4.0f };

static GstBuffer *
frame_with_face (guint number, gint x)
{
  GstBuffer *buffer = test_frame ("I420", 640, 480, number);
  g_autoptr (GstActivations) activations = test_activations (2, 2, 1, values);
  const Rect box = { x, 150, 150, 150 };

  test_add_prediction (buffer, activations, 1, &box);
  return buffer;
}

/* Returns the last composition, which holds all that activationoverlay knows
 * of. */
static GstVideoOverlayComposition *
get_composition (GstBuffer *buffer)
{
  GstVideoOverlayComposition *composition = NULL;
  gpointer state = NULL;
  GstMeta *meta;

  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE)))
    composition = ((GstVideoOverlayCompositionMeta *) meta)->overlay;
  return composition;
}

static guint
count_compositions (GstBuffer *buffer)
{
  return gst_buffer_get_n_meta (buffer,
      GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE);
}

static guint
count_rectangles (GstBuffer *buffer)
{
  GstVideoOverlayComposition *composition = get_composition (buffer);

  return composition ? gst_video_overlay_composition_n_rectangles (composition)
                     : 0;
}

static GstPadProbeReturn
flush_once (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstHarness *harness = data;

  if (GST_QUERY_TYPE (GST_PAD_PROBE_INFO_QUERY (info)) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  return GST_PAD_PROBE_REMOVE;
}

/* A query without an answer is not remembered as a refusal. */
GST_START_TEST (test_flush_while_asking)
{
  GstHarness *harness = harness_before_window ("activationoverlay", 0, 0);
  GstSegment segment;
  GstBuffer *buffer;

  gst_pad_add_probe (harness->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      flush_once, harness, NULL);
  fail_unless_equals_int (gst_harness_push (harness, frame_with_face (0, 100)),
      GST_FLOW_FLUSHING);
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  for (guint i = 0; i < 3; i++) {
    buffer = test_push (harness, frame_with_face (i, 100));
    fail_unless_equals_int (count_rectangles (buffer), 6);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GstPadProbeReturn
answer_nothing (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if (GST_QUERY_TYPE (GST_PAD_PROBE_INFO_QUERY (info)) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  return GST_PAD_PROBE_HANDLED;
}

/* Downstream is replaced by an element with the same caps that does not draw
 * compositions, and back. */
GST_START_TEST (test_other_downstream)
{
  GstHarness *harness = harness_before_window ("activationoverlay", 0, 0);
  gulong probe = 0;

  for (guint i = 0; i < 9; i++) {
    const gboolean draws = i / 3 != 1;
    GstBuffer *buffer;

    if (i == 3)
      probe = gst_pad_add_probe (harness->sinkpad,
          GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, answer_nothing, NULL, NULL);
    if (i == 6)
      gst_pad_remove_probe (harness->sinkpad, probe);
    if (i % 3 == 0)
      gst_harness_push_upstream_event (harness, gst_event_new_reconfigure ());
    buffer = test_push (harness, frame_with_face (i, 100));
    fail_unless_equals_int (count_rectangles (buffer), draws ? 6 : 0);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Compositions have the resolution of downstream's window, and are placed in
 * the coordinates of the frame. */
GST_START_TEST (test_window_size)
{
  static const struct {
    guint width, height;
    gdouble scale;
  } windows[] = { { 0, 0, 1.0 }, { 640, 480, 1.0 }, { 1280, 960, 2.0 },
    { 1920, 960, 2.0 }, { 320, 1000, 0.5 }, { 1, 1, 16.0 / 480 },
    { G_MAXUINT, G_MAXUINT, 8192.0 / 640 } };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++) {
    GstHarness *harness = harness_before_window ("activationoverlay",
        windows[i].width, windows[i].height);
    GstBuffer *buffer = test_push (harness, frame_with_face (0, 100));
    GstVideoOverlayComposition *composition = get_composition (buffer);

    fail_unless (composition != NULL || windows[i].width == 1);
    for (guint k = 0; k < count_rectangles (buffer); k++) {
      GstVideoOverlayRectangle *rectangle =
          gst_video_overlay_composition_get_rectangle (composition, k);
      GstBuffer *pixels =
          gst_video_overlay_rectangle_get_pixels_unscaled_raw (rectangle,
              GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
      GstVideoMeta *meta = gst_buffer_get_video_meta (pixels);
      guint width, height;
      gint x, y;

      gst_video_overlay_rectangle_get_render_rectangle (rectangle, &x, &y,
          &width, &height);
      fail_unless (x >= 0 && y >= 0);
      fail_unless (x + (gint) width <= 640 && y + (gint) height <= 480);
      fail_unless (
          ABS (width * windows[i].scale - meta->width) <= windows[i].scale);
    }
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Whatever their size, frames are not scaled to fewer pixels than can be drawn
 * on. */
GST_START_TEST (test_tiny_window)
{
  for (gint side = 17; side < 120; side++) {
    GstHarness *harness = harness_before_window ("activationoverlay", 1, 1);

    gst_harness_set_src_caps (harness, test_caps ("GRAY8", 2 * side, side));
    gst_buffer_unref (
        test_push (harness, test_frame ("GRAY8", 2 * side, side, 0)));
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

static GstBuffer *
get_pixels (GstBuffer *buffer, guint index)
{
  return gst_video_overlay_rectangle_get_pixels_unscaled_raw (
      gst_video_overlay_composition_get_rectangle (get_composition (buffer),
          index),
      GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
}

/* An unchanged composition is attached again, parts that only move keep their
 * pixels, and only parts that are drawn anew get new ones. */
GST_START_TEST (test_unchanged_composition)
{
  GstHarness *harness = harness_before_window (
      "activationoverlay name=overlay layout=none smoothing=0", 0, 0);
  g_autoptr (GstElement)
      overlay = gst_bin_get_by_name (GST_BIN (harness->element), "overlay");
  GstBuffer *frames[4];

  for (guint i = 0; i < 4; i++) {
    if (i == 3)
      g_object_set (overlay, "layout", 0, NULL);
    frames[i] = test_push (harness, frame_with_face (i, i < 2 ? 100 : 110));
  }
  fail_unless_equals_int (count_rectangles (frames[0]), 5);
  fail_unless (get_composition (frames[0]) == get_composition (frames[1]));
  fail_if (get_composition (frames[1]) == get_composition (frames[2]));
  fail_unless_equals_int (count_rectangles (frames[3]), 6);
  for (guint i = 0; i < 5; i++) {
    fail_unless (get_pixels (frames[1], i) == get_pixels (frames[2], i));
    fail_unless (get_pixels (frames[2], i) == get_pixels (frames[3], i));
  }
  for (guint i = 0; i < 4; i++)
    gst_buffer_unref (frames[i]);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The title alone does not change, but maps do. */
GST_START_TEST (test_unchanged_title)
{
  GstHarness *harness = harness_before_window ("activationoverlay", 0, 0);
  GstBuffer *frames[4];

  for (guint i = 0; i < 4; i++)
    frames[i] = test_push (harness,
        i < 2 ? test_frame ("I420", 640, 480, i) : frame_with_face (i, 100));
  fail_unless_equals_int (count_rectangles (frames[0]), 1);
  fail_unless (get_composition (frames[0]) == get_composition (frames[1]));
  fail_if (get_pixels (frames[2], 5) == get_pixels (frames[3], 5));
  for (guint i = 0; i < 4; i++)
    gst_buffer_unref (frames[i]);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Counts what all compositions of a frame draw. A text overlay attaches one of
 * its own, which before GStreamer 1.28 also holds what was attached already. */
static guint
count_drawings (GstBuffer *buffer)
{
  g_autoptr (GHashTable) drawings = g_hash_table_new (NULL, NULL);
  gpointer state = NULL;
  GstMeta *meta;

  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE))) {
    GstVideoOverlayComposition *composition =
        ((GstVideoOverlayCompositionMeta *) meta)->overlay;
    const guint n = gst_video_overlay_composition_n_rectangles (composition);

    for (guint i = 0; i < n; i++) {
      GstVideoOverlayRectangle *rectangle =
          gst_video_overlay_composition_get_rectangle (composition, i);

      g_hash_table_add (drawings,
          gst_video_overlay_rectangle_get_pixels_unscaled_raw (rectangle,
              gst_video_overlay_rectangle_get_flags (rectangle)));
    }
  }
  return g_hash_table_size (drawings);
}

/* Sinks may draw only one composition, so our overlay adds to the ones before
 * it. */
GST_START_TEST (test_others_attach)
{
  static const struct {
    const gchar *elements;
    guint n_rectangles;
  } lines[] = {
    { "timeoverlay", 1 },
    { "activationoverlay", 6 },
    { "timeoverlay ! activationoverlay", 7 },
    { "activationoverlay ! timeoverlay", 7 },
    { "activationoverlay ! activationoverlay draw-boxes=false", 7 },
    { "timeoverlay ! timeoverlay", 2 },
    { "timeoverlay ! timeoverlay ! activationoverlay", 8 },
    { "timeoverlay ! activationoverlay draw-boxes=false draw-labels=false "
      "draw-maps=false ! timeoverlay",
        2 },
  };
  static const gchar *const needed[] = { "timeoverlay", NULL };

  if (!test_has_elements (needed))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    GstHarness *harness = harness_before_window (lines[i].elements, 0, 0);

    for (guint k = 0; k < 3; k++) {
      GstBuffer *buffer = test_push (harness, frame_with_face (k, 100));

      fail_unless_equals_int (count_drawings (buffer), lines[i].n_rectangles);
      fail_unless (g_str_has_suffix (lines[i].elements, "timeoverlay")
          || count_compositions (buffer) == 1);
      gst_buffer_unref (buffer);
    }
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* If nobody downstream draws compositions, the overlays draw on the frame in
 * turn. */
GST_START_TEST (test_others_draw)
{
  static const gchar *const orders[] = { "timeoverlay ! activationoverlay",
    "activationoverlay ! timeoverlay" };
  static const gchar *const needed[] = { "timeoverlay", NULL };

  if (!test_has_elements (needed))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++) {
    GstHarness *harness = gst_harness_new_parse (orders[i]);
    GstBuffer *buffer = frame_with_face (0, 100);
    g_autoptr (GBytes) before = test_copy_bytes (buffer);

    gst_harness_set_src_caps (harness, test_caps ("I420", 640, 480));
    buffer = test_push (harness, buffer);
    fail_if (test_same_bytes (buffer, before));
    fail_unless_equals_int (count_rectangles (buffer), 0);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Attaches a white plate of 300x200 at 300,20, which is partly under the
 * panel. */
static void
add_plate (GstBuffer *buffer)
{
  GstBuffer *pixels = gst_buffer_new_allocate (NULL, 300 * 200 * 4, NULL);
  GstVideoOverlayRectangle *rectangle;
  GstVideoOverlayComposition *composition;

  gst_buffer_memset (pixels, 0, 0xff, 300 * 200 * 4);
  gst_buffer_add_video_meta (pixels, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, 300, 200);
  rectangle = gst_video_overlay_rectangle_new_raw (pixels, 300, 20, 300, 200,
      GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
  composition = gst_video_overlay_composition_new (rectangle);
  gst_buffer_add_video_overlay_composition_meta (buffer, composition);
  gst_video_overlay_composition_unref (composition);
  gst_video_overlay_rectangle_unref (rectangle);
  gst_buffer_unref (pixels);
}

static void
blend_plate (GstBuffer *buffer)
{
  g_autoptr (GstCaps) caps = test_caps ("I420", 640, 480);
  GstVideoInfo info;
  GstVideoFrame frame;

  add_plate (buffer);
  fail_unless (gst_video_info_from_caps (&info, caps));
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE));
  gst_video_overlay_composition_blend (get_composition (buffer), &frame);
  gst_video_frame_unmap (&frame);
  gst_buffer_remove_video_overlay_composition_meta (buffer,
      gst_buffer_get_video_overlay_composition_meta (buffer));
}

/* A composition from upstream that downstream does not draw is drawn first, and
 * only once. */
GST_START_TEST (test_composition_from_upstream)
{
  static const gchar *const elements[] = { "activationoverlay",
    "activationoverlay layout=beside", "activationoverlay layout=none",
    "activationoverlay draw-boxes=false draw-labels=false draw-maps=false" };

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstHarness *plain = gst_harness_new_parse (elements[i]);
    GstHarness *harness = gst_harness_new_parse (elements[i]);
    GstBuffer *blended = frame_with_face (0, 100);
    GstBuffer *buffer = frame_with_face (0, 100);
    g_autoptr (GBytes) expected = NULL;

    blend_plate (blended);
    add_plate (buffer);
    gst_harness_set_sink_caps_str (harness, "video/x-raw");
    gst_harness_set_src_caps (plain, test_caps ("I420", 640, 480));
    gst_harness_set_src_caps (harness,
        with_composition (test_caps ("I420", 640, 480)));
    blended = test_push (plain, blended);
    expected = test_copy_bytes (blended);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (count_rectangles (buffer), 0);
    /* with the layout beside, the panel shows the face as it came */
    fail_unless (test_same_bytes (buffer, expected), "%s", elements[i]);
    gst_buffer_unref (buffer);
    gst_buffer_unref (blended);
    gst_harness_teardown (plain);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* With nothing to draw, buffers are not even made writable. */
GST_START_TEST (test_nothing_to_draw)
{
  GstHarness *harness = test_harness (
      test_element ("activationoverlay draw-labels=false layout=none"), "I420",
      640, 480);

  for (guint i = 0; i < 6; i++) {
    GstBuffer *buffer = frame_with_face (i, 100), *out;

    g_object_set (harness->element, "draw-boxes", i % 2, NULL);
    out = test_push (harness, gst_buffer_ref (buffer));
    fail_unless ((out == buffer) == (i % 2 == 0));
    gst_buffer_unref (out);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Caps of other kinds of memory are not accepted, as we cannot draw on it. */
GST_START_TEST (test_other_memory)
{
  static const gchar *const others[] = {
    "video/x-raw(memory:GLMemory)",
    "video/x-raw(memory:DMABuf)",
    "video/x-raw(memory:CUDAMemory,meta:GstVideoOverlayComposition)",
    "video/x-raw(format:Interlaced),interlace-mode=alternate",
  };
  GstHarness *harness = gst_harness_new_parse ("activationoverlay");

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree gchar *text =
        g_strdup_printf ("%s,format=RGBA,width=320,height=240,framerate=30/1",
            others[i]);
    g_autoptr (GstCaps) caps = gst_caps_from_string (text);
    g_autoptr (GstCaps) taken = NULL;

    fail_unless (caps != NULL, "%s", text);
    fail_if (gst_pad_peer_query_accept_caps (harness->srcpad, caps), "%s",
        text);
    taken = gst_pad_peer_query_caps (harness->srcpad, caps);
    fail_unless (gst_caps_is_empty (taken), "%s", text);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
negotiation_suite (void)
{
  Suite *suite = suite_create ("negotiation");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_layout_while_sizes_change, 0,
      G_N_ELEMENTS (middles));
  tcase_add_loop_test (tests, test_relinking, 0, 4);
  tcase_add_test (tests, test_flushes_while_layout_changes);
  tcase_add_loop_test (tests, test_no_room_beside, 0, 3);
  tcase_add_loop_test (tests, test_scaler_makes_room, 0, 5);
  tcase_add_test (tests, test_no_room_while_playing);
  tcase_add_test (tests, test_small_frames);
  tcase_add_test (tests, test_forms_of_sizes);
  tcase_add_test (tests, test_flush_while_asking);
  tcase_add_test (tests, test_other_downstream);
  tcase_add_test (tests, test_window_size);
  tcase_add_test (tests, test_tiny_window);
  tcase_add_test (tests, test_unchanged_composition);
  tcase_add_test (tests, test_unchanged_title);
  tcase_add_test (tests, test_others_attach);
  tcase_add_test (tests, test_others_draw);
  tcase_add_test (tests, test_composition_from_upstream);
  tcase_add_test (tests, test_nothing_to_draw);
  tcase_add_test (tests, test_other_memory);
  return suite;
}

GST_CHECK_MAIN (negotiation);
