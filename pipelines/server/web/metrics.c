/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "metrics.h"

#define MAX_AGE (2 * G_USEC_PER_SEC)

typedef struct {
  const gchar *name;
  const gchar *type;
  const gchar *help;
  gdouble (*get) (Stream *stream, const HubStatus *status);
} Metric;

static gdouble
get_seen (Stream *stream, const HubStatus *status)
{
  return (gdouble) status->n_seen;
}

static gdouble
get_inferred (Stream *stream, const HubStatus *status)
{
  return (gdouble) status->n_inferred;
}

static gdouble
get_dropped (Stream *stream, const HubStatus *status)
{
  return (gdouble) status->n_dropped;
}

static gdouble
get_latency (Stream *stream, const HubStatus *status)
{
  return GST_CLOCK_TIME_IS_VALID (status->latency)
      ? (gdouble) status->latency / GST_SECOND
      : 0;
}

static gdouble
get_regions (Stream *stream, const HubStatus *status)
{
  return status->n_regions;
}

static gdouble
get_signal (Stream *stream, const HubStatus *status)
{
  return status->has_signal;
}

static gdouble
get_viewers (Stream *stream, const HubStatus *status)
{
  return stream_count_viewers (stream) + status->n_players;
}

static gdouble
get_consumers (Stream *stream, const HubStatus *status)
{
  return status->n_consumers;
}

static const Metric metrics[] = {
  { "frames_seen_total", "counter", "Pictures that the source gave", get_seen },
  { "frames_inferred_total", "counter", "Pictures that the network has seen",
      get_inferred },
  { "frames_dropped_total", "counter", "Pictures for which there was no time",
      get_dropped },
  { "latency_seconds", "gauge",
      "Time from when the last picture was taken to when it was handed out",
      get_latency },
  { "faces", "gauge", "Regions in the last picture", get_regions },
  { "signal", "gauge", "Whether the source gives pictures", get_signal },
  { "viewers", "gauge", "Browsers and players that watch the stream",
      get_viewers },
  { "consumers", "gauge", "Everything that takes pictures of the stream",
      get_consumers },
};

static void
write_value (GString *text, const Metric *metric, Stream *stream)
{
  Hub *hub = stream_get_hub (stream);
  const HubStatus status = hub_get_status (hub);
  gchar value[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (value, sizeof value, metric->get (stream, &status));
  g_string_append_printf (text, "activationmap_%s{stream=\"%s\"} %s\n",
      metric->name, hub_get_name (hub), value);
}

gchar *
metrics_write (GPtrArray *streams)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++) {
    g_string_append_printf (text,
        "# HELP activationmap_%s %s\n# TYPE activationmap_%s %s\n",
        metrics[i].name, metrics[i].help, metrics[i].name, metrics[i].type);
    for (guint k = 0; k < streams->len; k++)
      write_value (text, &metrics[i], g_ptr_array_index (streams, k));
  }
  return g_string_free (text, FALSE);
}

gboolean
metrics_is_healthy (GPtrArray *streams)
{
  for (guint i = 0; i < streams->len; i++) {
    const HubStatus status = hub_get_status (
        stream_get_hub (g_ptr_array_index (streams, i)));

    if (status.last_picture_time == 0
        || g_get_monotonic_time () - status.last_picture_time > MAX_AGE)
      return FALSE;
  }
  return TRUE;
}
