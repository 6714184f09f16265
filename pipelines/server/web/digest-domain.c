/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "digest-domain.h"

#include <string.h>

#include "../journal.h"
#include "../stamps.h"

#define SCHEME "Digest "
#define NONCE_SECONDS 300
/* How far the requests of a client may overtake each other. */
#define WINDOW 64
/* Of a message: who has logged in, and whether the nonce was too old. */
#define USER_KEY "activationmap-user"
#define STALE_KEY "activationmap-stale"
/* That of nobody: an unknown name takes as long as a known one. */
#define NO_HA1 "00000000000000000000000000000000"

/* Uses: the numbers that have come with a nonce. */
typedef struct {
  gint64 end;     /* when the nonce is too old, as g_get_monotonic_time() */
  guint64 newest; /* the largest number */
  guint64 seen;   /* bit i: the number @newest - i */
} Uses;

struct _DigestDomain {
  SoupAuthDomain parent;

  Users *users;
  Guard *guard;
  Stamps stamps;    /* of nonces */
  GHashTable *uses; /* nonce -> Uses */
};

G_DEFINE_FINAL_TYPE (DigestDomain, digest_domain, SOUP_TYPE_AUTH_DOMAIN)

typedef enum {
  WRONG, /* the name or the password */
  STALE, /* the nonce, but not the password */
  RIGHT
} Verdict;

static const gchar *
get_address (SoupServerMessage *message)
{
  const gchar *address = soup_server_message_get_remote_host (message);

  return address ? address : "?";
}

static gchar *
make_purpose (SoupServerMessage *message)
{
  return g_strconcat ("nonce ", get_address (message), NULL);
}

static gboolean
is_fresh (const DigestDomain *self, SoupServerMessage *message,
    const gchar *nonce)
{
  g_autofree gchar *purpose = make_purpose (message);
  const gint64 age = stamps_get_age (&self->stamps, purpose, nonce);

  return age >= 0 && age <= NONCE_SECONDS;
}

static gboolean
is_over (gpointer nonce, gpointer data, gpointer now)
{
  return ((const Uses *) data)->end < *(const gint64 *) now;
}

static Uses *
get_uses (DigestDomain *self, const gchar *nonce)
{
  const gint64 now = g_get_monotonic_time ();
  Uses *uses = g_hash_table_lookup (self->uses, nonce);

  if (!uses) {
    g_hash_table_foreach_remove (self->uses, is_over, (gpointer) &now);
    uses = g_new0 (Uses, 1);
    uses->end = now + (NONCE_SECONDS + 1) * G_USEC_PER_SEC;
    g_hash_table_insert (self->uses, g_strdup (nonce), uses);
  }
  return uses;
}

/* Whether the number comes for the first time with this nonce. */
static gboolean
is_first_use (DigestDomain *self, const gchar *nonce, guint64 number)
{
  Uses *uses = get_uses (self, nonce);
  guint64 distance;

  if (number > uses->newest) {
    distance = number - uses->newest;
    uses->seen = distance < WINDOW ? uses->seen << distance : 0;
    uses->newest = number;
  }
  distance = uses->newest - number;
  if (distance >= WINDOW || uses->seen >> distance & 1)
    return FALSE;
  uses->seen |= G_GUINT64_CONSTANT (1) << distance;
  return TRUE;
}

static gchar *
hash (const gchar *first, ...)
{
  g_autoptr (GString) joined = g_string_new (first);
  const gchar *part;
  va_list parts;

  va_start (parts, first);
  while ((part = va_arg (parts, const gchar *)))
    g_string_append_printf (joined, ":%s", part);
  va_end (parts);
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, joined->str, -1);
}

/* What a client has sent, by name. */
static const gchar *
get_field (GHashTable *fields, const gchar *name)
{
  const gchar *value = g_hash_table_lookup (fields, name);

  return value ? value : "";
}

/* Whether the request is the one that the client has signed. */
static gboolean
is_about (SoupServerMessage *message, const gchar *place)
{
  GUri *asked = soup_server_message_get_uri (message);
  g_autoptr (GUri)
      named = g_uri_parse_relative (asked, place, SOUP_HTTP_URI_FLAGS, NULL);

  return named && soup_uri_equal (named, asked);
}

