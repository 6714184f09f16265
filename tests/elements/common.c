/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "common.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/stored-number.h"

const gchar *const test_formats[] = { "I420", "YV12", "NV12", "NV21", "YUY2",
  "UYVY", "I420_10LE", "P010_10LE", "GRAY8", "RGB", "BGR", "RGBx", "BGRx",
  "xRGB", "RGBA", "BGRA", "ARGB" };
G_STATIC_ASSERT (G_N_ELEMENTS (test_formats) == TEST_N_FORMATS);

void
test_load_plugin (void)
{
  const gchar *file = g_getenv ("ACTIVATIONMAP_PLUGIN");
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPlugin) plugin = NULL;

  if (!file || !*file)
    return;
  plugin = gst_plugin_load_file (file, &error);
  if (!plugin)
    g_error ("%s", error->message);
}

const gchar *
test_path (const gchar *relative)
{
  g_autofree gchar *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"),
      relative, NULL);

  return g_intern_string (path);
}

#define MODEL_JSON                                                          \
  "{\"format\":\"layers-model\",\"modelTopology\":{\"model_config\":"       \
  "{\"class_name\":\"Model\",\"config\":{\"name\":\"written\",\"layers\":[" \
  "{\"name\":\"in\",\"class_name\":\"InputLayer\",\"config\":{"             \
  "\"batch_input_shape\":[null,%d,%d,%d]},\"inbound_nodes\":[]},"           \
  "{\"name\":\"conv\",\"class_name\":\"Conv2D\",\"config\":{\"filters\":2," \
  "\"kernel_size\":[3,3],\"strides\":[1,1],\"padding\":\"same\","           \
  "\"activation\":\"relu\"},\"inbound_nodes\":[[[\"in\",0,0,{}]]]},"        \
  "{\"name\":\"flat\",\"class_name\":\"Flatten\",\"config\":{},"            \
  "\"inbound_nodes\":[[[\"conv\",0,0,{}]]]},"                               \
  "{\"name\":\"out\",\"class_name\":\"Dense\",\"config\":{\"units\":%u,"    \
  "\"activation\":\"softmax\"},\"inbound_nodes\":[[[\"flat\",0,0,{}]]]}],"  \
  "\"input_layers\":[[\"in\",0,0]],\"output_layers\":[[\"out\",0,0]]}}},"   \
  "\"weightsManifest\":[{\"paths\":[\"weights.bin\"],\"weights\":["         \
  "{\"name\":\"conv/kernel\",\"shape\":[3,3,%d,2],\"dtype\":\"float32\"},"  \
  "{\"name\":\"conv/bias\",\"shape\":[2],\"dtype\":\"float32\"},"           \
  "{\"name\":\"out/kernel\",\"shape\":[%d,%u],\"dtype\":\"float32\"},"      \
  "{\"name\":\"out/bias\",\"shape\":[%u],\"dtype\":\"float32\"}]}]}"

gchar *
test_write_model (gint height, gint width, gint channels, guint n_classes)
{
  const gint n_cells = height * width * 2;
  const gsize n_weights = (gsize) (9 * channels * 2 + 2)
      + (gsize) (n_cells + 1) * n_classes;
  g_autofree gchar *json = g_strdup_printf (MODEL_JSON, height, width, channels,
      n_classes, channels, n_cells, n_classes, n_classes);
  g_autofree gfloat *weights = g_new (gfloat, n_weights);
  gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);

  for (gsize i = 0; i < n_weights; i++)
    weights[i] = (gfloat) (i * 7 % 13) / 26.0f - 0.2f;
  stored_float32_convert (weights, n_weights);
  test_write_file (folder, "model.json", json, -1);
  test_write_file (folder, "weights.bin", weights,
      (gssize) (n_weights * sizeof *weights));
  return folder;
}

void
test_write_file (const gchar *folder, const gchar *name, const void *data,
    gssize size)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  fail_unless (g_file_set_contents (path, data, size, NULL));
}

void
test_remove_folder (gchar *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);

    g_remove (path);
  }
  g_dir_close (dir);
  g_rmdir (folder);
  g_free (folder);
}

GstCaps *
test_caps (const gchar *format, gint width, gint height)
{
  return gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, format,
      "width", G_TYPE_INT, width, "height", G_TYPE_INT, height, "framerate",
      GST_TYPE_FRACTION, 30, 1, NULL);
}

GstBuffer *
test_frame (const gchar *format, gint width, gint height, guint number)
{
  GstBuffer *buffer;
  GstMapInfo map;
  GstVideoInfo info;
  guint32 state = 12345 + number;

  gst_video_info_set_format (&info, gst_video_format_from_string (format),
      (guint) width, (guint) height);
  buffer = gst_buffer_new_and_alloc (GST_VIDEO_INFO_SIZE (&info));
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < map.size; i++) {
    state = state * 1664525u + 1013904223u;
    map.data[i] = (guint8) (state >> 24);
  }
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (
      buffer) = gst_util_uint64_scale_int (GST_SECOND, (gint) number, 30);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
  return buffer;
}

