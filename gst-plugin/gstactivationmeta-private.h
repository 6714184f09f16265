/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

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

G_END_DECLS
