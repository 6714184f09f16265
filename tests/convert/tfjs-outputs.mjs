// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Loads a model into TensorFlow.js and writes what its layers compute:
//
//     node tfjs-outputs.mjs PEERS MODEL INPUT.f32 OUTPUT.json
//
// PEERS is a folder with node_modules/@tensorflow/tfjs, MODEL the folder of a
// layers-model, INPUT.f32 the values of its input, little-endian. OUTPUT.json is
// a list of {name, values}, of the layers that are not in nested models.

import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const [peers, folder, inputFile, outputFile] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(peers), 'package.json'));
console.warn = () => {}; // says that Node.js has faster backends
const tf = require('@tensorflow/tfjs');

function readArtifacts() {
  const {modelTopology, weightsManifest} = JSON.parse(
      fs.readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const [{paths, weights}] = weightsManifest;
  const bytes = Buffer.concat(
      paths.map(name => fs.readFileSync(path.join(folder, name))));
  return {modelTopology, weightSpecs: weights,
          weightData: new Uint8Array(bytes).buffer};
}

await tf.setBackend('cpu');
const model = await tf.loadLayersModel({load: readArtifacts});
const bytes = new Uint8Array(fs.readFileSync(inputFile)).buffer;
const input = tf.tensor(
    new Float32Array(bytes), [1, ...model.inputs[0].shape.slice(1)]);
const layers = model.layers.filter(layer =>
    layer.inboundNodes.length === 1 || layer instanceof tf.LayersModel);
const symbols = layers.map(layer => layer.getOutputAt(
    layer.inboundNodes.length - 1));
const probe = tf.model({inputs: model.inputs, outputs: symbols.flat()});
const values = [probe.predict(input)].flat();
fs.writeFileSync(outputFile, JSON.stringify(values.map((value, i) =>
    ({name: layers[i].name, values: Array.from(value.dataSync())}))));
