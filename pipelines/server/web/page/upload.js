// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Models that are sent to the server: a file as it is, or the files of a
// layers-model as an archive.

import { sendFile } from './api.js';

const BLOCK = 512;
const ARCHIVE = /\.(tar|h5|hdf5|keras|onnx)$/i;

/** The header of a file in an archive of the format ustar. */
function makeHeader(name, size) {
  const header = new Uint8Array(BLOCK);
  const write = (text, offset) => new TextEncoder().encodeInto(text, header.subarray(offset));
  write(name.slice(0, 99), 0);
  write('0000600\0', 100);
  write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  write('        ', 148);
  write('0', 156);
  write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** An archive of files, without their folders. */
export function makeArchive(files) {
  const parts = files.flatMap((file) => [makeHeader(file.name, file.size), file,
    new Uint8Array((BLOCK - file.size % BLOCK) % BLOCK)]);
  return new Blob([...parts, new Uint8Array(2 * BLOCK)]);
}

/** What is to be sent of files that somebody has chosen: {name, body}. */
function pack(files) {
  if (files.length === 1 && ARCHIVE.test(files[0].name)) {
    return { name: files[0].name, body: files[0] };
  }
  if (!files.some(({ name }) => name === 'model.json')) {
    throw new Error('Choose a .keras, .h5, .onnx or .tar file, or the model.json together '
      + 'with the files beside it');
  }
  const folder = files[0].webkitRelativePath?.split('/')[0] || 'my model';
  return { name: `${folder}.tar`, body: makeArchive(files) };
}

/** All files of what has been dropped, also of a folder. */
async function readDropped(transfer) {
  const read = async (entry) => {
    if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
    const reader = entry.createReader();
    const children = await new Promise((done, fail) => reader.readEntries(done, fail));
    return (await Promise.all(children.filter((child) => child.isFile).map(read))).flat();
  };
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.())
    .filter(Boolean);
  return entries.length ? (await Promise.all(entries.map(read))).flat()
    : [...transfer.files];
}

export class Upload {
  /** @param handlers {notify(text, isFault), done(), mayChange()} */
  constructor(button, input, handlers) {
    this.handlers = handlers;
    button.addEventListener('click', () => input.click());
    input.addEventListener('change', async () => {
      await this.send([...input.files]);
      input.value = '';
    });
    document.addEventListener('dragover', (event) => {
      if (event.dataTransfer.types.includes('Files')) event.preventDefault();
    });
    document.addEventListener('drop', async (event) => {
      event.preventDefault();
      if (handlers.mayChange()) await this.send(await readDropped(event.dataTransfer));
    });
  }

  /** A model that cannot be used leaves the old one running. */
  async send(files) {
    if (!files.length) return;
    try {
      const { name, body } = pack(files);
      this.handlers.notify(`${name} is loaded …`, false);
      await sendFile('api/models', name, body);
      this.handlers.notify(null);
    } catch (error) {
      this.handlers.notify(`The old model runs on. ${error.message}`);
    }
    await this.handlers.done();
  }
}
