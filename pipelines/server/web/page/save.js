// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Saves the picture that is shown, and its maps.

import { nameOf } from './format.js';
import { makeNpz } from './npz.js';

const MARGIN = 16;

function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The picture at the left, and the layers beside it. */
export function savePng(message, picture, rows, style) {
  const layers = [...rows.values()].filter((row) => row.canvas.width > 0);
  const ratio = window.devicePixelRatio || 1;
  const scale = (size) => Math.round(size * ratio);
  const width = Math.max(...layers.map((row) => row.canvas.width), 1);
  const height = layers.reduce((sum, row) => sum + row.canvas.height + scale(34), 0);
  const canvas = Object.assign(document.createElement('canvas'), {
    width: picture.width + width + scale(3 * MARGIN),
    height: Math.max(picture.height, height) + scale(2 * MARGIN),
  });
  const context = canvas.getContext('2d');
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, scale(MARGIN), scale(MARGIN));
  context.fillStyle = style.color;
  context.font = `${scale(14)}px system-ui, sans-serif`;
  let y = scale(MARGIN);
  for (const row of layers) {
    context.fillText(nameOf(row.layer), picture.width + scale(2 * MARGIN), y + scale(14));
    context.drawImage(row.canvas, picture.width + scale(2 * MARGIN), y + scale(22));
    y += row.canvas.height + scale(34);
  }
  canvas.toBlob((blob) => download(blob, `frame-${message.sequence}.png`));
}

function collectArrays({ subject }) {
  const arrays = {};
  for (const layer of subject?.layers || []) {
    if (!layer.values) continue;
    arrays[nameOf(layer)] = { data: layer.toFloats(),
      shape: [layer.height, layer.width, layer.channels] };
  }
  const explanation = subject?.explanation;
  if (explanation) {
    const shape = [explanation.height, explanation.width];
    arrays.contributions = { data: explanation.channels,
      shape: [explanation.channels.length] };
    arrays.cell_contributions = { data: explanation.cells, shape };
    arrays.cam = { data: explanation.map, shape };
  }
  return arrays;
}

/** The maps as float32 arrays, as exact as the message has them. */
export function saveNpz(message) {
  download(makeNpz(collectArrays(message), JSON.stringify(message.frame)),
    `frame-${message.sequence}.npz`);
}
