/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "layer-values.h"

#include "overlay/layer-state.h"

G_STATIC_ASSERT (sizeof (OverlayRange) == 2 * sizeof (gfloat));

static CnnLayerMaps
get_maps (const GstActivations *activations, guint index)
{
  guint x, y, width, height, channels;
  CnnLayerMaps maps = { 0 };

  gst_activations_get_layer_interior (activations, index, &x, &y, &width,
      &height);
  maps.interior = (Rect) { (gint) x, (gint) y, (gint) width, (gint) height };
  maps.data = gst_activations_get_layer_data (activations, index, &height,
      &width, &channels, NULL);
  maps.height = (gint) height;
  maps.width = (gint) width;
  maps.channels = (gint) channels;
  return maps;
}

/* The values of a vector are sent as they are: each is all that its channel
 * has. */
static void
find_extremes (const CnnLayerMaps *maps, OverlayRange *extremes)
{
  if (!cnn_layer_maps_is_vector (maps)) {
    overlay_map_range_measure (maps, maps->channels, extremes);
    return;
  }
  for (gint i = 0; i < maps->channels; i++) {
    extremes[i] = (OverlayRange) OVERLAY_RANGE_INIT;
    overlay_range_include (&extremes[i], maps->data[i]);
  }
}

/* What the element activationoverlay scales each map by, but for its lag. */
static void
find_ranges (const CnnLayerMaps *maps, OverlayRange *ranges)
{
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };

  style.smoothing = 0.0;
  overlay_layer_state_reset (&state, maps->channels);
  overlay_layer_state_update (&state, maps, &style, 0.0);
  for (gint i = 0; i < maps->channels; i++)
    ranges[i] = overlay_layer_state_get_range (&state, i, &style);
  overlay_layer_state_clear (&state);
}

/* A map without any number is drawn as zeros. */
static void
fill_empty (OverlayRange *ranges, gint n_ranges)
{
  for (gint i = 0; i < n_ranges; i++) {
    if (overlay_range_is_empty (&ranges[i]))
      ranges[i] = (OverlayRange) { 0.0f, 0.0f };
  }
}

static void
add_ranges (MessageParts *parts, cJSON *layer, const gchar *key,
    OverlayRange *ranges, gint n_ranges)
{
  fill_empty (ranges, n_ranges);
  message_parts_add_floats (parts, layer, key, &ranges[0].minimum,
      2 * (gsize) n_ranges);
}

void
layer_values_write (const GstActivations *activations, guint index,
    gboolean exact, cJSON *layer, MessageParts *parts)
{
  const CnnLayerMaps maps = get_maps (activations, index);
  const gsize n_values = cnn_layer_maps_size (&maps);
  g_autofree OverlayRange *extremes = g_new (OverlayRange, maps.channels);
  g_autofree OverlayRange *ranges = g_new (OverlayRange, maps.channels);

  find_extremes (&maps, extremes);
  find_ranges (&maps, ranges);
  add_ranges (parts, layer, "extremes", extremes, maps.channels);
  add_ranges (parts, layer, "ranges", ranges, maps.channels);
  cJSON_AddStringToObject (layer, "type", exact ? "float32" : "uint8");
  if (exact)
    message_parts_add_floats (parts, layer, "values", maps.data, n_values);
  else
    message_parts_add_codes (parts, layer, "values", maps.data, n_values,
        extremes, (gsize) maps.channels);
}
