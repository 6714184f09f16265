/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/score-view.h"

#include <math.h>

#include "overlay/drawing.h"
#include "overlay/text.h"

#define N_SAMPLES 1024
#define WINDOW (10 * G_GINT64_CONSTANT (1000000000))
#define WINDOW_TEXT "10 s"
#define MAX_ROWS 3

#define BAR_COLOR 0x3a3f47
#define CHART_COLOR 0x20242a

typedef struct {
  gint64 time;
  gfloat score;
} Sample;

struct _OverlayScoreView {
  gint id;
  guint n_classes;
  Sample samples[N_SAMPLES]; /* ring buffer */
  guint n_samples;
  guint next;

  OverlayTextLine *label;
  OverlayTextLine *rows[MAX_ROWS];
  OverlayTextLine *ends[2]; /* top and bottom of the chart's scale */
};

/* The state of one overlay_score_view_draw() call. */
typedef struct {
  OverlayScoreView *view;
  const OverlayPixels *pixels;
  const ClassifierResult *result;
  const OverlayGlyphs *large;
  const OverlayGlyphs *small;
  guint32 rgb;
  gint line; /* height of a line of @small text */
} Drawing;

OverlayScoreView *
overlay_score_view_new (OverlayText *text)
{
  OverlayScoreView *view = g_new0 (OverlayScoreView, 1);

  view->label = overlay_text_line_new (text);
  for (guint i = 0; i < G_N_ELEMENTS (view->rows); i++)
    view->rows[i] = overlay_text_line_new (text);
  for (guint i = 0; i < G_N_ELEMENTS (view->ends); i++)
    view->ends[i] = overlay_text_line_new (text);
  return view;
}

void
overlay_score_view_free (OverlayScoreView *view)
{
  overlay_text_line_free (view->label);
  for (guint i = 0; i < G_N_ELEMENTS (view->rows); i++)
    overlay_text_line_free (view->rows[i]);
  for (guint i = 0; i < G_N_ELEMENTS (view->ends); i++)
    overlay_text_line_free (view->ends[i]);
  g_free (view);
}

void
overlay_score_view_reset (OverlayScoreView *view)
{
  view->n_samples = 0;
  view->next = 0;
}

static gboolean
is_binary (const ClassifierResult *result)
{
  return result->description->n_classes == 2;
}

static gfloat
clamp_score (gfloat score)
{
  return score > 0.0f ? MIN (score, 1.0f) : 0.0f;
}

void
overlay_score_view_update (OverlayScoreView *view,
    const ClassifierResult *result, gint id, gint64 time)
{
  guint last = (view->next + N_SAMPLES - 1) % N_SAMPLES;
  /* of two classes, always the second is shown, so that the curve has no
   * jumps */
  guint class = is_binary (result) ? 1 : result->winner;

  if (view->id != id || view->n_classes != result->description->n_classes
      || (view->n_samples > 0 && time < view->samples[last].time))
    overlay_score_view_reset (view);
  view->id = id;
  view->n_classes = result->description->n_classes;
  view->samples[view->next] = (Sample) { time,
    clamp_score (result->scores[class]) };
  view->next = (view->next + 1) % N_SAMPLES;
  view->n_samples = MIN (view->n_samples + 1, N_SAMPLES);
}

static gint
show_right (const Drawing *drawing, const OverlayGlyphs *glyphs,
    const gchar *text, gint y, gint height, guint32 rgb)
{
  gint x = drawing->pixels->width - overlay_glyphs_measure (glyphs, text);

  overlay_glyphs_show (glyphs, drawing->pixels, text, x, y, height, rgb);
  return x;
}

static void
draw_bar (const Drawing *drawing, gint x, gint y, gint width, gint height,
    gfloat score, guint32 rgb)
{
  Rect bar = { x, y, width, height };

  overlay_pixels_fill (drawing->pixels, &bar,
      overlay_pixels_make_word (BAR_COLOR, 255));
  bar.width = (gint) lroundf ((gfloat) width * clamp_score (score));
  overlay_pixels_fill (drawing->pixels, &bar,
      overlay_pixels_make_word (rgb, 255));
}

static void
format_percent (gchar *text, gsize size, gfloat score)
{
  gchar number[16];

  g_ascii_formatd (number, sizeof (number), "%.1f",
      (gdouble) (100.0f * clamp_score (score)));
  g_snprintf (text, (gulong) size, "%s %%", number);
}

