/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "series.h"

GstHarness *
series_overlay (const gchar *properties)
{
  return test_harness (test_element ("activationoverlay %s", properties),
      "GRAY8", SERIES_WIDTH, SERIES_HEIGHT);
}

GstBuffer *
series_frame (guint number, GstClockTime pts)
{
  static const gfloat scores[] = { 0.1f, 0.9f, 0.3f, 0.2f };
  const gfloat score = scores[number % 4];
  const gfloat maps[] = { score, 0.0f, 1.0f - score, 0.5f };
  const Rect box = { 100 + 9 * ((gint) number % 3), 100, 80, 80 };
  GstBuffer *buffer = test_frame ("GRAY8", SERIES_WIDTH, SERIES_HEIGHT, 0);
  GstActivations *activations = test_activations (2, 2, 1, maps);

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  test_add_region (buffer, "face", 7, (guint) box.x, 100, 80, 80);
  test_add_prediction (buffer, activations, 7, &box);
  gst_activations_unref (activations);
  return buffer;
}

GBytes *
series_draw (GstHarness *overlay, guint number, GstClockTime pts)
{
  GstBuffer *buffer = test_push (overlay, series_frame (number, pts));
  GBytes *bytes = test_copy_bytes (buffer);

  gst_buffer_unref (buffer);
  return bytes;
}

gboolean
series_is_drawn_anew (GBytes *drawn, const gchar *properties, guint number)
{
  GstHarness *overlay = series_overlay (properties);
  g_autoptr (GBytes) first = series_draw (overlay, number, 0);

  gst_harness_teardown (overlay);
  return g_bytes_equal (drawn, first);
}
