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
  const scale = (size) => Math.round(size * (window.devicePixelRatio || 1));
  const maps = rows.map((row) => row.maps.canvas);
  const heights = maps.map((map) => map.height + scale(34));
  const canvas = Object.assign(document.createElement('canvas'), {
    width: picture.width + Math.max(...maps.map((map) => map.width), 0) + scale(3 * MARGIN),
    height: Math.max(picture.height, heights.reduce((sum, height) => sum + height, 0))
      + scale(2 * MARGIN),
  });
  const context = canvas.getContext('2d');
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, scale(MARGIN), scale(MARGIN));
  context.fillStyle = style.color;
  context.font = `${scale(14)}px system-ui, sans-serif`;
  const x = picture.width + scale(2 * MARGIN);
  let y = scale(MARGIN);
  rows.forEach((row, index) => {
    context.fillText(row.title, x, y + scale(14));
    context.drawImage(maps[index], x, y + scale(22));
    y += heights[index];
  });
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
