/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * json_mutator_change:
 * @root: a model.json
 *
 * Changes one value somewhere in the tree to another plausible one: a number, a
 * layer class, an option, a longer or shorter list.
 */
void json_mutator_change (cJSON *root, GRand *random);

G_END_DECLS
