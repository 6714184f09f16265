/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/face-ranking.h"

/* Of areas; and one more for the main face. */
#define N_CLASSES 65
#define MAIN_CLASS (N_CLASSES - 1)

static guint
get_class (const OverlayScene *scene, guint index)
{
  const Rect *box = &scene->faces[index].box;
  guint64 area = (guint64) MAX (box->width, 0) * (guint64) MAX (box->height, 0);
  guint digits = 0;

  if ((gint) index == scene->main_face)
    return MAIN_CLASS;
  for (; area > 0; area >>= 1)
    digits++;
  return digits;
}

void
overlay_face_ranking_update (OverlayFaceRanking *ranking,
    const OverlayScene *scene)
{
  guint counts[N_CLASSES] = { 0 };
  guint place = 0;

  for (guint i = 0; i < scene->n_faces; i++)
    counts[get_class (scene, i)]++;
  for (guint i = N_CLASSES; i > 0; i--) {
    const guint count = counts[i - 1];

    counts[i - 1] = place; /* of the first of the class */
    place += count;
  }
  for (guint i = 0; i < scene->n_faces; i++) {
    const guint rank = counts[get_class (scene, i)]++;

    if (rank < OVERLAY_MAX_BOXES)
      ranking->order[rank] = i;
  }
  ranking->n_faces = MIN (scene->n_faces, OVERLAY_MAX_BOXES);
}
