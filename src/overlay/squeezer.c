/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/squeezer.h"

#include <math.h>

#include "overlay/drawing.h"
#include "overlay/panel-layout.h"

/* The sum of the weights of a mean. */
#define ONE 256

/**
 * Mean:
 * @first: first source pixel
 * @n: number of source pixels, which may be 0
 *
 * The source pixels whose mean a pixel of the frame is.
 */
typedef struct {
  gint first;
  gint n;
} Mean;

/**
 * Span:
 * @start: start of the piece, in pixels of the frame
 * @length: length of the piece, in pixels of the frame
 * @source_length: length of the piece on the canvas
 * @offset: position on the piece at which the first frame pixel begins
 * @step: distance on the piece from one frame pixel to the next; at least 1
 *
 * The scaling of a piece along one axis.
 */
typedef struct {
  gint start;
  gint length;
  gint source_length;
  gdouble offset;
  gdouble step;
} Span;

/**
 * OverlaySqueezer:
 * @means: a mean for each pixel along a span
 * @weights: weights of all means, with the same number of slots for each
 */
struct _OverlaySqueezer {
  GArray *faces;       /* OverlayFace elements */
  GArray *taken;       /* Rect elements */
  GPtrArray *surfaces; /* cairo_surface_t elements */
  GArray *means;
  GArray *weights; /* guint32 elements */
};

OverlaySqueezer *
overlay_squeezer_new (void)
{
  OverlaySqueezer *squeezer = g_new0 (OverlaySqueezer, 1);

  squeezer->faces = g_array_new (FALSE, FALSE, sizeof (OverlayFace));
  squeezer->taken = g_array_new (FALSE, FALSE, sizeof (Rect));
  squeezer->surfaces = g_ptr_array_new_with_free_func (
      (GDestroyNotify) cairo_surface_destroy);
  squeezer->means = g_array_new (FALSE, FALSE, sizeof (Mean));
  squeezer->weights = g_array_new (FALSE, FALSE, sizeof (guint32));
  return squeezer;
}

void
overlay_squeezer_free (OverlaySqueezer *squeezer)
{
  g_array_unref (squeezer->faces);
  g_array_unref (squeezer->taken);
  g_ptr_array_unref (squeezer->surfaces);
  g_array_unref (squeezer->means);
  g_array_unref (squeezer->weights);
  g_free (squeezer);
}

void
overlay_squeezer_place (OverlaySqueezer *squeezer, const ImageCanvas *canvas,
    OverlayScene *scene)
{
  g_array_set_size (squeezer->faces, 0);
  for (guint i = 0; i < scene->n_faces; i++) {
    OverlayFace face = scene->faces[i];

    face.box = image_canvas_from_frame (canvas, &face.box);
    g_array_append_val (squeezer->faces, face);
  }
  g_array_set_size (squeezer->taken, 0);
  for (guint i = 0; i < scene->n_taken; i++) {
    const Rect rect = image_canvas_from_frame (canvas, &scene->taken[i]);

    g_array_append_val (squeezer->taken, rect);
  }
  scene->faces = (const OverlayFace *) (gpointer) squeezer->faces->data;
  scene->taken = (const Rect *) (gpointer) squeezer->taken->data;
}

gint
overlay_squeezer_get_beside_width (const ImageCanvas *canvas)
{
  const gint width = overlay_panel_layout_get_beside_width (canvas->width,
      canvas->height);
  const gdouble squeezed = (gdouble) width * canvas->frame_width
      / canvas->width;

  return canvas->width == canvas->frame_width
      ? width
      : 2 * (gint) lround (squeezed / 2);
}

/* Returns the span of all frame pixels that the piece covers, even partly. */
static Span
span_of (gint start, gint length, gint canvas_size, gint frame_size)
{
  const gdouble step = (gdouble) canvas_size / frame_size;
  const gint64 end = ((gint64) start + length) * frame_size;
  Span span = { .source_length = length, .step = step };

  span.start = (gint) ((gint64) start * frame_size / canvas_size);
  span.length = (gint) ((end + canvas_size - 1) / canvas_size) - span.start;
  span.offset = span.start * step - start;
  return span;
}

static Span
columns_of (const ImageCanvas *canvas, const Rect *rect)
{
  Span span;

  if (rect->x < canvas->width)
    return span_of (rect->x, rect->width, canvas->width, canvas->frame_width);
  span = (Span) { .start = (canvas->frame_width + 1) & ~1,
    .length = overlay_squeezer_get_beside_width (canvas),
    .source_length = rect->width };
  span.step = (gdouble) rect->width / span.length;
  return span;
}

/* The share, of ONE, of a frame pixel's source that lies before @place. */
static guint32
cover (const Span *span, gdouble begin, gint place)
{
  const gdouble part = (place - begin) / span->step;

  return (guint32) (CLAMP (part, 0.0, 1.0) * ONE + 0.5);
}

