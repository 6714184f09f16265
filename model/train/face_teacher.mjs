// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Runs an ONNX network on pictures from standard input, for face_teacher.py.
//
//   node face_teacher.mjs MODEL.onnx OUTPUT... <pictures >outputs
//
// A picture is its height and width as uint32, and height x width x 3 bytes. The
// network gets it as 1 x 3 x height x width float32, 0..255. Its outputs follow
// each other as float32, in the order of their names. All is little-endian.

import {once} from 'node:events';
import {createRequire} from 'node:module';
import process from 'node:process';

// From a folder that NODE_PATH names; ECMAScript's import would ignore that.
const ort = createRequire(import.meta.url)('onnxruntime-node');

const [model, ...names] = process.argv.slice(2);
const session = await ort.InferenceSession.create(
    model, {intraOpNumThreads: 1, interOpNumThreads: 1});

/** The bytes of a stream, taken in pieces of the length that is asked for. */
class Reader {
  #chunks;
  #rest = Buffer.alloc(0);

  constructor(stream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Returns so many bytes, or null if the stream ends before. */
  async take(length) {
    const parts = [this.#rest];
    let held = this.#rest.length;
    while (held < length) {
      const {value, done} = await this.#chunks.next();
      if (done)
        return null;
      parts.push(value);
      held += value.length;
    }
    const all = Buffer.concat(parts);
    this.#rest = all.subarray(length);
    return all.subarray(0, length);
  }
}

/** Returns rows of pixels as one plane for each channel. */
function toPlanes(bytes, height, width) {
  const planes = new Float32Array(3 * height * width);
  for (let i = 0; i < height * width; i++)
    for (let channel = 0; channel < 3; channel++)
      planes[channel * height * width + i] = bytes[3 * i + channel];
  return planes;
}

const reader = new Reader(process.stdin);
for (;;) {
  const size = await reader.take(8);
  if (!size)
    break;
  const [height, width] = [size.readUInt32LE(0), size.readUInt32LE(4)];
  const pixels = await reader.take(3 * height * width);
  const input = new ort.Tensor('float32', toPlanes(pixels, height, width),
      [1, 3, height, width]);
  const outputs = await session.run({[session.inputNames[0]]: input});
  for (const name of names) {
    const {buffer, byteOffset, byteLength} = outputs[name].data;
    if (!process.stdout.write(new Uint8Array(buffer, byteOffset, byteLength)))
      await once(process.stdout, 'drain');
  }
}
