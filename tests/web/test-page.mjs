// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Tests the page of activationmap-server in a headless Chromium, and prints TAP.
//
//   test-page.mjs PEERS [PICTURES]
//
// Needs Debian's chromium, and playwright-core, which "npm install" puts into
// PEERS/node_modules. With PICTURES, leaves pictures of the page in that folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [peers, pictures] = process.argv.slice(2);
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const TIMEOUT = 60000;

const tests = [];
const test = (name, run) => tests.push({ name, run });

async function findPlaywright() {
  const file = join(peers, 'node_modules/playwright-core/index.mjs');
  if (!CHROMIUM) throw new Error('there is no Chromium (apt-get install chromium)');
  if (!existsSync(file)) {
    throw new Error(`there is no ${file} (npm install --prefix ${peers} playwright-core)`);
  }
  return (await import(pathToFileURL(file))).chromium;
}

/** Starts the server; resolves with the URL of its page. */
async function startServer(...options) {
  const child = spawn(process.env.ACTIVATIONMAP_SERVER, ['--port=0', '--http-port=0',
    '--source=sample', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Page: ')) return { child, url: line.slice(6) };
  }
  throw new Error('the server does not start');
}

/** Runs a function in the page until it returns something, and returns that. */
async function until(page, run, argument) {
  const end = Date.now() + TIMEOUT;
  for (;;) {
    const result = await page.evaluate(run, argument);
    if (result) return result;
    assert(Date.now() < end, `in vain: ${run}`);
    await page.waitForTimeout(50);
  }
}

const hasFace = () => Boolean(window.activationmap?.shown?.subject?.explanation);

async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 },
    ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('request', (request) => {
    if (!/^(https?:\/\/127\.0\.0\.1|blob:)/.test(request.url())) {
      page.faults.push(`asked for ${request.url()}`);
    }
  });
  await page.goto(url);
  return page;
}

/** Goes one picture on; returns its number. */
async function goOn(page) {
  const number = () => page.evaluate(() => window.activationmap.shown.sequence);
  const old = await number();
  await page.keyboard.press('.');
  await until(page, (sequence) => window.activationmap.shown.sequence > sequence, old);
  return number();
}

