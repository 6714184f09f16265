/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlaycaps.h"

#include <string.h>

#include "image/image-canvas.h"
#include "overlay/renderer.h"

/* If pixels are square, the widths of panels are multiples of this. */
#define PANEL_STEP 16
/* A panel may be at most so much wider than that of a larger frame. */
#define ROUNDING 16
/* At most so many widths are listed one by one, if they do not form ranges. */
#define MAX_SINGLES 128

/* A range of sizes in pixels: the multiples of @step from @min to @max. */
typedef struct {
  gint min;
  gint max;
  gint step;
} Span;

static gboolean
has_room (gint length)
{
  return length >= OVERLAY_CAPS_MIN_SIZE && length <= OVERLAY_CAPS_MAX_SIZE;
}

gboolean
overlay_caps_can_draw (gint width, gint height)
{
  return has_room (width) && has_room (height);
}

gint
overlay_caps_get_wide_width (gint width, gint height, gdouble pixel_aspect)
{
  if (!overlay_caps_can_draw (width, height))
    return width;
  return ((width + 1) & ~1)
      + overlay_renderer_get_beside_width (width, height, pixel_aspect);
}

static gboolean
extend_last (GArray *spans, const Span *span)
{
  Span *last = spans->len > 0 ? &g_array_index (spans, Span, spans->len - 1)
                              : NULL;

  if (!last || last->step != span->step
      || (gint64) last->max + last->step != span->min)
    return FALSE;
  last->max = span->max;
  return TRUE;
}

static void
append_span (GArray *spans, gint64 min, gint64 max, gint step)
{
  Span span = { .step = step };

  min = (MAX (min, 1) + step - 1) / step * step;
  max = MIN (max, G_MAXINT) / step * step;
  if (min > max)
    return;
  span.min = (gint) min;
  span.max = (gint) max;
  if (!extend_last (spans, &span))
    g_array_append_val (spans, span);
}

static void
append_value (GArray *spans, const GValue *value)
{
  if (GST_VALUE_HOLDS_LIST (value)) {
    for (guint i = 0; i < gst_value_list_get_size (value); i++)
      append_value (spans, gst_value_list_get_value (value, i));
  } else if (GST_VALUE_HOLDS_INT_RANGE (value)) {
    append_span (spans, gst_value_get_int_range_min (value),
        gst_value_get_int_range_max (value),
        gst_value_get_int_range_step (value));
  } else if (G_VALUE_HOLDS_INT (value)) {
    append_span (spans, g_value_get_int (value), g_value_get_int (value), 1);
  }
}

/* Caps without the field are for all sizes. */
static GArray *
get_spans (const GstStructure *structure, const gchar *field)
{
  const GValue *value = gst_structure_get_value (structure, field);
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (Span));

  if (value)
    append_value (spans, value);
  else
    append_span (spans, 1, G_MAXINT, 1);
  return spans;
}

static void
append_int (GValue *list, gint number)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  gst_value_list_append_and_take_value (list, &value);
}

static gboolean
is_range (const Span *span)
{
  return span->max - span->min > span->step;
}

static void
set_span (GstStructure *structure, const gchar *field, const Span *span)
{
  GValue value = G_VALUE_INIT;

  if (span->min == span->max) {
    gst_structure_set (structure, field, G_TYPE_INT, span->min, NULL);
    return;
  }
  g_value_init (&value, GST_TYPE_INT_RANGE);
  gst_value_set_int_range_step (&value, span->min, span->max, span->step);
  gst_structure_take_value (structure, field, &value);
}

/* A picture that is one pixel narrower may give the same width, because the
 * panel begins at an even column. The wider one comes first, as the first is
 * taken. */
static void
set_widths (GstStructure *structure, const GArray *widths)
{
  const Span *first = &g_array_index (widths, Span, 0);
  GValue list = G_VALUE_INIT;

  if (widths->len == 1 && first->min == first->max) {
    set_span (structure, "width", first);
    return;
  }
  gst_value_list_init (&list, widths->len);
  for (guint i = 0; i < widths->len; i++) {
    const Span *span = &g_array_index (widths, Span, i);

    if (!is_range (span)) {
      append_int (&list, span->max);
      if (span->min < span->max)
        append_int (&list, span->min);
    }
  }
  gst_structure_take_value (structure, "width", &list);
}

