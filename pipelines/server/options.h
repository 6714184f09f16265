/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Options: what the command line says, checked. */
typedef struct {
  gchar *address;
  gint port; /* 0: any that is free */
  gchar *mount;
  gchar *source;
  gchar **properties; /* "name=value" of activationmap */
  gint bitrate;       /* kbit/s */
  gint fps;           /* 0: as the source has it */
  gint width, height; /* 0: as the source has it */
} Options;

/* Reads the command line. Ends the program where that asks for help only. */
Options *options_new (gint *argc, gchar ***argv, GError **error);
void options_free (Options *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

G_END_DECLS
