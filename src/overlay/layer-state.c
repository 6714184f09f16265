/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/layer-state.h"

#include <float.h>
#include <math.h>

/* A response below this is rounding. */
#define QUIET_LEVEL 1e-6f

void
overlay_layer_state_clear (OverlayLayerState *state)
{
  g_free (state->ranges);
  g_free (state->current);
  g_free (state->quiet);
  *state = (OverlayLayerState) { 0 };
}

void
overlay_layer_state_reset (OverlayLayerState *state, gint channels)
{
  overlay_layer_state_clear (state);
  state->channels = channels;
  state->ranges = g_new0 (OverlayRange, channels);
  state->current = g_new0 (OverlayRange, channels);
  state->quiet = g_new0 (guint16, channels);
  state->is_new = TRUE;
}

static gboolean
is_empty (const OverlayRange *range)
{
  return range->maximum < range->minimum;
}

static gfloat
approach (gfloat from, gfloat to, gdouble part)
{
  return (gfloat) (from + ((gdouble) to - from) * part);
}

static void
follow (OverlayRange *shown, const OverlayRange *current, gdouble release)
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
is_quiet (const OverlayLayerState *state, const CnnLayerMaps *layer,
    gint channel)
{
  const OverlayRange *range = &state->current[channel];

  if (layer->height == 1 && layer->width == 1)
    return fabsf (layer->data[channel]) <= QUIET_LEVEL;
  return range->maximum <= QUIET_LEVEL && range->minimum >= -QUIET_LEVEL;
}

static void
count_quiet (OverlayLayerState *state, const CnnLayerMaps *layer)
{
  state->n_dead = 0;
  state->n_silent = 0;
  for (gint i = 0; i < state->channels; i++) {
    if (is_quiet (state, layer, i))
      state->quiet[i] = MIN (state->quiet[i] + 1, OVERLAY_DEAD_AFTER);
    else
      state->quiet[i] = 0;
    state->n_silent += state->quiet[i] > 0;
    state->n_dead += state->quiet[i] == OVERLAY_DEAD_AFTER;
  }
}

void
overlay_layer_state_update (OverlayLayerState *state, const CnnLayerMaps *layer,
    gdouble release)
{
  OverlayRange whole = { FLT_MAX, -FLT_MAX };
  gdouble part = state->is_new ? 1.0 : release;

  overlay_map_tile_measure (layer, state->channels, state->current);
  for (gint i = 0; i < state->channels; i++) {
    whole.minimum = MIN (whole.minimum, state->current[i].minimum);
    whole.maximum = MAX (whole.maximum, state->current[i].maximum);
    follow (&state->ranges[i], &state->current[i], part);
  }
  follow (&state->whole, &whole, part);
  count_quiet (state, layer);
  state->is_new = FALSE;
}

static OverlayRange
scale_by_layer (const OverlayLayerState *state, gint channel, gdouble exponent)
{
  const OverlayRange *whole = &state->whole;
  gdouble span = (gdouble) whole->maximum - whole->minimum;
  gdouble largest = (gdouble) state->ranges[channel].maximum - whole->minimum;
  gdouble part;

  if (is_empty (whole) || span <= 0.0)
    return *whole;
  part = CLAMP (largest / span, FLT_MIN, 1.0);
  return (OverlayRange) { whole->minimum,
    (gfloat) (whole->minimum + span * pow (part, exponent)) };
}

OverlayRange
overlay_layer_state_get_range (const OverlayLayerState *state, gint channel,
    const OverlayStyle *style)
{
  OverlayRange range;

  switch (style->scaling) {
    case OVERLAY_SCALING_FIXED:
      range = (OverlayRange) { (gfloat) style->range_minimum,
        (gfloat) style->range_maximum };
      break;
    case OVERLAY_SCALING_LAYER:
      range = scale_by_layer (state, channel, style->scaling_exponent);
      break;
    default:
      range = state->ranges[channel];
  }
  if (style->colormap == OVERLAY_COLORMAP_SIGNED && !is_empty (&range)) {
    range.maximum = fmaxf (fabsf (range.minimum), fabsf (range.maximum));
    range.minimum = -range.maximum;
  }
  return range;
}
