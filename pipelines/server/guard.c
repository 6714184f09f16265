/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "guard.h"

#include <gio/gio.h>
#include <string.h>

/* Requests that an address may make at once, and in each second after that. */
#define REQUEST_BURST 1000
#define REQUESTS_PER_SECOND 100
/* Wrong passwords after which an address must wait, and how long each of them
 * is remembered. */
#define MAX_FAILED_LOGINS 10
#define SECONDS_PER_FAILED_LOGIN 30
#define MAX_SESSIONS (GUARD_MAX_SESSIONS / 2)
/* Bytes of an IPv6 address that say whose it is. */
#define NETWORK_SIZE 8

/* A bucket that fills by and by, and is empty again after a while. */
typedef struct {
  gdouble level;
  gint64 time;
} Bucket;

typedef struct {
  guint n_connections, n_sessions;
  Bucket requests, failed_logins;
} Entry;

struct _Guard {
  guint max_connections;
  GMutex lock;
  GHashTable *entries; /* key of an address -> Entry; protected by lock */
  guint n_connections; /* of all; protected by lock */
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

/* An IPv4 address as it is, also if it is written as one of IPv6; of others the
 * first half. */
static gchar *
make_key (const gchar *address)
{
  static const guint8 mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16] = { 0 };

  if (!parsed || g_inet_address_get_family (parsed) != G_SOCKET_FAMILY_IPV6)
    return g_strdup (address);
  memcpy (bytes, g_inet_address_to_bytes (parsed), sizeof bytes);
  if (memcmp (bytes, mapped, sizeof mapped) == 0) {
    network = g_inet_address_new_from_bytes (bytes + sizeof mapped,
        G_SOCKET_FAMILY_IPV4);
  } else {
    memset (bytes + NETWORK_SIZE, 0, sizeof bytes - NETWORK_SIZE);
    network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  }
  return g_inet_address_to_string (network);
}

static void
update (Entry *entry)
{
  bucket_update (&entry->requests, REQUESTS_PER_SECOND);
  bucket_update (&entry->failed_logins, 1.0 / SECONDS_PER_FAILED_LOGIN);
}

static gboolean
is_in_use (const Entry *entry)
{
  return entry->n_connections > 0 || entry->n_sessions > 0;
}

/* Whether @a should be forgotten rather than @b: one that has not failed to log
 * in, or else the one that was seen longer ago. Requests are updated whenever
 * an address is seen. */
static gboolean
is_less_important (const Entry *a, const Entry *b)
{
  const gboolean a_failed = a->failed_logins.level > 0,
                 b_failed = b->failed_logins.level > 0;

  return a_failed == b_failed ? a->requests.time < b->requests.time : b_failed;
}

/* Makes room for another address. None that is in use is forgotten; of those
 * there are never many. */
static void
forget_one (Guard *self)
{
  const gchar *key, *chosen = NULL;
  Entry *entry, *least = NULL;
  GHashTableIter iterator;

  g_hash_table_iter_init (&iterator, self->entries);
  while (g_hash_table_iter_next (&iterator, (gpointer *) &key,
      (gpointer *) &entry)) {
    bucket_update (&entry->failed_logins, 1.0 / SECONDS_PER_FAILED_LOGIN);
    if (!is_in_use (entry) && (!least || is_less_important (entry, least))) {
      chosen = key;
      least = entry;
    }
  }
  if (chosen)
    g_hash_table_remove (self->entries, chosen);
}

static Entry *
get_entry (Guard *self, const gchar *address)
{
  g_autofree gchar *key = make_key (address);
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (!entry) {
    if (g_hash_table_size (self->entries) >= GUARD_MAX_ADDRESSES)
      forget_one (self);
    entry = g_new0 (Entry, 1);
    g_hash_table_insert (self->entries, g_steal_pointer (&key), entry);
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
  is_allowed = entry->n_connections < self->max_connections
      && self->n_connections
          < MAX (self->max_connections, GUARD_MAX_CONNECTIONS);
  if (is_allowed) {
    entry->n_connections++;
    self->n_connections++;
  }
  g_mutex_unlock (&self->lock);
  return is_allowed;
}

void
guard_remove_connection (Guard *self, const gchar *address)
{
  g_mutex_lock (&self->lock);
  get_entry (self, address)->n_connections--;
  self->n_connections--;
  g_mutex_unlock (&self->lock);
}

gboolean
guard_may_add_session (Guard *self, const gchar *address)
{
  gboolean is_allowed;

  g_mutex_lock (&self->lock);
  is_allowed = get_entry (self, address)->n_sessions < MAX_SESSIONS;
  g_mutex_unlock (&self->lock);
  return is_allowed;
}

void
guard_add_session (Guard *self, const gchar *address)
{
  g_mutex_lock (&self->lock);
  get_entry (self, address)->n_sessions++;
  g_mutex_unlock (&self->lock);
}

void
guard_remove_session (Guard *self, const gchar *address)
{
  g_mutex_lock (&self->lock);
  get_entry (self, address)->n_sessions--;
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