static gboolean
knows_password (const DigestDomain *self, SoupServerMessage *message,
    GHashTable *fields)
{
  const gchar *uri = get_field (fields, "uri");
  g_autofree gchar *known = users_get_ha1 (self->users,
      get_field (fields, "username"));
  g_autofree gchar *request = hash (soup_server_message_get_method (message),
      uri, NULL);
  g_autofree gchar *response = hash (known ? known : NO_HA1,
      get_field (fields, "nonce"), get_field (fields, "nc"),
      get_field (fields, "cnonce"), "auth", request, NULL);

  return stamps_are_equal (response, get_field (fields, "response")) && known
      && g_str_equal (get_field (fields, "qop"), "auth")
      && is_about (message, uri);
}

static Verdict
judge (DigestDomain *self, SoupServerMessage *message, GHashTable *fields)
{
  const gchar *nonce = get_field (fields, "nonce");
  guint64 number = 0;

  if (guard_is_locked_out (self->guard, get_address (message))
      || !knows_password (self, message, fields))
    return WRONG;
  g_ascii_string_to_unsigned (get_field (fields, "nc"), 16, 1, G_MAXUINT32,
      &number, NULL);
  return is_fresh (self, message, nonce) && number > 0
          && is_first_use (self, nonce, number)
      ? RIGHT
      : STALE;
}

/* libsoup asks once for each request. */
static gchar *
digest_domain_accepts (SoupAuthDomain *domain, SoupServerMessage *message,
    const gchar *header)
{
  GHashTable *fields;
  gchar *user = NULL;
  Verdict verdict;

  if (g_ascii_strncasecmp (header, SCHEME, strlen (SCHEME)) != 0)
    return NULL;
  fields = soup_header_parse_param_list (header + strlen (SCHEME));
  verdict = judge (DIGEST_DOMAIN (domain), message, fields);
  if (verdict == RIGHT)
    user = g_strdup (get_field (fields, "username"));
  soup_header_free_param_list (fields);
  g_object_set_data (G_OBJECT (message), STALE_KEY,
      GINT_TO_POINTER (verdict == STALE));
  g_object_set_data_full (G_OBJECT (message), USER_KEY, g_strdup (user),
      g_free);
  return user;
}

/* A request without a name is the first one of a browser, which then asks who
 * is there. */
static void
count_failure (DigestDomain *self, SoupServerMessage *message)
{
  const gchar *address = get_address (message);

  if (!soup_message_headers_get_one (soup_server_message_get_request_headers (
                                         message),
          "Authorization")
      || guard_is_locked_out (self->guard, address))
    return;
  guard_add_failed_login (self->guard, address);
  journal_print ("%s: wrong name or password", address);
}

static gchar *
digest_domain_challenge (SoupAuthDomain *domain, SoupServerMessage *message)
{
  DigestDomain *self = DIGEST_DOMAIN (domain);
  const gboolean is_stale = g_object_get_data (G_OBJECT (message), STALE_KEY)
      != NULL;
  g_autofree gchar *purpose = make_purpose (message);
  g_autofree gchar *nonce = stamps_make (&self->stamps, purpose);

  if (!is_stale)
    count_failure (self, message);
  return g_strdup_printf (SCHEME "realm=\"" USERS_REALM
                                 "\", nonce=\"%s\", qop=\"auth\", "
                                 "algorithm=MD5%s",
      nonce, is_stale ? ", stale=true" : "");
}

static void
digest_domain_finalize (GObject *object)
{
  DigestDomain *self = DIGEST_DOMAIN (object);

  g_hash_table_unref (self->uses);
  G_OBJECT_CLASS (digest_domain_parent_class)->finalize (object);
}

static void
digest_domain_class_init (DigestDomainClass *klass)
{
  SoupAuthDomainClass *domain_class = SOUP_AUTH_DOMAIN_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = digest_domain_finalize;
  domain_class->accepts = digest_domain_accepts;
  domain_class->challenge = digest_domain_challenge;
}

static void
digest_domain_init (DigestDomain *self)
{
  stamps_init (&self->stamps);
  self->uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

SoupAuthDomain *
digest_domain_new (Users *users, Guard *guard)
{
  DigestDomain *self = g_object_new (TYPE_DIGEST_DOMAIN, "realm", USERS_REALM,
      NULL);

  self->users = users;
  self->guard = guard;
  return SOUP_AUTH_DOMAIN (self);
}

const gchar *
digest_domain_get_user (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), USER_KEY);
}
