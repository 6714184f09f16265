// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The protocol of a worker in JavaScript; worker.h describes it.

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

// The most memory so far, in KiB.
function readPeak() {
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s*(\d+)/m.exec(status)[1]);
}

// Lets the peak start again from what is in use; where that is allowed.
function resetPeak() {
  try {
    fs.writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The difference is then one of lifetime peaks.
  }
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]
                           : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The milliseconds of each run; at least three, of about budget in all.
function timeRuns(run, budget) {
  run();
  const times = [];
  for (let total = 0; total < budget || times.length < 3;) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
    total += times.at(-1);
  }
  return times;
}

function answer(command, argument, run) {
  switch (command) {
    case 'time':
      return median(timeRuns(run, Number(argument)));
    case 'outputs':
      fs.writeFileSync(argument, Buffer.concat(run().map(
          values => Buffer.from(values.buffer, values.byteOffset,
                                values.byteLength))));
      return 'done';
    default:
      return `error unknown command ${command}`;
  }
}

// load (folder, shape, outputs) returns a function of the input (HWC) that
// runs the network and returns its outputs.
export async function serve(load) {
  const [folder, ...rest] = process.argv.slice(2);
  const shape = rest.slice(0, 3).map(Number);
  const bytes = fs.readFileSync(path.join(folder, 'input.nhwc.f32'));
  const input = new Float32Array(new Uint8Array(bytes).buffer);
  resetPeak();
  const before = readPeak();
  const start = performance.now();
  const runNetwork = await load(folder, shape, rest.slice(3));
  runNetwork(input);
  console.log('ready', performance.now() - start, readPeak() - before);
  for await (const line of readline.createInterface({input: process.stdin})) {
    const [command, argument] = line.split(' ');
    console.log(String(answer(command, argument, () => runNetwork(input))));
  }
}
