/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A picture for those who do not watch is encoded once for all who ask, and not
 * in the main thread. */

#include <gst/gst.h>

#include "load-plugin.h"
#include "web/snapshots.h"

static gint n_encoded; /* atomic */
static GThread *main_thread;

/* The linker puts this in the place of the server's. */
Picture *__real_picture_encoder_encode (PictureEncoder *self, GstSample *frame,
    GError **error);
Picture *__wrap_picture_encoder_encode (PictureEncoder *self, GstSample *frame,
    GError **error);

Picture *
__wrap_picture_encoder_encode (PictureEncoder *self, GstSample *frame,
    GError **error)
{
  g_assert_true (g_thread_self () != main_thread);
  g_atomic_int_inc (&n_encoded);
  return __real_picture_encoder_encode (self, frame, error);
}

typedef struct {
  Hub *hub;
  Snapshots *snapshots;
  GPtrArray *pictures; /* that were answers */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  const StreamOptions stream = { .name = (gchar *) "",
    .source = (gchar *) "test",
    .mount = (gchar *) "/live" };
  g_autoptr (GError) error = NULL;

  self->hub = hub_new (&stream, &error);
  g_assert_no_error (error);
  self->snapshots = snapshots_new (self->hub, &error);
  g_assert_no_error (error);
  self->pictures = g_ptr_array_new_with_free_func (
      (GDestroyNotify) picture_unref);
  g_atomic_int_set (&n_encoded, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->snapshots, snapshots_free);
  g_ptr_array_unref (self->pictures);
  hub_free (self->hub);
}

static void
on_picture (Picture *picture, gpointer data)
{
  Fixture *self = data;

  g_assert_nonnull (picture);
  g_ptr_array_add (self->pictures, picture_ref (picture));
}

static void
on_nothing (Picture *picture, gpointer data)
{
  g_assert_null (picture);
  *(gboolean *) data = TRUE;
}

static void
wait_for_frame (Fixture *self)
{
  GstSample *frame;

  hub_start (self->hub);
  while (!(frame = hub_get_last_frame (self->hub)))
    g_main_context_iteration (NULL, FALSE);
  gst_sample_unref (frame);
}

static void
ask (Fixture *self, guint times)
{
  for (guint i = 0; i < times; i++)
    snapshots_ask (self->snapshots, on_picture, self);
}

static void
test_once_for_all (Fixture *self, gconstpointer data)
{
  wait_for_frame (self);
  ask (self, 3);
  while (self->pictures->len < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (self->pictures->pdata[1] == self->pictures->pdata[0]);
  g_assert_true (self->pictures->pdata[2] == self->pictures->pdata[0]);
  g_assert_cmpint (g_atomic_int_get (&n_encoded), ==, 1);
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  gboolean is_answered = FALSE;

  snapshots_ask (self->snapshots, on_nothing, &is_answered);
  while (!is_answered)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_atomic_int_get (&n_encoded), ==, 0);
}

/* The server ends while one is made. */
static void
test_end (Fixture *self, gconstpointer data)
{
  wait_for_frame (self);
  ask (self, 2);
  g_clear_pointer (&self->snapshots, snapshots_free);
  g_assert_cmpuint (self->pictures->len, ==, 2);
}

gint
main (gint argc, gchar **argv)
{
  gst_init (&argc, &argv);
  load_plugin ();
  g_test_init (&argc, &argv, NULL);
  main_thread = g_thread_self ();
  g_test_add ("/snapshots/once-for-all", Fixture, NULL, set_up,
      test_once_for_all, tear_down);
  g_test_add ("/snapshots/nothing", Fixture, NULL, set_up, test_nothing,
      tear_down);
  g_test_add ("/snapshots/end", Fixture, NULL, set_up, test_end, tear_down);
  return g_test_run ();
}
