/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Covers overlay_colormap_get_table(): known values, opacity, smoothness, and
 * the first call from several threads at once.
 */

#include "overlay/colormap.h"

typedef struct {
  OverlayColormap colormap;
  guint32 first;
  guint32 middle;
  guint32 last;
} KnownValues;

/* The colours at 0, 128 and 255. Those of ylgnbu, jet and gray follow from the
 * anchors. */
static const KnownValues known_values[] = {
  { OVERLAY_COLORMAP_YLGNBU, 0xff081d58, 0xff42b6c4, 0xffffffd9 },
  { OVERLAY_COLORMAP_VIRIDIS, 0xff440154, 0xff21918c, 0xfffde725 },
  { OVERLAY_COLORMAP_MAGMA, 0xff000004, 0xffb73779, 0xfffcfdbf },
  { OVERLAY_COLORMAP_INFERNO, 0xff000004, 0xffbc3754, 0xfffcffa4 },
  { OVERLAY_COLORMAP_PLASMA, 0xff0d0887, 0xffcc4778, 0xfff0f921 },
  { OVERLAY_COLORMAP_CIVIDIS, 0xff00224e, 0xff7d7c78, 0xfffee838 },
  { OVERLAY_COLORMAP_TURBO, 0xff30123b, 0xffa4fc3c, 0xff7a0403 },
  { OVERLAY_COLORMAP_JET, 0xff000080, 0xff82ff7e, 0xff800000 },
  { OVERLAY_COLORMAP_GRAY, 0xff000000, 0xff808080, 0xffffffff },
  { OVERLAY_COLORMAP_SIGNED, 0xff59afff, 0xff0d0d0e, 0xffff922b },
};

static void
test_known_values (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (known_values), ==, OVERLAY_N_COLORMAPS);

  for (guint i = 0; i < G_N_ELEMENTS (known_values); i++) {
    const KnownValues *known = &known_values[i];
    const guint32 *table = overlay_colormap_get_table (known->colormap);

    g_assert_cmphex (table[0], ==, known->first);
    g_assert_cmphex (table[128], ==, known->middle);
    g_assert_cmphex (table[255], ==, known->last);
  }
}

static gint
get_channel (guint32 word, guint shift)
{
  return (gint) (word >> shift & 0xff);
}

static void
test_opaque_and_smooth (void)
{
  for (gint map = 0; map < OVERLAY_N_COLORMAPS; map++) {
    const guint32 *table = overlay_colormap_get_table (map);

    for (guint i = 0; i < 256; i++) {
      g_assert_cmpint (get_channel (table[i], 24), ==, 0xff);
      for (guint shift = 0; i > 0 && shift < 24; shift += 8)
        g_assert_cmpint (ABS (get_channel (table[i], shift)
                             - get_channel (table[i - 1], shift)),
            <=, 9);
    }
  }
}

static void
test_gray_is_the_index (void)
{
  const guint32 *table = overlay_colormap_get_table (OVERLAY_COLORMAP_GRAY);

  for (guint i = 0; i < 256; i++)
    g_assert_cmphex (table[i], ==, 0xff000000 | i << 16 | i << 8 | i);
}

static gpointer
get_table_in_thread (gpointer unused)
{
  return (gpointer) overlay_colormap_get_table (OVERLAY_COLORMAP_YLGNBU);
}

static void
test_threads_share_one_table (void)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, get_table_in_thread, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
    const guint32 *table = g_thread_join (threads[i]);

    g_assert_true (
        table == overlay_colormap_get_table (OVERLAY_COLORMAP_YLGNBU));
    g_assert_cmphex (table[255], ==, 0xffffffd9);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/colormap/threads", test_threads_share_one_table);
  g_test_add_func ("/colormap/known-values", test_known_values);
  g_test_add_func ("/colormap/opaque-and-smooth", test_opaque_and_smooth);
  g_test_add_func ("/colormap/gray", test_gray_is_the_index);

  return g_test_run ();
}
