// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// One layer: a heading and a tile for each channel. All tiles are drawn into one
// canvas; over each lies a button, for the pointer, the keyboard and screen
// readers.

import { formatNumber, formatSigned, nameOf } from './format.js';
import { LayerScale } from './layer-scale.js';

const FIRST_TILES = 64;
const GAP = 3;
const LARGEST_TILE = 128;
const MARKED = 5; // channels with the largest contributions
const MARK_INTERVAL = 100; // ms

/** Columns and the size of a tile. A tile is a whole multiple of its map, so
 * that cells are square and all alike; layers have the same width, whether they
 * have few large maps or many small ones. */
function arrange(layer, count, width) {
  const most = (width < 560 ? 8 : 16) / (layer.channels <= 16 ? 2 : 1);
  const columns = Math.min(most, count);
  const slot = Math.floor((width + GAP) / most) - GAP;
  const factor = Math.min(slot, LARGEST_TILE) / layer.width;
  const scale = factor >= 1 ? Math.floor(factor) : factor;
  return [columns, Math.floor(layer.width * scale), Math.floor(layer.height * scale)];
}

/** The channels with the largest contributions, the largest first. */
function findStrongest(contributions) {
  if (!contributions) return [];
  return [...contributions.keys()].sort((a, b) => Math.abs(contributions[b])
    - Math.abs(contributions[a])).slice(0, MARKED);
}

export class LayerRow {
  /** @param handlers {select(layer, channel), hover(cell or null)} */
  constructor(layer, handlers) {
    this.name = layer.name;
    this.handlers = handlers;
    this.scale = new LayerScale();
    this.limit = FIRST_TILES;
    this.isVisible = true;
    this.isStale = true; // the tiles must be placed anew
    this.atlas = document.createElement('canvas');
    this.build(layer);
  }

  build(layer) {
    this.element = document.createElement('section');
    this.element.className = 'layer';
    this.element.setAttribute('aria-label', nameOf(layer));
    this.heading = document.createElement('h2');
    this.tiles = document.createElement('div');
    this.tiles.className = 'tiles';
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.more = document.createElement('button');
    this.more.type = 'button';
    this.more.className = 'more';
    this.more.addEventListener('click', () => this.showAll());
    this.element.append(this.heading, this.tiles, this.more);
    this.context = this.canvas.getContext('2d');
    this.makeButtons(layer);
    this.listen();
  }