GstBuffer *
test_convert (GstBuffer *buffer, const gchar *from, const gchar *to, gint width,
    gint height)
{
  g_autoptr (GstCaps) from_caps = test_caps (from, width, height);
  g_autoptr (GstCaps) to_caps = test_caps (to, width, height);
  GstVideoInfo from_info, to_info;
  GstVideoFrame from_frame, to_frame;
  GstVideoConverter *converter;
  GstBuffer *result;

  fail_unless (gst_video_info_from_caps (&from_info, from_caps));
  fail_unless (gst_video_info_from_caps (&to_info, to_caps));
  result = gst_buffer_new_and_alloc (GST_VIDEO_INFO_SIZE (&to_info));
  gst_buffer_copy_into (result, buffer, GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  fail_unless (
      gst_video_frame_map (&from_frame, &from_info, buffer, GST_MAP_READ));
  fail_unless (
      gst_video_frame_map (&to_frame, &to_info, result, GST_MAP_WRITE));
  converter = gst_video_converter_new (&from_info, &to_info, NULL);
  gst_video_converter_frame (converter, &from_frame, &to_frame);
  gst_video_converter_free (converter);
  gst_video_frame_unmap (&from_frame);
  gst_video_frame_unmap (&to_frame);
  gst_buffer_unref (buffer);
  return result;
}

GstBuffer *
test_black_frame (const gchar *format, gint width, gint height, guint number)
{
  GstBuffer *buffer = test_frame ("GRAY8", width, height, number);

  gst_buffer_memset (buffer, 0, 0, gst_buffer_get_size (buffer));
  return test_convert (buffer, "GRAY8", format, width, height);
}

void
test_draw_square (GstBuffer *buffer, gint width, gint x, gint y, gint side,
    guint8 luma)
{
  const gsize stride = GST_ROUND_UP_4 ((gsize) width);

  for (gint row = y; row < y + side; row++)
    gst_buffer_memset (buffer, stride * (gsize) row + (gsize) x, luma,
        (gsize) side);
}

GstVideoRegionOfInterestMeta *
test_add_region (GstBuffer *buffer, const gchar *type, gint id, guint x,
    guint y, guint width, guint height)
{
  GstVideoRegionOfInterestMeta *region =
      gst_buffer_add_video_region_of_interest_meta (buffer, type, x, y, width,
          height);

  region->id = id;
  return region;
}

GstVideoRegionOfInterestMeta *
test_nth_region (GstBuffer *buffer, guint index)
{
  gpointer state = NULL;
  GstMeta *meta;

  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    if (index-- == 0)
      break;
  }
  return (GstVideoRegionOfInterestMeta *) meta;
}

gint
test_object_id (GstVideoRegionOfInterestMeta *region)
{
  const GstStructure *object_id =
      gst_video_region_of_interest_meta_get_param (region, "object_id");
  gint id = -1;

  if (object_id)
    fail_unless (gst_structure_get_int (object_id, "id", &id));
  return id;
}

gboolean
test_has_analytics (void)
{
  return g_type_from_name ("GstAnalyticsRelationMetaAPI") != 0;
}

GstActivations *
test_activations (guint height, guint width, guint channels, const gfloat *data)
{
  const gchar *const labels[] = { "low", "high", NULL };
  const gfloat scores[] = { 0.25f, 0.75f };
  g_autoptr (GstActivationsBuilder)
      builder = gst_activations_builder_new ("model", "attribute", labels);

  fail_unless (gst_activations_builder_set_scores (builder, scores, 2, 1));
  fail_unless (gst_activations_builder_add_layer (builder, "maps", NULL, height,
      width, channels, data, (gsize) height * width * channels));
  return gst_activations_builder_finish (builder);
}

GstActivationMeta *
test_add_prediction (GstBuffer *buffer, GstActivations *activations, gint id,
    const Rect *box)
{
  GstActivationMeta *meta = gst_buffer_add_activation_meta (buffer, activations,
      "face", box->x, box->y, (guint) box->width, (guint) box->height);

  meta->id = id;
  return meta;
}

