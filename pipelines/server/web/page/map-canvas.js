// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// All maps of a layer in one canvas, each where its tile is.

import { GAP } from './arrangement.js';

export class MapCanvas {
  constructor() {
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.context = this.canvas.getContext('2d');
    this.atlas = document.createElement('canvas'); // a pixel for each cell
    this.release();
  }

  /** @param tiles how many @param arrangement {columns, width, height, pitch, total}
   * in pixels of the page */
  place(tiles, arrangement) {
    Object.assign(this, { tiles }, arrangement);
    const { style } = this.canvas;
    style.inlineSize = `${(this.columns - 1) * this.pitch + this.width}px`;
    style.blockSize = `${this.total}px`;
    this.release();
  }

  get isDrawn() {
    return this.pixels !== null;
  }

  /** Gives the memory back; it is taken again with the next draw(). */
  release() {
    for (const canvas of [this.canvas, this.atlas]) {
      Object.assign(canvas, { width: 0, height: 0 });
    }
    this.pixels = null;
  }

  prepare(layer) {
    const { columns, width, pitch, total } = this;
    this.ratio = window.devicePixelRatio || 1;
    Object.assign(this.canvas, {
      width: Math.round(((columns - 1) * pitch + width) * this.ratio),
      height: Math.round(total * this.ratio),
    });
    this.prepareAtlas(layer);
  }

  prepareAtlas(layer) {
    this.atlas.width = this.columns * layer.width;
    this.atlas.height = Math.ceil(this.tiles / this.columns) * layer.height;
    this.pixels = new ImageData(this.atlas.width, this.atlas.height);
    this.words = new Uint32Array(this.pixels.data.buffer);
    this.origins = Array.from({ length: this.tiles }, (_, channel) =>
      Math.floor(channel / this.columns) * layer.height * this.atlas.width
      + (channel % this.columns) * layer.width);
  }

  /** Draws the maps of a picture. */
  draw(layer, scale, view) {
    if (!this.isDrawn || this.ratio !== window.devicePixelRatio) this.prepare(layer);
    this.paint(layer, scale.getTransforms(layer, view), view.palette);
    this.copyTiles(layer);
  }

  paint(layer, { factors, shifts }, palette) {
    const { values, channels, width, height } = layer;
    const { words, origins, tiles } = this;
    const stride = this.atlas.width;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const cell = (row * width + column) * channels;
        const place = row * stride + column;
        for (let channel = 0; channel < tiles; channel++) {
          const index = values[cell + channel] * factors[channel] + shifts[channel];
          words[origins[channel] + place] =
            palette[index > 255 ? 255 : index > 0 ? index + 0.5 | 0 : 0];
        }
      }
    }
    this.atlas.getContext('2d').putImageData(this.pixels, 0, 0);
  }

  copyTiles(layer) {
    const { context, ratio, columns, width, height, pitch } = this;
    context.imageSmoothingEnabled = width * ratio < layer.width;
    for (let channel = 0; channel < this.tiles; channel++) {
      const [across, down] = [channel % columns, Math.floor(channel / columns)];
      context.drawImage(this.atlas, across * layer.width, down * layer.height,
        layer.width, layer.height, Math.round(across * pitch * ratio),
        Math.round(down * (height + GAP) * ratio), Math.round(width * ratio),
        Math.round(height * ratio));
    }
  }
}
