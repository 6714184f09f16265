/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "rtsp-auth.h"

#include <gio/gio.h>

#include "journal.h"
#include "stream-factory.h"

struct _RtspAuth {
  GstRTSPAuth parent;

  Guard *guard;
};

G_DEFINE_FINAL_TYPE (RtspAuth, rtsp_auth, GST_TYPE_RTSP_AUTH)

static gboolean
has_credentials (GstRTSPContext *context)
{
  gchar *value = NULL;

  return gst_rtsp_message_get_header (context->request,
             GST_RTSP_HDR_AUTHORIZATION, &value, 0)
      == GST_RTSP_OK;
}

/* Sets the token in the context if name and password are right. */
static gboolean
rtsp_auth_authenticate (GstRTSPAuth *auth, GstRTSPContext *context)
{
  RtspAuth *self = RTSP_AUTH (auth);
  const gchar *address = gst_rtsp_connection_get_ip (context->conn);

  if (has_credentials (context) && guard_is_locked_out (self->guard, address))
    return FALSE;
  if (!GST_RTSP_AUTH_CLASS (rtsp_auth_parent_class)
           ->authenticate (auth, context))
    return FALSE;
  if (!context->token && has_credentials (context)) {
    guard_add_failed_login (self->guard, address);
    journal_print ("%s: wrong name or password", address);
  }
  return TRUE;
}

static gboolean
refuse (GstRTSPContext *context)
{
  const GstRTSPStatusCode code = GST_RTSP_STS_SERVICE_UNAVAILABLE;

  gst_rtsp_message_init_response (context->response, code,
      gst_rtsp_status_as_text (code), context->request);
  gst_rtsp_client_send_message (context->client, context->session,
      context->response);
  return FALSE;
}

static gboolean
rtsp_auth_check (GstRTSPAuth *auth, GstRTSPContext *context, const gchar *check)
{
  RtspAuth *self = RTSP_AUTH (auth);
  const gchar *address = gst_rtsp_connection_get_ip (context->conn);

  if (g_str_equal (check, GST_RTSP_AUTH_CHECK_URL)
      && !guard_add_request (self->guard, address))
    return refuse (context);
  return GST_RTSP_AUTH_CLASS (rtsp_auth_parent_class)
      ->check (auth, context, check);
}

static void
rtsp_auth_class_init (RtspAuthClass *klass)
{
  GstRTSPAuthClass *auth_class = GST_RTSP_AUTH_CLASS (klass);

  auth_class->authenticate = rtsp_auth_authenticate;
  auth_class->check = rtsp_auth_check;
}

static void
rtsp_auth_init (RtspAuth *self)
{
}

/* Who has the token may watch. */
static gboolean
set_users (GstRTSPAuth *auth, Users *users, GError **error)
{
  GstRTSPToken *token = gst_rtsp_token_new (GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE,
      G_TYPE_STRING, STREAM_FACTORY_ROLE, NULL);
  gboolean is_set = TRUE;

  gst_rtsp_auth_set_supported_methods (auth, GST_RTSP_AUTH_DIGEST);
  gst_rtsp_auth_set_realm (auth, USERS_REALM);
  if (!users)
    gst_rtsp_auth_set_default_token (auth, token);
  else
    is_set = gst_rtsp_auth_parse_htdigest (auth, users_get_path (users), token);
  gst_rtsp_token_unref (token);
  if (!is_set) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "%s: cannot be read as a file of users", users_get_path (users));
  }
  return is_set;
}

GstRTSPAuth *
rtsp_auth_new (GTlsCertificate *certificate, Users *users, Guard *guard,
    GError **error)
{
  RtspAuth *self = g_object_new (TYPE_RTSP_AUTH, NULL);
  GstRTSPAuth *auth = GST_RTSP_AUTH (self);

  self->guard = guard;
  gst_rtsp_auth_set_tls_certificate (auth, certificate);
  if (!set_users (auth, users, error))
    g_clear_object (&auth);
  return auth;
}
