// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Colors of maps, as the server has them.

import { get } from './api.js';

let tables = {};

/** Loads all tables; returns their names. */
export async function loadColors() {
  tables = await get('../api/colormaps');
  return Object.keys(tables);
}

/** 256 words as an ImageData has them, through a gamma. */
export function makePalette(name, gamma) {
  const digits = tables[name] || '';
  const words = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const index = Math.round(255 * (i / 255) ** gamma);
    const rgb = parseInt(digits.slice(6 * index, 6 * index + 6) || '0', 16);
    words[i] = 0xff000000 | (rgb & 0xff) << 16 | (rgb & 0xff00) | rgb >> 16;
  }
  return words;
}
