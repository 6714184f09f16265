/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "regionbox.h"

#include "image/image-rect.h"

/* Of another detector's `detection`, which may be rounded otherwise. */
#define MAX_DIFFERENCE 1
/* In frames: what is farther out is no box. */
#define MAX_DISTANCE 10.0

static void
add_detection (GstVideoRegionOfInterestMeta *region, const GstVideoInfo *info,
    const FaceArea *area, gdouble confidence)
{
  const gdouble width = GST_VIDEO_INFO_WIDTH (info);
  const gdouble height = GST_VIDEO_INFO_HEIGHT (info);

  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("detection", "x_min", G_TYPE_DOUBLE,
          (area->x - area->width / 2.0) / width, "x_max", G_TYPE_DOUBLE,
          (area->x + area->width / 2.0) / width, "y_min", G_TYPE_DOUBLE,
          (area->y - area->height / 2.0) / height, "y_max", G_TYPE_DOUBLE,
          (area->y + area->height / 2.0) / height, "confidence", G_TYPE_DOUBLE,
          confidence, "label_id", G_TYPE_INT, 0, NULL));
}

static void
set_id (GstVideoRegionOfInterestMeta *region, gint id)
{
  GstStructure *object_id = gst_video_region_of_interest_meta_get_param (region,
      "object_id");

  region->id = id;
  if (object_id) {
    gst_structure_set (object_id, "id", G_TYPE_INT, id, NULL);
  } else {
    gst_video_region_of_interest_meta_add_param (region,
        gst_structure_new ("object_id", "id", G_TYPE_INT, id, NULL));
  }
}

gboolean
region_box_attach (GstBuffer *buffer, const GstVideoInfo *info,
    const gchar *roi_type, const FaceArea *area, gint id, gdouble confidence)
{
  const ImageRect whole = face_area_to_rect (area);
  const ImageRect box = image_rect_clip (&whole, GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
  GstVideoRegionOfInterestMeta *region;

  if (box.width == 0)
    return FALSE;
  region = gst_buffer_add_video_region_of_interest_meta (buffer, roi_type,
      (guint) box.x, (guint) box.y, (guint) box.width, (guint) box.height);
  add_detection (region, info, area, confidence);
  set_id (region, id);
  return TRUE;
}

void
region_box_describe (GstVideoRegionOfInterestMeta *region,
    const GstVideoInfo *info, gint id)
{
  const FaceArea area = { (gfloat) (region->x + region->w / 2.0),
    (gfloat) (region->y + region->h / 2.0), (gfloat) region->w,
    (gfloat) region->h };

  set_id (region, id);
  if (!gst_video_region_of_interest_meta_get_param (region, "detection"))
    add_detection (region, info, &area, 1.0);
}

/* Not, above all, of what is not a number. */
static gboolean
is_range (gdouble min, gdouble max)
{
  return min < max && min > -MAX_DISTANCE && max < MAX_DISTANCE;
}

/* Returns FALSE if it says nothing that can be a box. */
static gboolean
read_detection (GstVideoRegionOfInterestMeta *region, const GstVideoInfo *info,
    ImageRect *box)
{
  const gdouble width = GST_VIDEO_INFO_WIDTH (info);
  const gdouble height = GST_VIDEO_INFO_HEIGHT (info);
  GstStructure *detection = gst_video_region_of_interest_meta_get_param (region,
      "detection");
  gdouble x_min, x_max, y_min, y_max;
  FaceArea area;

  if (!detection
      || !gst_structure_get (detection, "x_min", G_TYPE_DOUBLE, &x_min, "x_max",
          G_TYPE_DOUBLE, &x_max, "y_min", G_TYPE_DOUBLE, &y_min, "y_max",
          G_TYPE_DOUBLE, &y_max, NULL)
      || !is_range (x_min, x_max) || !is_range (y_min, y_max))
    return FALSE;
  area.x = (gfloat) ((x_min + x_max) / 2.0 * width);
  area.y = (gfloat) ((y_min + y_max) / 2.0 * height);
  area.width = (gfloat) ((x_max - x_min) * width);
  area.height = (gfloat) ((y_max - y_min) * height);
  *box = face_area_to_rect (&area);
  return TRUE;
}

static gboolean
is_near (guint a, gint b)
{
  return ABS ((gint64) a - b) <= MAX_DIFFERENCE;
}

ImageRect
region_box_get_whole (GstVideoRegionOfInterestMeta *region,
    const GstVideoInfo *info)
{
  const ImageRect box = { (gint) region->x, (gint) region->y, (gint) region->w,
    (gint) region->h };
  ImageRect whole, clipped;

  if (!read_detection (region, info, &whole))
    return box;
  clipped = image_rect_clip (&whole, GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
  /* What lies in the frame the region says, to the pixel. */
  if (clipped.width == whole.width && clipped.height == whole.height)
    return box;
  return is_near (region->x, clipped.x) && is_near (region->y, clipped.y)
          && is_near (region->w, clipped.width)
          && is_near (region->h, clipped.height)
      ? whole
      : box;
}