static gint
get_largest (const GArray *spans)
{
  gint largest = 0;

  for (guint i = 0; i < spans->len; i++)
    largest = MAX (largest, g_array_index (spans, Span, i).max);
  return largest;
}

typedef enum {
  SIDE_WIDTH,
  SIDE_HEIGHT
} Side;

/* Panels depend on the smaller side of the picture and grow with it in steps.
 * Returns the largest length of @side that gives the same panel while the other
 * side stays the same. */
static gint
find_last (gint width, gint height, gdouble aspect, Side side)
{
  const gint panel = overlay_renderer_get_beside_width (width, height, aspect);
  gint *grown = side == SIDE_WIDTH ? &width : &height;
  gint last = *grown, next = OVERLAY_CAPS_MAX_SIZE + 1;

  while (next - last > 1) {
    *grown = last + (next - last) / 2;
    if (overlay_renderer_get_beside_width (width, height, aspect) == panel)
      last = *grown;
    else
      next = *grown;
  }
  return last;
}

/* Appends those widths from @first to @last, which all have the same @panel,
 * with which frames get as wide as @wide says. A panel begins at an even
 * column, so that an odd width counts as the next even one; but a step is kept,
 * as GStreamer cannot compare ranges of different steps. */
static void
append_with_panel (GArray *narrow, const Span *wide, gint panel, gint first,
    gint last)
{
  const gint64 min = MAX ((gint64) wide->min - panel, first);
  const gint64 max = MIN ((gint64) wide->max - panel, last + 1);

  if (wide->step == 1) {
    append_span (narrow, MAX (((min + 1) & ~1) - 1, first),
        MIN (max & ~1, last), 1);
  } else if (wide->step % 2 == 0 && panel % wide->step == 0) {
    append_span (narrow, min, MIN (max, last), wide->step);
  } else {
    for (gint64 width = min;
         width <= MIN (max, last) && narrow->len < MAX_SINGLES; width++) {
      if (width % 2 == 0 && (width + panel) % wide->step == 0)
        append_span (narrow, width, width, 1);
    }
  }
}

static gboolean
contains (const Span *span, gint number)
{
  return number >= span->min && number <= span->max && number % span->step == 0;
}

/* If the canvas is wider than the frame, panels are converted to the pixels of
 * the frame and rounded, and so they do not grow steadily. */
static void
append_rounded (GArray *narrow, const Span *wide, gint height, gdouble aspect)
{
  const gint last = MIN (wide->max, OVERLAY_CAPS_MAX_SIZE);

  for (gint width = OVERLAY_CAPS_MIN_SIZE;
       width <= last && narrow->len < MAX_SINGLES; width++) {
    if (contains (wide, overlay_caps_get_wide_width (width, height, aspect)))
      append_span (narrow, width, width, 1);
  }
}

static void
append_steady (GArray *narrow, const Span *wide, gint height, gdouble aspect)
{
  gint last;

  for (gint first = OVERLAY_CAPS_MIN_SIZE;
       first <= MIN (wide->max, OVERLAY_CAPS_MAX_SIZE); first = last + 1) {
    last = find_last (first, height, aspect, SIDE_WIDTH);
    append_with_panel (narrow, wide,
        overlay_renderer_get_beside_width (first, height, aspect), first, last);
  }
}

/* Appends the widths of the pictures of this height with which frames get as
 * wide as @wide says. */
static void
append_narrow (GArray *narrow, const Span *wide, gint height, gdouble aspect)
{
  if (!has_room (height)) {
    g_array_append_vals (narrow, wide, 1);
    return;
  }
  append_span (narrow, wide->min, MIN (wide->max, OVERLAY_CAPS_MIN_SIZE - 1),
      wide->step);
  if (aspect > 1.0)
    append_rounded (narrow, wide, height, aspect);
  else
    append_steady (narrow, wide, height, aspect);
  append_span (narrow, MAX (wide->min, OVERLAY_CAPS_MAX_SIZE + 1), wide->max,
      wide->step);
}

