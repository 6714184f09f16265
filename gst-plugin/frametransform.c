/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "frametransform.h"

#include <math.h>

/* Rounds as GStreamer does for regions. */
static gint
scale (gint length, gint from, gint to)
{
  return (gint) CLAMP ((gint64) length * to / from, G_MININT, G_MAXINT);
}

static void
scale_box (const GstVideoMetaTransform *sizes, Rect *box)
{
  const gint width = GST_VIDEO_INFO_WIDTH (sizes->in_info);
  const gint height = GST_VIDEO_INFO_HEIGHT (sizes->in_info);
  const gint out_width = GST_VIDEO_INFO_WIDTH (sizes->out_info);
  const gint out_height = GST_VIDEO_INFO_HEIGHT (sizes->out_info);

  box->x = scale (box->x, width, out_width);
  box->y = scale (box->y, height, out_height);
  box->width = scale (box->width, width, out_width);
  box->height = scale (box->height, height, out_height);
}

#ifdef GST_VIDEO_META_TRANSFORM_IS_MATRIX
gboolean
frame_transform_is_told (void)
{
  return TRUE;
}

static gboolean
is_transposed (const GstVideoMetaTransformMatrix *transform)
{
  return transform->matrix[0][0] == 0.0f && transform->matrix[1][1] == 0.0f;
}

/* Returns FALSE for perspective, and for turns by anything but right angles. */
static gboolean
keeps_upright (const GstVideoMetaTransformMatrix *transform)
{
  const gfloat (*matrix)[3] = transform->matrix;

  return matrix[2][0] == 0.0f && matrix[2][1] == 0.0f && matrix[2][2] == 1.0f
      && (is_transposed (transform)
          || (matrix[0][1] == 0.0f && matrix[1][0] == 0.0f));
}

/* Where elements mirror the picture, they tell where pixels go, the first to
 * the place of the last, and not the edges between them. */
static gdouble
get_offset (const gfloat *row, gint out_length)
{
  const gboolean is_mirrored = row[0] < 0.0f || row[1] < 0.0f;

  return (gdouble) row[2]
      + (is_mirrored && row[2] == (gfloat) (out_length - 1) ? 1.0 : 0.0);
}

/* gst_video_meta_transform_matrix_rectangle() rounds all towards 0, so that a
 * box that reaches beyond the frame would shrink with each element, and its
 * clipping sister drops boxes at the frame's edge. */
static gint
move_along (const gfloat *row, gdouble right, gdouble down, gint out_start,
    gint out_length)
{
  const gdouble position = (gdouble) row[0] * right + (gdouble) row[1] * down
      + get_offset (row, out_length);

  return (gint) CLAMP (floor (position + out_start + 0.5), G_MININT, G_MAXINT);
}

static void
move_point (const GstVideoMetaTransformMatrix *transform, gdouble x, gdouble y,
    gint *out_x, gint *out_y)
{
  const GstVideoRectangle *out = &transform->out_rectangle;
  const gdouble right = x - transform->in_rectangle.x;
  const gdouble down = y - transform->in_rectangle.y;

  *out_x = move_along (transform->matrix[0], right, down, out->x, out->w);
  *out_y = move_along (transform->matrix[1], right, down, out->y, out->h);
}

static void
set_side (gint *start, gint *length, gint one, gint other)
{
  *start = MIN (one, other);
  *length = (gint) MIN ((gint64) MAX (one, other) - *start, G_MAXINT);
}

static void
move_box (const GstVideoMetaTransformMatrix *transform, Rect *box)
{
  gint left, top, right, bottom;

  move_point (transform, box->x, box->y, &left, &top);
  move_point (transform, (gdouble) box->x + box->width,
      (gdouble) box->y + box->height, &right, &bottom);
  set_side (&box->x, &box->width, left, right);
  set_side (&box->y, &box->height, top, bottom);
}

/* Clips a side of a box to that of the picture, but not to that of the frame.
 * Returns FALSE if it lies outside of the picture. */
static gboolean
clip_side (gint *start, gint *length, gint picture_start, gint picture_length,
    gint frame_length)
{
  const gint64 picture_end = (gint64) picture_start + picture_length;
  gint64 end = (gint64) *start + *length;

  if (*start >= picture_end || end <= picture_start)
    return FALSE;
  if (picture_end < frame_length)
    end = MIN (end, picture_end);
  if (picture_start > 0)
    *start = MAX (*start, picture_start);
  *length = (gint) (end - *start);
  return TRUE;
}

static gboolean
clip_box (const GstVideoMetaTransformMatrix *transform, Rect *box)
{
  const GstVideoRectangle *picture = &transform->out_rectangle;

  return clip_side (&box->x, &box->width, picture->x, picture->w,
             GST_VIDEO_INFO_WIDTH (transform->out_info))
      && clip_side (&box->y, &box->height, picture->y, picture->h,
          GST_VIDEO_INFO_HEIGHT (transform->out_info));
}

static gboolean
is_matrix (GQuark type)
{
  return GST_VIDEO_META_TRANSFORM_IS_MATRIX (type);
}

static gboolean
transform_box (const GstVideoMetaTransformMatrix *transform, Rect *box)
{
  if (!keeps_upright (transform))
    return FALSE;
  move_box (transform, box);
  return clip_box (transform, box);
}

static MapTurn
get_turn (const GstVideoMetaTransformMatrix *transform)
{
  const gfloat (*matrix)[3] = transform->matrix;

  if (is_transposed (transform))
    return (MapTurn) { TRUE, matrix[0][1] < 0.0f, matrix[1][0] < 0.0f };
  return (MapTurn) { FALSE, matrix[0][0] < 0.0f, matrix[1][1] < 0.0f };
}
#else
gboolean
frame_transform_is_told (void)
{
  return FALSE;
}

static gboolean
is_matrix (GQuark type)
{
  return FALSE;
}

static gboolean
transform_box (gconstpointer transform, Rect *box)
{
  return FALSE;
}

static MapTurn
get_turn (gconstpointer transform)
{
  return (MapTurn) { FALSE };
}
#endif

gboolean
frame_transform_is_known (GQuark type)
{
  return GST_META_TRANSFORM_IS_COPY (type)
      || GST_VIDEO_META_TRANSFORM_IS_SCALE (type) || is_matrix (type);
}

gboolean
frame_transform_box (GQuark type, gconstpointer data, Rect *box)
{
  if (is_matrix (type))
    return transform_box (data, box);
  if (GST_VIDEO_META_TRANSFORM_IS_SCALE (type))
    scale_box (data, box);
  return TRUE;
}

MapTurn
frame_transform_get_turn (GQuark type, gconstpointer data)
{
  return is_matrix (type) ? get_turn (data) : (MapTurn) { FALSE };
}
