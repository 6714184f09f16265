// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Tests the page of activationmap-server in a headless Chromium, and prints TAP.
//
//   test-page.mjs PEERS [PICTURES]
//
// Needs Debian's chromium, and playwright-core, which "npm install" puts into
// PEERS/node_modules. With PICTURES, leaves pictures of the page in that folder.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freezeAtFace, goOn, hasFace, openPage, runTests, startServer, stopServer, until }
  from './page-tools.mjs';

const [peers, pictures] = process.argv.slice(2);

const tests = [];
const test = (name, run) => tests.push({ name, run });

/** Takes all pictures as a program of its own would, which knows the format from
 * docs/page.md: in window.taken, by their numbers. */
function takePicturesToo() {
  window.taken = new Map();
  const socket = window.takingSocket = new WebSocket(`ws://${location.host}/live.ws`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send('{"values": "float32"}');
  socket.onmessage = ({ data }) => {
    const size = new DataView(data).getUint32(4, true);
    const header = JSON.parse(new TextDecoder().decode(data.slice(8, 8 + size)));
    window.taken.set(header.sequence, { header, body: data.slice(8 + size) });
    if (window.taken.size > 300) window.taken.delete(window.taken.keys().next().value);
    socket.send(`{"acknowledge": ${header.token}}`);
  };
}

/** What such a program knows of a picture: {frame, layers: [{values, ranges}]}. */
function readTaken(sequence) {
  const taken = window.taken.get(sequence);
  const layers = taken?.header.subject?.layers;
  if (layers?.[0].type !== 'float32') return null;
  const read = ([offset, bytes]) => [...new Float32Array(taken.body, offset, bytes / 4)];
  return { frame: taken.header.frame, layers: layers.map(({ values, ranges }) =>
    ({ values: read(values), ranges: read(ranges) })) };
}

/** Freezes at a picture with a face that the other page has taken as well. */
async function freezeAtTaken(page, other) {
  await other.evaluate(takePicturesToo);
  await until(other, () => window.taken.size > 5);
  await freezeAtFace(page);
  for (let step = 0; step < 100; step++) {
    const sequence = await page.evaluate(() => window.activationmap.shown.sequence);
    const taken = await other.evaluate(readTaken, sequence);
    if (taken && await page.evaluate(hasFace)) {
      await other.evaluate(() => window.takingSocket.close());
      return taken;
    }
    await goOn(page);
  }
  throw new Error('no picture is taken twice');
}

const score = () => window.activationmap.shown.subject.classes
  .find((item) => item.class === 0);

test('the picture moves, and the maps with it', async ({ page }) => {
  await until(page, hasFace);
  const look = () => page.evaluate(() => [
    document.getElementById('picture').toDataURL(),
    document.querySelector('.tiles canvas').toDataURL(),
    Number(document.body.dataset.sequence)]);
  const [picture, maps, sequence] = await look();
  await until(page, (number) => Number(document.body.dataset.sequence) > number + 20,
    sequence);
  await until(page, hasFace);
  const later = await look();
  assert.notEqual(later[0], picture);
  assert.notEqual(later[1], maps);
});

test('all layers are a glance away', async ({ page }) => {
  await until(page, hasFace);
  const boxes = await page.$$eval('.tiles canvas', (all) => all.map((canvas) =>
    canvas.getBoundingClientRect().bottom));
  assert.equal(boxes.length, 3);
  assert(Math.max(...boxes) < 900, `${boxes}`);
  assert.equal(await page.$$eval('.tile', (all) => all.length), 16 + 32 + 32);
});

test('the pointer shows the value of the metadata', async ({ page, other, seen }) => {
  seen.taken = await freezeAtTaken(page, other);
  const { frame, layers: [, { values }] } = seen.taken;
  const tile = page.locator('.layer').nth(1).locator('.tile').nth(7);
  const box = await tile.boundingBox();
  let compared = 0;
  for (const [row, column] of [[3, 8], [6, 5], [0, 11], [11, 2], [5, 5]]) {
    await page.mouse.move(box.x + box.width * (column + 0.5) / 12,
      box.y + box.height * (row + 0.5) / 12);
    const text = await page.locator('#tip').innerText();
    const value = values[(row * 12 + column) * 32 + 7];
    const digits = Number(text.match(
      new RegExp(`\\n([\\d.]+) at row ${row}, column ${column}\\n`))[1]);
    assert(Math.abs(digits - value) <= 0.005 * Math.max(1, value), `${digits}, ${value}`);
    assert.match(text, /sees \d+×\d+ pixels at/);
    compared += value > 0;
  }
  assert(compared > 0, 'only zeros were compared');
  await page.mouse.move(5, 5);
  const labels = await page.evaluate(() => window.activationmap.shown.frame.objects);
  assert.deepEqual(labels, frame.objects);
});

/** What is drawn of a layer: words of pixels, a cell each, tile beside tile. */
function readDrawn(index) {
  const row = [...window.activationmap.explorer.rows.values()][index];
  const { width, height, channels } = row.layer;
  return { width, height, channels, columns: row.maps.columns, words: [...row.maps.words],
    palette: [...window.activationmap.view.palette] };
}

test('maps are drawn in the range of the plugin\'s picture', async ({ page, seen }) => {
  let outliers = 0;
  for (const [index, { values, ranges }] of seen.taken.layers.entries()) {
    const drawn = await page.evaluate(readDrawn, index);
    const { words, palette, width, height, channels, columns } = drawn;
    values.forEach((value, i) => {
      const [channel, cell] = [i % channels, Math.floor(i / channels)];
      const [low, high] = ranges.slice(2 * channel, 2 * channel + 2);
      const place = 255 * (value - low) / (high - low || 1);
      const x = (channel % columns) * width + cell % width;
      const y = Math.floor(channel / columns) * height + Math.floor(cell / width);
      const right = [-0.01, 0.01].map((margin) =>
        palette[Math.min(Math.max(Math.round(place + margin), 0), 255)]);
      assert(right.includes(words[y * columns * width + x]),
        `layer ${index}, channel ${channel}, cell ${cell}`);
      outliers += value > high;
    });
  }
  // Cells that see what lies around the picture do not decide the range.
  assert(outliers > 0, 'no cell lies above its range');
});

test('a frozen picture stands still, and goes step by step', async ({ page }) => {
  const number = () => page.evaluate(() => window.activationmap.shown.sequence);
  const frozen = await number();
  await page.waitForTimeout(700);
  assert.equal(await number(), frozen);
  const next = await goOn(page);
  await page.waitForTimeout(500);
  assert.equal(await number(), next);
  await page.keyboard.press(',');
  await until(page, (old) => window.activationmap.shown.sequence === old, frozen);
  await page.keyboard.press('.');
  await until(page, (old) => window.activationmap.shown.sequence === old, next);
});

test('pictures to step back to are not kept decoded', async ({ page }) => {
  const kept = await page.evaluate(() => window.activationmap.playback.history.messages.length);
  assert(kept > 10, `${kept}`);
  const open = await page.evaluate(() => window.openBitmaps);
  assert(open >= 1 && open <= 3, `${open} of ${kept}`);
});

test('the sum adds up', async ({ page }) => {
  const { bias, channels, logit } = await page.evaluate(() => {
    const { explanation } = window.activationmap.shown.subject;
    return { ...explanation, channels: [...explanation.channels] };
  });
  const sum = channels.reduce((total, value) => total + value, bias);
  assert(Math.abs(sum - logit) < 1e-3, `${sum}, ${logit}`);
  assert.match(await page.locator('#equation').innerText(), /bias .* = [+−]/);
});

async function saveMaps(page) {
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.click('#save-npz')]);
  return readArray(await readFile(await download.path()), 'conv2d_1.npy',
    '(25, 25, 16,)');
}

