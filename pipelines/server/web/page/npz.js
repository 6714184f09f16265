// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Arrays as numpy reads them: numpy.load('frame.npz')['conv2d_1'].

const encoder = new TextEncoder();
const DATE_1980 = 0x21; // the zip format's first day

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function computeCrc(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ crc >>> 8;
  return (crc ^ 0xffffffff) >>> 0;
}

/** The format .npy, version 1.0, of a Float32Array or Uint8Array. */
function makeNpy({ data, shape }) {
  const type = data instanceof Float32Array ? '<f4' : '|u1';
  const text = `{'descr': '${type}', 'fortran_order': False, `
    + `'shape': (${shape.join(', ')},), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = encoder.encode(`${text.padEnd(length - 1)}\n`);
  const file = new Uint8Array(10 + length + data.byteLength);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8]);
  file.set(header, 10);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + length);
  return file;
}

/** The fields that the two headers of a file in a zip archive share. */
function makeFields(name, bytes) {
  const fields = new DataView(new ArrayBuffer(26));
  fields.setUint16(0, 20, true);
  fields.setUint16(8, DATE_1980, true);
  fields.setUint32(10, computeCrc(bytes), true);
  fields.setUint32(14, bytes.length, true);
  fields.setUint32(18, bytes.length, true);
  fields.setUint16(22, name.length, true);
  return new Uint8Array(fields.buffer);
}

function words(...values) {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setUint32(4 * index, value, true));
  return new Uint8Array(view.buffer);
}

function shorts(...values) {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, index) => view.setUint16(2 * index, value, true));
  return new Uint8Array(view.buffer);
}

/** A zip archive of files that are stored as they are. */
function makeZip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  const add = (list, ...items) => {
    list.push(...items);
    return items.reduce((sum, item) => sum + item.length, 0);
  };
  let directorySize = 0;
  for (const [path, bytes] of files) {
    const name = encoder.encode(path);
    const fields = makeFields(name, bytes);
    const start = offset;
    offset += add(parts, words(0x04034b50), fields, name, bytes);
    directorySize += add(directory, words(0x02014b50), shorts(20), fields,
      shorts(0, 0, 0), words(0, start), name);
  }
  const end = [words(0x06054b50), shorts(0, 0, files.length, files.length),
    words(directorySize, offset), shorts(0)];
  return new Blob([...parts, ...directory, ...end], { type: 'application/zip' });
}

/** @param arrays {name: {data, shape}} @param json said of them, as text */
export function makeNpz(arrays, json) {
  const files = Object.entries(arrays).map(([name, array]) =>
    [`${name}.npy`, makeNpy(array)]);
  return makeZip([...files, ['frame.json', encoder.encode(json)]]);
}
