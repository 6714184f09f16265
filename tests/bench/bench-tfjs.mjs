// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// A worker on TensorFlow.js, WebAssembly backend. BENCH_PEERS is the folder of
// its npm packages.

import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

import {serve} from './worker.mjs';

const peers = process.env.BENCH_PEERS;
const require = createRequire(path.join(peers, 'package.json'));
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

async function startBackend() {
  wasm.setWasmPaths(
      path.join(peers, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  if (!await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) {
    throw new Error('this Node.js has no WebAssembly SIMD');
  }
}

function readArtifacts(folder) {
  const {modelTopology, weightsManifest} = JSON.parse(
      fs.readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const [{paths, weights}] = weightsManifest;
  const bytes = fs.readFileSync(path.join(folder, paths[0]));
  return {modelTopology, weightSpecs: weights,
          weightData: new Uint8Array(bytes).buffer};
}

async function load(folder, shape, outputs) {
  const whole = await tf.loadLayersModel({load: () => readArtifacts(folder)});
  const model = tf.model({
    inputs: whole.inputs,
    outputs: outputs.map(name => whole.getLayer(name).output),
  });
  // Not in tf.tidy(), which would look for tensors among all returned values.
  return input => {
    const picture = tf.tensor4d(input, [1, ...shape]);
    const found = [model.predict(picture)].flat();
    const values = found.map(output => output.dataSync());
    tf.dispose([picture, found]);
    return values;
  };
}

await startBackend();
await serve(load);
