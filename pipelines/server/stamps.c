/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stamps.h"

#include <string.h>
#include <sys/random.h>

void
stamps_fill_random (gpointer bytes, gsize size)
{
  if (getentropy (bytes, size) != 0)
    g_error ("This machine has no random numbers");
}

gboolean
stamps_are_equal (const gchar *a, const gchar *b)
{
  guint difference = strlen (a) != strlen (b);

  for (gsize i = 0; a[i] && b[i]; i++)
    difference |= (guint) (a[i] ^ b[i]);
  return difference == 0;
}

void
stamps_init (Stamps *self)
{
  stamps_fill_random (self->secret, sizeof self->secret);
}

static gint64
get_seconds (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

static gchar *
sign (const Stamps *self, const gchar *purpose, const gchar *start)
{
  g_autofree gchar *text = g_strconcat (start, " ", purpose, NULL);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, self->secret,
      sizeof self->secret, text, -1);
}

gchar *
stamps_make (const Stamps *self, const gchar *purpose)
{
  guint64 number;
  g_autofree gchar *start = NULL;
  g_autofree gchar *signature = NULL;

  stamps_fill_random (&number, sizeof number);
  start = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_MODIFIER "x",
      get_seconds (), number);
  signature = sign (self, purpose, start);
  return g_strconcat (start, "-", signature, NULL);
}

gint64
stamps_get_age (const Stamps *self, const gchar *purpose, const gchar *word)
{
  g_auto (GStrv) parts = g_strsplit (word, "-", 2);
  g_autofree gchar *signature = NULL;

  if (g_strv_length (parts) != 2)
    return -1;
  signature = sign (self, purpose, parts[0]);
  if (!stamps_are_equal (signature, parts[1]))
    return -1;
  return get_seconds () - g_ascii_strtoll (parts[0], NULL, 10);
}
