// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The binary message of one picture; docs/page.md describes it.

const MAGIC = 0x31464d41; // "AMF1"
const SILENCE = 1e-6; // smaller activations are rounding errors

/** The maps of one layer: height x width x channels values, as sent. A byte is a
 * number of steps from the least value of its channel. */
export class Layer {
  constructor(description, body) {
    Object.assign(this, description, { values: null });
    if (!description.values) return;
    this.extremes = floats(body, description.extremes);
    this.ranges = floats(body, description.ranges);
    this.values = (this.isExact ? floats : bytes)(body, description.values);
  }

  get isExact() {
    return this.type === 'float32';
  }

  getStep(channel) {
    return this.isExact ? 1
      : (this.extremes[2 * channel + 1] - this.extremes[2 * channel]) / 255;
  }

  getOrigin(channel) {
    return this.isExact ? 0 : this.extremes[2 * channel];
  }

  /** The activation of a cell. */
  at(row, column, channel) {
    const value = this.values[(row * this.width + column) * this.channels + channel];
    return this.getOrigin(channel) + value * this.getStep(channel);
  }

  /** All activations, as float32. */
  toFloats() {
    if (this.isExact) return this.values;
    const all = Array.from({ length: this.channels }, (_, channel) =>
      [this.getOrigin(channel), this.getStep(channel)]);
    return Float32Array.from(this.values, (value, index) => {
      const [origin, step] = all[index % this.channels];
      return origin + value * step;
    });
  }

  /** The least and the greatest activation. */
  findExtremes() {
    return this.extremes.reduce(([low, high], value) =>
      [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  }

  isSilent(channel) {
    return Math.abs(this.extremes[2 * channel]) <= SILENCE
      && Math.abs(this.extremes[2 * channel + 1]) <= SILENCE;
  }

  /** The cell of a channel with the largest activation: [row, column]. */
  findPeak(channel) {
    let peak = 0;
    const cells = this.height * this.width;
    for (let cell = 1; cell < cells; cell++) {
      if (this.values[cell * this.channels + channel]
          > this.values[peak * this.channels + channel]) peak = cell;
    }
    return [Math.floor(peak / this.width), peak % this.width];
  }
}

function bytes(body, [offset, size]) {
  return new Uint8Array(body.buffer, body.byteOffset + offset, size);
}

function floats(body, [offset, size]) {
  return new Float32Array(body.buffer, body.byteOffset + offset, size / 4);
}

function readExplanation(explanation, body) {
  if (!explanation) return null;
  return {
    ...explanation,
    map: floats(body, explanation.map),
    cells: floats(body, explanation.cells),
    channels: floats(body, explanation.channels),
  };
}

function readSubject(subject, body) {
  if (!subject) return null;
  return {
    ...subject,
    explanation: readExplanation(subject.explanation, body),
    layers: subject.layers.map((layer) => new Layer(layer, body)),
  };
}

/** Whether all maps that are there are as they were computed. */
function hasExactMaps(subject) {
  return !subject || subject.layers.every((layer) => layer.isExact || !layer.values);
}

/** Parses a message. Throws an Error if it is none. */
export function parseMessage(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < 8 || view.getUint32(0, true) !== MAGIC) {
    throw new Error('This is no message of activationmap-server');
  }
  const size = view.getUint32(4, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, size));
  const header = JSON.parse(text);
  const body = new Uint8Array(buffer, 8 + size);
  const subject = readSubject(header.subject, body);
  return {
    ...header,
    jpeg: bytes(body, header.jpeg),
    subject,
    isExact: hasExactMaps(subject),
  };
}
