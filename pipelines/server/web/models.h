/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Models: the models that an operator may choose from: the folders in a folder
 * that hold a model.json, and the one that the options name. Names are those
 * of the folders, so that nothing else can be named. */

/* The name of the model that the options of the stream name. */
#define MODELS_DEFAULT "default"

/* @folder: (nullable). Returns: (transfer full): the names, sorted, the default
 * first. */
gchar **models_list (const gchar *folder);

/* Returns: (transfer full) (nullable): the folder of a model; NULL with an
 * error if there is none of that name, or it is the default. */
gchar *models_find (const gchar *folder, const gchar *name, GError **error);

G_END_DECLS
