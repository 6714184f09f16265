/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>

#include "face/face-tracker.h"
#include "gstactivationmeta.h"

G_BEGIN_DECLS

/**
 * RegionPrediction:
 * @meta: the prediction of a network for a region
 * @number: its place among all predictions of the frame, from 0
 * @next: (nullable): the prediction of the next network for the same region
 */
typedef struct _RegionPrediction RegionPrediction;
struct _RegionPrediction {
  const GstActivationMeta *meta;
  guint number;
  const RegionPrediction *next;
};

/**
 * Region:
 * @meta: (nullable): the meta that it comes from; %NULL for an object of
 *   GstAnalytics alone, for the whole frame, and for a region that has a
 *   prediction but was removed
 * @object: the id of the GstAnalytics object that it comes from or that
 *   describes the same, or ANALYTICS_NONE
 * @confidence: of that object
 * @type: quark of its type, such as "face"; 0 for the whole frame, and for an
 *   object whose detector does not say what it is
 * @id: the id by which it is followed from frame to frame: that of its
 *   `object_id`, or else of its object's tracking, or else its own where that
 *   is above 0 and not just its object's, or -1
 * @box: its box according to the meta, in pixels; may lie outside of the frame
 * @visible: the part of @box that lies in the frame; 0x0 when none does
 * @whole: @box, or, where its `detection` agrees with it in the frame and
 *   reaches beyond, all of that; at most a few frames large
 * @predictions: (nullable): the first of the predictions of networks for it
 *
 * A part of a frame, in the form that all elements use.
 */
typedef struct {
  GstVideoRegionOfInterestMeta *meta;
  gint object;
  gdouble confidence;
  GQuark type;
  gint id;
  Rect box;
  Rect visible;
  Rect whole;
  const RegionPrediction *predictions;
} Region;

typedef struct _RegionList RegionList;

/**
 * region_list_new:
 * @transform: the element that reads the frames; it outlives the list
 *
 * Holds the regions of one frame; nothing is allocated from frame to frame.
 *
 * Returns: (transfer full): free with region_list_free()
 */
RegionList *region_list_new (GstBaseTransform *transform);
void region_list_free (RegionList *list);

/**
 * region_list_restart:
 *
 * Forgets what is known of the elements upstream. To be called for new caps.
 */
void region_list_restart (RegionList *list);

/**
 * region_list_collect:
 * @info: of the frame
 *
 * Reads all regions of @buffer, all objects of GstAnalytics and all
 * predictions, in the order in which they were added. An object belongs to the
 * region of its type whose box is the same but for rounding, or which has its
 * id and overlaps it; else it is a region of its own. A prediction belongs to
 * the region of its type with its id, and where there is none, to the one whose
 * box is the same but for rounding.
 *
 * Boxes that are known to be in the wrong place are removed, with a warning for
 * the first; see misplacement.h.
 */
void region_list_collect (RegionList *list, GstBuffer *buffer,
    const GstVideoInfo *info);

guint region_list_get_length (const RegionList *list);

/**
 * region_list_get:
 * @index: below region_list_get_length()
 *
 * Returns: (transfer none): valid until the next frame is read, and as long as
 *   its buffer
 */
const Region *region_list_get (const RegionList *list, guint index);

/**
 * region_list_count_predictions:
 *
 * Returns: how many predictions the frame has
 */
guint region_list_count_predictions (const RegionList *list);

/**
 * region_whole_frame:
 *
 * Returns: a region that is all of a frame
 */
Region region_whole_frame (const GstVideoInfo *info);

/**
 * region_is_attached:
 *
 * Returns: whether the frame has @region itself, and not only a prediction for
 *   it
 */
gboolean region_is_attached (const Region *region);

/**
 * region_has_type:
 *
 * Returns: whether @region is attached and has the type @roi_type; an object
 *   whose detector does not name its type has every type
 */
gboolean region_has_type (const Region *region, const gchar *roi_type);

/**
 * region_attach_face:
 * @roi_type: of the region
 * @face: may reach beyond the frame
 * @first_seen: running time at which @face was first seen
 *
 * Attaches a region, clipped to the frame, with the parameters `detection`,
 * whose box is not clipped, and `object_id`. The id is also that of the meta,
 * since it survives a videoconvert and parameters do not. With GstAnalytics,
 * the same is added as an object with its tracking, which survive as well; the
 * id of the meta is then that of the object, as DL Streamer has it.
 *
 * Returns: FALSE when @face lies outside the frame, and nothing was attached
 */
gboolean region_attach_face (GstBuffer *buffer, const GstVideoInfo *info,
    const gchar *roi_type, const FollowedFace *face, GstClockTime first_seen);

/**
 * region_set_id:
 * @region: one that is attached
 * @id: by which it is followed
 * @first_seen: running time at which it was first seen
 *
 * Gives a region of another element an `object_id`, and a `detection` with a
 * confidence of 1 unless it has one. With GstAnalytics its object, which is
 * added if there is none, gets a tracking instead of the one that it may have.
 * The id of the meta belongs to the element that made it. Only if that left it
 * at 0, it becomes that of the object, or @id without GstAnalytics.
 */
void region_set_id (GstBuffer *buffer, const Region *region,
    const GstVideoInfo *info, gint id, GstClockTime first_seen);

/**
 * region_make_classification:
 *
 * Returns: (transfer full) (nullable): what a network predicts for a region, as
 *   DL Streamer's gvaclassify says it; the documentation of cnninference lists
 *   the fields. %NULL for an image
 */
GstStructure *region_make_classification (const GstActivations *activations);

/**
 * region_attach_activations:
 *
 * Attaches the prediction of a network for @region to @buffer and, as DL
 * Streamer's gvaclassify does, to the region's own meta. With GstAnalytics it
 * is also a classification of the region's object, which is added if there is
 * none.
 */
void region_attach_activations (GstBuffer *buffer, const Region *region,
    GstActivations *activations);

/**
 * region_to_structure:
 *
 * Describes the prediction of a network for @region, for messages; the
 * documentation of cnninference lists the fields.
 *
 * Returns: (transfer full)
 */
GstStructure *region_to_structure (const Region *region,
    const GstActivations *activations);

/**
 * region_is_clipped:
 *
 * Returns: whether @region reaches beyond the frame
 */
gboolean region_is_clipped (const Region *region);

G_END_DECLS
