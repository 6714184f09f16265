/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "../guard.h"
#include "../users.h"

G_BEGIN_DECLS

/* DigestDomain: lets users in by digest authentication (RFC 7616, with MD5 as
 * in the file of users). Unlike libsoup's own, it knows its nonces: each is
 * worth something for a few minutes, for the address that it was given to, and
 * each number that a client counts up with it only once, so that nobody gets in
 * with what has been heard on the wire. A client whose nonce is too old is told
 * so, and logs in again without asking anybody. Main thread only. */
#define TYPE_DIGEST_DOMAIN (digest_domain_get_type ())
G_DECLARE_FINAL_TYPE (DigestDomain, digest_domain, DIGEST, DOMAIN,
    SoupAuthDomain)

/* Both must outlive it. @guard counts wrong passwords. Returns: (transfer
 * full) */
SoupAuthDomain *digest_domain_new (Users *users, Guard *guard);

/* Returns: (transfer none) (nullable): whom the request is from; NULL if nobody
 * has logged in. */
const gchar *digest_domain_get_user (SoupServerMessage *message);

G_END_DECLS
