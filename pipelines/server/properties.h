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

/* Parses @text, which is in GStreamer's notation, into @value, which the caller
 * unsets if the result is TRUE. Errors: a name or value that there is not. */
gboolean properties_parse (GstElement *const *elements, guint n_elements,
    const gchar *name, const gchar *text, GValue *value, GError **error);

void properties_set (GstElement *const *elements, guint n_elements,
    const gchar *name, const GValue *value);

/* Returns: (transfer full): as properties_parse() takes it; NULL if there is no
 * such property. */
gchar *properties_get (GstElement *const *elements, guint n_elements,
    const gchar *name);

/* Sets all properties of @to, an element of the same class, as @from has
 * them. */
void properties_copy (GstElement *from, GstElement *to);

G_END_DECLS
