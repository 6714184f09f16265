#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes small random models with the output of every layer, as TensorFlow.js
// computes them on its CPU backend.
//
//     cd tests/golden && npm install && npm run make
//
// Each model becomes a folder: model.json and its shards, as LayersModel.save()
// writes them or, every other one, in the form of the converter; and values.bin:
// the inputs and then the outputs of all layers, as float32. index.json says
// what lies where, and at which "size", height and width, a model was run that
// leaves it open. Inner layers of nested models are called "model/layer".

import * as tf from '@tensorflow/tfjs';
import fs from 'node:fs';
import path from 'node:path';

const L = tf.layers;

// mulberry32: small, seeded, the same everywhere.
function makeRandom(seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () =>
      Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {uniform, normal};
}

function randomTensor(shape, next) {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) values[i] = next();
  return tf.tensor(values, shape);
}

// Values such as training might leave behind: none vanish, none explode.
function randomWeight(weight, random) {
  const shape = weight.shape;
  const fanIn = Math.max(1, shape.slice(0, -1).reduce((a, b) => a * b, 1));
  switch (weight.originalName.split('/').pop()) {
    case 'moving_variance':
      return randomTensor(shape, () => 0.5 + random.uniform());
    case 'gamma':
      return randomTensor(shape, () => 1 + 0.3 * random.normal());
    case 'alpha':
      return randomTensor(shape, () => 0.5 * random.uniform());
    case 'bias':
    case 'beta':
    case 'moving_mean':
      return randomTensor(shape, () => 0.3 * random.normal());
    default:
      return randomTensor(shape, () => random.normal() / Math.sqrt(fanIn));
  }
}

// The calls of a layer that belong to the model.
function callsOf(model, layer) {
  return layer.inboundNodes.filter(
      (_, i) => model.containerNodes.has(`${layer.name}_ib-${i}`));
}

function predict(model, outputs, inputs) {
  if (outputs.length === 0) return [];
  const probe = tf.model({inputs: model.inputs, outputs});
  return [probe.predict(inputs)].flat();
}

// The output of every call of every layer, those of nested models too.
function collect(model, inputs, prefix = '') {
  const found = [];
  for (const layer of model.layers) {
    callsOf(model, layer).forEach((node, call) => {
      if (node.inboundLayers.length === 0) return;
      if (!(layer instanceof tf.LayersModel)) {
        const [value] = predict(model, node.outputTensors, inputs);
        found.push({name: prefix + layer.name, call, value});
        return;
      }
      const inner = predict(model, node.inputTensors, inputs);
      for (const entry of collect(layer, inner, `${prefix}${layer.name}/`))
        found.push({...entry, call: entry.call + call});
    });
  }
  return found;
}

async function getArtifacts(model) {
  let artifacts;
  await model.save(tf.io.withSaveHandler(async (saved) => {
    artifacts = saved;
    return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved)};
  }));
  return artifacts;
}

function writeModel(folder, artifacts, converterForm) {
  const bytes = Buffer.from(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
  const {class_name, config, keras_version, backend} = artifacts.modelTopology;
  // A shard size that no tensor boundary falls on.
  const size = converterForm ? Math.max(1, Math.ceil(bytes.length / 3) + 1) : bytes.length;
  const count = Math.max(1, Math.ceil(bytes.length / Math.max(size, 1)));
  const paths = Array.from({length: count}, (_, i) => converterForm ?
      `group1-shard${i + 1}of${count}.bin` : 'weights.bin');
  paths.forEach((file, i) => fs.writeFileSync(
      path.join(folder, file), bytes.subarray(i * size, (i + 1) * size)));
  const topology = converterForm ?
      {keras_version, backend, model_config: {class_name, config}} :
      artifacts.modelTopology;
  fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify({
    format: artifacts.format,
    generatedBy: artifacts.generatedBy,
    convertedBy: converterForm ? 'TensorFlow.js Converter' : null,
    modelTopology: topology,
    weightsManifest: [{paths, weights: artifacts.weightSpecs}],
  }) + '\n');
}

// TensorFlow.js forgets the multiplier of separable convolutions; Keras does not.
function addDepthMultiplier(artifacts, layers) {
  for (const entry of artifacts.modelTopology.config.layers) {
    const layer = layers.find(({name}) => name === entry.config.name);
    if (entry.class_name === 'SeparableConv2D')
      entry.config.depth_multiplier = layer.depthMultiplier;
  }
}