/** Freezes at a picture with a face, whose maps are exact. */
async function freezeAtFace(page) {
  await until(page, () => {
    const { shown } = window.activationmap;
    return shown?.subject && shown.frame.objects.length > 0;
  });
  await page.click('#freeze');
  await until(page, () => window.activationmap.connection.isHeld);
  for (let step = 0; !await page.evaluate(hasFace); step++) {
    assert(step < 200, 'no face');
    await goOn(page);
  }
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

test('the pointer shows the value of the metadata', async ({ page }) => {
  await freezeAtFace(page);
  const tile = page.locator('.layer').nth(1).locator('.tile').nth(7);
  const box = await tile.boundingBox();
  // The middle of the cell in row 3 and column 8 of 12.
  await page.mouse.move(box.x + box.width * 8.5 / 12, box.y + box.height * 3.5 / 12);
  const text = await page.locator('#tip').innerText();
  const { value, field } = await page.evaluate(() => {
    const { shown, fields } = window.activationmap;
    const layer = shown.subject.layers[1];
    return { value: layer.values[(3 * 12 + 8) * 32 + 7],
      field: fields.find(layer.name, 3, 8, shown.subject.area) };
  });
  const digits = Number(text.match(/\n([\d.]+) at row 3, column 8/)[1]);
  assert(Math.abs(digits - value) <= 0.005 * Math.max(1, value), `${digits}, ${value}`);
  assert.match(text, new RegExp(`sees ${Math.round(field.width)}×`));
  await page.mouse.move(5, 5);
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
  assert.equal(await number(), frozen);
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

test('maps are saved for numpy as they are', async ({ page }) => {
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.click('#save-npz')]);
  const file = await readFile(await download.path());
  const maps = await page.evaluate(() => [...window.activationmap.shown.subject
    .layers[0].values]);
  const values = readArray(file, 'conv2d_1.npy', '(25, 25, 16,)');
  assert.deepEqual([...values], maps);
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
  assert.match(await other.locator('#change').innerText(), /without 1 channel/);
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
  await until(page, () => window.activationmap.palette[255] === 0xffbffdfc);
  assert.notEqual(await other.evaluate(() => window.activationmap.palette[255]),
    0xffbffdfc);
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
  await page.keyboard.press('Escape');
  const unnamed = await page.$$eval('button, select, input, canvas:not([aria-hidden])',
    (all) => all.filter((item) => !item.getAttribute('aria-label') && !item.title
      && !item.labels?.length && !item.innerText).map((item) => item.outerHTML));
  assert.deepEqual(unnamed, []);
});

test('it fits a phone', async ({ browser, server }) => {
  const page = await openPage(browser, server.url, { hasTouch: true,
    viewport: { width: 360, height: 740 } });
  await until(page, hasFace);
  await page.waitForTimeout(300);
  const [width, columns] = await page.evaluate(() =>
    [document.documentElement.scrollWidth,
      [...document.querySelectorAll('.tiles canvas')].map((canvas) =>
        canvas.getBoundingClientRect().right)]);
  assert.equal(width, 360);
  assert(columns.every((right) => right <= 360), `${columns}`);
  await page.locator('.tile').first().tap();
  await page.locator('#inspector').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('who is not known sees nothing, and a viewer changes nothing', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  const users = join(folder, 'users');
  const { createHash } = await import('node:crypto');
  const { writeFile } = await import('node:fs/promises');
  const ha1 = createHash('md5').update('vera:activationmap:secret').digest('hex');
  await writeFile(users, `vera:activationmap:${ha1}\n`, { mode: 0o600 });
  const server = await startServer(`--users=${users}`);
  const stranger = await browser.newPage();
  const answer = await stranger.goto(server.url).catch(() => null);
  assert(!answer || answer.status() === 401);
  assert.equal(await stranger.locator('#picture').count(), 0);
  const page = await openPage(browser, server.url,
    { httpCredentials: { username: 'vera', password: 'secret' } });
  await until(page, hasFace);
  assert.equal(await page.locator('#explain').isDisabled(), true);
  await Promise.all([stranger.close(), page.context().close()]);
  server.child.kill('SIGTERM');
  await rm(folder, { recursive: true });
});

test('nothing went wrong, and nothing was asked of others', async ({ page, other }) => {
  assert.deepEqual([...page.faults, ...other.faults], []);
});

/** Stops at a picture with two faces, while the page goes on to say "live". */
function holdAtTwoFaces() {
  const { shown, connection } = window.activationmap;
  if (shown?.frame.objects.length === 2 && shown.subject) connection.hold();
  return connection.isHeld;
}

async function takePictures(browser, url) {
  const looks = [['page', 1366, 980, 'dark'], ['page-light', 1366, 900, 'light'],
    ['page-phone', 390, 844, 'dark']];
  for (const [name, width, height, colorScheme] of looks) {
    const page = await openPage(browser, url, { viewport: { width, height }, colorScheme });
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
}

async function main() {
  let chromium;
  try {
    chromium = await findPlaywright();
  } catch (reason) {
    console.log(`1..0 # SKIP ${reason.message}`);
    return;
  }
  const server = await startServer();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const [page, other] = await Promise.all([openPage(browser, server.url),
    openPage(browser, server.url)]);
  console.log(`1..${tests.length}`);
  for (const [index, { name, run }] of tests.entries()) {
    try {
      await run({ browser, server, page, other });
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`# ${String(error.stack).replaceAll('\n', '\n# ')}`);
      console.log(`not ok ${index + 1} - ${name}`);
    }
  }
  if (pictures) await takePictures(browser, server.url);
  await browser.close();
  server.child.kill('SIGTERM');
}

await main();