static GArray *
get_narrow (const GArray *wide, gint height, gdouble aspect)
{
  GArray *narrow = g_array_new (FALSE, FALSE, sizeof (Span));

  for (guint i = 0; i < wide->len; i++)
    append_narrow (narrow, &g_array_index (wide, Span, i), height, aspect);
  return narrow;
}

/* Appends the widths of frames for pictures of these heights. This is exact if
 * both sizes are fixed. */
static void
append_wide (GArray *wide, const Span *narrow, const Span *heights,
    gdouble aspect)
{
  gint64 width = overlay_caps_get_wide_width (narrow->max, heights->max,
      aspect);

  if (narrow->min == narrow->max && heights->min == heights->max) {
    append_span (wide, width, width, 1);
    return;
  }
  width = narrow->max;
  if (narrow->max >= OVERLAY_CAPS_MIN_SIZE
      && heights->max >= OVERLAY_CAPS_MIN_SIZE)
    width += ROUNDING
        + overlay_renderer_get_beside_width (MIN (narrow->max,
                                                 OVERLAY_CAPS_MAX_SIZE),
            MIN (heights->max, OVERLAY_CAPS_MAX_SIZE), aspect);
  append_span (wide, narrow->min, width, 1);
}

static GArray *
get_wide (const GArray *narrow, const Span *heights, gdouble aspect)
{
  GArray *wide = g_array_new (FALSE, FALSE, sizeof (Span));

  for (guint i = 0; i < narrow->len; i++)
    append_wide (wide, &g_array_index (narrow, Span, i), heights, aspect);
  return wide;
}

/* Appends one structure for all widths that are single numbers and one for each
 * range, as GStreamer cannot compare lists that have ranges. */
static void
append_sizes (GstCaps *caps, const GstStructure *structure,
    const GArray *widths, const Span *heights)
{
  GstStructure *copy;
  guint n_ranges = 0;

  if (widths->len == 0)
    return;
  copy = gst_structure_copy (structure);
  set_span (copy, "height", heights);
  for (guint i = 0; i < widths->len; i++) {
    const Span *span = &g_array_index (widths, Span, i);

    if (is_range (span)) {
      set_span (copy, "width", span);
      gst_caps_append_structure (caps, gst_structure_copy (copy));
      n_ranges++;
    }
  }
  if (n_ranges < widths->len) {
    set_widths (copy, widths);
    gst_caps_append_structure (caps, copy);
  } else {
    gst_structure_free (copy);
  }
}

static gboolean
are_same (const GArray *a, const GArray *b)
{
  return a->len == b->len
      && memcmp (a->data, b->data, a->len * sizeof (Span)) == 0;
}

/* Heights, and the widths of pictures that go with each of them. */
typedef struct {
  GArray *heights; /* of Span; exactly one */
  GArray *narrow;  /* of Span */
} Band;

static void
clear_band (gpointer data)
{
  Band *band = data;

  g_array_unref (band->heights);
  g_array_unref (band->narrow);
}

/* Takes @heights, all of which give the same result as @height. */
static void
append_band (GArray *bands, const GArray *wide, GArray *heights, gint height,
    gdouble aspect)
{
  Band band = { heights, get_narrow (wide, height, aspect) };
  const Band *last = bands->len > 0
      ? &g_array_index (bands, Band, bands->len - 1)
      : NULL;

  if (last && are_same (last->narrow, band.narrow)
      && extend_last (last->heights, &g_array_index (heights, Span, 0)))
    clear_band (&band);
  else
    g_array_append_val (bands, band);
}

/* Appends the part of @heights from @first to @last, for which the pictures for
 * @wide are the same. */
static void
try_band (GArray *bands, const GArray *wide, const Span *heights, gint first,
    gint last, gdouble aspect)
{
  GArray *shared = g_array_new (FALSE, FALSE, sizeof (Span));

  append_span (shared, MAX (heights->min, first), MIN (heights->max, last),
      heights->step);
  if (shared->len > 0)
    append_band (bands, wide, shared, first, aspect);
  else
    g_array_unref (shared);
}

