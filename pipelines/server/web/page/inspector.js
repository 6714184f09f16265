// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// One channel, enlarged: its map, what its strongest cell sees of the picture,
// its kernel, and what it adds to the decision.

import { getKernel } from './api.js';
import { formatNumber, formatSigned, nameOf } from './format.js';

const PATCH_SIZE = 180;
const MAX_KERNELS = 64;
// Rows and columns that a key goes on by.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1],
  ArrowRight: [0, 1], Home: [0, -Infinity], End: [0, Infinity] };

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Fills a canvas with height x width words, each as large as it can be. */
function paint(canvas, width, height, words) {
  const pixels = new ImageData(width, height);
  new Uint32Array(pixels.data.buffer).set(words);
  Object.assign(canvas, { width, height });
  canvas.getContext('2d').putImageData(pixels, 0, 0);
}

/** Shows a canvas in these proportions, within a square. */
function fit({ style }, width, height) {
  style.aspectRatio = `${width} / ${height}`;
  style.inlineSize = `${100 * Math.min(width / height, 1)}%`;
}

export class Inspector {
  /** @param handlers {close(), toggle(layer, channel), explain(layer),
   *   hover(cell or null): what there is to say of it, part(field, canvas)} */
  constructor(element, handlers) {
    this.element = element;
    this.handlers = handlers;
    this.build();
  }

  build() {
    this.title = make('h2');
    this.map = make('canvas', { className: 'pixels map', tabIndex: 0 });
    this.map.setAttribute('role', 'application');
    this.spoken = make('p', { className: 'unseen' });
    this.spoken.setAttribute('aria-live', 'polite');
    this.readout = make('figcaption');
    this.patch = make('canvas', { width: PATCH_SIZE, height: PATCH_SIZE,
      className: 'pixels' });
    this.patch.setAttribute('role', 'img');
    this.patch.setAttribute('aria-label', 'What its strongest cell sees');
    this.patchNote = make('figcaption');
    this.kernels = make('div', { className: 'kernels' });
    this.kernelNote = make('figcaption');
    this.share = make('p', { className: 'share' });
    this.knock = make('button', { type: 'button', className: 'knock' });
    this.explain = make('button', { type: 'button', textContent: 'Explain by this layer' });
    const close = make('button', { type: 'button', className: 'close', textContent: '×' });
    close.setAttribute('aria-label', 'Close');
    this.element.append(
      make('div', { className: 'words' }, this.title, this.share,
        make('div', { className: 'buttons' }, this.knock, this.explain)),
      make('figure', {}, this.map, this.readout, this.spoken),
      make('figure', {}, this.patch, this.patchNote),
      make('figure', {}, this.kernels, this.kernelNote), close);
    close.addEventListener('click', () => this.handlers.close());
    this.knock.addEventListener('click', () =>
      this.handlers.toggle(this.layer.name, this.channel));
    this.explain.addEventListener('click', () => this.handlers.explain(nameOf(this.layer)));
    this.map.addEventListener('pointermove', (event) => this.onMove(event));
    this.map.addEventListener('pointerleave', () => this.handlers.hover(null));
    this.map.addEventListener('keydown', (event) => this.onKey(event));
    this.map.addEventListener('blur', () => this.leaveCell());
  }

  leaveCell() {
    this.cell = null;
    this.spoken.textContent = '';
    this.handlers.hover(null);
  }

  /** Goes from cell to cell, beginning with the strongest one. */
  onKey(event) {
    const [down, right] = STEPS[event.key] || [];
    if (down === undefined || !this.layer.values) return;
    event.preventDefault();
    const { height, width } = this.layer;
    const step = (place, by, size) => Math.min(Math.max(place + by, 0), size - 1);
    const [row, column] = this.cell || this.layer.findPeak(this.channel);
    this.cell = this.cell ? [step(row, down, height), step(column, right, width)]
      : [row, column];
    this.spoken.textContent = this.handlers.hover(this.locate(...this.cell));
  }

  /** A cell as if the pointer were on it. */
  locate(row, column) {
    const box = this.map.getBoundingClientRect();
    return {
      clientX: box.left + (column + 0.5) / this.layer.width * box.width,
      clientY: box.top + (row + 0.5) / this.layer.height * box.height,
      name: this.layer.name,
      channel: this.channel,
      row,
      column,
    };
  }

  onMove(event) {
    const find = (position, size, cells) => Math.min(Math.floor(position / size * cells),
      cells - 1);
    this.handlers.hover({
      clientX: event.clientX,
      clientY: event.clientY,
      name: this.layer.name,
      channel: this.channel,
      row: find(event.offsetY, this.map.clientHeight, this.layer.height),
      column: find(event.offsetX, this.map.clientWidth, this.layer.width),
    });
  }

