/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Recordings: the files that one stream has been recorded into. Their names are
 * that of the stream and the time of day (UTC) at which they begin:
 * NAME-20261201T093000Z.mkv, with NAME-20261201T093000Z.jsonl beside it. No
 * other file is ever touched. Immutable; may be shared by threads. */
typedef struct _Recordings Recordings;

#define RECORDINGS_VIDEO ".mkv"
#define RECORDINGS_METADATA ".jsonl"

/* @name: of the stream. @max_age: seconds since the end of a recording after
 * which it is removed; 0: never. @max_size: bytes of all recordings together;
 * 0: without a limit. */
Recordings *recordings_new (const gchar *folder, const gchar *name,
    gint64 max_age, guint64 max_size);
Recordings *recordings_ref (Recordings *self);
void recordings_unref (Recordings *self);

/* Makes the folder if there is none. Errors: it cannot be made or written. */
gboolean recordings_check (const Recordings *self, GError **error);

/* Chooses the name of a new recording that begins at @time (s since 1970), and
 * removes old ones. Returns: (transfer full): its path, without an ending. */
gchar *recordings_begin (const Recordings *self, gint64 time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recordings, recordings_unref)

G_END_DECLS