void
test_map_image (GstBuffer *buffer, const GstVideoInfo *info, GstMapFlags flags,
    GstVideoFrame *frame, ImageFrame *image)
{
  const gchar *name = gst_video_format_to_string (GST_VIDEO_INFO_FORMAT (info));
  const GstVideoColorimetry *color = &GST_VIDEO_INFO_COLORIMETRY (info);

  memset (image, 0, sizeof *image);
  fail_unless (gst_video_frame_map (frame, info, buffer, flags));
  for (guint i = 0; i < TEST_N_FORMATS; i++) {
    if (g_str_equal (test_formats[i], name))
      image->format = (ImageFormat) i;
  }
  image->width = GST_VIDEO_INFO_WIDTH (info);
  image->height = GST_VIDEO_INFO_HEIGHT (info);
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (info); i++) {
    image->plane[i] = GST_VIDEO_FRAME_PLANE_DATA (frame, i);
    image->stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE (frame, i);
  }
  if (g_str_equal (name, "YV12")) {
    /* Y, V, U in memory; ImageFrame has U before V. */
    image->plane[1] = GST_VIDEO_FRAME_PLANE_DATA (frame, 2);
    image->plane[2] = GST_VIDEO_FRAME_PLANE_DATA (frame, 1);
  }
  image->colorimetry.kr = 0.299;
  image->colorimetry.kb = 0.114;
  gst_video_color_matrix_get_Kr_Kb (color->matrix, &image->colorimetry.kr,
      &image->colorimetry.kb);
  image->colorimetry.full_range = color->range == GST_VIDEO_COLOR_RANGE_0_255;
}

GstElement *
test_element (const gchar *description, ...)
{
  g_autofree gchar *line = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GstBus) bus = gst_bus_new ();
  GstElement *element;
  va_list arguments;

  va_start (arguments, description);
  line = g_strdup_vprintf (description, arguments);
  va_end (arguments);
  element = gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
      &error);
  fail_unless (element != NULL, "%s: %s", line, error ? error->message : "");
  gst_object_ref_sink (element);
  gst_element_set_bus (element, bus);
  return element;
}

GstHarness *
test_harness (GstElement *element, const gchar *format, gint width, gint height)
{
  GstHarness *harness = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element); /* the harness has its own reference */
  gst_harness_set_src_caps (harness, test_caps (format, width, height));
  return harness;
}

GstHarness *
test_parse_harness (const gchar *description, const gchar *format, gint width,
    gint height)
{
  GstHarness *harness = gst_harness_new_parse (description);

  gst_harness_set_src_caps (harness, test_caps (format, width, height));
  return harness;
}

GstBuffer *
test_push (GstHarness *harness, GstBuffer *buffer)
{
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
  buffer = gst_harness_pull (harness);
  fail_unless (buffer != NULL);
  return buffer;
}

guint
test_count_messages (GstElement *element, GstMessageType type)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (element);
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop (bus))) {
    n += (GST_MESSAGE_TYPE (message) & type) != 0;
    gst_message_unref (message);
  }
  return n;
}

void
test_wait_for (GstElement *pipeline, GstMessageType type)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
      GST_CLOCK_TIME_NONE, type | GST_MESSAGE_ERROR);

  fail_unless_equals_int (GST_MESSAGE_TYPE (message), type);
}

void
test_expect_error (GstElement *element, GQuark domain, gint code,
    const gchar *text)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (element);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;
  guint others;

  fail_unless (message != NULL, "no error that speaks of '%s'", text);
  gst_message_parse_error (message, &error, NULL);
  gst_message_unref (message);
  GST_INFO ("error: %s", error->message);
  fail_unless (g_error_matches (error, domain, code),
      "%s, code %d, where %s, code %d is due: %s",
      g_quark_to_string (error->domain), error->code,
      g_quark_to_string (domain), code, error->message);
  fail_unless (strstr (error->message, text) != NULL, "'%s' lacks '%s'",
      error->message, text);
  others = test_count_messages (element, GST_MESSAGE_ERROR);
  fail_unless_equals_int (others, 0);
}

void
test_expect_no_start (GstElement *element)
{
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (element, GST_STATE_NULL);
}

void
test_expect_warning (GstElement *element, const gchar *text)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (element);
  GstMessage *message = gst_bus_pop_filtered (bus,
      GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  fail_unless (message != NULL, "no warning that speaks of '%s'", text);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &error, NULL);
  gst_message_unref (message);
  fail_unless (strstr (error->message, text) != NULL, "'%s' has no '%s'",
      error->message, text);
  fail_unless_equals_int (test_count_messages (element,
                              GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      0);
}

GBytes *
test_copy_bytes (GstBuffer *buffer)
{
  const gsize size = gst_buffer_get_size (buffer);
  gpointer data = g_malloc (size);

  gst_buffer_extract (buffer, 0, data, size);
  return g_bytes_new_take (data, size);
}

gboolean
test_same_bytes (GstBuffer *buffer, GBytes *bytes)
{
  g_autoptr (GBytes) own = test_copy_bytes (buffer);

  return g_bytes_equal (own, bytes);
}

gboolean
test_has_elements (const gchar *const *names)
{
  for (guint i = 0; names[i]; i++) {
    GstElementFactory *factory = gst_element_factory_find (names[i]);

    if (!factory) {
      g_printerr ("Skipped: there is no element %s.\n", names[i]);
      return FALSE;
    }
    gst_object_unref (factory);
  }
  return TRUE;
}
