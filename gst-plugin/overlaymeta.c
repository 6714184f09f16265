/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlaymeta.h"

#include <math.h>
#include <string.h>

#include "frametransform.h"
#include "gstactivationmeta-private.h"

/* More places would leave no room for anything else. The last ones matter most:
 * those of labels and of the panel. */
#define MAX_PLACES 256

/* A piece that was attached. */
typedef struct {
  gsize serial;
  Rect rect;
  GstBuffer *pixels;
  GstVideoOverlayRectangle *rectangle;
} Copy;

struct _CompositionBuilder {
  GArray *copies; /* of Copy: those of the last frame */
  GArray *spare;  /* of Copy: those of this one, while they are collected */
  gdouble scale;
  GstVideoOverlayComposition *composition;
};

static gint
unscale (gint length, gdouble scale)
{
  return (gint) lround (length / scale);
}

/* Returns where a piece at @rect lies in the frame. Both edges are rounded, so
 * that pieces that touch still do. */
static Rect
unscale_rect (const Rect *rect, gdouble scale)
{
  const gint x = unscale (rect->x, scale), y = unscale (rect->y, scale);
  const gint right = unscale (rect->x + rect->width, scale);
  const gint bottom = unscale (rect->y + rect->height, scale);

  return (Rect) { x, y, MAX (right - x, 1), MAX (bottom - y, 1) };
}

static void
clear_copy (gpointer data)
{
  Copy *copy = data;

  gst_clear_buffer (&copy->pixels);
  g_clear_pointer (&copy->rectangle, gst_video_overlay_rectangle_unref);
}

static GArray *
new_copies (void)
{
  GArray *copies = g_array_new (FALSE, TRUE, sizeof (Copy));

  g_array_set_clear_func (copies, clear_copy);
  return copies;
}

CompositionBuilder *
composition_builder_new (void)
{
  CompositionBuilder *self = g_new0 (CompositionBuilder, 1);

  self->copies = new_copies ();
  self->spare = new_copies ();
  return self;
}

void
composition_builder_free (CompositionBuilder *self)
{
  g_array_unref (self->copies);
  g_array_unref (self->spare);
  g_clear_pointer (&self->composition, gst_video_overlay_composition_unref);
  g_free (self);
}

/* Copies pixels to the format of rectangles: BGRA or ARGB bytes, which are ARGB
 * words. */
static GstBuffer *
copy_pixels (const OverlayPiece *piece)
{
  const gint width = piece->rect.width, height = piece->rect.height;
  const guint8 *data = cairo_image_surface_get_data (piece->surface);
  const gint stride = cairo_image_surface_get_stride (piece->surface);
  const gsize row = (gsize) width * 4;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, row * (gsize) height,
      NULL);
  GstMapInfo map;

  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint) width, (guint) height);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gint y = 0; y < height; y++)
    memcpy (map.data + (gsize) y * row, data + (gsize) y * (gsize) stride, row);
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

static GstVideoOverlayRectangle *
new_rectangle (GstBuffer *pixels, const Rect *rect, gdouble scale)
{
  const Rect place = unscale_rect (rect, scale);

  return gst_video_overlay_rectangle_new_raw (pixels, place.x, place.y,
      (guint) place.width, (guint) place.height,
      GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
}

static gboolean
is_same_rect (const Rect *a, const Rect *b)
{
  return a->x == b->x && a->y == b->y && a->width == b->width
      && a->height == b->height;
}

/* The brackets of several boxes have the same pixels in different places. The
 * copy in the same place is preferred. */
static const Copy *
find_copy (const CompositionBuilder *self, const OverlayPiece *piece,
    gsize serial)
{
  const Copy *found = NULL;

  for (guint i = 0; serial != 0 && i < self->copies->len; i++) {
    const Copy *copy = &g_array_index (self->copies, Copy, i);

    if (copy->serial != serial || copy->rect.width != piece->rect.width
        || copy->rect.height != piece->rect.height)
      continue;
    if (is_same_rect (&copy->rect, &piece->rect))
      return copy;
    found = copy;
  }
  return found;
}

static void
append_copy (CompositionBuilder *self, const OverlayPiece *piece)
{
  const gsize serial = overlay_piece_get_serial (piece);
  const Copy *old = find_copy (self, piece, serial);
  Copy copy = { .serial = serial, .rect = piece->rect };

  copy.pixels = old ? gst_buffer_ref (old->pixels) : copy_pixels (piece);
  if (old && is_same_rect (&old->rect, &piece->rect))
    copy.rectangle = gst_video_overlay_rectangle_ref (old->rectangle);
  else
    copy.rectangle = new_rectangle (copy.pixels, &piece->rect, self->scale);
  g_array_append_val (self->spare, copy);
}

static gboolean
are_same (const GArray *a, const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++) {
    if (g_array_index (a, Copy, i).rectangle
        != g_array_index (b, Copy, i).rectangle)
      return FALSE;
  }
  return TRUE;
}

