// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// How large the tiles of all layers are: all layers can be seen at once, if that
// leaves tiles that a finger can meet, and fill the width.

// In pixels of the page:
export const GAP = 3; // between tiles
const SMALLEST = 24;
const LARGEST = 128;
const COMFORTABLE = 48; // where one has to scroll anyway
const LARGEST_CELL = 20;

/** A layer's tiles in so many rows: {columns, width, height, pitch, total}, with
 * the pitch from tile to tile, and the total height. */
function fillRows(layer, rows, room) {
  const columns = Math.ceil(layer.tiles / rows);
  const slot = (room + GAP) / columns - GAP;
  const longest = Math.max(layer.width, layer.height);
  const most = Math.min(Math.max(longest * LARGEST_CELL, SMALLEST), LARGEST);
  const scale = Math.min(slot / layer.width, most / longest);
  const [width, height] = [layer.width, layer.height].map((cells) =>
    Math.max(Math.floor(cells * scale), 1));
  const isFull = slot - width < 1;
  const pitch = isFull && columns > 1 ? (room - width) / (columns - 1) : width + GAP;
  return { columns, width, height, pitch,
    total: Math.ceil(layer.tiles / columns) * (height + GAP) - GAP };
}

/** The fewest rows with tiles of at least this width. */
function fillTight(layer, least, room) {
  const most = Math.max(Math.floor((room + GAP) / (least + GAP)), 1);
  return fillRows(layer, Math.ceil(layer.tiles / most), room);
}

/** The same layer with larger tiles, in more rows, or null. */
function enlarge(layer, { columns, width }, room) {
  for (let fewer = columns - 1; fewer > 0; fewer--) {
    const larger = fillRows(layer, Math.ceil(layer.tiles / fewer), room);
    if (larger.width > width) return larger;
  }
  return null;
}

/** Enlarges the layer with the smallest cells, as long as all fit. */
function useRest(layers, placed, room, rest) {
  const waiting = new Set(layers.keys());
  while (waiting.size > 0) {
    const cell = (index) => placed[index].width / layers[index].width;
    const index = [...waiting].reduce((best, other) =>
      (cell(other) < cell(best) ? other : best));
    const larger = enlarge(layers[index], placed[index], room);
    const more = larger ? larger.total - placed[index].total : Infinity;
    if (more <= rest) {
      rest -= more;
      placed[index] = larger;
    } else {
      waiting.delete(index);
    }
  }
}

/** @param layers [{tiles, width, height}], with the cells of a map
 * @param room the width @param rest the height for the tiles of all layers */
export function arrange(layers, room, rest) {
  const placed = layers.map((layer) => fillTight(layer, SMALLEST, room));
  const total = placed.reduce((sum, { total: height }) => sum + height, 0);
  if (total > rest) return layers.map((layer) => fillTight(layer, COMFORTABLE, room));
  useRest(layers, placed, room, rest - total);
  return placed;
}
