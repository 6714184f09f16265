/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "classifier/classifier.h"

G_BEGIN_DECLS

/* ModelView: what the model of a stream consists of, for the eye: its layers,
 * what their cells see of the picture, and its kernels. Immutable. */
typedef struct _ModelView ModelView;

/* Loads a model, which may take a while. */
ModelView *model_view_new (const ClassifierSource *source, GError **error);
void model_view_free (ModelView *self);

/* Returns: (transfer full): its name, attribute, labels and layers; see
 * docs/page.md. */
cJSON *model_view_describe (const ModelView *self);

/* Returns: (transfer full): the kernel of a channel as float32 in little-endian
 * order, height x width x channels of the input; errors say what there is not.
 * @first_input: (out): the channel of the input that it begins with. */
GBytes *model_view_copy_kernel (const ModelView *self, const gchar *layer,
    guint channel, guint *first_input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModelView, model_view_free)

G_END_DECLS
