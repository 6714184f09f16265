/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/map-turn.h"

#include <string.h>

gboolean
map_turn_is_needed (const MapTurn *turn)
{
  return turn->transposes || turn->mirrors_x || turn->mirrors_y;
}

/* Returns the cell of the maps that the turned ones have at @x, @y. */
static gsize
find_cell (const MapTurn *turn, gint height, gint width, gint x, gint y)
{
  const gint rows = turn->transposes ? width : height;
  const gint columns = turn->transposes ? height : width;
  const gint row = turn->mirrors_y ? rows - 1 - y : y;
  const gint column = turn->mirrors_x ? columns - 1 - x : x;

  return turn->transposes ? (gsize) column * (gsize) width + (gsize) row
                          : (gsize) row * (gsize) width + (gsize) column;
}

void
map_turn_apply (const MapTurn *turn, const gfloat *maps, gint height,
    gint width, gint channels, gfloat *turned)
{
  const gint rows = turn->transposes ? width : height;
  const gint columns = turn->transposes ? height : width;

  for (gint y = 0; y < rows; y++) {
    for (gint x = 0; x < columns; x++) {
      memcpy (turned,
          maps + find_cell (turn, height, width, x, y) * (gsize) channels,
          (gsize) channels * sizeof *turned);
      turned += channels;
    }
  }
}

Rect
map_turn_apply_to_rect (const MapTurn *turn, const Rect *cells, gint height,
    gint width)
{
  const gint rows = turn->transposes ? width : height;
  const gint columns = turn->transposes ? height : width;
  Rect turned = *cells;

  if (turn->transposes)
    turned = (Rect) { cells->y, cells->x, cells->height, cells->width };
  if (turn->mirrors_x)
    turned.x = columns - turned.x - turned.width;
  if (turn->mirrors_y)
    turned.y = rows - turned.y - turned.height;
  return turned;
}
