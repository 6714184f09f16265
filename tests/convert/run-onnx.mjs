// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Runs a network with ONNX Runtime: node run-onnx.mjs PEERS FOLDER
//
// FOLDER has model.onnx, input.f32, and request.json with the shape of the
// input and the names of the outputs. Writes their values to outputs.f32, one
// after the other, and prints their shapes.

import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const [peers, folder] = process.argv.slice(2);
const ort = createRequire(path.join(path.resolve(peers), 'package.json'))(
    'onnxruntime-node');

const request = JSON.parse(
    fs.readFileSync(path.join(folder, 'request.json'), 'utf8'));
const bytes = fs.readFileSync(path.join(folder, 'input.f32'));
const values = new Float32Array(
    bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const session = await ort.InferenceSession.create(
    path.join(folder, 'model.onnx'), {graphOptimizationLevel: 'disabled',
      logSeverityLevel: 3});
const outputs = await session.run({
  [session.inputNames[0]]: new ort.Tensor('float32', values, request.shape),
});

const file = fs.openSync(path.join(folder, 'outputs.f32'), 'w');
const shapes = {};
for (const name of request.names) {
  if (!outputs[name])
    throw new Error(`there is no tensor ${name}`);
  const {data, dims} = outputs[name];
  fs.writeSync(file, new Uint8Array(data.buffer, data.byteOffset,
      data.byteLength));
  shapes[name] = dims;
}
fs.closeSync(file);
console.log(JSON.stringify(shapes));
