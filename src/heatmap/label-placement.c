/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/label-placement.h"

#include "heatmap/rect.h"

/* Leaves the line around the box visible. */
#define GAP 4

typedef struct {
  gint frame_width;
  ImageRect box;
  const ImageRect *taken;
  guint n_taken;
  ImageRect best;
  gint64 best_covered;
  gint best_shift;
} Search;

static void
try_place (Search *search, gint x, gint y)
{
  ImageRect rect = search->best;
  gint64 covered = 0;
  gint shift;

  rect.x = CLAMP (x, 0, search->frame_width - rect.width);
  rect.y = y;
  shift = ABS (rect.x - search->box.x);
  if (rect.x > search->box.x + search->box.width
      || rect.x + rect.width < search->box.x)
    return;
  for (guint i = 0; i < search->n_taken; i++)
    covered += heatmap_rect_get_overlap (&rect, &search->taken[i]);
  if (covered < search->best_covered
      || (covered == search->best_covered && shift < search->best_shift)) {
    search->best = rect;
    search->best_covered = covered;
    search->best_shift = shift;
  }
}

/* At the left edge of the box, or beside what is in the way. */
static void
try_line (Search *search, gint y)
{
  try_place (search, search->box.x, y);
  for (guint i = 0; i < search->n_taken; i++) {
    const ImageRect *obstacle = &search->taken[i];

    try_place (search, obstacle->x - search->best.width - 1, y);
    try_place (search, obstacle->x + obstacle->width + 1, y);
  }
}

gboolean
heatmap_label_placement_choose (gint frame_width, gint frame_height,
    const ImageRect *box, gint width, gint height, const ImageRect *taken,
    guint n_taken, ImageRect *place)
{
  Search search = { .frame_width = frame_width,
    .taken = taken,
    .n_taken = n_taken,
    .best_covered = G_MAXINT64,
    .best_shift = G_MAXINT };
  gint lines[3];

  if (!heatmap_rect_clip (box, 0, frame_width, frame_height, &search.box))
    return FALSE;
  lines[0] = search.box.y - GAP - height;
  lines[1] = search.box.y + search.box.height + GAP;
  lines[2] = CLAMP (search.box.y + GAP, 0, frame_height - height);
  search.best = (ImageRect) { 0, 0, width, height };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    if (search.best_covered > 0 && lines[i] >= 0
        && lines[i] + height <= frame_height)
      try_line (&search, lines[i]);
  }
  *place = search.best;
  return TRUE;
}
