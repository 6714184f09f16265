/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "encoder.h"

G_BEGIN_DECLS

/* Keeper: a pipeline that takes what an encoder gives, and is made again, at
 * growing intervals, when it fails. The first failure is logged, and then only
 * those with another reason, until it has worked. From the main thread. */
typedef struct _Keeper Keeper;

/* Elements of the pipeline by their names: the appsrc for a feed, and, if what
 * is in the pictures is wanted as well, the appsrc for that. */
#define KEEPER_UNITS "units"
#define KEEPER_METADATA "metadata"

/* Returns: (transfer full): the pipeline of one more attempt; NULL with an
 * error. It is put on the system clock, and played. The thread that ends it may
 * do so after keeper_free(). */
typedef GstElement *(*KeeperMakeFunc) (gpointer user_data, GError **error);

/* @label: for logs. Makes the first attempt. @encoder outlives it. */
Keeper *keeper_new (Encoder *encoder, const gchar *label, KeeperMakeFunc make,
    gpointer user_data);

void keeper_free (Keeper *self);

/* Makes no further attempt, and lets the pipeline come to its end;
 * keeper_free() waits for that, if it comes soon. */
void keeper_close (Keeper *self);

/* Tells the keeper that its pipeline has begun to do what it is for. @element:
 * one of the pipeline. From any thread. */
void keeper_note_success (GstElement *element);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keeper, keeper_free)

G_END_DECLS
