/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Options: the command line, parsed and checked. */
typedef struct {
  gchar *address;
  gint port; /* 0: any free port */
  gchar *mount;
  gchar *source;
  gchar **properties; /* "name=value" of activationmap */
  gint bitrate;       /* kbit/s */
  gint fps;           /* 0: that of the source */
  gint width, height; /* 0: those of the source */
} Options;

/* Parses the command line. Exits the program if it only asks for help. */
Options *options_new (gint *argc, gchar ***argv, GError **error);
void options_free (Options *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

G_END_DECLS
