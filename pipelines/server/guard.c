/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "guard.h"

/* Requests that an address may make at once, and in each second after that. */
#define REQUEST_BURST 1000
#define REQUESTS_PER_SECOND 100
/* Wrong passwords after which an address must wait, and how long each of them
 * is remembered. */
#define MAX_FAILED_LOGINS 10
#define SECONDS_PER_FAILED_LOGIN 30
/* Addresses that are remembered without a connection. */
#define MAX_IDLE_ADDRESSES 1024

/* A bucket that fills by and by, and is empty again after a while. */
typedef struct {
  gdouble level;
  gint64 time;
} Bucket;

typedef struct {
  guint n_connections;
  Bucket requests, failed_logins;
} Entry;

struct _Guard {
  guint max_connections;
  GMutex lock;
  GHashTable *entries; /* address -> Entry; protected by lock */
};

static void
bucket_update (Bucket *self, gdouble per_second)
{
  const gint64 now = g_get_monotonic_time ();

  self->level = MAX (0.0,
      self->level - (gdouble) (now - self->time) / G_USEC_PER_SEC * per_second);
  self->time = now;
}

Guard *
guard_new (guint max_connections)
{
  Guard *self = g_new0 (Guard, 1);

  g_mutex_init (&self->lock);
  self->max_connections = max_connections;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  return self;
}

void
guard_free (Guard *self)
{
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
update (Entry *entry)
{
  bucket_update (&entry->requests, REQUESTS_PER_SECOND);
  bucket_update (&entry->failed_logins, 1.0 / SECONDS_PER_FAILED_LOGIN);
}

static gboolean
is_forgettable (gpointer address, gpointer data, gpointer user_data)
{
  Entry *entry = data;

  update (entry);
  return entry->n_connections == 0 && entry->requests.level == 0.0
      && entry->failed_logins.level == 0.0;
}

static Entry *
get_entry (Guard *self, const gchar *address)
{
  Entry *entry = g_hash_table_lookup (self->entries, address);

  if (!entry) {
    if (g_hash_table_size (self->entries) >= MAX_IDLE_ADDRESSES)
      g_hash_table_foreach_remove (self->entries, is_forgettable, NULL);
    entry = g_new0 (Entry, 1);
    g_hash_table_insert (self->entries, g_strdup (address), entry);
  }
  update (entry);
  return entry;
}

gboolean
guard_add_connection (Guard *self, const gchar *address)
{
  Entry *entry;
  gboolean is_allowed;

  g_mutex_lock (&self->lock);
  entry = get_entry (self, address);
  is_allowed = entry->n_connections < self->max_connections;
  if (is_allowed)
    entry->n_connections++;
  g_mutex_unlock (&self->lock);
  return is_allowed;
}

void
guard_remove_connection (Guard *self, const gchar *address)
{
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = get_entry (self, address);
  if (entry->n_connections > 0)
    entry->n_connections--;
  g_mutex_unlock (&self->lock);
}

gboolean
guard_add_request (Guard *self, const gchar *address)
{
  Entry *entry;
  gboolean is_allowed;

  g_mutex_lock (&self->lock);
  entry = get_entry (self, address);
  is_allowed = entry->requests.level < REQUEST_BURST;
  if (is_allowed)
    entry->requests.level += 1.0;
  g_mutex_unlock (&self->lock);
  return is_allowed;
}

void
guard_add_failed_login (Guard *self, const gchar *address)
{
  g_mutex_lock (&self->lock);
  get_entry (self, address)->failed_logins.level += 1.0;
  g_mutex_unlock (&self->lock);
}

gboolean
guard_is_locked_out (Guard *self, const gchar *address)
{
  gboolean is_locked_out;

  g_mutex_lock (&self->lock);
  is_locked_out = get_entry (self, address)->failed_logins.level
      > MAX_FAILED_LOGINS - 1;
  g_mutex_unlock (&self->lock);
  return is_locked_out;
}