test('maps are saved for numpy as they are', async ({ page }) => {
  const values = await saveMaps(page);
  const maps = await page.evaluate(() => [...window.activationmap.shown.subject
    .layers[0].values]);
  assert.deepEqual([...values], maps);
  assert.equal(await page.locator('#notice').isVisible(), false);
});

test('maps of a picture from before are saved as well as they are known', async ({ page }) => {
  const isOld = () => {
    const { shown } = window.activationmap;
    return shown.subject && !shown.subject.layers[0].isExact;
  };
  for (let step = 0; !await page.evaluate(isOld); step++) {
    assert(step < 60, 'all pictures are exact');
    const position = await page.evaluate(() => window.activationmap.playback.history.position);
    await page.keyboard.press(',');
    await until(page, (old) => window.activationmap.playback.history.position === old - 1
      && window.activationmap.shown === window.activationmap.playback.history.messages[old - 1],
    position);
  }
  const values = await saveMaps(page);
  const { codes, extremes } = await page.evaluate(() => {
    const [layer] = window.activationmap.shown.subject.layers;
    return { codes: [...layer.values], extremes: [...layer.extremes] };
  });
  codes.forEach((code, i) => {
    const [low, high] = extremes.slice(2 * (i % 16), 2 * (i % 16) + 2);
    assert(Math.abs(values[i] - (low + code / 255 * (high - low))) < 1e-5);
  });
  assert(Math.max(...values) < 100 && values.some((value) => value % 1), 'codes');
  assert.match(await page.locator('#notice').innerText(), /right to 1\/510/);
});

