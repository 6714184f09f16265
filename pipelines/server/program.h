/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "options.h"
#include "web-options.h"

G_BEGIN_DECLS

/* Program: all that runs: the hubs, who may watch them, and the server that
 * shows them. */
typedef struct _Program Program;

/* @argv: outlives the program; read again by SIGHUP. Errors: what cannot be
 * served. */
Program *program_new (const Options *options, const WebOptions *web,
    gchar **argv, GError **error);
/* Stops the viewers first, then what they watch. */
void program_free (Program *self);

/* Serves until a signal ends it, or there is nothing left to serve. Returns the
 * exit status. */
gint program_run (Program *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Program, program_free)

G_END_DECLS
