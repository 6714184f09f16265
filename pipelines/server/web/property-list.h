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

/* Reads the properties of an object NAME: VALUE. Errors name the property and
 * say what it may be. Returns: (transfer full): as hub_set_properties() takes
 * them. */
gchar **property_list_read (Hub *hub, const cJSON *changes, GError **error);

G_END_DECLS
