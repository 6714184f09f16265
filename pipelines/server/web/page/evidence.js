// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The logit as a sum: the bias, what each channel of the explained layer adds,
// and what they come to. It always adds up. The scale is that of the channels; a
// bias or a sum that is longer has a gap in its bar.

import { AGAINST, FOR, css } from './colors.js';
import { formatNumber, formatSigned } from './format.js';

const MAX_BARS = 40;
const PADDING = 18;
const TEXT_INTERVAL = 200; // ms
const FADE = 0.93; // the scale shrinks slowly

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
    this.limit = 0;
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.resize());
    this.canvas.addEventListener('pointermove', (event) => this.onMove(event));
    this.canvas.addEventListener('pointerleave', () => tip.hide());
    this.canvas.addEventListener('click', (event) => {
      const bar = this.findBar(event);
      if (bar?.channel !== undefined) select(bar.channel);
    });
  }

  show({ explanation, name, selected, time, isStale }) {
    this.section.classList.toggle('stale', isStale);
    if (isStale) return;
    this.canvas.hidden = !explanation;
    if (!explanation) {
      this.textTime = undefined;
      this.showText('', 'Choose a method to see what decides.');
      return;
    }
    this.selected = selected;
    this.bars = [{ name: 'bias', value: explanation.bias },
      ...chooseBars(explanation.channels),
      { name: 'sum', value: explanation.logit, isSum: true }];
    const largest = explanation.channels.reduce((most, value) =>
      Math.max(most, Math.abs(value)), 1e-9);
    this.limit = Math.max(1.15 * largest, FADE * this.limit);
    if (Math.abs(time - (this.textTime ?? -Infinity)) >= TEXT_INTERVAL) {
      this.textTime = time;
      this.showEquation(explanation, name);
    }
    this.draw();
  }

  showText(question, equation) {
    this.question.textContent = question;
    this.equation.textContent = equation;
  }

  /** What people read changes less often than what they only see. */
  showEquation({ label, bias, channels, logit }, name) {
    this.figures = { bias: formatSigned(bias), sum: formatSigned(logit) };
    const sum = (sign) => channels.reduce((total, value) =>
      total + (value * sign > 0 ? value : 0), 0);
    this.showText(`Channels of ${name}${label ? `, for ${label}` : ''}`,
    `bias ${formatSigned(bias)} · for ${formatSigned(sum(1))} · against `
      + `${formatSigned(sum(-1))} = ${formatSigned(logit)}`);
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.color = getComputedStyle(this.canvas).color;
    Object.assign(this.canvas, { width: Math.round(this.width * ratio),
      height: Math.round(this.height * ratio) });
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw();
  }

  draw() {
    const { context, width, height } = this;
    if (!width || !this.bars.length) return;
    this.slot = width / this.bars.length;
    this.unit = (height / 2 - PADDING) / this.limit;
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.color;
    context.globalAlpha = 0.35;
    context.fillRect(0, height / 2 - 0.5, width, 1);
    context.globalAlpha = 1;
    this.bars.forEach((bar, index) => this.drawBar(bar, index * this.slot));
    this.bars.forEach((bar, index) => bar.name && this.drawName(bar, index * this.slot));
  }

  drawBar(bar, x) {
    const { context, slot, height } = this;
    const room = height / 2 - PADDING;
    const full = bar.value * this.unit;
    const length = Math.min(Math.abs(full), room);
    const [left, width] = [x + slot * 0.12, slot * 0.76];
    context.fillStyle = css(bar.value >= 0 ? FOR : AGAINST, bar.name ? 0.65 : 1);
    context.fillRect(left, full >= 0 ? height / 2 - length : height / 2, width,
      Math.max(length, 1));
    if (Math.abs(full) > room) context.clearRect(x, height / 2 - Math.sign(full) * room / 2, slot, 3);
    if (bar.channel !== undefined && bar.channel === this.selected) {
      context.fillStyle = this.color;
      context.fillRect(left, height - 3, width, 3);
    }
  }

  drawName(bar, x) {
    const { context, slot, height } = this;
    const isUp = bar.value >= 0;
    const length = Math.min(Math.abs(bar.value * this.unit), height / 2 - PADDING);
    context.fillStyle = this.color;
    context.font = '11px system-ui, sans-serif';
    context.textAlign = bar.name === 'bias' ? 'left' : 'right';
    const end = bar.name === 'bias' ? x : x + slot;
    context.fillText(bar.name, end, isUp ? height / 2 + 14 : height / 2 - 6);
    context.fillText(this.figures[bar.name] ?? '', end,
      isUp ? height / 2 - length - 5 : height / 2 + length + 13);
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