static GArray *
get_bands (const GArray *wide, const Span *heights, gdouble aspect)
{
  const gint widest = CLAMP (get_largest (wide), OVERLAY_CAPS_MIN_SIZE,
      OVERLAY_CAPS_MAX_SIZE);
  GArray *bands = g_array_new (FALSE, FALSE, sizeof (Band));
  gint last;

  g_array_set_clear_func (bands, clear_band);
  try_band (bands, wide, heights, 1, OVERLAY_CAPS_MIN_SIZE - 1, aspect);
  for (gint first = OVERLAY_CAPS_MIN_SIZE;
       first <= MIN (heights->max, OVERLAY_CAPS_MAX_SIZE); first = last + 1) {
    /* If the widest pictures keep their panel, all do. */
    last = find_last (widest, first, aspect, SIDE_HEIGHT);
    try_band (bands, wide, heights, first, last, aspect);
  }
  try_band (bands, wide, heights, OVERLAY_CAPS_MAX_SIZE + 1, G_MAXINT, aspect);
  return bands;
}

/* A step that does not divide the widths of panels would need a list of numbers
 * for each height. */
static void
drop_odd_steps (GArray *wide, const Span *heights)
{
  for (guint i = 0; i < wide->len && heights->min < heights->max; i++) {
    Span *span = &g_array_index (wide, Span, i);

    if (PANEL_STEP % span->step != 0)
      span->step = 1;
  }
}

static GArray *
intersect (const GArray *a, const GArray *b)
{
  GArray *both = g_array_new (FALSE, FALSE, sizeof (Span));

  for (guint i = 0; i < a->len; i++) {
    for (guint k = 0; k < b->len; k++) {
      const Span *one = &g_array_index (a, Span, i);
      const Span *other = &g_array_index (b, Span, k);

      if (one->step == other->step)
        append_span (both, MAX (one->min, other->min),
            MIN (one->max, other->max), one->step);
    }
  }
  return both;
}

/* Returns the widths that go with every height. */
static GArray *
get_common (const GArray *bands)
{
  GArray *common = g_array_ref (g_array_index (bands, Band, 0).narrow);

  for (guint i = 1; i < bands->len; i++) {
    GArray *both = intersect (common, g_array_index (bands, Band, i).narrow);

    g_array_unref (common);
    common = both;
  }
  return common;
}

static void
append_bands (GstCaps *caps, const GstStructure *structure, const GArray *bands,
    gboolean with_room)
{
  for (guint i = 0; i < bands->len; i++) {
    const Band *band = &g_array_index (bands, Band, i);
    const Span *heights = &g_array_index (band->heights, Span, 0);

    if (has_room (heights->min) == with_room)
      append_sizes (caps, structure, band->narrow, heights);
  }
}

/* Scalers look at the first structure only, so it has as many sizes as
 * possible. The last ones are those without a panel. */
static void
append_narrow_structures (GstCaps *caps, const GstStructure *structure,
    GArray *wide, const Span *heights, gdouble aspect)
{
  g_autoptr (GArray) bands = NULL;
  g_autoptr (GArray) common = NULL;

  drop_odd_steps (wide, heights);
  bands = get_bands (wide, heights, aspect);
  common = get_common (bands);
  if (bands->len > 1)
    append_sizes (caps, structure, common, heights);
  append_bands (caps, structure, bands, TRUE);
  append_bands (caps, structure, bands, FALSE);
}

static void
append_wide_structures (GstCaps *caps, const GstStructure *structure,
    const GArray *narrow, const Span *heights, gdouble aspect)
{
  g_autoptr (GArray) wide = get_wide (narrow, heights, aspect);

  append_sizes (caps, structure, wide, heights);
}

static gboolean
is_everything (const GArray *spans)
{
  const Span *span = &g_array_index (spans, Span, 0);

  return spans->len == 1 && span->min == 1 && span->max == G_MAXINT
      && span->step == 1;
}

/* Caps without a ratio have square pixels. */
static gdouble
get_pixel_aspect (const GstStructure *structure)
{
  gint numerator, denominator;

  return gst_structure_get_fraction (structure, "pixel-aspect-ratio",
             &numerator, &denominator)
      ? image_pixel_aspect_from_ratio (numerator, denominator)
      : 1.0;
}