/** Reads a stored file out of a zip archive by its headers, not by the page's. */
function readArray(file, name, shape) {
  const start = file.indexOf(name);
  const header = start - 30;
  assert.equal(file.readUInt32LE(header), 0x04034b50);
  const size = file.readUInt32LE(header + 18);
  const array = file.subarray(start + name.length, start + name.length + size);
  const length = array.readUInt16LE(8);
  const text = array.toString('latin1', 10, 10 + length);
  assert.equal((10 + length) % 64, 0);
  assert(text.includes("'<f4'") && text.includes(shape), text);
  return new Float32Array(array.buffer.slice(array.byteOffset + 10 + length,
    array.byteOffset + size));
}

test('a picture is saved', async ({ page }) => {
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.click('#save-png')]);
  const file = await readFile(await download.path());
  assert.equal(file.toString('latin1', 1, 4), 'PNG');
  assert(file.readUInt32BE(16) > 1000);
  await page.click('#freeze');
});

test('a frozen picture goes on to the first one without a channel', async ({ page }) => {
  await freezeAtFace(page);
  for (const count of [1, 0]) {
    const seen = await page.evaluate(async () => {
      await window.activationmap.toggle('max_pooling2d_3', 5);
      return window.activationmap.shown.subject?.knock_outs.length;
    });
    assert.equal(seen, count);
    assert(await page.evaluate(() => window.activationmap.playback.connection.isHeld));
  }
  await page.click('#freeze');
});

test('screen readers hear of changes, and not of figures', async ({ page }) => {
  assert.equal(await page.locator('#status[role], #status [aria-live]').count(), 0);
  await until(page, () => document.getElementById('state-spoken').textContent === 'Live');
  const said = await page.evaluate(async () => {
    let [seen, heard] = [0, 0];
    const status = document.getElementById('status');
    const watch = (node, run) => new MutationObserver(run).observe(node,
      { childList: true, subtree: true, characterData: true });
    watch(document.getElementById('state-spoken'), () => heard++);
    await new Promise((resolve) => watch(status, () => ++seen === 4 && resolve()));
    return heard;
  });
  assert.equal(said, 0);
  const words = await page.evaluate(async () => {
    const { Speech } = await import('./speech.js');
    const node = document.createElement('p');
    const spoken = [];
    new MutationObserver(() => spoken.push(node.textContent)).observe(node,
      { childList: true });
    const speech = new Speech(node);
    for (const word of ['a', 'b', 'c']) speech.say(word);
    while (!spoken.length) await new Promise(requestAnimationFrame);
    for (const word of ['d', 'e', 'd', 'f']) speech.say(word);
    while (spoken.length < 2) await new Promise(requestAnimationFrame);
    return spoken;
  });
  assert.deepEqual(words, ['c', 'f']);
});

