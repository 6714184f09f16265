/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/face-boxes.h"

#include <math.h>

#include "base/rect.h"
#include "overlay/drawing.h"

#define HALO 1
#define N_ARMS 3

/* Bit 0 of a corner is set at the right, bit 1 at the bottom. */
#define N_CORNERS 4

typedef cairo_surface_t *Corners[N_CORNERS];

struct _OverlayFaceBoxes {
  gint line_width;
  Corners corners[OVERLAY_N_FACE_COLORS][2][N_ARMS];
};

/* White for faces without an id, followed by the palette of Okabe and Ito,
 * "Color Universal Design" (2008), without its black and dark blue and with a
 * lighter green, because dark lines are hard to see on video. */
static const guint32 colors[OVERLAY_N_FACE_COLORS] = {
  0xffffff,
  0x56b4e9,
  0xe69f00,
  0x2fc39a,
  0xf0e442,
  0xcc79a7,
  0xd55e00,
};

guint
overlay_face_get_color_index (gint id)
{
  return id < 0 ? 0 : 1 + (guint) id % (OVERLAY_N_FACE_COLORS - 1);
}

guint32
overlay_face_get_color (guint index)
{
  return colors[index];
}

OverlayFaceBoxes *
overlay_face_boxes_new (void)
{
  return g_new0 (OverlayFaceBoxes, 1);
}

static void
clear (OverlayFaceBoxes *boxes)
{
  cairo_surface_t **corners = &boxes->corners[0][0][0][0];

  for (gsize i = 0; i < sizeof (boxes->corners) / sizeof (*corners); i++)
    g_clear_pointer (&corners[i], cairo_surface_destroy);
}

void
overlay_face_boxes_free (OverlayFaceBoxes *boxes)
{
  clear (boxes);
  g_free (boxes);
}

/* The line is two pixels wide at 480 lines. */
static gint
choose_line_width (gint frame_width, gint frame_height)
{
  return MAX ((gint) lround (MIN (frame_width, frame_height) / 240.0), 1);
}

static gint
get_line_width (const OverlayFaceBoxes *boxes, gboolean is_main)
{
  return boxes->line_width + (is_main ? (boxes->line_width + 1) / 2 : 0);
}

/* The side of the square that contains a bracket. */
static gint
get_side (const OverlayFaceBoxes *boxes, gint arm)
{
  return boxes->line_width * (12 >> arm) + 2 * HALO;
}

static void
stroke_bracket (cairo_t *cairo, gint line_width, gint side, gint halo)
{
  gdouble middle = HALO + line_width / 2.0;
  gdouble radius = line_width;
  gdouble end = side - HALO + halo;

  cairo_move_to (cairo, middle, end);
  cairo_arc (cairo, middle + radius, middle + radius, radius, G_PI, 3 * G_PI_2);
  cairo_line_to (cairo, end, middle);
  cairo_set_line_width (cairo, line_width + 2 * halo);
  cairo_stroke (cairo);
}

static cairo_surface_t *
draw_bracket (gint line_width, gint side, guint32 color, guint corner)
{
  cairo_surface_t *surface = NULL;
  cairo_t *cairo;

  overlay_drawing_renew_surface (&surface, side, side);
  cairo = cairo_create (surface);
  if (corner & 1) {
    cairo_translate (cairo, side, 0);
    cairo_scale (cairo, -1, 1);
  }
  if (corner & 2) {
    cairo_translate (cairo, 0, side);
    cairo_scale (cairo, 1, -1);
  }
  overlay_drawing_set_color (cairo, 0x000000, 0.4);
  stroke_bracket (cairo, line_width, side, HALO);
  overlay_drawing_set_color (cairo, color, 1.0);
  stroke_bracket (cairo, line_width, side, 0);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  return surface;
}

/* Chooses the longest arms that leave a third of the shorter side open. */
static guint
choose_arm (const OverlayFaceBoxes *boxes, const Rect *box)
{
  gint shorter = MIN (box->width, box->height);
  guint arm = 0;

  while (arm < N_ARMS - 1 && 3 * get_side (boxes, (gint) arm) > shorter)
    arm++;
  return arm;
}

/* Enlarges tiny boxes so that they still get complete brackets. */
static void
grow (gint *start, gint *length, gint least, gint limit)
{
  if (*length >= least)
    return;
  *start = CLAMP (*start + (*length - least) / 2, 0, MAX (limit - least, 0));
  *length = least;
}

/* Draws a bracket when it is first needed. */
static cairo_surface_t *
ensure_bracket (OverlayFaceBoxes *boxes, guint color, gboolean is_main,
    guint arm, guint corner)
{
  cairo_surface_t **surface =
      &boxes->corners[color][is_main != FALSE][arm][corner];

  if (*surface == NULL)
    *surface = draw_bracket (get_line_width (boxes, is_main),
        get_side (boxes, (gint) arm), overlay_face_get_color (color), corner);
  return *surface;
}

static void
set_line_width (OverlayFaceBoxes *boxes, gint line_width)
{
  if (boxes->line_width != line_width)
    clear (boxes);
  boxes->line_width = line_width;
}

void
overlay_face_boxes_add (OverlayFaceBoxes *boxes, gint frame_width,
    gint frame_height, const OverlayFace *face, gboolean is_main,
    GArray *pieces)
{
  const guint color = overlay_face_get_color_index (face->id);
  Rect box;
  guint arm;
  gint side;

  set_line_width (boxes, choose_line_width (frame_width, frame_height));
  if (!rect_clip_outset (&face->box, get_line_width (boxes, is_main) / 2 + HALO,
          frame_width, frame_height, &box))
    return;
  arm = choose_arm (boxes, &box);
  side = get_side (boxes, (gint) arm);
  if (2 * side > MIN (frame_width, frame_height))
    return;
  grow (&box.x, &box.width, 2 * side, frame_width);
  grow (&box.y, &box.height, 2 * side, frame_height);
  for (guint corner = 0; corner < N_CORNERS; corner++) {
    OverlayPiece piece = { { box.x, box.y, side, side },
      ensure_bracket (boxes, color, is_main, arm, corner) };

    piece.rect.x += corner & 1 ? box.width - side : 0;
    piece.rect.y += corner & 2 ? box.height - side : 0;
    g_array_append_val (pieces, piece);
  }
}
