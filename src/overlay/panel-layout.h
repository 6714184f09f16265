/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/grid-layout.h"

G_BEGIN_DECLS

/**
 * OverlayPanelRequest:
 * @frame_width: width of the picture, without a panel beside it
 * @is_beside: whether the panel is beside the picture rather than docked over
 *   it
 * @has_title: whether to leave room for a title
 * @has_cam: whether there is a class activation map to show
 * @input_width: width of the network's input, or 0 to show none
 * @input_height: its height
 * @n_score_rows: number of classes that are shown below the score
 * @layers: (array length=n_layers): see overlay_grid_layout_compute()
 * @enlarged: index of the layer that has an enlarged channel, or -1
 * @focus: index of the layer that gets larger tiles than the others, or -1
 * @page: number of the page, from 0; wraps around after the last one
 *
 * The contents for which a panel is laid out.
 */
typedef struct {
  gint frame_width;
  gint frame_height;
  gboolean is_beside;
  gboolean has_title;
  gboolean has_cam;
  gint input_width;
  gint input_height;
  guint n_score_rows;
  const OverlayLayer *layers;
  guint n_layers;
  gint enlarged;
  gint focus;
  guint page;
} OverlayPanelRequest;

/**
 * OverlayPanelLayout:
 * @rect: the panel in the frame; empty if there is nothing to show
 * @margin: distance of a dock to the frame's edges
 * @title: line of the title
 * @notice: frame rate and page, in the line of the title (beside only)
 * @page_line: line that shows the page, if there are several (dock only)
 * @crop: the part of the picture that the network sees (beside only)
 * @input: the network's input: a multiple of its size, or smaller than it
 *   (beside only)
 * @input_line: line below @input, that explains it
 * @cam: the crop with the class activation map over it (beside only)
 * @score: the prediction (beside only)
 * @legend: explanation of the colours (beside only)
 * @title_size: text size of the title, in pixels
 * @heading_size: text size of headings, in pixels
 * @caption_size: text size under tiles, in pixels
 * @grids: grids of the page
 * @n_pages: number of pages; 0 if there are no grids
 *
 * The places of all parts of a panel. All but @rect are relative to the panel.
 * Parts that are left out have a height of 0.
 */
typedef struct {
  gint frame_width;
  gint frame_height;
  gboolean is_beside;
  Rect rect;
  gint margin;
  gint padding;
  Rect title;
  Rect notice;
  Rect page_line;
  Rect crop;
  Rect input;
  Rect input_line;
  Rect cam;
  Rect score;
  Rect legend;
  gint title_size;
  gint heading_size;
  gint caption_size;
  OverlayGridPage grids;
  guint n_pages;
} OverlayPanelLayout;

/**
 * overlay_panel_layout_compute:
 *
 * A dock lies at the right side of a frame. Its width is 17.5 % of the frame,
 * more if that is too narrow to read, and slightly more or less if that makes
 * the grids equally wide. A panel beside the picture has the width of
 * overlay_panel_layout_get_beside_width() and the height of the picture.
 */
void overlay_panel_layout_compute (OverlayPanelLayout *layout,
    const OverlayPanelRequest *request);

/**
 * overlay_panel_layout_get_beside_width:
 *
 * Returns: the width of the panel beside a picture of this size. It begins at
 *   the next even column, so that no sample of chroma belongs to both.
 */
gint overlay_panel_layout_get_beside_width (gint width, gint height);

/**
 * OverlayDock:
 * @corner: corner of the dock: bit 0 is set at the left, bit 1 at the bottom
 * @is_placed: whether there has been anything to keep clear of
 * @waited: seconds for which another corner has been better
 *
 * The position of a dock. Initialise it to zeros, which is the top right.
 */
typedef struct {
  guint corner;
  gboolean is_placed;
  gdouble waited;
} OverlayDock;

/**
 * overlay_panel_layout_place:
 * @scene: scene whose faces and foreign drawings should not be covered
 * @dock: (inout): position of the dock
 * @elapsed: seconds since the last frame
 *
 * Moves a dock to the corner of the frame where it covers least of the faces,
 * above all of the main one, and of the drawings of others. It stays in place
 * unless another corner has been clearly better for a while, because two faces
 * may alternate as the main one from frame to frame.
 */
void overlay_panel_layout_place (OverlayPanelLayout *layout,
    const OverlayScene *scene, OverlayDock *dock, gdouble elapsed);

G_END_DECLS
