/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/layer-state.h"

#include <float.h>
#include <math.h>

/* A response below this is rounding. */
#define QUIET_LEVEL 1e-6f

void
heatmap_layer_state_clear (HeatmapLayerState *state)
{
  g_free (state->ranges);
  g_free (state->current);
  g_free (state->quiet);
  *state = (HeatmapLayerState) { 0 };
}

void
heatmap_layer_state_reset (HeatmapLayerState *state, gint channels)
{
  heatmap_layer_state_clear (state);
  state->channels = channels;
  state->ranges = g_new0 (HeatmapRange, channels);
  state->current = g_new0 (HeatmapRange, channels);
  state->quiet = g_new0 (guint16, channels);
  state->is_new = TRUE;
}

static gboolean
is_empty (const HeatmapRange *range)
{
  return range->maximum < range->minimum;
}

static gfloat
approach (gfloat from, gfloat to, gdouble part)
{
  return (gfloat) (from + ((gdouble) to - from) * part);
}

static void
follow (HeatmapRange *shown, const HeatmapRange *current, gdouble release)
{
  if (is_empty (current) || is_empty (shown)) {
    *shown = *current;
    return;
  }
  shown->maximum = MAX (current->maximum,
      approach (shown->maximum, current->maximum, release));
  shown->minimum = MIN (current->minimum,
      approach (shown->minimum, current->minimum, release));
}

/* A vector's channels have one cell each. */
static gboolean
is_quiet (const HeatmapLayerState *state, const CnnLayerMaps *layer,
    gint channel)
{
  const HeatmapRange *range = &state->current[channel];

  if (layer->height == 1 && layer->width == 1)
    return fabsf (layer->data[channel]) <= QUIET_LEVEL;
  return range->maximum <= QUIET_LEVEL && range->minimum >= -QUIET_LEVEL;
}

static void
count_quiet (HeatmapLayerState *state, const CnnLayerMaps *layer)
{
  state->n_dead = 0;
  state->n_silent = 0;
  for (gint i = 0; i < state->channels; i++) {
    if (is_quiet (state, layer, i))
      state->quiet[i] = MIN (state->quiet[i] + 1, HEATMAP_DEAD_AFTER);
    else
      state->quiet[i] = 0;
    state->n_silent += state->quiet[i] > 0;
    state->n_dead += state->quiet[i] == HEATMAP_DEAD_AFTER;
  }
}

void
heatmap_layer_state_update (HeatmapLayerState *state, const CnnLayerMaps *layer,
    gdouble release)
{
  HeatmapRange whole = { FLT_MAX, -FLT_MAX };
  gdouble part = state->is_new ? 1.0 : release;

  heatmap_map_tile_measure (layer, state->channels, state->current);
  for (gint i = 0; i < state->channels; i++) {
    whole.minimum = MIN (whole.minimum, state->current[i].minimum);
    whole.maximum = MAX (whole.maximum, state->current[i].maximum);
    follow (&state->ranges[i], &state->current[i], part);
  }
  follow (&state->whole, &whole, part);
  count_quiet (state, layer);
  state->is_new = FALSE;
}

static HeatmapRange
scale_by_layer (const HeatmapLayerState *state, gint channel, gdouble exponent)
{
  const HeatmapRange *whole = &state->whole;
  gdouble span = (gdouble) whole->maximum - whole->minimum;
  gdouble largest = (gdouble) state->ranges[channel].maximum - whole->minimum;
  gdouble part;

  if (is_empty (whole) || span <= 0.0)
    return *whole;
  part = CLAMP (largest / span, FLT_MIN, 1.0);
  return (HeatmapRange) { whole->minimum,
    (gfloat) (whole->minimum + span * pow (part, exponent)) };
}

HeatmapRange
heatmap_layer_state_get_range (const HeatmapLayerState *state, gint channel,
    const HeatmapStyle *style)
{
  HeatmapRange range;

  switch (style->scaling) {
    case HEATMAP_SCALING_FIXED:
      range = (HeatmapRange) { (gfloat) style->range_minimum,
        (gfloat) style->range_maximum };
      break;
    case HEATMAP_SCALING_LAYER:
      range = scale_by_layer (state, channel, style->scaling_exponent);
      break;
    default:
      range = state->ranges[channel];
  }
  if (style->colormap == HEATMAP_COLORMAP_SIGNED && !is_empty (&range)) {
    range.maximum = fmaxf (fabsf (range.minimum), fabsf (range.maximum));
    range.minimum = -range.maximum;
  }
  return range;
}
