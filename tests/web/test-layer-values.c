/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What browsers get of the maps of a frame: the values of its metadata, and the
 * ranges that the element activationoverlay draws them in. */

#include <gst/app/app.h>
#include <gst/gst.h>
#include <gstactivationmeta.h>
#include <math.h>
#include <string.h>

#include "load-plugin.h"
#include "overlay/layer-state.h"
#include "web/layer-values.h"

typedef struct {
  GstSample *sample;
  const GstActivations *activations;
} Frame;

static GstSample *
pull_sample (const gchar *launch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (launch, &error);
  g_autoptr (GstElement) sink = NULL;
  GstSample *sample;

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_nonnull (sample);
  return sample;
}

/* A network that has run on the middle of a picture with much detail. */
static void
frame_set_up (Frame *self, gconstpointer data)
{
  GstActivationMeta *meta;
  gpointer state = NULL;

  self->sample = pull_sample (
      "videotestsrc pattern=zone-plate kx2=40 ky2=40 num-buffers=1 ! "
      "video/x-raw,format=RGB,width=128,height=128 ! "
      "cnninference layers=all roi-type=\"\" ! "
      "appsink name=sink");
  meta = gst_buffer_iterate_activation_meta (gst_sample_get_buffer (
                                                 self->sample),
      &state);
  g_assert_nonnull (meta);
  self->activations = meta->activations;
}

static void
frame_tear_down (Frame *self, gconstpointer data)
{
  gst_sample_unref (self->sample);
}

static const guint8 *
find_part (const cJSON *layer, const gchar *key, const MessageParts *parts,
    gsize size)
{
  const cJSON *place = cJSON_GetObjectItem (layer, key);
  const gsize offset = (gsize) cJSON_GetArrayItem (place, 0)->valuedouble;

  g_assert_cmpuint ((gsize) cJSON_GetArrayItem (place, 1)->valuedouble, ==,
      size);
  g_assert_cmpuint (offset + size, <=, parts->bytes->len);
  return parts->bytes->data + offset;
}

static gfloat
read_float (const guint8 *bytes, gsize index)
{
  const guint32 word = GUINT32_FROM_LE (
      *(const guint32 *) (gconstpointer) (bytes + 4 * index));
  gfloat value;

  memcpy (&value, &word, sizeof value);
  return value;
}

static CnnLayerMaps
get_maps (const Frame *self, guint index)
{
  guint x, y, width, height, channels;
  CnnLayerMaps maps = { 0 };

  gst_activations_get_layer_interior (self->activations, index, &x, &y, &width,
      &height);
  maps.interior = (Rect) { (gint) x, (gint) y, (gint) width, (gint) height };
  maps.data = gst_activations_get_layer_data (self->activations, index, &height,
      &width, &channels, NULL);
  maps.height = (gint) height;
  maps.width = (gint) width;
  maps.channels = (gint) channels;
  return maps;
}

static void
check_exact (const CnnLayerMaps *maps, const guint8 *part)
{
  for (gsize i = 0; i < cnn_layer_maps_size (maps); i++)
    g_assert_cmpfloat (read_float (part, i), ==, maps->data[i]);
}

/* A code is a number of steps from the least value of the channel. */
static void
check_codes (const CnnLayerMaps *maps, const guint8 *part,
    const guint8 *extremes)
{
  for (gsize i = 0; i < cnn_layer_maps_size (maps); i++) {
    const gsize channel = i % (gsize) maps->channels;
    const gfloat low = read_float (extremes, 2 * channel);
    const gfloat step = (read_float (extremes, 2 * channel + 1) - low) / 255;

    g_assert_cmpfloat (fabsf (low + part[i] * step - maps->data[i]), <=,
        0.501f * step + 1e-6f);
  }
}

static void
check_values (const Frame *self, guint index, gboolean exact)
{
  const CnnLayerMaps maps = get_maps (self, index);
  const gsize n_values = cnn_layer_maps_size (&maps);
  const gsize ranges_size = 8 * (gsize) maps.channels;
  cJSON *layer = cJSON_CreateObject ();
  MessageParts parts;

  message_parts_init (&parts);
  layer_values_write (self->activations, index, exact, layer, &parts);
  g_assert_cmpstr (cJSON_GetObjectItem (layer, "type")->valuestring, ==,
      exact ? "float32" : "uint8");
  if (exact)
    check_exact (&maps, find_part (layer, "values", &parts, 4 * n_values));
  else
    check_codes (&maps, find_part (layer, "values", &parts, n_values),
        find_part (layer, "extremes", &parts, ranges_size));
  message_parts_clear (&parts);
  cJSON_Delete (layer);
}