/* Returns the sizes at the other pad, with the panel beside the picture. */
static GstCaps *
transform_sizes (GstPadDirection from, const GstStructure *structure)
{
  g_autoptr (GArray) widths = get_spans (structure, "width");
  g_autoptr (GArray) heights = get_spans (structure, "height");
  const gdouble aspect = get_pixel_aspect (structure);
  GstCaps *caps = gst_caps_new_empty ();

  if (is_everything (widths)) {
    gst_caps_append_structure (caps, gst_structure_copy (structure));
    return caps;
  }
  for (guint i = 0; i < heights->len; i++) {
    const Span *span = &g_array_index (heights, Span, i);

    if (from == GST_PAD_SINK)
      append_wide_structures (caps, structure, widths, span, aspect);
    else
      append_narrow_structures (caps, structure, widths, span, aspect);
  }
  return caps;
}

static gboolean
has_composition (const GstCaps *caps, guint index)
{
  const GstCapsFeatures *features = gst_caps_get_features (caps, index);

  return features
      && gst_caps_features_contains (features,
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION);
}

gboolean
overlay_caps_has_composition (const GstCaps *caps)
{
  return !gst_caps_is_empty (caps) && has_composition (caps, 0);
}

/* GStreamer tells caps that name system memory from caps that do not, and
 * elements know one form or the other. */
static void
append_with_composition (GstCaps *caps, const GstStructure *structure)
{
  gst_caps_append_structure_full (caps, gst_structure_copy (structure),
      gst_caps_features_new (GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY,
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, NULL));
  gst_caps_append_structure_full (caps, gst_structure_copy (structure),
      gst_caps_features_new (
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, NULL));
}

static GstCaps *
transform_beside (GstPadDirection from, const GstCaps *caps)
{
  GstCaps *result = gst_caps_new_empty ();

  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    if (from == GST_PAD_SINK || !has_composition (caps, i))
      gst_caps_append (result,
          transform_sizes (from, gst_caps_get_structure (caps, i)));
  }
  return result;
}

/* Compositions that come in are passed on or, like all pictures, drawn on. On
 * the way out they are preferred, as nothing is then drawn on the picture; on
 * the way in they are not, as somebody else could have drawn them. */
GstCaps *
overlay_caps_transform (GstPadDirection from, const GstCaps *caps,
    gboolean beside, gboolean attaches)
{
  GstCaps *with, *without;

  if (beside)
    return transform_beside (from, caps);
  with = gst_caps_new_empty ();
  without = gst_caps_new_empty ();
  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *structure = gst_caps_get_structure (caps, i);

    if (attaches && (from == GST_PAD_SINK || has_composition (caps, i)))
      append_with_composition (with, structure);
    gst_caps_append_structure (without, gst_structure_copy (structure));
  }
  if (from == GST_PAD_SRC) {
    gst_caps_append (without, with);
    return without;
  }
  gst_caps_append (with, without);
  return with;
}

static void
get_preferred_aspect (const GstCaps *filter, gint *numerator, gint *denominator)
{
  const GstStructure *first = gst_caps_is_empty (filter)
          || gst_caps_is_any (filter)
      ? NULL
      : gst_caps_get_structure (filter, 0);

  if (!first
      || !gst_structure_get_fraction (first, "pixel-aspect-ratio", numerator,
          denominator))
    *numerator = *denominator = 1;
}

static gboolean
limits_width (const GstStructure *structure)
{
  g_autoptr (GArray) widths = get_spans (structure, "width");

  return !is_everything (widths);
}

GstCaps *
overlay_caps_fix_pixel_aspect (GstCaps *caps, const GstCaps *filter)
{
  gint numerator, denominator;

  get_preferred_aspect (filter, &numerator, &denominator);
  caps = gst_caps_make_writable (caps);
  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    GstStructure *structure = gst_caps_get_structure (caps, i);

    if (!limits_width (structure))
      continue;
    if (gst_structure_has_field (structure, "pixel-aspect-ratio"))
      gst_structure_fixate_field_nearest_fraction (structure,
          "pixel-aspect-ratio", numerator, denominator);
    else
      gst_structure_set (structure, "pixel-aspect-ratio", GST_TYPE_FRACTION,
          numerator, denominator, NULL);
  }
  return caps;
}
