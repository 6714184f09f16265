// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the server can be asked, and told. Paths are relative to the stream's.

async function read(response) {
  const text = await response.text();
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch { /* a refusal is a line of text */ }
  if (!response.ok) throw new Error(answer.error || text || response.statusText);
  return answer;
}

export async function get(path) {
  return read(await fetch(path));
}

export async function send(method, path, value) {
  return read(await fetch(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  }));
}

export async function sendFile(path, name, body) {
  return read(await fetch(`${path}?file=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  }));
}

/** The kernel of a channel: {values: Float32Array, firstInput}. */
export async function getKernel(layer, channel) {
  const response = await fetch(
    `api/kernel?layer=${encodeURIComponent(layer)}&channel=${channel}`);
  if (!response.ok) return null;
  return {
    values: new Float32Array(await response.arrayBuffer()),
    firstInput: Number(response.headers.get('First-Input')),
  };
}
