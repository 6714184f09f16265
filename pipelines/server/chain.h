/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Chain: linked elements that run in the thread that calls, without a queue:
 * one buffer goes in, and at most one comes out. It serves one thread at a
 * time. */
typedef struct _Chain Chain;

/* @first, @last: (transfer none): elements with the static pads "sink" and
 * "src". They outlive the chain. */
Chain *chain_new (GstElement *first, GstElement *last);
/* The elements have been stopped. */
void chain_free (Chain *self);

/* Once the elements are playing; also after chain_stop(). */
void chain_start (Chain *self);
/* Before the elements are stopped. */
void chain_stop (Chain *self);

/* Returns: whether these are the first caps since the start. */
gboolean chain_set_caps (Chain *self, GstCaps *caps);

/* After chain_set_caps(). @buffer: (transfer full). Returns: (transfer full)
 * (nullable): what the elements make of it; NULL if they have failed, or have
 * dropped it. @flow: (out) (optional) */
GstBuffer *chain_run (Chain *self, GstBuffer *buffer, GstFlowReturn *flow);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chain, chain_free)

G_END_DECLS
