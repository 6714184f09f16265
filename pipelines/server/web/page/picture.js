// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The live picture: boxes, labels, the reasons on the face, and what the cell
// under the pointer sees. All of it is drawn here; the JPEG is clean.

import { formatPercent } from './format.js';

const HEAT_ALPHA = 0.6;

function labelOf(object) {
  const name = Object.keys(object).find((key) => object[key]?.model);
  if (!name) return '';
  const { label, confidence } = object[name];
  // Isolated, so that a label from right to left leaves the figure in its place.
  return confidence === undefined ? label
    : `\u2068${label}\u2069 ${formatPercent(confidence)}`;
}

/** The text, or as much of its beginning as fits into the width. */
function shorten(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  while (letters.length && context.measureText(`${letters.join('')}…`).width > width) {
    letters.pop();
  }
  return `${letters.join('')}…`;
}

function isSubject(object, subject) {
  if (!subject) return false;
  if (object.region_id !== undefined) return object.region_id === subject.region_id;
  return subject.region_id <= 0;
}

export class Picture {
  /** @param choose called with the id of the face that was clicked */
  constructor(canvas, choose) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.heat = document.createElement('canvas');
    this.choose = choose;
    this.message = null;
    canvas.addEventListener('click', (event) => this.onClick(event));
  }

  onClick(event) {
    const scale = this.canvas.width / this.canvas.clientWidth;
    const [x, y] = [event.offsetX * scale, event.offsetY * scale];
    const hit = this.message?.frame.objects.find((object) => x >= object.x
      && x < object.x + object.w && y >= object.y && y < object.y + object.h);
    if (hit?.id !== undefined) this.choose(hit.id);
  }

  /** Takes a picture that has been decoded, in place of the last one. */
  take(message, bitmap) {
    this.bitmap?.close();
    this.message = message;
    this.bitmap = bitmap;
    if (this.canvas.width !== bitmap.width) this.canvas.width = bitmap.width;
    if (this.canvas.height !== bitmap.height) this.canvas.height = bitmap.height;
  }

  /** @param view the viewer's choices */
  show(view) {
    this.view = view;
    this.draw();
  }

  /** Marks what a cell sees, or nothing. */
  mark(field) {
    this.field = field;
    if (this.bitmap) this.draw();
  }

  draw() {
    const { context, message } = this;
    // Labels are to be read on the page, however large the picture itself is.
    this.unit = this.canvas.width / Math.min(Math.max(this.canvas.clientWidth, 240), 640);
    context.drawImage(this.bitmap, 0, 0);
    if (this.view.showsHeat && message.subject?.explanation) this.drawHeat(message.subject);
    // The label of the face whose maps are shown lies over others.
    const isChosen = (object) => isSubject(object, message.subject);
    const objects = [...message.frame.objects].sort((a, b) => isChosen(a) - isChosen(b));
    for (const object of objects) this.drawObject(object, isChosen(object));
    if (this.field) this.drawField(this.field);
  }

  drawHeat({ explanation, area }) {
    const { height, width, map } = explanation;
    const pixels = new ImageData(width, height);
    const words = new Uint32Array(pixels.data.buffer);
    for (let i = 0; i < map.length; i++) {
      const alpha = Math.round(255 * HEAT_ALPHA * map[i]);
      words[i] = (this.view.heatPalette[Math.round(255 * map[i])] & 0xffffff) | alpha << 24;
    }
    Object.assign(this.heat, { width, height });
    this.heat.getContext('2d').putImageData(pixels, 0, 0);
    this.context.drawImage(this.heat, ...area);
  }

  drawObject(object, isChosen) {
    const { context, unit } = this;
    const box = object.unclipped || object;
    context.lineWidth = (isChosen ? 2.5 : 1.5) * unit;
    context.strokeStyle = isChosen ? '#fff' : 'rgb(255 255 255 / 0.65)';
    context.shadowColor = 'rgb(0 0 0 / 0.8)';
    context.shadowBlur = 3 * unit;
    context.strokeRect(box.x, box.y, box.w, box.h);
    context.shadowBlur = 0;
    this.drawLabel(labelOf(object), box);
  }

  drawLabel(label, box) {
    if (!label) return;
    const { context, unit } = this;
    const height = 22 * unit;
    context.font = `600 ${14 * unit}px system-ui, sans-serif`;
    const text = shorten(context, label, this.canvas.width - 14 * unit);
    const width = context.measureText(text).width + 14 * unit;
    const left = width > box.w ? box.x + (box.w - width) / 2 : box.x - unit;
    const x = Math.min(Math.max(left, 0), this.canvas.width - width);
    const y = box.y >= height ? box.y - height
      : Math.min(box.y + box.h, this.canvas.height - height);
    context.fillStyle = 'rgb(0 0 0 / 0.65)';
    context.fillRect(x, y, width, height);
    context.fillStyle = '#fff';
    context.textBaseline = 'middle';
    context.fillText(text, x + 7 * unit, y + height / 2 + unit);
  }

  drawField({ x, y, width, height }) {
    const { context, unit } = this;
    context.lineWidth = 4 * unit;
    context.strokeStyle = 'rgb(0 0 0 / 0.7)';
    context.strokeRect(x, y, width, height);
    context.lineWidth = 2 * unit;
    context.strokeStyle = '#ffd400';
    context.strokeRect(x, y, width, height);
  }

  /** Copies a part of the clean picture into another canvas. */
  copyPart({ x, y, width, height }, canvas, isSmooth = false) {
    const context = canvas.getContext('2d');
    context.fillStyle = '#808080';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = isSmooth;
    if (this.bitmap) {
      context.drawImage(this.bitmap, x, y, width, height, 0, 0, canvas.width,
        canvas.height);
    }
  }
}
