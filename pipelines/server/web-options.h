/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "options.h"

G_BEGIN_DECLS

/* WebOptions: the options of the page. A program without libsoup has none. */
typedef struct {
  gint port;            /* 0: any free port; -1: no page */
  gchar *models;        /* folder of models to choose from, or NULL */
  gchar **names;        /* further names of this machine, or NULL */
  gchar *metrics_token; /* file of a token that opens /metrics, or NULL */
} WebOptions;

#define WEB_DEFAULT_PORT 8080
#define WEB_OPTIONS_DEFAULT            \
  {                                    \
    WEB_DEFAULT_PORT, NULL, NULL, NULL \
  }

/* Parses all options, as options_new() does, and fills in those of the page. */
Options *web_options_parse (WebOptions *self, gchar **argv, GError **error);
void web_options_clear (WebOptions *self);

G_END_DECLS
