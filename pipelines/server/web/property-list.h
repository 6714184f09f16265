/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "../hub.h"

G_BEGIN_DECLS

/* The properties of a hub's elements, as browsers see them. Those that name
 * files, or that limit what a model may use, are left out: a file of the server
 * is nothing that a browser should name. */

/* Returns: (transfer full): {"properties": [{"name", "type", "value",
 * "default", "minimum", "maximum", "choices", "description"}...]}, where type
 * is boolean, integer, number, string or choice. */
cJSON *property_list_describe (Hub *hub);

/* Sets all properties of an object NAME: VALUE, or none of them. Errors name
 * the property and say what it may be. */
gboolean property_list_change (Hub *hub, const cJSON *changes, GError **error);

G_END_DECLS
