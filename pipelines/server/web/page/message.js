// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The binary message of one picture; docs/page.md describes it.

const MAGIC = 0x31464d41; // "AMF1"

/** The maps of one layer: height x width x channels values, as sent. */
export class Layer {
  constructor(description, body) {
    Object.assign(this, description);
    this.step = (this.maximum - this.minimum) / 255;
    if (Array.isArray(description.values)) {
      this.values = this.type === 'float32'
        ? floats(body, description.values)
        : bytes(body, description.values);
    } else {
      this.values = null;
    }
  }

  get isExact() {
    return this.type === 'float32';
  }

  /** The activation of a cell. */
  at(row, column, channel) {
    const value = this.values[(row * this.width + column) * this.channels + channel];
    return this.isExact ? value : this.minimum + value * this.step;
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
  return {
    ...header,
    jpeg: bytes(body, header.jpeg),
    subject: readSubject(header.subject, body),
  };
}
