/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/layer-state.h"

#include <float.h>
#include <math.h>

#include "overlay/face-stabilizer.h"

/* Responses below this level are rounding errors. */
#define QUIET_LEVEL 1e-6f

/* The parts of the way to a wider range, and to new maps, that are covered in a
 * usual frame time. */
#define GROWTH_PART 0.1
#define MAP_PART 0.3

void
overlay_layer_state_clear (OverlayLayerState *state)
{
  g_free (state->ranges);
  g_free (state->full);
  g_free (state->current);
  g_free (state->quiet);
  g_free (state->values);
  *state = (OverlayLayerState) { 0 };
}

void
overlay_layer_state_reset (OverlayLayerState *state, gint channels)
{
  overlay_layer_state_clear (state);
  state->channels = channels;
  state->ranges = g_new0 (OverlayRange, channels);
  state->full = g_new0 (OverlayRange, channels);
  state->current = g_new0 (OverlayRange, channels);
  state->quiet = g_new0 (guint16, channels);
  state->is_new = TRUE;
}

/* The parts of the way to a wider and to a narrower range that are covered in a
 * frame. */
typedef struct {
  gdouble growth;
  gdouble release;
} Pace;

static gfloat
approach (gfloat from, gfloat to, gdouble part)
{
  return (gfloat) (from + ((gdouble) to - from) * part);
}

static void
follow (OverlayRange *shown, const OverlayRange *current, const Pace *pace)
{
  if (overlay_range_is_empty (current) || overlay_range_is_empty (shown)) {
    *shown = *current;
    return;
  }
  shown->maximum = approach (shown->maximum, current->maximum,
      current->maximum > shown->maximum ? pace->growth : pace->release);
  shown->minimum = approach (shown->minimum, current->minimum,
      current->minimum < shown->minimum ? pace->growth : pace->release);
}

/* Returns whether no cell of the channel responds. The channels of a vector
 * have one cell each. */
static gboolean
is_quiet (const OverlayLayerState *state, const CnnLayerMaps *layer,
    gint channel)
{
  const OverlayRange *range = &state->full[channel];

  if (cnn_layer_maps_is_vector (layer))
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

/* Of each value, a part of the way. One that is not finite is adopted, and
 * left, at once. */
static void
follow_values (gfloat *shown, const gfloat *values, gsize n, gfloat part)
{
  for (gsize i = 0; i < n; i++) {
    const gfloat next = shown[i] + (values[i] - shown[i]) * part;

    shown[i] = fabsf (next) <= FLT_MAX ? next : values[i];
  }
}

/* Without smoothing, nothing is kept to follow from later. */
static void
follow_maps (OverlayLayerState *state, const CnnLayerMaps *layer,
    const OverlayStyle *style, gdouble elapsed)
{
  const gsize size = cnn_layer_maps_size (layer);

  state->shown = *layer;
  if (style->smoothing <= 0.0) {
    g_clear_pointer (&state->values, g_free);
    return;
  }
  if (state->values == NULL)
    state->values = g_memdup2 (layer->data, size * sizeof (gfloat));
  else
    follow_values (state->values, layer->data, size,
        (gfloat) overlay_smoothing_get_part (MAP_PART, elapsed));
  state->shown.data = state->values;
}

static void
follow_ranges (OverlayLayerState *state, const Pace *pace)
{
  OverlayRange whole = OVERLAY_RANGE_INIT;

  for (gint i = 0; i < state->channels; i++) {
    whole.minimum = MIN (whole.minimum, state->current[i].minimum);
    whole.maximum = MAX (whole.maximum, state->current[i].maximum);
    follow (&state->ranges[i], &state->current[i], pace);
  }
  follow (&state->whole, &whole, pace);
}

/* A map that responds nowhere but at its border keeps its whole range. */
static void
measure_inside (OverlayLayerState *state)
{
  overlay_map_range_measure_inside (&state->shown, state->channels,
      state->current);
  for (gint i = 0; i < state->channels; i++) {
    if (state->current[i].maximum <= state->current[i].minimum)
      state->current[i] = state->full[i];
  }
}

static gboolean
has_outliers (const OverlayLayerState *state)
{
  for (gint i = 0; i < state->channels; i++) {
    if (state->full[i].maximum > state->ranges[i].maximum)
      return TRUE;
  }
  return FALSE;
}

/* A cell beyond the range of the inside is drawn as its end, so that range need
 * not grow at once. */
static Pace
get_pace (const OverlayLayerState *state, const OverlayStyle *style,
    gdouble elapsed)
{
  Pace pace = { 1.0, 1.0 };

  if (state->is_new || style->smoothing <= 0.0)
    return pace;
  pace.release = 1.0 - exp (-elapsed / style->smoothing);
  if (style->scaling == OVERLAY_SCALING_INSIDE)
    pace.growth = overlay_smoothing_get_part (GROWTH_PART, elapsed);
  return pace;
}

void
overlay_layer_state_update (OverlayLayerState *state, const CnnLayerMaps *layer,
    const OverlayStyle *style, gdouble elapsed)
{
  const Pace pace = get_pace (state, style, elapsed);

  follow_maps (state, layer, style, elapsed);
  overlay_map_range_measure (layer, state->channels, state->full);
  if (style->scaling == OVERLAY_SCALING_INSIDE)
    measure_inside (state);
  else
    overlay_map_range_measure (&state->shown, state->channels, state->current);
  follow_ranges (state, &pace);
  state->has_outliers = style->scaling == OVERLAY_SCALING_INSIDE
      && has_outliers (state);
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

  if (overlay_range_is_empty (whole) || span <= 0.0)
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
  if (style->colormap == OVERLAY_COLORMAP_SIGNED
      && !overlay_range_is_empty (&range))
    overlay_range_make_symmetric (&range);
  return range;
}