static void
test_values (Frame *self, gconstpointer data)
{
  const guint n_layers = gst_activations_get_n_layers (self->activations);

  g_assert_cmpuint (n_layers, >, 3);
  for (guint i = 0; i < n_layers; i++) {
    check_values (self, i, TRUE);
    check_values (self, i, FALSE);
  }
}

/* Returns how many maps have cells beyond their range. */
static guint
check_ranges (const CnnLayerMaps *maps, const guint8 *ranges,
    const guint8 *extremes)
{
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };
  guint n_outliers = 0;

  style.smoothing = 0.0;
  overlay_layer_state_reset (&state, maps->channels);
  overlay_layer_state_update (&state, maps, &style, 0.0);
  for (gint i = 0; i < maps->channels; i++) {
    const OverlayRange range = overlay_layer_state_get_range (&state, i,
        &style);

    g_assert_cmpfloat (read_float (ranges, 2 * (gsize) i), ==, range.minimum);
    g_assert_cmpfloat (read_float (ranges, 2 * (gsize) i + 1), ==,
        range.maximum);
    n_outliers += read_float (extremes, 2 * (gsize) i + 1) > range.maximum;
  }
  overlay_layer_state_clear (&state);
  return n_outliers;
}

static void
test_ranges (Frame *self, gconstpointer data)
{
  guint n_outliers = 0;

  for (guint i = 0; i < gst_activations_get_n_layers (self->activations); i++) {
    const CnnLayerMaps maps = get_maps (self, i);
    const gsize size = 8 * (gsize) maps.channels;
    cJSON *layer = cJSON_CreateObject ();
    MessageParts parts;

    message_parts_init (&parts);
    layer_values_write (self->activations, i, FALSE, layer, &parts);
    n_outliers += check_ranges (&maps,
        find_part (layer, "ranges", &parts, size),
        find_part (layer, "extremes", &parts, size));
    message_parts_clear (&parts);
    cJSON_Delete (layer);
  }
  g_assert_cmpuint (n_outliers, >, 0);
}

static void
test_no_numbers (void)
{
  gfloat data[] = { NAN, 1.0f, NAN, 3.0f };
  g_autoptr (GstActivationsBuilder)
      builder = gst_activations_builder_new ("model", "attribute",
          (const gchar *[]) { "a", "b", NULL });
  g_autoptr (GstActivations) activations = NULL;
  cJSON *layer = cJSON_CreateObject ();
  MessageParts parts;
  const guint8 *codes, *extremes;

  g_assert_true (gst_activations_builder_set_scores (builder,
      (const gfloat[]) { 0.5f, 0.5f }, 2, 0));
  g_assert_true (gst_activations_builder_add_layer (builder, "maps", NULL, 1, 2,
      2, data, 4));
  activations = gst_activations_builder_finish (builder);
  message_parts_init (&parts);
  layer_values_write (activations, 0, FALSE, layer, &parts);
  extremes = find_part (layer, "extremes", &parts, 16);
  codes = find_part (layer, "values", &parts, 4);
  g_assert_cmpfloat (read_float (extremes, 0), ==, 0.0f);
  g_assert_cmpfloat (read_float (extremes, 1), ==, 0.0f);
  g_assert_cmpfloat (read_float (extremes, 3), ==, 3.0f);
  g_assert_cmpuint (codes[0] + codes[2], ==, 0);
  g_assert_cmpuint (codes[3], ==, 255);
  message_parts_clear (&parts);
  cJSON_Delete (layer);
}

gint
main (gint argc, gchar **argv)
{
  gst_init (&argc, &argv);
  load_plugin ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/layer-values/values", Frame, NULL, frame_set_up, test_values,
      frame_tear_down);
  g_test_add ("/layer-values/ranges", Frame, NULL, frame_set_up, test_ranges,
      frame_tear_down);
  g_test_add_func ("/layer-values/no-numbers", test_no_numbers);
  return g_test_run ();
}
