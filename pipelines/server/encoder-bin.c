/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "encoder-bin.h"

#include "canvas.h"

/* The outlet asks for keyframes by time. */
#define MAX_KEYFRAME_INTERVAL 600
/* The parameter sets come from the parser, within the picture. A payloader
 * would send them as a picture of their own, and FFmpeg would take the first
 * one for complete too early: it would show half of it. */
#define LAUNCH                                                  \
  "videoconvert name=convert ! videoscale add-borders=true"     \
  " ! capsfilter name=canvas caps=video/x-raw,format=I420"      \
  " ! x264enc name=" ENCODER_BIN_ENCODER                        \
  " tune=zerolatency speed-preset=veryfast"                     \
  " bitrate=%d key-int-max=%d"                                  \
  " ! video/x-h264,profile=main ! h264parse config-interval=-1" \
  " ! video/x-h264,stream-format=byte-stream,alignment=au ! %s"

static gboolean
add_front (GstBin *bin, GstElement *overlay)
{
  GstElement *appsrc = gst_element_factory_make ("appsrc", ENCODER_BIN_FRAMES);
  g_autoptr (GstElement) convert = gst_bin_get_by_name (bin, "convert");
  g_autoptr (GstElement) canvas = gst_bin_get_by_name (bin, "canvas");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (convert, "sink");

  canvas_fix (pad, canvas);
  gst_bin_add (bin, appsrc);
  if (!overlay)
    return gst_element_link (appsrc, convert);
  gst_bin_add (bin, overlay);
  return gst_element_link_many (appsrc, overlay, convert, NULL);
}

GstElement *
encoder_bin_new (Hub *hub, gboolean draws, const gchar *sink, GError **error)
{
  g_autofree gchar *launch = g_strdup_printf (LAUNCH,
      hub_get_options (hub)->bitrate, MAX_KEYFRAME_INTERVAL, sink);
  GstElement *bin = gst_parse_bin_from_description_full (launch, FALSE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);

  if (bin
      && !add_front (GST_BIN (bin), draws ? hub_make_overlay (hub) : NULL)) {
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "The elements before the encoder cannot be linked");
    gst_clear_object (&bin);
  }
  return bin;
}
