/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "drawnmeta.h"

#include "piececomposition.h"

/* More would leave no place for anything else. What comes last matters most:
 * labels and the panel. */
#define MAX_PLACES 256

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

static DrawnMeta *
copy_meta (GstBuffer *destination, const DrawnMeta *self)
{
  DrawnMeta *copy = (DrawnMeta *) gst_buffer_add_meta (destination, get_info (),
      NULL);

  copy->n_predictions = self->n_predictions;
  copy->places = g_memdup2 (self->places, self->n_places * sizeof (Rect));
  copy->n_places = self->n_places;
  return copy;
}

static void
scale_places (DrawnMeta *self, const GstVideoMetaTransform *scale)
{
  const gint in_width = GST_VIDEO_INFO_WIDTH (scale->in_info);
  const gint in_height = GST_VIDEO_INFO_HEIGHT (scale->in_info);
  const gint width = GST_VIDEO_INFO_WIDTH (scale->out_info);
  const gint height = GST_VIDEO_INFO_HEIGHT (scale->out_info);

  for (guint i = 0; i < self->n_places; i++) {
    Rect *place = &self->places[i];

    place->x = (gint) ((gint64) place->x * width / in_width);
    place->y = (gint) ((gint64) place->y * height / in_height);
    place->width = (gint) ((gint64) place->width * width / in_width) + 1;
    place->height = (gint) ((gint64) place->height * height / in_height) + 1;
  }
}

static gboolean
transform_meta (GstBuffer *destination, GstMeta *meta, GstBuffer *buffer,
    GQuark type, gpointer data)
{
  const DrawnMeta *self = (DrawnMeta *) meta;

  if (GST_META_TRANSFORM_IS_COPY (type))
    copy_meta (destination, self);
  else if (GST_VIDEO_META_TRANSFORM_IS_SCALE (type))
    scale_places (copy_meta (destination, self), data);
  else
    return FALSE;
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
    self->places[self->n_places++] = piece_composition_unscale (&pieces[i].rect,
        scale);
}
