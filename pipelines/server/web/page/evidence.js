// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The logit as a sum: the bias, what each channel of the explained layer adds,
// and what they come to. It always adds up. The scale is that of the channels; a
// bias or a sum that is longer has a gap in its bar.

import { formatNumber, formatSigned } from './format.js';

const MAX_BARS = 40;
const TEXT_HEIGHT = 16; // of the figures above the bars, and the names below
const FADE = 0.93; // the scale shrinks slowly
const LEAST = 1e-9;

/** The channels with the largest contributions, in the order of channels, and
 * the sum of the others. */
function chooseBars(contributions) {
  const order = [...contributions.keys()];
  if (order.length > MAX_BARS) {
    order.sort((a, b) => Math.abs(contributions[b]) - Math.abs(contributions[a]));
    order.length = MAX_BARS - 1;
    order.sort((a, b) => a - b);
  }
  const bars = order.map((channel) => ({ channel, value: contributions[channel] }));
  if (bars.length < contributions.length) {
    const all = contributions.reduce((sum, value) => sum + value, 0);
    const shown = bars.reduce((sum, bar) => sum + bar.value, 0);
    bars.push({ name: 'all others', value: all - shown });
  }
  return bars;
}

export class Evidence {
  /** @param select called with a channel that was clicked */
  constructor(tip, select) {
    this.section = document.getElementById('evidence');
    this.canvas = document.getElementById('sum');
    this.context = this.canvas.getContext('2d');
    this.question = document.getElementById('question');
    this.equation = document.getElementById('equation');
    this.tip = tip;
    this.bars = [];
    this.high = this.low = 0; // ends of the scale
    this.listen(select);
  }

  listen(select) {
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.resize());
    this.canvas.addEventListener('pointermove', (event) => this.onMove(event));
    this.canvas.addEventListener('pointerleave', () => this.tip.hide());
    this.canvas.addEventListener('click', (event) => {
      const bar = this.findBar(event);
      if (bar?.channel !== undefined) select(bar.channel);
    });
  }

  /** @param subject or null @param name of the explained layer
   * @param selected the channel of it that is enlarged, or null */
  show(subject, { name, selected }, moment) {
    const explanation = subject?.explanation;
    this.section.classList.toggle('stale', !subject);
    this.canvas.style.visibility = subject && !explanation ? 'hidden' : '';
    if (!explanation) {
      this.figures = null;
      this.showText('', subject ? 'Choose a method to see what decides.'
        : 'There is no face in the picture.');
      return;
    }
    this.selected = selected;
    this.bars = [{ name: 'bias', value: explanation.bias },
      ...chooseBars(explanation.channels),
      { name: 'sum', value: explanation.logit, isSum: true }];
    this.follow(explanation.channels, moment.isStill ? 0 : FADE);
    if (moment.isTextDue || !this.figures) this.showEquation(explanation, name);
    this.draw();
  }

  /** The ends of the scale, some way beyond the largest contributions. */
  follow(contributions, fade) {
    const [low, high] = contributions.reduce(([least, most], value) =>
      [Math.min(least, value), Math.max(most, value)], [-LEAST, LEAST]);
    const margin = 0.1 * (high - low);
    this.low = Math.min(low - margin, fade * this.low);
    this.high = Math.max(high + margin, fade * this.high);
  }

  showText(question, equation) {
    this.question.textContent = question;
    this.equation.textContent = equation;
  }

  showEquation({ label, bias, channels, logit }, name) {
    this.figures = { bias: formatSigned(bias), sum: formatSigned(logit) };
    const sum = (sign) => channels.reduce((total, value) =>
      total + (value * sign > 0 ? value : 0), 0);
    this.showText(`Channels of ${name}${label ? `, for ${label}` : ''}`,
      `bias ${formatSigned(bias)}, for ${formatSigned(sum(1))}, against `
      + `${formatSigned(sum(-1))} = ${formatSigned(logit)}`);
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const style = getComputedStyle(this.canvas);
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.colors = { text: style.color, for: style.getPropertyValue('--for'),
      against: style.getPropertyValue('--against') };
    Object.assign(this.canvas, { width: Math.round(this.width * ratio),
      height: Math.round(this.height * ratio) });
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw();
  }

  draw() {
    const { context, width, height } = this;
    if (!width || !this.bars.length) return;
    this.slot = width / this.bars.length;
    this.unit = (height - 2 * TEXT_HEIGHT) / (this.high - this.low);
    this.zero = TEXT_HEIGHT + this.high * this.unit;
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.colors.text;
    context.globalAlpha = 0.35;
    context.fillRect(0, this.zero - 0.5, width, 1);
    context.globalAlpha = 1;
    this.bars.forEach((bar, index) => this.drawBar(bar, index * this.slot));
    this.drawName(this.bars[0], 0, 'left');
    this.drawName(this.bars.at(-1), width, 'right');
  }

  drawBar(bar, x) {
    const { context, slot, zero, height } = this;
    const [top, bottom] = [TEXT_HEIGHT, height - TEXT_HEIGHT];
    const end = zero - bar.value * this.unit;
    const shown = Math.min(Math.max(end, top), bottom);
    const [left, width] = [x + slot * 0.12, slot * 0.76];
    context.globalAlpha = bar.name ? 0.65 : 1;
    context.fillStyle = bar.value >= 0 ? this.colors.for : this.colors.against;
    context.fillRect(left, Math.min(shown, zero), width, Math.max(Math.abs(shown - zero), 1));
    context.globalAlpha = 1;
    if (shown !== end) context.clearRect(x, (shown + zero) / 2, slot, 3);
    if (bar.channel !== undefined && bar.channel === this.selected) {
      context.fillStyle = this.colors.text;
      context.fillRect(left, height - 3, width, 3);
    }
  }

  drawName(bar, x, align) {
    const { context, height } = this;
    context.fillStyle = this.colors.text;
    context.font = '12px system-ui, sans-serif';
    context.textAlign = align;
    context.fillText(bar.name, x, height - 4);
    context.fillText(this.figures?.[bar.name] ?? '', x, TEXT_HEIGHT - 5);
  }

  findBar(event) {
    return this.bars[Math.floor(event.offsetX / this.slot)];
  }

  onMove(event) {
    const bar = this.findBar(event);
    if (!bar) return;
    const name = bar.name || `channel ${bar.channel}`;
    this.tip.show(event, `${name}: ${formatSigned(bar.value)}`
      + (bar.isSum ? '' : ` of ${formatNumber(this.bars.at(-1).value)}`));
  }
}
