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
#define SECOND G_GINT64_CONSTANT (1000000000)
#define WINDOW (10 * SECOND)
#define MIN_SPAN 0.1 /* of the scale, relative to the number */
#define MAX_ROWS 5

#define BAR_COLOR 0x3a3f47
#define CHART_COLOR 0x20242a

/* The score of the class that is shown, or the number. */
typedef struct {
  gint64 time;
  gfloat value;
} Sample;

/* The ends of the chart's scale. */
typedef struct {
  gdouble low;
  gdouble high;
} Scale;

struct _OverlayScoreView {
  gint id;
  CnnPredictionKind kind;
  guint n_classes;
  Sample samples[N_SAMPLES]; /* ring buffer */
  guint n_samples;
  guint next;

  OverlayTextLine *label;
  OverlayTextLine *unit;
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
  view->unit = overlay_text_line_new (text);
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
  overlay_text_line_free (view->unit);
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
is_number (const ClassifierResult *result)
{
  return result->description->kind == CNN_PREDICTION_NUMBER;
}

static gboolean
is_binary (const ClassifierResult *result)
{
  return result->description->kind == CNN_PREDICTION_CLASSES
      && result->description->n_classes == 2;
}

static gfloat
clamp_score (gfloat score)
{
  return score > 0.0f ? MIN (score, 1.0f) : 0.0f;
}

/* Of two classes, always the second is shown, so that the curve has no
 * jumps. */
static gfloat
get_value (const ClassifierResult *result)
{
  if (is_number (result))
    return result->scores[0];
  return clamp_score (result->scores[is_binary (result) ? 1 : result->winner]);
}

static gboolean
continues (const OverlayScoreView *view, const ClassifierResult *result,
    gint id, gint64 time)
{
  const guint last = (view->next + N_SAMPLES - 1) % N_SAMPLES;

  return view->id == id && view->kind == result->description->kind
      && view->n_classes == result->description->n_classes
      && (view->n_samples == 0 || time >= view->samples[last].time);
}

void
overlay_score_view_update (OverlayScoreView *view,
    const ClassifierResult *result, gint id, gint64 time)
{
  gfloat value;

  if (!continues (view, result, id, time))
    overlay_score_view_reset (view);
  view->id = id;
  view->kind = result->description->kind;
  view->n_classes = result->description->n_classes;
  if (view->kind == CNN_PREDICTION_MAPS)
    return;
  value = get_value (result);
  if (!isfinite (value))
    return;
  view->samples[view->next] = (Sample) { time, value };
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

/* Draws a text at the left edge and leaves room for what starts at @right. */
static void
draw_title (const Drawing *drawing, const gchar *text, gint right, gint height)
{
  const gint size = overlay_glyphs_get_size (drawing->large);
  const OverlayTextStyle style = { .size = size,
    .bold = TRUE,
    .max_width = MAX (right - size, 0),
    .rgb = OVERLAY_TEXT_COLOR };

  overlay_text_line_set (drawing->view->label, text, &style);
  overlay_text_line_show (drawing->view->label, drawing->pixels, 0, 0, height);
}

/* Draws the label, its score, and a bar with a tick where it is predicted for
 * sure. Returns the y position below them. */
static gint
draw_winner (const Drawing *drawing)
{
  const ClassifierResult *result = drawing->result;
  const guint winner = result->winner;
  const gint size = overlay_glyphs_get_size (drawing->large);
  const gint height = size * 7 / 5;
  const gint bar_height = MAX (size / 4, 3);
  const gint width = drawing->pixels->width;
  Rect tick = { 0, height - 1, 1, bar_height + 2 };
  gchar text[32];
  gint x;

  format_percent (text, sizeof (text), result->scores[winner]);
  x = show_right (drawing, drawing->large, text, 0, height, OVERLAY_TEXT_COLOR);
  draw_title (drawing, classifier_result_get_label (result), x, height);
  draw_bar (drawing, 0, height, width, bar_height, result->scores[winner],
      drawing->rgb);
  tick.x = (gint) ((gfloat) width
      * classifier_result_get_threshold (result, winner));
  overlay_pixels_fill (drawing->pixels, &tick, 0xffffffff);
  return height + bar_height + drawing->line / 3;
}

/* Draws what is predicted and the number with its unit. Returns the y position
 * below them. */
static gint
draw_number (const Drawing *drawing)
{
  const ClassifierDescription *description = drawing->result->description;
  const gint size = overlay_glyphs_get_size (drawing->large);
  const gint height = size * 7 / 5;
  const OverlayTextStyle style = { .size = size,
    .bold = TRUE,
    .max_width = drawing->pixels->width / 3,
    .rgb = OVERLAY_TEXT_COLOR };
  gchar number[CLASSIFIER_NUMBER_SIZE + 4];
  gint x = drawing->pixels->width;

  if (description->unit) {
    x -= overlay_text_line_set (drawing->view->unit, description->unit, &style);
    overlay_text_line_show (drawing->view->unit, drawing->pixels, x, 0, height);
    x -= size / 3;
  }
  overlay_glyphs_format_number (number, sizeof (number),
      (gdouble) drawing->result->scores[0]);
  x -= overlay_glyphs_measure (drawing->large, number);
  overlay_glyphs_show (drawing->large, drawing->pixels, number, x, 0, height,
      OVERLAY_TEXT_COLOR);
  draw_title (drawing, description->attribute, x, height);
  return height + drawing->line / 3;
}

/* Formats what the knock-outs change, in percent or as a number. */
static void
format_change (gchar *text, gsize size, const ClassifierResult *result)
{
  const guint winner = result->winner;
  const gdouble change = (gdouble) result->scores[winner]
      - (gdouble) result->intact_scores[winner];
  const gchar *sign = change < 0.0 ? "−" : "+";
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  if (is_number (result)) {
    overlay_glyphs_format_number (number, sizeof (number), fabs (change));
    g_snprintf (text, (gulong) size, "%s%s", sign, number);
    return;
  }
  g_ascii_formatd (number, sizeof (number), "%.1f", fabs (100.0 * change));
  g_snprintf (text, (gulong) size, "%s%s %%", sign, number);
}

static gint
draw_knock_out (const Drawing *drawing, gint y)
{
  gchar text[64];

  if (drawing->result->intact_scores == NULL)
    return y;
  format_change (text, sizeof (text), drawing->result);
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

/* Labels that are not predicted are dim. */
static guint32
get_text_color (const ClassifierResult *result, guint class)
{
  return result->description->kind == CNN_PREDICTION_CLASSES
          || classifier_result_is_predicted (result, class)
      ? OVERLAY_TEXT_COLOR
      : OVERLAY_DETAIL_COLOR;
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
    .rgb = get_text_color (result, class) };
  gchar text[32];

  overlay_text_line_set (line, result->description->labels[class], &style);
  overlay_text_line_show (line, drawing->pixels, 0, y, drawing->line);
  draw_bar (drawing, name + gap, y + drawing->line / 3, bar, drawing->line / 3,
      result->scores[class], drawing->rgb);
  format_percent (text, sizeof (text), result->scores[class]);
  show_right (drawing, drawing->small, text, y, drawing->line,
      OVERLAY_TEXT_COLOR);
}

static gboolean
has_rows (const ClassifierResult *result)
{
  return result->description->kind == CNN_PREDICTION_LABELS
      || result->description->n_classes > 2;
}

guint
overlay_score_view_count_rows (const ClassifierResult *result)
{
  if (!has_rows (result))
    return 0;
  return MIN (result->description->n_classes, MAX_ROWS)
      + (result->intact_scores != NULL ? 1 : 0);
}

static gint
draw_classes (const Drawing *drawing, gint y)
{
  guint best[MAX_ROWS];
  guint n_rows;

  if (!has_rows (drawing->result))
    return y;
  n_rows = MIN (find_best (drawing->result, best),
      (guint) MAX ((drawing->pixels->height - y) / drawing->line, 0));
  for (guint i = 0; i < n_rows; i++) {
    draw_class (drawing, best[i], drawing->view->rows[i], y);
    y += drawing->line;
  }
  return y;
}

static const Sample *
get_sample (const OverlayScoreView *view, guint back)
{
  return &view->samples[(view->next + N_SAMPLES - 1 - back) % N_SAMPLES];
}

/* The time that the curve shows: all there is, up to the last ten seconds. */
static gint64
get_duration (const OverlayScoreView *view)
{
  const gint64 age = view->n_samples > 0 ? get_sample (view, 0)->time
          - get_sample (view, view->n_samples - 1)->time
                                         : 0;

  return MIN (age, WINDOW);
}

/* Returns the newest sample that is not newer than @time. @back is the number
 * of newer samples, from which the next call for an earlier time continues. */
static const Sample *
find_sample (const OverlayScoreView *view, gint64 time, guint *back)
{
  while (*back < view->n_samples) {
    const Sample *sample = get_sample (view, *back);

    if (sample->time <= time)
      return sample;
    ++*back;
  }
  return NULL;
}

/* The least and the greatest value of the last seconds. */
static Scale
find_extremes (const OverlayScoreView *view)
{
  Scale extremes = { 0.0, 0.0 };

  for (guint back = 0; back < view->n_samples; back++) {
    const Sample *sample = get_sample (view, back);
    const gdouble value = (gdouble) sample->value;

    if (get_sample (view, 0)->time - sample->time > WINDOW)
      break;
    extremes.low = back == 0 ? value : MIN (extremes.low, value);
    extremes.high = back == 0 ? value : MAX (extremes.high, value);
  }
  return extremes;
}

/* Rounds the ends outwards to a power of ten of which the span has one to ten,
 * so that the scale is easy to read and seldom changes. A number that hardly
 * changes gets a tenth of its size, and not its noise in full height. */
static Scale
choose_scale (const Scale *extremes)
{
  const gdouble size = MAX (fabs (extremes->low), fabs (extremes->high));
  gdouble span = MAX (extremes->high - extremes->low, MIN_SPAN * size);
  gdouble step;
  Scale scale;

  if (!(span > G_MINFLOAT))
    span = 1.0;
  step = pow (10.0, floor (log10 (span)));
  scale.low = step * floor (extremes->low / step);
  scale.high = step * ceil (extremes->high / step);
  if (scale.high <= scale.low)
    scale.high = scale.low + step;
  return scale;
}

static Scale
get_scale (const Drawing *drawing)
{
  const Scale extremes = find_extremes (drawing->view);

  return is_number (drawing->result) ? choose_scale (&extremes)
                                     : (Scale) { 0.0, 1.0 };
}

static gint
place_value (const Scale *scale, gfloat value, gint height)
{
  const gdouble share = ((gdouble) value - scale->low)
      / (scale->high - scale->low);

  return (gint) lround ((1.0 - CLAMP (share, 0.0, 1.0)) * height);
}

static void
draw_curve (const Drawing *drawing, const Rect *chart, const Scale *scale)
{
  const OverlayScoreView *view = drawing->view;
  const gint64 duration = get_duration (view);
  gint thickness = MAX (chart->height / 40, 2);
  gint last = -1;
  guint back = 0;

  if (view->n_samples == 0)
    return;
  for (gint x = chart->width - 1; x >= 0; x--) {
    const gint64 age = duration * (chart->width - 1 - x)
        / MAX (chart->width - 1, 1);
    const Sample *sample = find_sample (view, get_sample (view, 0)->time - age,
        &back);
    Rect dot = { chart->x + x, 0, 1, thickness };
    gint y;

    if (sample == NULL)
      return;
    y = chart->y
        + place_value (scale, sample->value, chart->height - thickness);
    dot.y = last < 0 ? y : MIN (y, last);
    dot.height = thickness + (last < 0 ? 0 : ABS (y - last));
    overlay_pixels_fill (drawing->pixels, &dot,
        overlay_pixels_make_word (drawing->rgb, 255));
    last = y;
  }
}

/* @texts are buffers for numbers. */
static void
name_ends (const ClassifierResult *result, const Scale *scale,
    gchar texts[2][G_ASCII_DTOSTR_BUF_SIZE], const gchar *names[2])
{
  if (is_binary (result)) {
    names[0] = result->description->labels[1];
    names[1] = result->description->labels[0];
    return;
  }
  names[0] = g_ascii_formatd (texts[0], G_ASCII_DTOSTR_BUF_SIZE, "%.6g",
      scale->high);
  names[1] = g_ascii_formatd (texts[1], G_ASCII_DTOSTR_BUF_SIZE, "%.6g",
      scale->low);
}

/* Seconds, with tenths of the first one. */
static void
format_duration (gchar *text, gsize size, gint64 duration)
{
  const gdouble seconds = (gdouble) duration / SECOND;
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof (number), seconds < 0.95 ? "%.1f" : "%.0f",
      seconds);
  g_snprintf (text, (gulong) size, "%s s", number);
}

/* Draws the ends of the scale above and below the curve, which therefore never
 * crosses the text, and the length of the time axis. If there are two classes,
 * their names label the ends. */
static void
draw_scale (const Drawing *drawing, const Rect *chart, const Scale *scale)
{
  const gint bottom = chart->y + chart->height;
  const gint most = overlay_glyphs_measure (drawing->small, "0.0 s");
  const OverlayTextStyle style = { .size = overlay_glyphs_get_size (
                                       drawing->small),
    .max_width = MAX (chart->width - most - drawing->line / 2, 0),
    .rgb = OVERLAY_DETAIL_COLOR };
  gchar texts[2][G_ASCII_DTOSTR_BUF_SIZE];
  const gchar *names[2];
  gchar duration[G_ASCII_DTOSTR_BUF_SIZE + 2];

  name_ends (drawing->result, scale, texts, names);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const gint y = i == 0 ? chart->y - drawing->line : bottom;

    overlay_text_line_set (drawing->view->ends[i], names[i], &style);
    overlay_text_line_show (drawing->view->ends[i], drawing->pixels, chart->x,
        y, drawing->line);
  }
  format_duration (duration, sizeof (duration), get_duration (drawing->view));
  show_right (drawing, drawing->small, duration, bottom, drawing->line,
      OVERLAY_DETAIL_COLOR);
}

static void
draw_chart (const Drawing *drawing, gint y)
{
  const OverlayPixels *pixels = drawing->pixels;
  const gboolean has_scale = 2 * (pixels->height - y) >= 7 * drawing->line;
  const Scale scale = get_scale (drawing);
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
  draw_curve (drawing, &chart, &scale);
  if (has_scale)
    draw_scale (drawing, &chart, &scale);
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
  if (result->description->kind == CNN_PREDICTION_MAPS)
    return;
  y = is_number (result) ? draw_number (&drawing) : draw_winner (&drawing);
  y = draw_knock_out (&drawing, y);
  y = draw_classes (&drawing, y);
  draw_chart (&drawing, y + drawing.line / 4);
}
