/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/scene.h"

G_BEGIN_DECLS

/**
 * OverlaySheetText:
 * @title: what the sheet shows, such as the name of a layer
 * @detail: a line below the title
 * @note: (nullable): the text at the right, such as a prediction
 * @note_detail: (nullable): a line below the note
 * @picture: (nullable): the input of the network
 * @names: (nullable): of the channels; numbers if %NULL
 *
 * The text and the picture above the maps of a contact sheet.
 */
typedef struct {
  const gchar *title;
  const gchar *detail;
  const gchar *note;
  const gchar *note_detail;
  cairo_surface_t *picture;
  const gchar *const *names;
} OverlaySheetText;

/**
 * overlay_contact_sheet_draw:
 *
 * Draws all maps of a layer, or the first 4096, each with its number and its
 * greatest value. The sheet is as large as they need. Maps are coloured from
 * their own least to their own greatest value, the values of a vector from the
 * least to the greatest of them all and 0.
 *
 * Returns: (transfer full): CAIRO_FORMAT_RGB24
 */
cairo_surface_t *overlay_contact_sheet_draw (const CnnLayerMaps *layer,
    const OverlaySheetText *text, OverlayColormap colormap);

G_END_DECLS
