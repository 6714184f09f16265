/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The parts of the page's server that can be tried without a connection. */

#include <gst/gst.h>
#include <gstactivationmeta.h>

#include "base/json.h"
#include "web/message.h"
#include "web/picture.h"

/* Two of these are more than a message may hold. */
#define SIDE 800
#define N_VALUES ((gsize) SIDE * SIDE)

static GstActivations *
make_activations (const gchar *const *layers)
{
  const gchar *const labels[] = { "no", "yes", NULL };
  const gfloat scores[] = { 0.25f, 0.75f };
  g_autofree gfloat *values = g_new0 (gfloat, N_VALUES);
  g_autoptr (GstActivationsBuilder)
      builder = gst_activations_builder_new ("test", "answer", labels);

  gst_activations_builder_set_scores (builder, scores, 2, 1);
  for (guint i = 0; layers[i]; i++)
    g_assert_true (gst_activations_builder_add_layer (builder, layers[i], NULL,
        SIDE, SIDE, 1, values, N_VALUES));
  return gst_activations_builder_finish (builder);
}

static Picture *
make_picture (const gchar *const *layers)
{
  g_autoptr (GstActivations) activations = make_activations (layers);
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-raw");
  const FrameInfo info = { .number = 1, .has_signal = TRUE };
  g_autoptr (GstSample) frame = NULL;

  gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, 64, 48);
  frame = frame_new (buffer, caps, &info);
  return picture_new (frame, g_bytes_new_static ("jpeg", 4), g_strdup ("{}"),
      0);
}

/* Returns: (transfer full): the header of a message. */
static cJSON *
read_header (GBytes *message)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);
  guint32 length;
  g_autoptr (GBytes) header = NULL;
  g_autoptr (GError) error = NULL;
  cJSON *root;

  g_assert_cmpmem (data, 4, "AMF1", 4);
  memcpy (&length, data + 4, sizeof length);
  header = g_bytes_new (data + 8, GUINT32_FROM_LE (length));
  root = json_parse (header, &error);
  g_assert_no_error (error);
  return root;
}

static gdouble
read_token (GBytes *message)
{
  cJSON *header = read_header (message);
  const gdouble token = json_get (header, "token")->valuedouble;

  cJSON_Delete (header);
  return token;
}

/* Each viewer gets a token of its own, and otherwise the same bytes. */
static void
test_tokens (void)
{
  const gchar *const layers[] = { NULL };
  const guint64 tokens[] = { MESSAGE_MIN_TOKEN,
    MESSAGE_MIN_TOKEN + MESSAGE_N_TOKENS - 1 };
  const MessageRequest request = MESSAGE_REQUEST_DEFAULT;
  const MessageContext context = { 0 };
  g_autoptr (Picture) picture = make_picture (layers);
  g_autoptr (GBytes) message = message_new (picture, &request, &context);

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_autoptr (GBytes) own = message_give_token (message, tokens[i]);

    g_assert_cmpuint (g_bytes_get_size (own), ==, g_bytes_get_size (message));
    g_assert_cmpfloat (read_token (own), ==, (gdouble) tokens[i]);
  }
}

static guint
count_layers_with_values (const MessageRequest *request)
{
  const gchar *const layers[] = { "first", "second", "third", NULL };
  const MessageContext context = { 0 };
  g_autoptr (Picture) picture = make_picture (layers);
  g_autoptr (GBytes) message = message_new (picture, request, &context);
  cJSON *header = read_header (message);
  const cJSON *list = json_get (json_get (header, "subject"), "layers");
  const cJSON *layer;
  guint n_layers = 0;

  g_assert_cmpint (cJSON_GetArraySize (list), ==, 3);
  cJSON_ArrayForEach (layer, list)
      n_layers += json_get (layer, "values") != NULL;
  cJSON_Delete (header);
  return n_layers;
}

/* However a viewer asks, a message does not become longer. */
static void
test_values_limited (void)
{
  gchar *all[] = { (gchar *) "first", (gchar *) "second", (gchar *) "third",
    NULL };
  gchar *last[] = { (gchar *) "third", NULL };
  MessageRequest request = MESSAGE_REQUEST_DEFAULT;

  g_assert_cmpuint (count_layers_with_values (&request), ==, 1);
  request.layers = all;
  g_assert_cmpuint (count_layers_with_values (&request), ==, 1);
  request.layers = last;
  g_assert_cmpuint (count_layers_with_values (&request), ==, 1);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/web-parts/tokens", test_tokens);
  g_test_add_func ("/web-parts/values-limited", test_values_limited);
  return g_test_run ();
}