test('a channel is enlarged beside its kernel, then knocked out', async ({ page, other }) => {
  await until(page, hasFace);
  const tile = page.locator('.layer').nth(2).locator('.tile').nth(16);
  await tile.click();
  await page.locator('#inspector').waitFor();
  assert.match(await page.locator('#inspector h2').innerText(), /conv2d_3 · channel 16/);
  await until(page, () => document.querySelectorAll('.kernels canvas').length === 32);
  await until(page, () => document.querySelector('.share').innerText.includes('Adds'));
  await tile.click();
  for (const viewer of [page, other]) {
    await until(viewer, () => window.activationmap.shown?.subject?.knock_outs.length === 1);
    await until(viewer, () => document.querySelectorAll('.tile.knocked-out').length === 1);
    const { score: p, intact } = await until(viewer, score);
    assert.notEqual(p, intact);
  }
  await until(other, () => /was [\d.]+ % with all/.test(document.getElementById('change')
    .textContent));
  await tile.click();
  await until(other, () => window.activationmap.shown?.subject?.knock_outs.length === 0);
  await page.keyboard.press('Escape');
  await page.locator('#inspector').waitFor({ state: 'hidden' });
});

test('the method is chosen for everybody', async ({ page, other }) => {
  await page.selectOption('#explain', 'layer-cam');
  await until(other, () => window.activationmap.shown?.subject?.explanation?.method
    === 'layer-cam');
  await until(other, () => document.getElementById('explain').value === 'layer-cam');
  await page.selectOption('#explain-layer', 'conv2d_2');
  await until(other, () => document.querySelectorAll('.layer')[1].classList
    .contains('explained'));
  await page.selectOption('#explain-layer', 'auto');
  await page.selectOption('#explain', 'hires-cam');
});

test('colors and scale are each viewer\'s own', async ({ page, other }) => {
  await page.selectOption('#colors', 'magma');
  await until(page, () => window.activationmap.view.palette[255] === 0xffbffdfc);
  assert.notEqual(await other.evaluate(() => window.activationmap.view.palette[255]),
    0xffbffdfc);
  for (const scaling of ['map', 'layer', 'inside']) {
    await page.selectOption('#scaling', scaling);
    assert.equal(await page.locator('#balance').isVisible(), scaling === 'layer');
  }
  assert.equal(await other.evaluate(() => window.activationmap.view.scaling), 'inside');
  await page.selectOption('#colors', 'ylgnbu');
});

test('the keyboard goes from tile to tile', async ({ page }) => {
  const first = page.locator('.layer').nth(0).locator('.tile').nth(0);
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  const name = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.equal(await name(), 'conv2d_1, channel 9');
  await page.keyboard.press('Enter');
  await page.locator('#inspector').waitFor();
  await page.keyboard.press('Enter');
  await until(page, () => window.activationmap.shown?.subject?.knock_outs.length === 1);
  assert.match(await name(), /^conv2d_1, channel 9/);
  await page.keyboard.press('Escape');
  await page.locator('#inspector').waitFor({ state: 'hidden' });
  await page.keyboard.press('r');
  await until(page, () => window.activationmap.shown?.subject?.knock_outs.length === 0);
  await page.keyboard.press('?');
  await page.locator('#keys').waitFor();
  await page.keyboard.press('Escape');
  const unnamed = await page.$$eval('button, select, input, canvas:not([aria-hidden])',
    (all) => all.filter((item) => !item.getAttribute('aria-label') && !item.title
      && !item.labels?.length && !item.innerText).map((item) => item.outerHTML));
  assert.deepEqual(unnamed, []);
});

