/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Source: where the pictures of a stream come from. Immutable. */
typedef struct _Source Source;

/* How often a still picture is shown in a second, if nobody says otherwise. */
#define SOURCE_PICTURE_FPS 10

/* Parses a source:
 *
 *   camera, camera:DEVICE       a camera of Video4Linux
 *   pipewire, pipewire:TARGET   what PipeWire has, such as a camera or a screen
 *   sample                      the clip that comes with the program
 *   test, test:PATTERN          videotestsrc
 *   rtsp://..., rtsps://...     a network camera or server
 *   http://..., https://...     a video file, or a camera that sends JPEG
 *   anything else               the name of a video file or a picture */
Source *source_new (const gchar *text, GError **error);
void source_free (Source *self);

/* Whether a file or a camera exists and can be read. */
gboolean source_check (const Source *self, GError **error);

/* Returns: (transfer full): a bin with a source pad for raw video, of which the
 * pixel format may be any. @fps: of a source that has no rate of its own; 0:
 * what suits. */
GstElement *source_make_bin (const Source *self, gint fps, GError **error);

/* For logs: the text that it was made of, without a password. */
const gchar *source_get_label (const Source *self);

/* Whether its pictures come when they are taken. Others are paced. */
gboolean source_is_live (const Source *self);

/* Whether it is repeated when it has ended. */
gboolean source_is_repeated (const Source *self);

/* Whether it may be there again after it has ended or failed. A pipe is not. */
gboolean source_may_return (const Source *self);

/* Whether it is on another machine, so that it may well come later. */
gboolean source_is_remote (const Source *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

G_END_DECLS
