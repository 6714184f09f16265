/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnWeightNames:
 *
 * The names of the tensors of a manifest, numbered from 0, and a search for the
 * one that belongs to a variable of a layer. The time to add and to find all of
 * them is linear in the length of the names.
 */
typedef struct _CnnWeightNames CnnWeightNames;

CnnWeightNames *cnn_weight_names_new (void);

void cnn_weight_names_free (CnnWeightNames *names);

/**
 * cnn_weight_names_add:
 * @name: components with "/" between them; a suffix ":0" is left out
 *
 * Returns: FALSE with a %MODEL_ERROR if the name has been added already, or has
 *   too many components
 */
gboolean cnn_weight_names_add (CnnWeightNames *names, const gchar *name,
    GError **error);

/**
 * cnn_weight_names_get:
 *
 * Returns: (transfer none): the name with the given number
 */
const gchar *cnn_weight_names_get (const CnnWeightNames *names, guint number);

/**
 * cnn_weight_names_find:
 * @layer: name of the layer, with the name of a nested model before it
 * @variable: name of the layer's variable, such as "kernel"
 * @rival: (out): number of another name that is equally near, or -1
 *
 * Looks for the name that ends in "layer/variable" and has the fewest
 * components before that; then for the one that is nearest to it: its last
 * component is @variable, and it has the last component of @layer as another.
 *
 * Returns: the number of the name, or -1
 */
gint cnn_weight_names_find (const CnnWeightNames *names, const gchar *layer,
    const gchar *variable, gint *rival);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnWeightNames, cnn_weight_names_free)

G_END_DECLS
