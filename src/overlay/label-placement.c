/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/label-placement.h"

#include "base/rect.h"

/* The distance of a label to its box, which leaves the box's line visible. */
#define GAP 4
/* The distance to everything else. */
#define MARGIN 2
/* The part of a face that its own label may cover. */
#define MAX_COVER (1.0 / 3.0)

/* The number of places along a side that are tried in each direction, and their
 * minimum distance. */
#define N_STEPS 64
#define MIN_STEP 4

typedef enum {
  HORIZONTAL,
  VERTICAL
} Axis;

/* The part of an axis that a rectangle covers. */
typedef struct {
  gint64 start;
  gint64 length;
} Span;

/* The places along an axis, in steps from @start in both directions. The bits
 * of places that are blocked are set. */
typedef struct {
  Rect start;
  Axis axis;
  gint step;
  guint64 ahead;
  guint64 behind;
} Slide;

static Span
get_span (const Rect *rect, Axis axis)
{
  return axis == HORIZONTAL ? (Span) { rect->x, rect->width }
                            : (Span) { rect->y, rect->height };
}

static gboolean
do_spans_meet (Span a, Span b)
{
  return a.start < b.start + b.length && b.start < a.start + a.length;
}

static Span
widen (Span span)
{
  return (Span) { span.start - MARGIN, span.length + 2 * MARGIN };
}

static gboolean
contains (const Rect *outer, const Rect *inner, Axis axis)
{
  const Span a = get_span (outer, axis), b = get_span (inner, axis);

  return a.start <= b.start && a.start + a.length >= b.start + b.length;
}

/* Returns a mask with the bits of all i for which @low < i * @step < @high. */
static guint64
get_steps_between (gint64 low, gint64 high, gint step)
{
  const gint64 first = low < 0 ? 0 : low / step + 1;
  const gint64 last = high <= 0 ? -1 : MIN ((high - 1) / step, N_STEPS - 1);

  if (first > last)
    return 0;
  return G_MAXUINT64 >> (N_STEPS - 1 - last) & G_MAXUINT64 << first;
}

/* Blocks moves from the start by more than @low and less than @high. */
static void
block (Slide *slide, gint64 low, gint64 high)
{
  slide->ahead |= get_steps_between (low, high, slide->step);
  slide->behind |= get_steps_between (-high, -low, slide->step);
}

static void
block_rect (Slide *slide, const Rect *rect)
{
  const Axis across = slide->axis == HORIZONTAL ? VERTICAL : HORIZONTAL;
  const Span label = get_span (&slide->start, slide->axis);
  const Span span = widen (get_span (rect, slide->axis));

  if (rect->width > 0 && rect->height > 0
      && do_spans_meet (get_span (&slide->start, across),
          widen (get_span (rect, across))))
    block (slide, span.start - label.length - label.start,
        span.start + span.length - label.start);
}

/* Blocks places outside the frame, and places so far away that the label could
 * be taken for that of another box. */
static void
block_ends (Slide *slide, Span frame, Span box)
{
  const Span label = get_span (&slide->start, slide->axis);
  const gint64 beside = MIN (label.length, box.length) / 2;
  const gint64 least = MAX (frame.start, box.start - label.length + beside);
  const gint64 most = MIN (frame.start + frame.length - label.length,
      box.start + box.length - beside);

  block (slide, -G_MAXINT32, least - label.start);
  block (slide, most - label.start, G_MAXINT32);
}

static gboolean
is_full (const Slide *slide)
{
  return (slide->ahead & slide->behind) == G_MAXUINT64;
}

static void
block_others (Slide *slide, const OverlayLabelRequest *request)
{
  for (guint i = 0; i < request->n_taken && !is_full (slide); i++)
    block_rect (slide, &request->taken[i]);
  for (guint i = 0; i < request->n_faces && !is_full (slide); i++) {
    if (!contains (&request->faces[i], &request->box, HORIZONTAL)
        || !contains (&request->faces[i], &request->box, VERTICAL))
      block_rect (slide, &request->faces[i]);
  }
}

static gint
find_free (guint64 taken)
{
  gint step = 0;

  while (step < N_STEPS && (taken >> step & 1) != 0)
    step++;
  return step;
}

static gboolean
choose_nearest (const Slide *slide, Rect *place)
{
  const gint ahead = find_free (slide->ahead);
  const gint behind = find_free (slide->behind);
  const gint move = (ahead <= behind ? ahead : -behind) * slide->step;

  if (MIN (ahead, behind) == N_STEPS)
    return FALSE;
  *place = slide->start;
  if (slide->axis == HORIZONTAL)
    place->x += move;
  else
    place->y += move;
  return TRUE;
}

static gboolean
try_side (const OverlayLabelRequest *request, const Rect *box, Axis axis,
    gint x, gint y, Rect *place)
{
  const Rect frame = { 0, 0, request->frame_width, request->frame_height };
  Slide slide = { .start = { x, y, request->width, request->height },
    .axis = axis };
  const Axis across = axis == HORIZONTAL ? VERTICAL : HORIZONTAL;
  const Span way = get_span (box, axis);
  const Span label = get_span (&slide.start, axis);

  if (!contains (&frame, &slide.start, across))
    return FALSE;
  slide.step = MAX (MIN_STEP,
      (gint) ((MAX (way.length, label.length) + N_STEPS - 2) / (N_STEPS - 1)));
  block_ends (&slide, get_span (&frame, axis), way);
  block_others (&slide, request);
  return choose_nearest (&slide, place);
}

static gboolean
try_outside (const OverlayLabelRequest *request, const Rect *box, Rect *place)
{
  const gint left = MIN (box->x, request->frame_width - request->width);
  const gint top = MIN (box->y, request->frame_height - request->height);

  return try_side (request, box, HORIZONTAL, left,
             box->y - GAP - request->height, place)
      || try_side (request, box, HORIZONTAL, left, box->y + box->height + GAP,
          place)
      || try_side (request, box, VERTICAL, box->x + box->width + GAP, top,
          place)
      || try_side (request, box, VERTICAL, box->x - GAP - request->width, top,
          place);
}

static gboolean
try_inside (const OverlayLabelRequest *request, const Rect *box, Rect *place)
{
  const gint left = MIN (box->x, request->frame_width - request->width);
  const gint top = MIN (box->y + GAP, request->frame_height - request->height);
  const gint bottom = MAX (box->y + box->height - GAP - request->height, 0);
  const gdouble covered = (gdouble) MIN (request->width, box->width)
      * MIN (request->height, box->height);

  return covered <= MAX_COVER * box->width * box->height
      && (try_side (request, box, HORIZONTAL, left, top, place)
          || try_side (request, box, HORIZONTAL, left, bottom, place));
}

gboolean
overlay_label_placement_choose (const OverlayLabelRequest *request, Rect *place)
{
  Rect box;

  return request->width <= request->frame_width
      && request->height <= request->frame_height
      && rect_clip_outset (&request->box, 0, request->frame_width,
          request->frame_height, &box)
      && (try_outside (request, &box, place)
          || try_inside (request, &box, place));
}