static void
add_rectangles (const CompositionBuilder *self,
    GstVideoOverlayComposition *composition)
{
  for (guint i = 0; i < self->copies->len; i++)
    gst_video_overlay_composition_add_rectangle (composition,
        g_array_index (self->copies, Copy, i).rectangle);
}

/* Returns FALSE if nothing has changed. */
static gboolean
update_copies (CompositionBuilder *self, const OverlayPiece *pieces,
    guint n_pieces)
{
  GArray *copies = self->spare;
  gboolean changed;

  for (guint i = 0; i < n_pieces; i++)
    append_copy (self, &pieces[i]);
  changed = !are_same (self->copies, copies);
  self->spare = self->copies;
  self->copies = copies;
  g_array_set_size (self->spare, 0);
  return changed;
}

static void
update (CompositionBuilder *self, const OverlayPiece *pieces, guint n_pieces,
    gdouble scale)
{
  if (self->scale != scale)
    g_array_set_size (self->copies, 0);
  self->scale = scale;
  if (!update_copies (self, pieces, n_pieces) && self->composition)
    return;
  g_clear_pointer (&self->composition, gst_video_overlay_composition_unref);
  self->composition = gst_video_overlay_composition_new (NULL);
  add_rectangles (self, self->composition);
}

static GstBuffer *
get_pixels (GstVideoOverlayRectangle *rectangle)
{
  return gst_video_overlay_rectangle_get_pixels_unscaled_raw (rectangle,
      gst_video_overlay_rectangle_get_flags (rectangle));
}

static gboolean
is_same_drawing (GstVideoOverlayRectangle *a, GstVideoOverlayRectangle *b)
{
  gint a_x, a_y, b_x, b_y;

  gst_video_overlay_rectangle_get_render_rectangle (a, &a_x, &a_y, NULL, NULL);
  gst_video_overlay_rectangle_get_render_rectangle (b, &b_x, &b_y, NULL, NULL);
  return a_x == b_x && a_y == b_y && get_pixels (a) == get_pixels (b);
}

static gboolean
has_drawing (GstVideoOverlayComposition *composition,
    GstVideoOverlayRectangle *rectangle)
{
  const guint n = gst_video_overlay_composition_n_rectangles (composition);

  for (guint i = 0; i < n; i++) {
    if (is_same_drawing (
            gst_video_overlay_composition_get_rectangle (composition, i),
            rectangle))
      return TRUE;
  }
  return FALSE;
}

/* Adds the rectangles themselves and not copies of them, because sinks keep
 * what they have made of the rectangles that they know. */
static void
add_missing (GstVideoOverlayComposition *composition,
    GstVideoOverlayComposition *other)
{
  const guint n = gst_video_overlay_composition_n_rectangles (other);

  for (guint i = 0; i < n; i++) {
    GstVideoOverlayRectangle *rectangle =
        gst_video_overlay_composition_get_rectangle (other, i);

    if (!has_drawing (composition, rectangle))
      gst_video_overlay_composition_add_rectangle (composition, rectangle);
  }
}

GstVideoOverlayComposition *
composition_merge_attached (GstBuffer *buffer)
{
  GstVideoOverlayComposition *merged = NULL;
  gpointer state = NULL;
  GstMeta *meta;

  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE))) {
    if (!merged)
      merged = gst_video_overlay_composition_new (NULL);
    add_missing (merged, ((GstVideoOverlayCompositionMeta *) meta)->overlay);
  }
  return merged;
}

void
composition_remove_attached (GstBuffer *buffer)
{
  GstVideoOverlayCompositionMeta *meta;

  while ((meta = gst_buffer_get_video_overlay_composition_meta (buffer)))
    gst_buffer_remove_video_overlay_composition_meta (buffer, meta);
}

