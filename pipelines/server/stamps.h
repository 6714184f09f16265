/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define STAMPS_SECRET_SIZE 32

/* Stamps: words that only this process can make, and that say when they were
 * made. All functions may be called from any thread. */
typedef struct {
  guint8 secret[STAMPS_SECRET_SIZE]; /* by which they are signed */
} Stamps;

void stamps_init (Stamps *self);

/* @purpose: what the word is for, and whom: for anything else it is worth
 * nothing. Returns: (transfer full): another word each time, of letters,
 * digits, a dot and a dash. */
gchar *stamps_make (const Stamps *self, const gchar *purpose);

/* Returns: how many seconds ago the word was made here for this purpose; -1 if
 * it was not. */
gint64 stamps_get_age (const Stamps *self, const gchar *purpose,
    const gchar *word);

/* Fills @bytes with random numbers of the system, which, unlike GLib's, do not
 * follow from those before them. At most 256 bytes. */
void stamps_fill_random (gpointer bytes, gsize size);

/* Whether two secrets are equal. Takes the same time however many of the
 * characters are right. */
gboolean stamps_are_equal (const gchar *a, const gchar *b);

G_END_DECLS