/* Draws the label, its score, and a bar with a tick at one half. Returns the y
 * position below them. */
static gint
draw_winner (const Drawing *drawing)
{
  const ClassifierResult *result = drawing->result;
  gfloat score = result->scores[result->winner];
  gint size = overlay_glyphs_get_size (drawing->large);
  gint height = size * 7 / 5;
  gint bar_height = MAX (size / 4, 3);
  gint width = drawing->pixels->width;
  Rect tick = { width / 2, height - 1, 1, bar_height + 2 };
  OverlayTextStyle style = { .size = size,
    .bold = TRUE,
    .rgb = OVERLAY_TEXT_COLOR };
  gchar text[32];
  gint x;

  format_percent (text, sizeof (text), score);
  x = show_right (drawing, drawing->large, text, 0, height, OVERLAY_TEXT_COLOR);
  style.max_width = MAX (x - size, 0);
  overlay_text_line_set (drawing->view->label,
      result->description->labels[result->winner], &style);
  overlay_text_line_show (drawing->view->label, drawing->pixels, 0, 0, height);
  draw_bar (drawing, 0, height, width, bar_height, score, drawing->rgb);
  overlay_pixels_fill (drawing->pixels, &tick, 0xffffffff);
  return height + bar_height + drawing->line / 3;
}

static gint
draw_knock_out (const Drawing *drawing, gint y)
{
  const ClassifierResult *result = drawing->result;
  guint winner = result->winner;
  gdouble change;
  gchar number[G_ASCII_DTOSTR_BUF_SIZE], text[64];

  if (result->intact_scores == NULL)
    return y;
  change = 100.0 * (result->scores[winner] - result->intact_scores[winner]);
  g_ascii_formatd (number, sizeof (number), "%.1f", fabs (change));
  g_snprintf (text, sizeof (text), "%s%s %%", change < 0.0 ? "−" : "+", number);
  overlay_glyphs_show (drawing->small, drawing->pixels, "by knock-out", 0, y,
      drawing->line, OVERLAY_DETAIL_COLOR);
  show_right (drawing, drawing->small, text, y, drawing->line,
      OVERLAY_TEXT_COLOR);
  return y + drawing->line;
}

/* Finds the classes with the highest scores, the highest first, and returns
 * their number. */
static guint
find_best (const ClassifierResult *result, guint *best)
{
  guint n = 0;

  for (guint i = 0; i < result->description->n_classes; i++) {
    guint place = n;

    while (place > 0 && result->scores[i] > result->scores[best[place - 1]])
      place--;
    if (place == MAX_ROWS)
      continue;
    n = MIN (n + 1, MAX_ROWS);
    for (guint k = n - 1; k > place; k--)
      best[k] = best[k - 1];
    best[place] = i;
  }
  return n;
}

/* Draws the name of a class, a bar and the score. */
static void
draw_class (const Drawing *drawing, guint class, OverlayTextLine *line, gint y)
{
  const ClassifierResult *result = drawing->result;
  const gint gap = drawing->line / 2;
  const gint number = overlay_glyphs_measure (drawing->small, "100.0 %");
  /* names get more room than bars */
  const gint name = (drawing->pixels->width - number) * 2 / 3 - gap;
  const gint bar = drawing->pixels->width - name - number - 2 * gap;
  const OverlayTextStyle style = { .size = overlay_glyphs_get_size (
                                       drawing->small),
    .max_width = MAX (name, 0),
    .rgb = OVERLAY_TEXT_COLOR };
  gchar text[32];

  overlay_text_line_set (line, result->description->labels[class], &style);
  overlay_text_line_show (line, drawing->pixels, 0, y, drawing->line);
  draw_bar (drawing, name + gap, y + drawing->line / 3, bar, drawing->line / 3,
      result->scores[class], drawing->rgb);
  format_percent (text, sizeof (text), result->scores[class]);
  show_right (drawing, drawing->small, text, y, drawing->line,
      OVERLAY_TEXT_COLOR);
}

static gint
draw_classes (const Drawing *drawing, gint y)
{
  guint best[MAX_ROWS];
  guint n_rows;

  if (drawing->result->description->n_classes < 3)
    return y;
  n_rows = find_best (drawing->result, best);
  for (guint i = 0; i < n_rows && y + drawing->line <= drawing->pixels->height;
       i++) {
    draw_class (drawing, best[i], drawing->view->rows[i], y);
    y += drawing->line;
  }
  return y;
}

