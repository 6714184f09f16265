/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include "guard.h"
#include "users.h"

G_BEGIN_DECLS

/* RtspAuth: lets viewers in by RTSP. */
#define TYPE_RTSP_AUTH (rtsp_auth_get_type ())
G_DECLARE_FINAL_TYPE (RtspAuth, rtsp_auth, RTSP, AUTH, GstRTSPAuth)

/* @certificate: (nullable): NULL for no TLS. @users: (nullable): whom to let
 * in; NULL for anybody. Errors: a file of users that cannot be used. Returns:
 * (transfer full). */
GstRTSPAuth *rtsp_auth_new (GTlsCertificate *certificate, Users *users,
    Guard *guard, GError **error);

G_END_DECLS