test('a model is sent, and a bad one leaves the old one', async ({ page, other }) => {
  const folder = join(process.env.GST_ACTIVATIONMAP_MODEL_DIR, 'gender');
  const files = (await readdir(folder)).map((name) => join(folder, name));
  await page.setInputFiles('#model-files', files);
  for (const viewer of [page, other]) {
    await until(viewer, () => document.getElementById('model').value === 'my model');
    await until(viewer, hasFace);
  }
  assert.equal(await page.locator('#notice').isVisible(), false);
  await page.setInputFiles('#model-files', { name: 'bad.keras', mimeType: '',
    buffer: Buffer.from('no model') });
  await until(page, () => /The old model runs on\. .*bad\.keras|not installed/.test(
    document.getElementById('notice').textContent));
  assert.equal(await page.locator('#model').inputValue(), 'my model');
  await page.setInputFiles('#model-files', { name: 'notes.txt', mimeType: '',
    buffer: Buffer.from('no model') });
  await until(page, () => /Choose a \.keras/.test(
    document.getElementById('notice').textContent));
  await page.selectOption('#model', 'default');
  await until(other, () => document.getElementById('model').value === 'default');
  await until(page, () => document.getElementById('notice').hidden);
});

test('who is not known sees nothing, and a viewer changes nothing', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  const users = join(folder, 'users');
  const ha1 = createHash('md5').update('vera:activationmap:secret').digest('hex');
  await writeFile(users, `vera:activationmap:${ha1}\n`, { mode: 0o600 });
  const server = await startServer(`--users=${users}`);
  const context = await browser.newContext();
  for (const path of ['', 'app.js', 'snapshot.jpg', 'api/frame.json', 'api/session']) {
    const answer = await context.request.get(server.url + path);
    assert.equal(answer.status(), 401, path);
    assert.doesNotMatch(await answer.text(), /<canvas|JFIF|objects|ticket/, path);
  }
  const stranger = await context.newPage();
  const refused = stranger.waitForEvent('response');
  await stranger.goto(server.url).catch(() => null); // Chromium may show a page of its own
  assert.equal((await refused).status(), 401);
  assert.equal(await stranger.locator('#picture').count(), 0);
  const page = await openPage(browser, server.url,
    { httpCredentials: { username: 'vera', password: 'secret' } });
  await until(page, hasFace);
  assert.equal(await page.locator('#explain').isDisabled(), true);
  assert.equal(await page.locator('#add-model').isVisible(), false);
  await stopServer(server);
  await rm(folder, { recursive: true });
});

test('one of several streams is chosen', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  const configuration = join(folder, 'server.conf');
  await writeFile(configuration, '[stream faces]\nsource=sample\n'
    + '[stream nobody]\nsource=test\nsize=320x240\n');
  const server = await startServer(`--config=${configuration}`);
  const page = await openPage(browser, server.url);
  await until(page, hasFace);
  const names = await page.$$eval('#stream option', (all) => all.map((item) => item.text));
  assert.deepEqual(names, ['faces', 'nobody']);
  await page.selectOption('#stream', { label: 'nobody' });
  await page.waitForURL('**/nobody/');
  await until(page, () => window.activationmap?.shown?.frame.resolution.width === 320);
  assert.equal(await page.locator('#stream option:checked').innerText(), 'nobody');
  assert.deepEqual(page.faults, []);
  await stopServer(server);
  await rm(folder, { recursive: true });
});

test('nothing went wrong, and nothing was asked of others', async ({ page, other }) => {
  assert.deepEqual([...page.faults, ...other.faults], []);
});

/** Stops at a picture with two faces, while the page goes on to say "live". */
function holdAtTwoFaces() {
  const { shown, playback: { connection } } = window.activationmap;
  if (shown?.frame.objects.length === 2 && shown.subject) connection.hold();
  return connection.isHeld;
}

async function takePictures(browser) {
  const server = await startServer();
  const looks = [['page', 1366, 900, 'dark'], ['page-light', 1366, 900, 'light'],
    ['page-phone', 390, 844, 'dark']];
  for (const [name, width, height, colorScheme] of looks) {
    const page = await openPage(browser, server.url,
      { viewport: { width, height }, colorScheme });
    await until(page, hasFace);
    if (name === 'page') {
      await page.evaluate(() => window.activationmap.select('max_pooling2d_3', 16));
    }
    await page.waitForTimeout(1500);
    await until(page, holdAtTwoFaces);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(pictures, `${name}.png`) });
    await page.context().close();
  }
  await stopServer(server);
}

await runTests(tests, { peers, pages: 2, finish: pictures ? takePictures : undefined });