void
composition_builder_attach (CompositionBuilder *self, GstBuffer *buffer,
    const OverlayPiece *pieces, guint n_pieces, gdouble scale)
{
  GstVideoOverlayComposition *merged;

  update (self, pieces, n_pieces, scale);
  if (n_pieces == 0)
    return;
  merged = composition_merge_attached (buffer);
  if (!merged) {
    gst_buffer_add_video_overlay_composition_meta (buffer, self->composition);
    return;
  }
  composition_remove_attached (buffer);
  add_rectangles (self, merged);
  gst_buffer_add_video_overlay_composition_meta (buffer, merged);
  gst_video_overlay_composition_unref (merged);
}

static const GstMetaInfo *get_info (void);

static gboolean
init_meta (GstMeta *meta, gpointer params, GstBuffer *buffer)
{
  DrawnMeta *self = (DrawnMeta *) meta;

  self->n_predictions = 0;
  self->places = NULL;
  self->n_places = 0;
  return TRUE;
}

static void
free_meta (GstMeta *meta, GstBuffer *buffer)
{
  g_free (((DrawnMeta *) meta)->places);
}

/* Returns how many of the first @n_predictions of @buffer are left. */
static guint
count_left (GstBuffer *buffer, guint n_predictions, GQuark type, gpointer data)
{
  gpointer state = NULL;
  guint n_left = 0;

  for (guint i = 0; i < n_predictions; i++) {
    const GstActivationMeta *meta = gst_buffer_iterate_activation_meta (buffer,
        &state);
    Rect box;

    if (!meta)
      break;
    box = gst_activation_meta_get_box (meta);
    n_left += frame_transform_box (type, data, &box);
  }
  return n_left;
}

/* Places are rounded up, as drawings reach to their edges. */
static void
copy_places (DrawnMeta *copy, const DrawnMeta *self, GQuark type, gpointer data)
{
  const gint margin = GST_META_TRANSFORM_IS_COPY (type) ? 0 : 1;

  copy->places = g_new (Rect, self->n_places);
  for (guint i = 0; i < self->n_places; i++) {
    Rect place = self->places[i];

    if (!frame_transform_box (type, data, &place))
      continue;
    place.width += margin;
    place.height += margin;
    copy->places[copy->n_places++] = place;
  }
}

static gboolean
transform_meta (GstBuffer *destination, GstMeta *meta, GstBuffer *buffer,
    GQuark type, gpointer data)
{
  const DrawnMeta *self = (DrawnMeta *) meta;
  DrawnMeta *copy;

  if (!frame_transform_is_known (type))
    return FALSE;
  copy = (DrawnMeta *) gst_buffer_add_meta (destination, get_info (), NULL);
  copy->n_predictions = count_left (buffer, self->n_predictions, type, data);
  copy_places (copy, self, type, data);
  return TRUE;
}

static const GstMetaInfo *
get_info (void)
{
  static const gchar *tags[] = { GST_META_TAG_VIDEO_STR,
    GST_META_TAG_VIDEO_ORIENTATION_STR, GST_META_TAG_VIDEO_SIZE_STR, NULL };
  static const GstMetaInfo *info = NULL;

  if (g_once_init_enter (&info)) {
    const GType api = gst_meta_api_type_register ("GstActivationDrawnMetaAPI",
        tags);

    g_once_init_leave (&info,
        gst_meta_register (api, "GstActivationDrawnMeta", sizeof (DrawnMeta),
            init_meta, free_meta, transform_meta));
  }
  return info;
}

const DrawnMeta *
drawn_meta_get (GstBuffer *buffer)
{
  return (const DrawnMeta *) gst_buffer_get_meta (buffer, get_info ()->api);
}

void
drawn_meta_add (GstBuffer *buffer, guint n_predictions,
    const OverlayPiece *pieces, guint n_pieces, gdouble scale)
{
  DrawnMeta *self = (DrawnMeta *) drawn_meta_get (buffer);
  const guint n_added = MIN (n_pieces, MAX_PLACES);

  if (!self)
    self = (DrawnMeta *) gst_buffer_add_meta (buffer, get_info (), NULL);
  self->n_predictions = n_predictions;
  self->places = g_renew (Rect, self->places, self->n_places + n_added);
  for (guint i = n_pieces - n_added; i < n_pieces; i++)
    self->places[self->n_places++] = unscale_rect (&pieces[i].rect, scale);
}