class Writer {
  constructor(root) {
    this.root = root;
    this.index = [];
  }

  async write(name, model, size) {
    const random = makeRandom(this.index.length + 1);
    const folder = path.join(this.root, name);
    model.setWeights(model.weights.map((w) => randomWeight(w, random)));
    const inputs = model.inputs.map(
        (input) => randomTensor([1, ...(size ?? input.shape.slice(1, 3)),
          ...input.shape.slice(3)], random.normal));
    const layers = collect(model, inputs.length === 1 ? inputs[0] : inputs);
    const values = [...inputs, ...layers.map((layer) => layer.value)];
    fs.mkdirSync(folder, {recursive: true});
    fs.writeFileSync(path.join(folder, 'values.bin'), Buffer.concat(
        values.map((value) => Buffer.from(Float32Array.from(value.dataSync()).buffer))));
    const artifacts = await getArtifacts(model);
    addDepthMultiplier(artifacts, model.layers);
    writeModel(folder, artifacts, this.index.length % 2 === 1);
    this.index.push({
      model: name,
      inputs: inputs.length,
      ...(size ? {size} : {}),
      layers: layers.map(({name, call, value}) =>
          ({name, call, shape: value.shape.slice(1)})),
    });
  }

  finish() {
    const lines = this.index.map((entry) => JSON.stringify(entry));
    fs.writeFileSync(path.join(this.root, 'index.json'),
        `[\n${lines.join(',\n')}\n]\n`);
  }
}

// A model of one input and many layers that read it side by side.
function fan(shape, layers) {
  const input = tf.input({shape, name: 'in'});
  return tf.model({inputs: input, outputs: layers.map((l) => l.apply(input))});
}

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'sigmoid', 'hardSigmoid', 'tanh',
  'elu', 'selu', 'softplus', 'softsign', 'softmax', 'logSoftmax', 'swish', 'mish',
  'gelu', 'gelu_new'];

