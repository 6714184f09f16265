/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Prints a line for each face that cnninference says something about, from its
 * messages on the bus:
 *
 *     predictions FILE
 *
 * Messages need nothing but GStreamer. To compile this file alone:
 *
 *     cc -o predictions predictions.c \
 *         $(pkg-config --cflags gstreamer-1.0) \
 *         $(pkg-config --libs gstreamer-1.0)
 */

#include <gst/gst.h>

#define PIPELINE                                                \
  "filesrc name=file"                                           \
  " ! decodebin expose-all-streams=false caps=video/x-raw(ANY)" \
  " ! videoconvert ! videoflip video-direction=auto"            \
  " ! facetracker ! cnninference post-messages=true ! fakesink"

static void
print_region (GstClockTime time, const GstStructure *region)
{
  gdouble confidence = 0.0;
  gint id = -1;

  gst_structure_get (region, "id", G_TYPE_INT, &id, "confidence", G_TYPE_DOUBLE,
      &confidence, NULL);
  g_print ("%.3f s, face %d: %s %.2f\n", (gdouble) time / GST_SECOND, id,
      gst_structure_get_string (region, "label"), confidence);
}

static void
print_predictions (const GstStructure *message)
{
  const GValue *regions = gst_structure_get_value (message, "regions");
  GstClockTime time = 0;

  gst_structure_get (message, "stream-time", GST_TYPE_CLOCK_TIME, &time, NULL);
  for (guint i = 0; i < gst_value_list_get_size (regions); i++)
    print_region (time,
        gst_value_get_structure (gst_value_list_get_value (regions, i)));
}

static void
print_error (GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *details = NULL;

  gst_message_parse_error (message, &error, &details);
  g_printerr ("%s\n%s\n", error->message, details);
}

/* Returns: whether the film was played to its end */
static gboolean
watch (GstBus *bus)
{
  for (;;) {
    g_autoptr (GstMessage)
        message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
            GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

    if (gst_message_has_name (message, "cnninference")) {
      print_predictions (gst_message_get_structure (message));
    } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      print_error (message);
      return FALSE;
    } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
      return TRUE;
    }
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstBus) bus = NULL;
  gboolean is_played;

  gst_init (&argc, &argv);
  if (argc != 2) {
    g_printerr ("Usage: %s FILE\n", argv[0]);
    return 2;
  }
  pipeline = gst_parse_launch (PIPELINE, &error);
  if (error) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_object_set (file, "location", argv[1], NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  is_played = watch (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return is_played ? 0 : 1;
}
