/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Properties: those of several elements as if they were one element's, in the
 * way of the bin activationmap: a property that several have is set on all. */

/* The elements' own properties: not those that every GstElement has, nor
 * GstBaseTransform's. Returns: (transfer container). */
GParamSpec **properties_list (GstElement *const *elements, guint n_elements,
    guint *n_pspecs);

/* Returns the first element that has the property as its own, or NULL. */
GstElement *properties_find (GstElement *const *elements, guint n_elements,
    const gchar *name);

/* PropertyChange: a property, and the value that it is to have. */
typedef struct {
  gchar *name;
  gchar *text; /* the value in GStreamer's notation */
  GValue value;
} PropertyChange;

/* @texts: (nullable): "NAME=VALUE", with the values in GStreamer's notation;
 * NULL-terminated. Returns: (transfer full): of PropertyChange; NULL after an
 * error: a name or value that there is not. */
GPtrArray *properties_parse (GstElement *const *elements, guint n_elements,
    const gchar *const *texts, GError **error);

/* @changes: of PropertyChange. Properties that no element has are left out. */
void properties_set (GstElement *const *elements, guint n_elements,
    const GPtrArray *changes);

/* Returns: (transfer full): as properties_parse() takes its values; NULL if
 * there is no such property. */
gchar *properties_get (GstElement *const *elements, guint n_elements,
    const gchar *name);

/* Sets all properties of @to, an element of the same class, as @from has
 * them. */
void properties_copy (GstElement *from, GstElement *to);

G_END_DECLS
