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
 * @frame_width: of the picture, without a panel beside it
 * @is_beside: beside the picture, else docked over it
 * @has_title: whether to leave room for a title
 * @has_cam: whether there is a class activation map to show
 * @layers: (array length=n_layers): see overlay_grid_layout_compute()
 * @enlarged: index of the layer that has a channel enlarged, or -1
 * @page: from 0; after the last one comes the first again
 *
 * What a panel is to hold.
 */
typedef struct {
  gint frame_width;
  gint frame_height;
  gboolean is_beside;
  gboolean has_title;
  gboolean has_cam;
  const OverlayLayer *layers;
  guint n_layers;
  gint enlarged;
  guint page;
} OverlayPanelRequest;

/**
 * OverlayPanelLayout:
 * @rect: the panel in the frame; empty when there is nothing to show
 * @margin: distance of a dock to the frame's edges
 * @title: of no height when it is left out
 * @notice: beside: where the frame rate and the page are shown, in the line of
 *   the title
 * @page_line: dock: the line that shows the page; of no height when there is
 *   only one
 * @crop: beside: the face as the network sees it
 * @cam: beside: the same with the class activation map over it
 * @score: beside: the prediction
 * @legend: beside: what the colours mean
 * @title_size: of the text, in pixels
 * @heading_size: of the text, in pixels
 * @caption_size: of the text under tiles, in pixels
 * @grids: the page
 * @n_pages: 0 when there are no grids
 *
 * Where all parts of a panel lie. All but @rect is relative to the panel. Parts
 * that are left out have no height.
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
 * more where that is too narrow to read, and a little more or less where that
 * makes the grids equally wide. A panel beside the picture is as wide as
 * overlay_panel_layout_get_beside_width() says and as high as the picture.
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
 * @corner: where the dock is: bit 0 is set at the left, bit 1 at the bottom
 * @is_placed: whether there was anything to keep clear of
 * @waited: seconds for which another corner has been better
 *
 * Starts as zeros: at the top right.
 */
typedef struct {
  guint corner;
  gboolean is_placed;
  gdouble waited;
} OverlayDock;

/**
 * overlay_panel_layout_place:
 * @scene: its faces and what others have drawn are to be left free
 * @dock: (inout): where the dock is
 * @elapsed: seconds since the last frame
 *
 * Moves a dock to the corner of the frame where it covers least of the faces,
 * the main one above all, and of what others have drawn. It
 * stays where it is unless another corner is clearly better, and has been for a
 * while: two faces may change places as the main one from frame to frame.
 */
void overlay_panel_layout_place (OverlayPanelLayout *layout,
    const OverlayScene *scene, OverlayDock *dock, gdouble elapsed);

G_END_DECLS
