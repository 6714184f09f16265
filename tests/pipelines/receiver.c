/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "receiver.h"

#include <gst/app/app.h>
#include <gst/rtsp-server/rtsp-server.h>

#define ROLE "pusher"
#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define LAUNCH                                                         \
  "( rtph264depay name=depay0 ! h264parse ! avdec_h264 ! videoconvert" \
  " ! video/x-raw,format=I420 ! appsink name=pictures sync=false )"

struct _Receiver {
  GstRTSPServer *server;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GSource *listener;
  GAsyncQueue *pictures; /* of GstSample */
};

static GstFlowReturn
on_picture (GstAppSink *sink, gpointer data)
{
  Receiver *self = data;
  GstSample *picture = gst_app_sink_pull_sample (sink);

  if (!picture)
    return GST_FLOW_EOS;
  g_async_queue_push (self->pictures, picture);
  return GST_FLOW_OK;
}

static void
on_media (GstRTSPMediaFactory *factory, GstRTSPMedia *media, gpointer data)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_picture };
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name_recurse_up (GST_BIN (bin), "pictures");

  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, data, NULL);
}

static void
add_user (Receiver *self, const gchar *user, const gchar *password,
    GTlsCertificate *certificate)
{
  g_autoptr (GstRTSPAuth) auth = gst_rtsp_auth_new ();
  g_autoptr (GstRTSPToken)
      token = gst_rtsp_token_new (GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE,
          G_TYPE_STRING, ROLE, NULL);

  gst_rtsp_auth_set_supported_methods (auth, GST_RTSP_AUTH_DIGEST);
  gst_rtsp_auth_add_digest (auth, user, password, token);
  gst_rtsp_auth_set_tls_certificate (auth, certificate);
  gst_rtsp_server_set_auth (self->server, auth);
}

static void
add_factory (Receiver *self)
{
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();
  g_autoptr (GstRTSPMountPoints)
      mounts = gst_rtsp_server_get_mount_points (self->server);

  gst_rtsp_media_factory_set_launch (factory, LAUNCH);
  gst_rtsp_media_factory_set_transport_mode (factory,
      GST_RTSP_TRANSPORT_MODE_RECORD);
  gst_rtsp_media_factory_add_role (factory, ROLE,
      GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
      GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, NULL);
  g_signal_connect (factory, "media-configure", G_CALLBACK (on_media), self);
  gst_rtsp_mount_points_add_factory (mounts, RECEIVER_PATH, factory);
}

static gpointer
run (gpointer data)
{
  Receiver *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

Receiver *
receiver_new (gint port, const gchar *user, const gchar *password,
    GTlsCertificate *certificate)
{
  Receiver *self = g_new0 (Receiver, 1);
  g_autofree gchar *service = g_strdup_printf ("%d", port);
  g_autoptr (GError) error = NULL;

  self->pictures = g_async_queue_new_full ((GDestroyNotify) gst_sample_unref);
  self->server = gst_rtsp_server_new ();
  gst_rtsp_server_set_address (self->server, "127.0.0.1");
  gst_rtsp_server_set_service (self->server, service);
  add_factory (self);
  if (user)
    add_user (self, user, password, certificate);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->listener = gst_rtsp_server_create_source (self->server, NULL, &error);
  g_assert_no_error (error);
  g_source_attach (self->listener, self->context);
  self->thread = g_thread_new ("receiver", run, self);
  return self;
}

static GstRTSPFilterResult
hang_up (GstRTSPServer *server, GstRTSPClient *client, gpointer data)
{
  return GST_RTSP_FILTER_REMOVE;
}

static gboolean
has_clients (Receiver *self)
{
  GList *clients = gst_rtsp_server_client_filter (self->server, NULL, NULL);
  const gboolean has_some = clients != NULL;

  g_list_free_full (clients, g_object_unref);
  return has_some;
}

void
receiver_free (Receiver *self)
{
  g_source_destroy (self->listener);
  g_source_unref (self->listener);
  g_list_free (gst_rtsp_server_client_filter (self->server, hang_up, NULL));
  while (has_clients (self))
    g_usleep (10 * 1000);
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_object_unref (self->server);
  gst_rtsp_thread_pool_cleanup ();
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->pictures);
  g_free (self);
}

gint
receiver_get_port (const Receiver *self)
{
  return gst_rtsp_server_get_bound_port (self->server);
}

GstSample *
receiver_pull (Receiver *self)
{
  GstSample *picture = g_async_queue_timeout_pop (self->pictures, PATIENCE_US);

  g_assert_nonnull (picture);
  return picture;
}