/* Returns the newest sample that is not newer than @time. @back is the number
 * of newer samples, from which the next call for an earlier time continues. */
static const Sample *
find_sample (const OverlayScoreView *view, gint64 time, guint *back)
{
  while (*back < view->n_samples) {
    guint index = (view->next + N_SAMPLES - 1 - *back) % N_SAMPLES;

    if (view->samples[index].time <= time)
      return &view->samples[index];
    ++*back;
  }
  return NULL;
}

static void
draw_curve (const Drawing *drawing, const Rect *chart)
{
  const OverlayScoreView *view = drawing->view;
  guint newest = (view->next + N_SAMPLES - 1) % N_SAMPLES;
  gint thickness = MAX (chart->height / 40, 2);
  gint last = -1;
  guint back = 0;

  if (view->n_samples == 0)
    return;
  for (gint x = chart->width - 1; x >= 0; x--) {
    gint64 age = (chart->width - 1 - x) * (WINDOW / chart->width);
    const Sample *sample = find_sample (view, view->samples[newest].time - age,
        &back);
    Rect dot = { chart->x + x, 0, 1, thickness };
    gint y;

    if (sample == NULL)
      return;
    y = chart->y
        + (gint) lroundf (
            (1.0f - sample->score) * (gfloat) (chart->height - thickness));
    dot.y = last < 0 ? y : MIN (y, last);
    dot.height = thickness + (last < 0 ? 0 : ABS (y - last));
    overlay_pixels_fill (drawing->pixels, &dot,
        overlay_pixels_make_word (drawing->rgb, 255));
    last = y;
  }
}

/* Draws the ends of the scale above and below the curve, which therefore never
 * crosses the text, and the length of the time axis. If there are two classes,
 * their names label the ends. */
static void
draw_scale (const Drawing *drawing, const Rect *chart)
{
  const ClassifierResult *result = drawing->result;
  const gint bottom = chart->y + chart->height;
  const gint duration = overlay_glyphs_measure (drawing->small, WINDOW_TEXT);
  const OverlayTextStyle style = { .size = overlay_glyphs_get_size (
                                       drawing->small),
    .max_width = MAX (chart->width - duration - drawing->line / 2, 0),
    .rgb = OVERLAY_DETAIL_COLOR };
  const gchar *names[2] = { "1", "0" };

  if (is_binary (result)) {
    names[0] = result->description->labels[1];
    names[1] = result->description->labels[0];
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const gint y = i == 0 ? chart->y - drawing->line : bottom;

    overlay_text_line_set (drawing->view->ends[i], names[i], &style);
    overlay_text_line_show (drawing->view->ends[i], drawing->pixels, chart->x,
        y, drawing->line);
  }
  show_right (drawing, drawing->small, WINDOW_TEXT, bottom, drawing->line,
      OVERLAY_DETAIL_COLOR);
}

static void
draw_chart (const Drawing *drawing, gint y)
{
  const OverlayPixels *pixels = drawing->pixels;
  const gboolean has_scale = pixels->height - y >= 4 * drawing->line;
  Rect chart = { 0, y, pixels->width, pixels->height - y };
  Rect middle;

  if (has_scale) {
    chart.y += drawing->line;
    chart.height -= 2 * drawing->line;
  }
  if (chart.height < drawing->line)
    return;
  overlay_pixels_fill (pixels, &chart,
      overlay_pixels_make_word (CHART_COLOR, 255));
  middle = (Rect) { chart.x, chart.y + chart.height / 2, chart.width, 1 };
  overlay_pixels_fill (pixels, &middle,
      overlay_pixels_make_word (BAR_COLOR, 255));
  draw_curve (drawing, &chart);
  if (has_scale)
    draw_scale (drawing, &chart);
}

void
overlay_score_view_draw (OverlayScoreView *view, const OverlayPixels *pixels,
    const ClassifierResult *result, const OverlayGlyphs *large,
    const OverlayGlyphs *small, guint32 background, guint32 rgb)
{
  const Drawing drawing = { view, pixels, result, large, small, rgb,
    overlay_glyphs_get_size (small) * 7 / 5 };
  const Rect whole = { 0, 0, pixels->width, pixels->height };
  gint y;

  overlay_pixels_fill (pixels, &whole, background);
  y = draw_winner (&drawing);
  y = draw_knock_out (&drawing, y);
  y = draw_classes (&drawing, y);
  draw_chart (&drawing, y + drawing.line / 4);
}
