// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What of the picture a cell of a map sees.

/** The part of the picture, in its pixels, that rows and columns of the
 * network's input cover. */
function toPicture(area, input, [top, bottom, left, right]) {
  const [x, y, width, height] = area;
  const [rows, columns] = input;
  return {
    x: x + left / columns * width,
    y: y + top / rows * height,
    width: (right - left) / columns * width,
    height: (bottom - top) / rows * height,
  };
}

/** Looks up what cells see, in the description of a model. */
export class ReceptiveFields {
  constructor(model) {
    this.layers = new Map((model?.layers || []).map((layer) => [layer.name, layer]));
    this.input = model?.layers?.[0]?.shape || null;
  }

  get(name) {
    return this.layers.get(name);
  }

  /** The part of the picture that a cell sees, or null. */
  find(name, row, column, area) {
    const { rows, columns } = this.layers.get(name) || {};
    if (!rows || !this.input) return null;
    return toPicture(area, this.input, [rows[2 * row], rows[2 * row + 1] + 1,
      columns[2 * column], columns[2 * column + 1] + 1]);
  }
}
