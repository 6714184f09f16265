/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The parts of the page's server that can be tried without a connection. */

#include <gst/gst.h>
#include <gstactivationmeta.h>

#include "base/json.h"
#include "load-plugin.h"
#include "web/message.h"
#include "web/picture-encoder.h"
#include "web/picture.h"

/* Two of these are more than a message may hold. */
#define SIDE 800
#define N_VALUES ((gsize) SIDE * SIDE)
/* Bytes of a gray picture of 64x48. */
#define SIZE ((gsize) 64 * 48)

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

/* What was asked for and is not sent is said not to be. */
static guint
count_layers (const MessageRequest *request, const gchar *key)
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
  cJSON_ArrayForEach (layer, list) n_layers += json_get (layer, key) != NULL;
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

  g_assert_cmpuint (count_layers (&request, "values"), ==, 1);
  g_assert_cmpuint (count_layers (&request, "omitted"), ==, 2);
  request.layers = all;
  g_assert_cmpuint (count_layers (&request, "values"), ==, 1);
  g_assert_cmpuint (count_layers (&request, "omitted"), ==, 2);
  request.layers = last;
  g_assert_cmpuint (count_layers (&request, "values"), ==, 1);
  g_assert_cmpuint (count_layers (&request, "omitted"), ==, 0);
}

/* A gray picture; the number 0 has no time, as when there is no signal. */
static GstSample *
make_frame (guint64 number, const gchar *format)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "format",
      G_TYPE_STRING, format, "width", G_TYPE_INT, 64, "height", G_TYPE_INT, 48,
      "framerate", GST_TYPE_FRACTION, 30, 1, NULL);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, SIZE, NULL);
  const FrameInfo info = { .number = number, .has_signal = TRUE };

  gst_buffer_memset (buffer, 0, 128, SIZE);
  if (number > 0)
    GST_BUFFER_PTS (buffer) = number * GST_SECOND;
  return frame_new (buffer, caps, &info);
}

static void
assert_encoded (PictureEncoder *encoder, guint64 number)
{
  g_autoptr (GstSample) frame = make_frame (number, "GRAY8");
  g_autoptr (GError) error = NULL;
  g_autoptr (Picture) picture = picture_encoder_encode (encoder, frame, &error);
  g_autofree gchar *time = g_strdup_printf ("\"timestamp\":%" G_GUINT64_FORMAT,
      number * GST_SECOND);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (picture->jpeg, NULL), 2, "\xff\xd8", 2);
  g_test_message ("%s", picture->json);
  g_assert_true (number == 0 || strstr (picture->json, time));
}

/* After a frame that cannot be encoded, others are, and each with what is said
 * of it. */
static void
test_encoder_recovers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PictureEncoder) encoder = picture_encoder_new (&error);
  g_autoptr (GstSample) broken = make_frame (2, "no such format");

  g_assert_no_error (error);
  assert_encoded (encoder, 1);
  for (guint i = 0; i < 2; i++) {
    g_assert_null (picture_encoder_encode (encoder, broken, &error));
    g_assert_nonnull (error);
    g_clear_error (&error);
    assert_encoded (encoder, 3 + i);
    assert_encoded (encoder, 0);
  }
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  load_plugin ();
  g_test_add_func ("/web-parts/tokens", test_tokens);
  g_test_add_func ("/web-parts/values-limited", test_values_limited);
  g_test_add_func ("/web-parts/encoder-recovers", test_encoder_recovers);
  return g_test_run ();
}
