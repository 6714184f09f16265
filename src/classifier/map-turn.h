/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"

G_BEGIN_DECLS

/**
 * MapTurn:
 * @transposes: whether rows become columns, before anything is mirrored
 * @mirrors_x: whether left and right are then swapped
 * @mirrors_y: whether top and bottom are then swapped
 *
 * One of the eight ways in which a picture, and its maps with it, can be turned
 * and mirrored. All zero leaves it as it is.
 */
typedef struct {
  gboolean transposes;
  gboolean mirrors_x;
  gboolean mirrors_y;
} MapTurn;

/**
 * map_turn_is_needed:
 *
 * Returns: whether @turn changes anything
 */
gboolean map_turn_is_needed (const MapTurn *turn);

/**
 * map_turn_apply:
 * @maps: @height x @width x @channels
 * @turned: (out): the turned maps, which are @width x @height x @channels if
 *   @turn transposes; must not overlap @maps
 */
void map_turn_apply (const MapTurn *turn, const gfloat *maps, gint height,
    gint width, gint channels, gfloat *turned);

/**
 * map_turn_apply_to_rect:
 * @cells: a part of maps of @height x @width cells
 *
 * Returns: where that part is in the turned maps
 */
Rect map_turn_apply_to_rect (const MapTurn *turn, const Rect *cells,
    gint height, gint width);

G_END_DECLS