  makeButtons(layer) {
    this.shown = Math.min(layer.channels, this.limit);
    this.more.hidden = this.shown === layer.channels;
    this.more.textContent = `Show all ${layer.channels} channels`;
    this.buttons = [];
    for (let channel = 0; channel < this.shown; channel++) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'tile';
      button.tabIndex = channel === 0 ? 0 : -1;
      button.dataset.channel = channel;
      button.setAttribute('aria-label', `${nameOf(layer)}, channel ${channel}`);
      this.buttons.push(button);
    }
    this.tiles.replaceChildren(this.canvas, ...this.buttons);
    this.isStale = true;
  }

  showAll() {
    this.limit = Infinity;
    this.makeButtons(this.layer);
  }

  listen() {
    new ResizeObserver(() => { this.isStale = true; }).observe(this.tiles);
    this.tiles.addEventListener('click', (event) => {
      const tile = event.target.closest('.tile');
      if (tile) this.handlers.select(this.name, Number(tile.dataset.channel));
    });
    this.tiles.addEventListener('keydown', (event) => this.onKey(event));
    this.tiles.addEventListener('pointermove', (event) => this.onMove(event));
    this.tiles.addEventListener('pointerleave', () => this.handlers.hover(null));
  }

  onKey(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns,
      ArrowUp: -this.columns };
    const step = steps[event.key];
    if (!step) return;
    const next = this.buttons[Number(event.target.dataset.channel) + step];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  }

  /** Which cell of which channel is under the pointer. */
  onMove(event) {
    const tile = event.target.closest('.tile');
    if (!tile || !this.layer) return;
    const box = tile.getBoundingClientRect();
    const find = (position, size, cells) => Math.min(Math.max(
      Math.floor(position / size * cells), 0), cells - 1);
    this.handlers.hover({
      event,
      name: this.name,
      channel: Number(tile.dataset.channel),
      row: find(event.clientY - box.top, box.height, this.layer.height),
      column: find(event.clientX - box.left, box.width, this.layer.width),
    });
  }

  /** Places the tiles anew if the width has changed. */
  layOut(layer) {
    if (!this.isStale) return;
    this.isStale = false;
    this.ratio = window.devicePixelRatio || 1;
    [this.columns, this.tileWidth, this.tileHeight] = arrange(layer, this.shown,
      this.tiles.clientWidth);
    const { style } = this.tiles;
    style.setProperty('--columns', this.columns);
    style.setProperty('--tile-width', `${this.tileWidth}px`);
    style.setProperty('--tile-height', `${this.tileHeight}px`);
    style.setProperty('--gap', `${GAP}px`);
    this.sizeCanvas();
    this.prepareAtlas(layer);
  }

  sizeCanvas() {
    const rows = Math.ceil(this.shown / this.columns);
    const [across, down] = [this.columns * (this.tileWidth + GAP) - GAP,
      rows * (this.tileHeight + GAP) - GAP];
    Object.assign(this.canvas, { width: Math.round(across * this.ratio),
      height: Math.round(down * this.ratio) });
    this.canvas.style.inlineSize = `${across}px`;
    this.canvas.style.blockSize = `${down}px`;
  }

  /** All maps side by side, a pixel for each cell. */
  prepareAtlas(layer) {
    const rows = Math.ceil(this.shown / this.columns);
    this.atlas.width = this.columns * layer.width;
    this.atlas.height = rows * layer.height;
    this.pixels = new ImageData(this.atlas.width, this.atlas.height);
    this.words = new Uint32Array(this.pixels.data.buffer);
    this.origins = Array.from({ length: this.shown }, (_, channel) =>
      Math.floor(channel / this.columns) * layer.height * this.atlas.width
      + (channel % this.columns) * layer.width);
  }

  /** Shows the maps of another picture. */
  show(layer, view, { time, isStill }) {
    this.layer = layer;
    if (!layer.values) return;
    this.scale.update(layer, time, isStill);
    if (!this.isVisible) return;
    this.layOut(layer);
    this.paint(layer, view);
    this.draw(layer);
    this.markSilent(layer, time);
  }

  paint(layer, view) {
    const { factors, shifts } = this.scale.getTransforms(layer, view);
    const { palette } = view;
    const { values, channels, width, height } = layer;
    const { words, origins, shown } = this;
    const stride = this.atlas.width;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const cell = (row * width + column) * channels;
        const place = row * stride + column;
        for (let channel = 0; channel < shown; channel++) {
          const index = values[cell + channel] * factors[channel] + shifts[channel];
          words[origins[channel] + place] =
            palette[index > 255 ? 255 : index > 0 ? index + 0.5 | 0 : 0];
        }
      }
    }
    this.atlas.getContext('2d').putImageData(this.pixels, 0, 0);
  }

  draw(layer) {
    const { context, ratio, tileWidth, tileHeight, columns } = this;
    context.imageSmoothingEnabled = tileWidth * ratio < layer.width;
    for (let channel = 0; channel < this.shown; channel++) {
      const [across, down] = [channel % columns, Math.floor(channel / columns)];
      context.drawImage(this.atlas, across * layer.width, down * layer.height,
        layer.width, layer.height, Math.round(across * (tileWidth + GAP) * ratio),
        Math.round(down * (tileHeight + GAP) * ratio), Math.round(tileWidth * ratio),
        Math.round(tileHeight * ratio));
    }
  }

  /** A channel that is zero everywhere is hatched. */
  markSilent(layer, time) {
    let silent = 0;
    this.buttons.forEach((button, channel) => {
      const isSilent = layer.isSilent(channel);
      silent += isSilent;
      button.classList.toggle('silent', isSilent);
    });
    this.describe(layer, silent, time);
  }

  describe(layer, silent, time) {
    if (time - (this.textTime || 0) < 400) return;
    this.textTime = time;
    const parts = [`${layer.height}×${layer.width}`, `${layer.channels} channels`];
    if (silent) parts.push(`${silent} silent`);
    parts.push(layer.findExtremes().map(formatNumber).join(' to '));
    this.heading.textContent = nameOf(layer);
    const small = document.createElement('small');
    small.textContent = parts.join(' · ');
    this.heading.append(' ', small);
  }

  /** Marks the channels that add most to the decision, the one that is
   * enlarged, and those that are knocked out. */
  markChannels({ contributions, selected, knockedOut, time }) {
    const key = `${selected} ${[...knockedOut]}`;
    if (key === this.markKey && Math.abs(time - this.markTime) < MARK_INTERVAL) return;
    Object.assign(this, { markKey: key, markTime: time });
    const strongest = findStrongest(contributions);
    const largest = contributions ? Math.abs(contributions[strongest[0]]) || 1 : 1;
    this.element.classList.toggle('explained', Boolean(contributions));
    this.buttons.forEach((button, channel) => {
      const share = contributions ? contributions[channel] / largest : 0;
      const isStrong = strongest.includes(channel);
      button.classList.toggle('for', isStrong && share > 0);
      button.classList.toggle('against', isStrong && share < 0);
      button.classList.toggle('knocked-out', knockedOut.has(channel));
      button.setAttribute('aria-pressed', String(channel === selected));
      button.style.setProperty('--share', share.toFixed(2));
    });
  }

  describeCell({ row, column, channel }, contributions) {
    const lines = [`${nameOf(this.layer)}, channel ${channel}`,
      `${formatNumber(this.layer.at(row, column, channel))} at row ${row}, column ${column}`];
    if (contributions) lines.push(`adds ${formatSigned(contributions[channel])}`);
    return lines.join('\n');
  }
}
