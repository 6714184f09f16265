/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/gst.h>

#include "relay.h"

#define PATIENCE (10 * GST_SECOND)

typedef struct {
  Relay *relay;
  GstElement *pipeline;
  GstElement *appsrc;
  GstElement *appsink;
  guint n_requests;
} Fixture;

static void
count_request (gpointer data)
{
  Fixture *self = data;

  self->n_requests++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GError) error = NULL;

  self->relay = relay_new (count_request, self);
  self->pipeline = gst_parse_launch (
      "appsrc name=in is-live=true format=time ! appsink name=out sync=false",
      &error);
  g_assert_no_error (error);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  self->appsrc = gst_bin_get_by_name (GST_BIN (self->pipeline), "in");
  self->appsink = gst_bin_get_by_name (GST_BIN (self->pipeline), "out");
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  relay_free (self->relay);
  gst_object_unref (self->appsrc);
  gst_object_unref (self->appsink);
  gst_object_unref (self->pipeline);
}

static void
push (Fixture *self, gint width, GstBufferFlags flags)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBuffer) picture = gst_buffer_new_allocate (NULL, 16, NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-h264", "width",
      G_TYPE_INT, width, NULL);

  GST_BUFFER_FLAG_SET (picture, flags);
  relay_push (self->relay, picture, caps, gst_clock_get_time (clock));
}

static gint
pull_width (Fixture *self)
{
  g_autoptr (GstSample) sample = NULL;
  gint width = 0;

  g_signal_emit_by_name (self->appsink, "try-pull-sample", PATIENCE, &sample);
  g_assert_nonnull (sample);
  gst_structure_get_int (gst_caps_get_structure (gst_sample_get_caps (sample),
                             0),
      "width", &width);
  return width;
}

static void
test_caps_change (Fixture *self, gconstpointer data)
{
  relay_add (self->relay, self->appsrc);
  push (self, 160, 0);
  push (self, 160, GST_BUFFER_FLAG_DELTA_UNIT);
  push (self, 320, 0);
  g_assert_cmpint (pull_width (self), ==, 160);
  g_assert_cmpint (pull_width (self), ==, 160);
  g_assert_cmpint (pull_width (self), ==, 320);
}

static void
test_begins_with_keyframe (Fixture *self, gconstpointer data)
{
  relay_add (self->relay, self->appsrc);
  push (self, 160, GST_BUFFER_FLAG_DELTA_UNIT);
  g_assert_cmpuint (self->n_requests, ==, 1);
  push (self, 320, 0);
  g_assert_cmpuint (self->n_requests, ==, 1);
  g_assert_cmpint (pull_width (self), ==, 320);
}

static void
assert_error (Fixture *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage)
      message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  g_assert_nonnull (message);
}

/* An element that waits for a picture gets an error, and so does one that is
 * added too late. */
static void
test_close (Fixture *self, gconstpointer late)
{
  if (!late)
    relay_add (self->relay, self->appsrc);
  relay_close (self->relay);
  if (late)
    relay_add (self->relay, self->appsrc);
  assert_error (self);
}

static void
test_remove (Fixture *self, gconstpointer data)
{
  relay_add (self->relay, self->appsrc);
  relay_remove (self->relay, self->appsrc);
  push (self, 160, GST_BUFFER_FLAG_DELTA_UNIT);
  g_assert_cmpuint (self->n_requests, ==, 0);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add ("/relay/caps-change", Fixture, NULL, set_up, test_caps_change,
      tear_down);
  g_test_add ("/relay/begins-with-keyframe", Fixture, NULL, set_up,
      test_begins_with_keyframe, tear_down);
  g_test_add ("/relay/close", Fixture, NULL, set_up, test_close, tear_down);
  g_test_add ("/relay/close-before", Fixture, "late", set_up, test_close,
      tear_down);
  g_test_add ("/relay/remove", Fixture, NULL, set_up, test_remove, tear_down);
  return g_test_run ();
}
