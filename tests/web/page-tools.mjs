// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Servers and browsers for the tests of the page of activationmap-server.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const TIMEOUT = 60000;

/** @param peers the folder in which playwright-core is installed */
export async function findPlaywright(peers) {
  const file = join(peers, 'node_modules/playwright-core/index.mjs');
  if (!CHROMIUM) throw new Error('there is no Chromium (apt-get install chromium)');
  if (!existsSync(file)) {
    throw new Error(`there is no ${file} (npm install --prefix ${peers} playwright-core)`);
  }
  return (await import(pathToFileURL(file))).chromium;
}

/** Starts the server, by default with the sample; resolves with it and the URL of
 * its page. */
export async function startServer(...options) {
  const source = options.some((option) => /^--(config|source)/.test(option))
    ? [] : ['--source=sample'];
  const port = options.some((option) => option.startsWith('--http-port'))
    ? [] : ['--http-port=0'];
  const program = process.env.ACTIVATIONMAP_SERVER ?? 'activationmap-server';
  const child = spawn(program, ['--port=0', ...port, ...source, ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill('SIGKILL'));
  process.once('SIGTERM', () => process.exit(1));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Page: ')) return { child, url: line.slice(6) };
  }
  throw new Error('the server does not start');
}

/** Ends a server; resolves once it has. */
export async function stopServer({ child }) {
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  child.kill('SIGTERM');
  await ended;
}

/** Runs a function in the page until it returns something, and returns that. */
export async function until(page, run, argument) {
  const end = Date.now() + TIMEOUT;
  for (;;) {
    const result = await page.evaluate(run, argument);
    if (result) return result;
    assert(Date.now() < end, `in vain: ${run}`);
    await page.waitForTimeout(50);
  }
}

export const hasFace = () => Boolean(window.activationmap?.shown?.subject?.explanation);

/** Counts pictures that are decoded and not closed. */
function countBitmaps() {
  window.openBitmaps = 0;
  const { createImageBitmap } = window;
  const { close } = ImageBitmap.prototype;
  window.createImageBitmap = async (...parameters) => {
    const bitmap = await createImageBitmap(...parameters);
    window.openBitmaps++;
    return bitmap;
  };
  ImageBitmap.prototype.close = function closeAndCount() {
    window.openBitmaps--;
    close.call(this);
  };
}

/** Without a GPU, Chromium would compute what one does, which costs more. */
export const launch = (chromium) => chromium.launch({ executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'] });

export async function openPage(browser, url, options = {}) {
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
  await page.addInitScript(countBitmaps);
  await page.goto(url);
  return page;
}

/** Goes one picture on; returns its number. */
export async function goOn(page) {
  const number = () => page.evaluate(() => window.activationmap.shown.sequence);
  const old = await number();
  await page.keyboard.press('.');
  await until(page, (sequence) => window.activationmap.shown.sequence > sequence, old);
  return number();
}

/** Freezes at another picture with a face, whose maps are exact. */
export async function freezeAtFace(page) {
  if (await page.evaluate(() => window.activationmap.playback.isFrozen)) {
    await page.click('#freeze');
  }
  await until(page, () => {
    const { shown } = window.activationmap;
    return shown?.subject && shown.frame.objects.length > 0;
  });
  await page.click('#freeze');
  await until(page, () => window.activationmap.playback.connection.isHeld);
  for (let step = 0; !await page.evaluate(hasFace); step++) {
    assert(step < 200, 'no face');
    await goOn(page);
  }
}

/** Runs tests [{name, run}] with a server and a browser, and prints TAP.
 * @param pages so many are open in all tests @param finish called after all tests */
export async function runTests(tests, { peers, pages = 1, finish = () => null }) {
  let chromium;
  try {
    chromium = await findPlaywright(peers);
  } catch (reason) {
    console.log(`1..0 # SKIP ${reason.message}`);
    return;
  }
  const server = await startServer('--fps=10'); // so that busy machines keep up
  const browser = await launch(chromium);
  const [page, other] = await Promise.all(Array.from({ length: pages }, () =>
    openPage(browser, server.url)));
  const kept = browser.contexts();
  const seen = {}; // what a test leaves to the next one
  console.log(`1..${tests.length}`);
  for (const [index, { name, run }] of tests.entries()) {
    try {
      await run({ browser, server, page, other, seen });
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`# ${String(error.stack).replaceAll('\n', '\n# ')}`);
      console.log(`not ok ${index + 1} - ${name}`);
    }
    // Pages that a test has opened do not slow down the next one.
    await Promise.all(browser.contexts().filter((context) => !kept.includes(context))
      .map((context) => context.close()));
  }
  await stopServer(server);
  await finish(browser);
  await browser.close();
  process.exit(); // and with it servers that a test that failed has left
}