static void
prepare_mean (const Span *span, gint i, Mean *mean, guint32 *weights)
{
  const gdouble begin = span->offset + i * span->step;
  const gint end = (gint) ceil (begin + span->step);

  mean->first = MAX ((gint) floor (begin), 0);
  mean->n = MAX (MIN (end, span->source_length) - mean->first, 0);
  for (gint k = 0; k < mean->n; k++)
    weights[k] = cover (span, begin, mean->first + k + 1)
        - cover (span, begin, mean->first + k);
}

/* Returns the number of weight slots of each mean. */
static gsize
prepare_means (OverlaySqueezer *squeezer, const Span *span)
{
  const gsize room = (gsize) ceil (span->step) + 2;
  const guint length = (guint) span->length;

  g_array_set_size (squeezer->means, length);
  g_array_set_size (squeezer->weights, length * (guint) room);
  for (guint i = 0; i < length; i++)
    prepare_mean (span, (gint) i, &g_array_index (squeezer->means, Mean, i),
        &g_array_index (squeezer->weights, guint32, i * room));
  return room;
}

/* Averages premultiplied words, two components at a time. @stride is the
 * distance between words. */
static inline guint32
take_mean (const guint32 *words, gsize stride, const guint32 *weights, gint n)
{
  guint32 even = 0x800080, odd = 0x800080;

  for (gint k = 0; k < n; k++, words += stride) {
    even += (*words & 0xff00ff) * weights[k];
    odd += (*words >> 8 & 0xff00ff) * weights[k];
  }
  return (even >> 8 & 0xff00ff) | (odd & 0xff00ff00);
}

static void
squeeze_columns (OverlaySqueezer *squeezer, const Span *span,
    const OverlayPixels *from, const OverlayPixels *to, gint height)
{
  const gsize room = prepare_means (squeezer, span);
  const Mean *means = (const Mean *) (gpointer) squeezer->means->data;
  const guint32 *weights = (const guint32 *) (gpointer) squeezer->weights->data;

  for (gint y = 0; y < height; y++) {
    const guint32 *source = from->data + (gsize) y * from->stride;
    guint32 *row = to->data + (gsize) y * to->stride;

    for (gint x = 0; x < span->length; x++)
      row[x] = take_mean (source + means[x].first, 1, weights + x * room,
          means[x].n);
  }
}

static void
squeeze_rows (OverlaySqueezer *squeezer, const Span *span,
    const OverlayPixels *from, const OverlayPixels *to, gint width)
{
  const gsize room = prepare_means (squeezer, span);

  for (gint y = 0; y < span->length; y++) {
    const Mean *mean = &g_array_index (squeezer->means, Mean, y);
    const guint32 *weights = &g_array_index (squeezer->weights, guint32,
        y * room);
    const guint32 *source = from->data + (gsize) mean->first * from->stride;
    guint32 *row = to->data + (gsize) y * to->stride;

    for (gint x = 0; x < width; x++)
      row[x] = take_mean (source + x, from->stride, weights, mean->n);
  }
}

static void
squeeze_piece (OverlaySqueezer *squeezer, const ImageCanvas *canvas,
    OverlayPiece *piece, cairo_surface_t **surface)
{
  const Rect source = piece->rect;
  const Span columns = columns_of (canvas, &source);
  const Span rows = span_of (source.y, source.height, canvas->height,
      canvas->frame_height);
  OverlayPixels from, to;

  piece->rect = (Rect) { columns.start, rows.start, columns.length,
    rows.length };
  overlay_drawing_grow_surface (surface, columns.length, rows.length);
  cairo_surface_flush (*surface);
  overlay_pixels_from_surface (&from, piece->surface);
  overlay_pixels_from_surface (&to, *surface);
  if (canvas->width != canvas->frame_width)
    squeeze_columns (squeezer, &columns, &from, &to, rows.length);
  else
    squeeze_rows (squeezer, &rows, &from, &to, columns.length);
  cairo_surface_mark_dirty (*surface);
  piece->surface = *surface;
}

/* The panel is the last piece, and its index depends on the number of faces. It
 * always uses the first surface; otherwise all surfaces would grow to its
 * size. */
void
overlay_squeezer_squeeze (OverlaySqueezer *squeezer, const ImageCanvas *canvas,
    OverlayPiece *pieces, guint n_pieces)
{
  GPtrArray *surfaces = squeezer->surfaces;

  if (surfaces->len < n_pieces)
    g_ptr_array_set_size (surfaces, (gint) n_pieces);
  for (guint i = 0; i < n_pieces; i++) {
    const guint slot = i + 1 < n_pieces ? i + 1 : 0;

    squeeze_piece (squeezer, canvas, &pieces[i],
        (cairo_surface_t **) &surfaces->pdata[slot]);
  }
}
