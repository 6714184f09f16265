/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"
#include "classifier/result.h"
#include "gstactivationmeta.h"

G_BEGIN_DECLS

/* For the elements, which are of the same version as the library:
 * #GstActivations is an opaque #ClassifierResult. */

/* Returns: (transfer full): a copy of @result */
static inline GstActivations *
gst_activations_new_from_result (const ClassifierResult *result)
{
  return (GstActivations *) classifier_result_copy (result);
}

static inline const ClassifierResult *
gst_activations_get_result (const GstActivations *activations)
{
  return (const ClassifierResult *) activations;
}

/* Returns the box of @meta, with no side longer than a #Rect can have it. */
static inline Rect
gst_activation_meta_get_box (const GstActivationMeta *meta)
{
  return (Rect) { meta->x, meta->y, (gint) MIN (meta->width, G_MAXINT),
    (gint) MIN (meta->height, G_MAXINT) };
}

G_END_DECLS