// What TensorFlow.js computes differently from Keras is left out here, and is
// tested against make-model-golden.py: dilation of depthwiseConv2d, which it
// ignores; batchNormalization along any axis but the last, which its CPU backend
// gets wrong; centerCrop, which moves by a cell; resizing, which does not run
// inside a model.
//
// One model a family of layers, with the combinations of its options.
const FAMILIES = {
  'activations': () => fan([3, 4, 5], ACTIVATIONS.flatMap((activation) => [
    L.activation({activation, name: `layer_${activation}`}),
    L.dense({units: 3, activation, name: `dense_${activation}`}),
  ])),
  'rectifiers': () => fan([4, 3, 5], [
    L.reLU(), L.reLU({maxValue: 0.7, name: 'relu_max'}),
    L.leakyReLU({name: 'leaky_default'}), L.leakyReLU({alpha: 0.05}),
    L.elu({name: 'elu_default'}),
    L.thresholdedReLU({name: 'threshold_default'}), L.thresholdedReLU({theta: 0.25}),
    L.prelu({name: 'prelu_full'}), L.prelu({sharedAxes: [1, 2], name: 'prelu_shared'}),
    L.softmax({axis: -1, name: 'softmax_last'}), L.softmax({name: 'softmax_default', axis: 3}),
  ]),
  'conv2d': () => fan([9, 8, 3], [
    L.conv2d({filters: 4, kernelSize: 3}),
    L.conv2d({filters: 5, kernelSize: [3, 2], strides: [2, 1], padding: 'same', activation: 'relu'}),
    L.conv2d({filters: 3, kernelSize: 3, dilationRate: 2, padding: 'same', useBias: false}),
    L.conv2d({filters: 2, kernelSize: [2, 3], dilationRate: [3, 2], activation: 'tanh'}),
    L.conv2d({filters: 20, kernelSize: 1, activation: 'softmax'}),
    L.conv2d({filters: 3, kernelSize: 5, strides: 3, padding: 'same'}),
    L.conv2d({filters: 16, kernelSize: 3, padding: 'same'}),
    L.conv2d({filters: 16, kernelSize: 5, padding: 'same', activation: 'elu'}),
  ]),
  'depthwise': () => fan([8, 7, 3], [
    L.depthwiseConv2d({kernelSize: 3}),
    L.depthwiseConv2d({kernelSize: [2, 3], depthMultiplier: 2, padding: 'same', activation: 'relu6'}),
    L.depthwiseConv2d({kernelSize: 3, strides: 2, padding: 'same', useBias: false}),
    L.depthwiseConv2d({kernelSize: [1, 4], depthMultiplier: 3}),
  ]),
  'separable': () => fan([8, 7, 3], [
    L.separableConv2d({filters: 4, kernelSize: 3}),
    L.separableConv2d({filters: 5, kernelSize: [3, 2], depthMultiplier: 2, padding: 'same', activation: 'selu'}),
    L.separableConv2d({filters: 2, kernelSize: 3, strides: 2, padding: 'same', useBias: false}),
    L.separableConv2d({filters: 3, kernelSize: 2, dilationRate: 2, padding: 'same'}),
    L.separableConv2d({filters: 3, kernelSize: 1, depthMultiplier: 40}),
  ]),
  'transposed': () => fan([5, 4, 3], [
    L.conv2dTranspose({filters: 4, kernelSize: 3}),
    L.conv2dTranspose({filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu'}),
    L.conv2dTranspose({filters: 2, kernelSize: [4, 3], strides: [2, 3], padding: 'valid'}),
    L.conv2dTranspose({filters: 2, kernelSize: 2, strides: 2, padding: 'same', useBias: false}),
    L.conv2dTranspose({filters: 2, kernelSize: 4, strides: 1, padding: 'same'}),
  ]),
  'pooling': () => fan([9, 8, 3], ['maxPooling2d', 'averagePooling2d'].flatMap((kind) => [
    L[kind]({poolSize: 2}),
    L[kind]({poolSize: [3, 2], strides: [2, 1], padding: 'same'}),
    L[kind]({poolSize: 3, strides: 2, padding: 'valid'}),
    L[kind]({poolSize: 2, strides: 3, padding: 'same'}),
  ]).concat([
    L.globalAveragePooling2d({}), L.globalMaxPooling2d({}),
  ])),
  'grid': () => fan([5, 6, 2], [
    L.zeroPadding2d(), L.zeroPadding2d({padding: 2}),
    L.zeroPadding2d({padding: [[1, 0], [2, 3]]}),
    L.cropping2D({cropping: 1}), L.cropping2D({cropping: [[1, 0], [2, 3]]}),
    L.cropping2D({cropping: [2, 1]}),
    L.upSampling2d({}), L.upSampling2d({size: [3, 2], interpolation: 'nearest'}),
    L.upSampling2d({size: [2, 3], interpolation: 'bilinear'}),
    L.rescaling({scale: 1 / 127.5, offset: -1}), L.rescaling({scale: 3}),
  ]),
  'shapes': () => fan([4, 3, 5], [
    L.flatten(), L.reshape({targetShape: [6, 10]}), L.reshape({targetShape: [3, -1, 2]}),
    L.permute({dims: [3, 1, 2]}), L.permute({dims: [2, 1, 3]}),
    L.dropout({rate: 0.5}), L.gaussianNoise({stddev: 1}), L.gaussianDropout({rate: 0.5}),
    L.alphaDropout({rate: 0.5}), L.dense({units: 4}), L.dense({units: 3, useBias: false, activation: 'softmax'}),
  ]),
  'normalizations': () => fan([4, 3, 5], [
    L.batchNormalization(), L.batchNormalization({epsilon: 0.1}),
    L.batchNormalization({center: false}), L.batchNormalization({scale: false}),
    L.batchNormalization({center: false, scale: false, epsilon: 1e-5}),
    L.layerNormalization(), L.layerNormalization({axis: [1, 2, 3]}),
    L.layerNormalization({axis: [2, 3], center: false}),
    L.layerNormalization({axis: -1, scale: false, epsilon: 0.01}),
  ]),
};

// Layers that merge tensors, of the same shape and of shapes that broadcast.
function makeMerges() {
  const map = tf.input({shape: [3, 4, 5], name: 'map'});
  const other = tf.input({shape: [3, 4, 5], name: 'other'});
  const weights = tf.input({shape: [1, 1, 5], name: 'weights'});
  const vector = tf.input({shape: [5], name: 'vector'});
  const plane = tf.input({shape: [3, 4, 1], name: 'plane'});
  const outputs = [];
  for (const kind of ['add', 'multiply', 'average', 'maximum', 'minimum']) {
    outputs.push(L[kind]({name: `${kind}_same`}).apply([map, other]));
    outputs.push(L[kind]({name: `${kind}_three`}).apply([map, other, map]));
    outputs.push(L[kind]({name: `${kind}_wide`}).apply([weights, map, plane]));
    outputs.push(L[kind]({name: `${kind}_vector`}).apply([map, vector]));
  }
  outputs.push(L.concatenate({name: 'concatenate_last'}).apply([map, other, plane]));
  outputs.push(L.concatenate({name: 'concatenate_2', axis: 2}).apply([map, other]));
  outputs.push(L.concatenate({name: 'concatenate_1', axis: 1}).apply([map, other, map]));
  return tf.model({inputs: [map, other, weights, vector, plane], outputs});
}

function makeSequential() {
  return tf.sequential({name: 'small', layers: [
    L.conv2d({inputShape: [12, 12, 3], filters: 8, kernelSize: 5, padding: 'same', activation: 'relu'}),
    L.maxPooling2d({poolSize: 2}),
    L.batchNormalization(), L.activation({activation: 'swish'}),
    L.conv2d({filters: 16, kernelSize: 3, padding: 'same', activation: 'relu'}),
    L.maxPooling2d({poolSize: 2}), L.flatten(), L.dropout({rate: 0.5}),
    L.dense({units: 8, activation: 'relu'}), L.dense({units: 3, activation: 'softmax'}),
  ]});
}

const convolution = (x, filters, options = {}) =>
    L.conv2d({filters, kernelSize: 3, padding: 'same', ...options}).apply(x);

function makeResidual() {
  const input = tf.input({shape: [8, 8, 3]});
  const stem = convolution(input, 6, {activation: 'relu'});
  let x = L.batchNormalization().apply(convolution(stem, 6, {useBias: false}));
  x = L.reLU().apply(x);
  x = L.batchNormalization().apply(convolution(x, 6));
  x = L.reLU().apply(L.add().apply([x, stem]));
  const scores = L.dense({units: 4, activation: 'softmax'}).apply(
      L.globalAveragePooling2d({}).apply(x));
  return tf.model({inputs: input, outputs: scores, name: 'residual'});
}

function makeSqueezeExcite() {
  const input = tf.input({shape: [6, 6, 4]});
  const x = convolution(input, 8, {activation: 'relu'});
  let s = L.reshape({targetShape: [1, 1, 8]}).apply(L.globalAveragePooling2d({}).apply(x));
  s = L.dense({units: 2, activation: 'relu'}).apply(s);
  s = L.dense({units: 8, activation: 'sigmoid'}).apply(s);
  return tf.model({inputs: input, outputs: L.multiply().apply([x, s])});
}

// One model inside another inside another.
function makeNested() {
  const innermost = tf.sequential({name: 'head', layers: [
    L.globalAveragePooling2d({inputShape: [4, 4, 5]}), L.dense({units: 3, activation: 'softmax'}),
  ]});
  const inner = tf.input({shape: [8, 8, 3]});
  const pooled = L.maxPooling2d({poolSize: 2}).apply(
      L.conv2d({filters: 5, kernelSize: 3, padding: 'same', name: 'conv'}).apply(inner));
  const body = tf.model({inputs: inner, outputs: [pooled, innermost.apply(pooled)], name: 'body'});
  const input = tf.input({shape: [8, 8, 3]});
  const [map, scores] = body.apply(L.activation({activation: 'tanh', name: 'squashed'}).apply(input));
  return tf.model({inputs: input, name: 'outer',
    outputs: [L.flatten().apply(map), L.dense({units: 2, name: 'last'}).apply(scores)]});
}

// A layer and a model that are each called twice.
function makeShared() {
  const inner = tf.input({shape: [4, 4, 3]});
  const tower = tf.model({name: 'tower', inputs: inner,
    outputs: L.averagePooling2d({poolSize: 2, name: 'pool'}).apply(
        L.conv2d({filters: 3, kernelSize: 3, padding: 'same', name: 'conv'}).apply(inner))});
  const a = tf.input({shape: [4, 4, 3], name: 'a'});
  const b = tf.input({shape: [4, 4, 3], name: 'b'});
  const shared = L.conv2d({filters: 3, kernelSize: 1, name: 'shared'});
  const left = tower.apply(shared.apply(a));
  const right = tower.apply(shared.apply(b));
  return tf.model({inputs: [b, a], outputs: L.concatenate({name: 'both'}).apply([left, right])});
}

function makeMiniMobileNet() {
  const block = (x, filters, strides) => {
    x = L.depthwiseConv2d({kernelSize: 3, strides, padding: 'same', useBias: false}).apply(x);
    x = L.reLU({maxValue: 6}).apply(L.batchNormalization().apply(x));
    x = L.conv2d({filters, kernelSize: 1, useBias: false}).apply(x);
    return L.reLU({maxValue: 6}).apply(L.batchNormalization().apply(x));
  };
  const input = tf.input({shape: [12, 12, 3]});
  let x = L.zeroPadding2d({padding: [[0, 1], [0, 1]]}).apply(input);
  x = convolution(x, 4, {strides: 2, padding: 'valid', useBias: false});
  x = L.reLU({maxValue: 6}).apply(L.batchNormalization().apply(x));
  x = block(block(x, 8, 1), 12, 2);
  x = L.reshape({targetShape: [1, 1, 12]}).apply(L.globalAveragePooling2d({}).apply(x));
  x = L.conv2d({filters: 3, kernelSize: 1}).apply(L.dropout({rate: 0.1}).apply(x));
  x = L.activation({activation: 'softmax'}).apply(L.reshape({targetShape: [3]}).apply(x));
  return tf.model({inputs: input, outputs: x, name: 'mini_mobilenet'});
}

function makeMiniXception() {
  const separable = (x, filters) => L.batchNormalization().apply(
      L.separableConv2d({filters, kernelSize: 3, padding: 'same', useBias: false}).apply(x));
  const input = tf.input({shape: [11, 11, 1]});
  let x = L.activation({activation: 'relu'}).apply(
      L.batchNormalization().apply(convolution(input, 4, {useBias: false, padding: 'valid'})));
  const residual = L.batchNormalization().apply(
      L.conv2d({filters: 6, kernelSize: 1, strides: 2, padding: 'same', useBias: false}).apply(x));
  x = separable(L.activation({activation: 'relu'}).apply(separable(x, 6)), 6);
  x = L.maxPooling2d({poolSize: 3, strides: 2, padding: 'same'}).apply(x);
  x = convolution(L.add().apply([x, residual]), 7);
  x = L.activation({activation: 'softmax'}).apply(L.globalAveragePooling2d({}).apply(x));
  return tf.model({inputs: input, outputs: x, name: 'mini_xception'});
}

// A detector: the coarser of two grids is added to the finer one, and three
// heads read them. It takes pictures of any size.
function makePyramid() {
  const input = tf.input({shape: [null, null, 3]});
  const point = (x, filters, options) =>
      L.conv2d({filters, kernelSize: 1, ...options}).apply(x);
  const fine = convolution(input, 8, {strides: 2, activation: 'relu'});
  const coarse = convolution(fine, 12, {strides: 2, activation: 'relu'});
  const above = L.upSampling2d({}).apply(point(coarse, 8));
  const merged = L.add({name: 'merged'}).apply([point(fine, 8), above]);
  return tf.model({inputs: input, name: 'pyramid', outputs: [
    point(merged, 1, {activation: 'sigmoid', name: 'score'}),
    point(coarse, 4, {name: 'box'}),
    convolution(merged, 10, {name: 'landmarks'}),
  ]});
}

const NETWORKS = {
  'merges': makeMerges,
  'sequential': makeSequential,
  'residual': makeResidual,
  'squeeze-excite': makeSqueezeExcite,
  'nested': makeNested,
  'shared': makeShared,
  'mini-mobilenet': makeMiniMobileNet,
  'mini-xception': makeMiniXception,
  'pyramid': makePyramid,
};

const SIZES = {'pyramid': [12, 20]};

await tf.setBackend('cpu');
const writer = new Writer(process.argv[2] ?? 'tfjs');
for (const [name, make] of Object.entries({...FAMILIES, ...NETWORKS})) {
  console.log(name);
  await writer.write(name, make(), SIZES[name]);
}
writer.finish();