  /** Begins to show a channel. */
  open(layer, channel, { fields, palette }) {
    this.element.hidden = false;
    this.channel = channel;
    this.layer = layer;
    this.cell = null;
    this.title.textContent = this.summary = `${nameOf(layer)} · channel ${channel}`;
    this.map.setAttribute('aria-label', `Map of channel ${channel}, enlarged: `
      + 'arrows go from cell to cell');
    this.kernels.replaceChildren();
    this.kernelNote.textContent = '';
    this.loadKernel(fields, palette);
  }

  async loadKernel(fields, palette) {
    const { layer, channel } = this;
    const source = fields.get(nameOf(layer));
    const kernel = source?.kernel && await getKernel(nameOf(layer), channel);
    if (this.channel === channel && this.layer?.name === layer.name) {
      this.kernels.replaceChildren();
      this.showKernel(kernel, source, palette);
    }
  }

  close() {
    this.element.hidden = true;
    this.layer = null;
  }

  showKernel(kernel, source, palette) {
    if (!kernel) {
      this.kernelNote.textContent = 'It has no kernel of its own.';
      return;
    }
    const [height, width, depth] = source.kernel;
    const largest = kernel.values.reduce((most, value) =>
      Math.max(most, Math.abs(value)), 1e-12);
    const shown = Math.min(depth, MAX_KERNELS);
    for (let input = 0; input < shown; input++) {
      const canvas = make('canvas', { className: 'pixels' });
      const words = Uint32Array.from({ length: height * width }, (_, cell) =>
        palette[Math.round(127.5 * (1 + kernel.values[cell * depth + input] / largest))]);
      paint(canvas, width, height, words);
      canvas.title = `weights for channel ${kernel.firstInput + input} of the input`;
      this.kernels.append(canvas);
    }
    // As many columns as make the whole about as wide as it is high.
    this.kernels.style.setProperty('--columns', Math.ceil(Math.sqrt(shown)));
    this.kernelNote.textContent = `Kernel ${height}×${width}×${depth}, `
      + `±${formatNumber(largest)}, orange +${shown < depth ? `; the first ${shown}` : ''}`;
  }

  /** Shows the channel of another picture. */
  show(subject, view, { fields, scale }, moment) {
    const layer = subject?.layers.find((item) => item.name === this.layer?.name);
    if (!layer?.values || !scale) return;
    this.layer = layer;
    this.paintMap(layer, view, scale);
    this.showField(layer, subject.area, fields);
    if (moment.isTextDue) this.showShare(layer, subject);
  }

  paintMap(layer, view, scale) {
    const { factors, shifts } = scale.getTransforms(layer, view);
    const [factor, shift] = [factors[this.channel], shifts[this.channel]];
    const words = new Uint32Array(layer.height * layer.width);
    for (let cell = 0; cell < words.length; cell++) {
      const value = layer.values[cell * layer.channels + this.channel];
      words[cell] = view.palette[Math.min(Math.max(
        Math.round(value * factor + shift), 0), 255)];
    }
    paint(this.map, layer.width, layer.height, words);
    fit(this.map, layer.width, layer.height);
  }

  showField(layer, area, fields) {
    const [row, column] = layer.findPeak(this.channel);
    const field = fields.find(layer.name, row, column, area);
    this.readout.textContent = `Strongest: ${formatNumber(
      layer.at(row, column, this.channel))} at row ${row}, column ${column}`;
    this.patchNote.textContent = field ? 'What that cell sees' : '';
    this.patch.hidden = !field;
    if (!field) return;
    fit(this.patch, field.width, field.height);
    this.handlers.part(field, this.patch);
  }

  showShare(layer, subject) {
    const { explanation, knock_outs: knockOuts } = subject;
    const isExplained = explanation?.layer === layer.name;
    const isOut = knockOuts.some((item) => item.layer === layer.name
      && item.channel === this.channel);
    this.summary = `${this.title.textContent}${isOut ? ', knocked out' : ''}`;
    this.knock.textContent = isOut ? 'Put it back' : 'Knock it out';
    this.explain.hidden = isExplained || !explanation;
    if (isOut) {
      this.share.textContent = 'Set to zero. The prediction is the one without it.';
    } else if (isExplained) {
      const value = explanation.channels[this.channel];
      this.share.textContent = `Adds ${formatSigned(value)} to `
        + (explanation.label ? `the logit of ${explanation.label}, ` : 'the number, ')
        + `${formatSigned(explanation.logit)} in all.`;
    } else {
      this.share.textContent = explanation
        ? `The decision is explained by ${nameOf(subject.layers.find((item) =>
          item.name === explanation.layer) || { name: explanation.layer })}.` : '';
    }
  }
}
