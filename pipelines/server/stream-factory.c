/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stream-factory.h"

#include "elements.h"
#include "encoder-bin.h"

#define PAYLOADER "rtph264pay name=pay0 pt=96 aggregate-mode=zero-latency"

/* The name of this end of a stream in RTCP and SDP. What rtpbin would choose
 * looks like the name of a user and a host. */
#define CNAME "activationmap"

/* StreamMedia: one encoder with its payloader, for all who watch. */
typedef struct {
  GstRTSPMedia parent;

  Hub *hub;
  Outlet *outlet;
} StreamMedia;

typedef struct {
  GstRTSPMediaClass parent_class;
} StreamMediaClass;

static GType stream_media_get_type (void);
G_DEFINE_TYPE (StreamMedia, stream_media, GST_TYPE_RTSP_MEDIA)

static StreamMedia *
get_media (GstRTSPMedia *media)
{
  return G_TYPE_CHECK_INSTANCE_CAST (media, stream_media_get_type (),
      StreamMedia);
}

static gboolean
stream_media_setup_rtpbin (GstRTSPMedia *media, GstElement *rtpbin)
{
  g_autoptr (GstStructure)
      sdes = gst_structure_new ("application/x-rtp-source-sdes", "cname",
          G_TYPE_STRING, CNAME, NULL);

  g_object_set (rtpbin, "sdes", sdes, NULL);
  return TRUE;
}

static void
stream_media_finalize (GObject *object)
{
  g_clear_pointer (&get_media (GST_RTSP_MEDIA (object))->outlet, outlet_free);
  G_OBJECT_CLASS (stream_media_parent_class)->finalize (object);
}

static void
stream_media_class_init (StreamMediaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stream_media_finalize;
  GST_RTSP_MEDIA_CLASS (klass)->setup_rtpbin = stream_media_setup_rtpbin;
}

static void
stream_media_init (StreamMedia *self)
{
}

struct _StreamFactory {
  GstRTSPMediaFactory parent;

  Hub *hub;
  gboolean draws;
};

G_DEFINE_FINAL_TYPE (StreamFactory, stream_factory, GST_TYPE_RTSP_MEDIA_FACTORY)

static GstElement *
stream_factory_create_element (GstRTSPMediaFactory *factory,
    const GstRTSPUrl *url)
{
  return encoder_bin_new (STREAM_FACTORY (factory)->hub,
      STREAM_FACTORY (factory)->draws, PAYLOADER, NULL);
}

static void
on_prepared (GstRTSPMedia *media, gpointer outlet)
{
  outlet_set_prepared (outlet);
}

static void
on_unprepared (GstRTSPMedia *media, gpointer outlet)
{
  outlet_close (outlet);
}

static void
stream_factory_configure (GstRTSPMediaFactory *factory, GstRTSPMedia *media)
{
  StreamFactory *self = STREAM_FACTORY (factory);
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autoptr (GstElement)
      appsrc = gst_bin_get_by_name (GST_BIN (bin), ENCODER_BIN_FRAMES);
  g_autoptr (GstElement)
      encoder = gst_bin_get_by_name (GST_BIN (bin), ENCODER_BIN_ENCODER);
  Outlet *outlet;

  GST_RTSP_MEDIA_FACTORY_CLASS (stream_factory_parent_class)
      ->configure (factory, media);
  outlet = outlet_new (self->hub, appsrc, encoder);
  get_media (media)->hub = self->hub;
  get_media (media)->outlet = outlet;
  g_signal_connect (media, "prepared", G_CALLBACK (on_prepared), outlet);
  g_signal_connect (media, "unprepared", G_CALLBACK (on_unprepared), outlet);
}

static void
stream_factory_class_init (StreamFactoryClass *klass)
{
  GstRTSPMediaFactoryClass *factory_class = GST_RTSP_MEDIA_FACTORY_CLASS (
      klass);

  factory_class->create_element = stream_factory_create_element;
  factory_class->configure = stream_factory_configure;
}

static void
stream_factory_init (StreamFactory *self)
{
}

GstRTSPMediaFactory *
stream_factory_new (Hub *hub, gboolean draws, GstRTSPAddressPool *ports)
{
  StreamFactory *self = g_object_new (TYPE_STREAM_FACTORY, NULL);
  GstRTSPMediaFactory *factory = GST_RTSP_MEDIA_FACTORY (self);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  self->hub = hub;
  self->draws = draws;
  gst_rtsp_media_factory_set_media_gtype (factory, stream_media_get_type ());
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_media_factory_set_suspend_mode (factory, GST_RTSP_SUSPEND_MODE_NONE);
  gst_rtsp_media_factory_set_clock (factory, clock);
  gst_rtsp_media_factory_set_address_pool (factory, ports);
  gst_rtsp_media_factory_add_role (factory, STREAM_FACTORY_ROLE,
      GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
      GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, NULL);
  return factory;
}

void
stream_factory_play (GstRTSPMedia *media)
{
  outlet_play (get_media (media)->outlet);
}

Hub *
stream_factory_get_hub (GstRTSPMedia *media)
{
  return get_media (media)->hub;
}

gboolean
stream_factory_check (GError **error)
{
  static const gchar *const names[] = { "appsrc", "videoconvert", "videoscale",
    "x264enc", "h264parse", "rtph264pay", "rtpbin", NULL };

  return elements_check (names, error);
}
