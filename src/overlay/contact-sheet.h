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
 * @title: title of the sheet, such as the name of a layer
 * @detail: line below the title
 * @note: (nullable): text at the right, such as a prediction
 * @note_detail: (nullable): line below the note
 * @picture: (nullable): input of the network
 * @names: (nullable): names of the channels; %NULL shows their numbers
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
 * Draws all maps of a layer, at most 4096, each with its number and its
 * greatest value. The size of the sheet depends on the number of maps. The
 * colormap spans the range of each map, but in a vector, the range of all its
 * values and 0.
 *
 * Returns: (transfer full): an image in CAIRO_FORMAT_RGB24
 */
cairo_surface_t *overlay_contact_sheet_draw (const CnnLayerMaps *layer,
    const OverlaySheetText *text, OverlayColormap colormap);

G_END_DECLS
