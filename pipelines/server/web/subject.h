/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "message-parts.h"
#include "message.h"

G_BEGIN_DECLS

/* Adds to @header "subject", the face (or the whole frame) whose maps a viewer
 * sees: what the network predicts for it and why, and the activations of its
 * layers. Adds nothing if there is none. */
void subject_write (GstBuffer *frame, const MessageRequest *request,
    cJSON *header, MessageParts *parts);

G_END_DECLS
