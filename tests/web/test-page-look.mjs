// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Tests how the page of activationmap-server fits windows, people and trouble, in
// a headless Chromium, and prints TAP.
//
//   test-page-look.mjs PEERS

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freezeAtFace, goOn, hasFace, openPage, runTests, startServer, stopServer, until }
  from './page-tools.mjs';

const [peers] = process.argv.slice(2);
const PHONE = { hasTouch: true, viewport: { width: 390, height: 844 }, deviceScaleFactor: 3 };

const tests = [];
const test = (name, run) => tests.push({ name, run });

/** Where the maps of all layers are: {width of the page, lists of boxes}. */
function measureMaps() {
  return { width: document.documentElement.scrollWidth,
    maps: [...document.querySelectorAll('.tiles canvas')].map((canvas) =>
      canvas.getBoundingClientRect().toJSON()),
    tiles: [...document.querySelectorAll('.tile')].map((tile) =>
      tile.getBoundingClientRect().toJSON()) };
}

/** Whether the maps that can be seen are drawn where the tiles are. */
const isDrawn = () => [...window.activationmap.explorer.rows.values()].every((row) =>
  row.maps.isDrawn === row.isVisible && Math.abs(row.maps.canvas.getBoundingClientRect().right
    - Math.max(...row.buttons.map((tile) => tile.getBoundingClientRect().right))) < 1);

/** Waits until all tiles stand where they will stay. */
async function settle(page) {
  await until(page, isDrawn);
  await page.evaluate(() => new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

test('tiles fill the width, and all layers the height', async ({ page }) => {
  await until(page, hasFace);
  const faults = await page.evaluate(async () => {
    const { arrange } = await import('./arrangement.js');
    const found = [];
    let seed = 1;
    const random = (least, most) => {
      seed = seed * 48271 % 2147483647;
      return least + seed % (most - least + 1);
    };
    for (let round = 0; round < 500; round++) {
      const layers = Array.from({ length: random(1, 8) }, () =>
        ({ tiles: random(1, 64), width: random(1, 64), height: random(1, 64) }));
      const [room, rest] = [random(200, 1600), random(100, 2000)];
      const placed = arrange(layers, room, rest);
      const total = placed.reduce((sum, { total: height }) => sum + height, 0);
      const isWide = placed.some(({ columns, pitch, width }) =>
        (columns - 1) * pitch + width > room + 0.01);
      const isSmall = placed.some(({ columns, width, height }) =>
        columns > 1 && Math.max(width, height) < 20);
      const scrolled = arrange(layers, room, 0);
      const isRight = total <= rest || JSON.stringify(placed) === JSON.stringify(scrolled);
      if (isWide || isSmall || !isRight) found.push({ layers, room, rest });
    }
    return found.slice(0, 1);
  });
  assert.deepEqual(faults, []);
});

test('on a phone all layers are a glance away', async ({ browser, server }) => {
  const page = await openPage(browser, server.url, PHONE);
  await until(page, hasFace);
  await settle(page);
  const { width, maps, tiles } = await page.evaluate(measureMaps);
  assert.equal(width, 390);
  assert.equal(maps.length, 3);
  assert(maps.every(({ right, bottom }) => right <= 390 && bottom <= 844),
    JSON.stringify(maps));
  // A finger meets 24 pixels, with the gap to the next tile.
  assert(tiles.every((tile) => tile.width >= 22 && tile.height >= 22));
});

test('on a phone an enlarged channel does not hide its tile', async ({ browser, server }) => {
  const page = await openPage(browser, server.url, PHONE);
  await until(page, hasFace);
  await settle(page);
  const tile = page.locator('.layer').nth(2).locator('.tile').nth(30);
  await tile.tap();
  await page.locator('#inspector').waitFor();
  const [box, sheet] = [await tile.boundingBox(),
    await page.locator('#inspector').boundingBox()];
  assert(box.y + box.height <= sheet.y, `${JSON.stringify(box)} ${JSON.stringify(sheet)}`);
  assert(sheet.height <= 844 / 2);
  await tile.tap();
  await until(page, () => window.activationmap.shown?.subject?.knock_outs.length === 1);
  await page.locator('#inspector .knock').tap();
  await until(page, () => window.activationmap.shown?.subject?.knock_outs.length === 0);
  assert.deepEqual(page.faults, []);
});

test('an enlarged channel moves no tile', async ({ page }) => {
  await settle(page);
  const { tiles } = await page.evaluate(measureMaps);
  await page.locator('.layer').nth(2).locator('.tile').nth(3).click();
  await page.locator('#inspector').waitFor();
  await page.waitForTimeout(200);
  assert.deepEqual((await page.evaluate(measureMaps)).tiles, tiles);
  const sheet = await page.locator('#inspector').boundingBox();
  assert(Math.max(...tiles.map(({ bottom }) => bottom)) <= sheet.y);
  await page.keyboard.press('Escape');
});

test('the keyboard goes from cell to cell', async ({ page }) => {
  await until(page, hasFace);
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.activationmap.select('max_pooling2d_3', 1));
  await page.focus('#inspector .map');
  const last = await page.evaluate(() => window.activationmap.inspector.layer.width - 1);
  const go = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
    const [{ row, column }, ...texts] = await page.evaluate(() => [window.activationmap.cell,
      document.querySelector('#inspector .unseen').textContent,
      document.getElementById('tip').textContent]);
    for (const text of texts) {
      assert(text.startsWith('conv2d_3, channel 1\n'), text);
      assert(text.includes(` at row ${row}, column ${column}`), `${row} ${column} ${text}`);
    }
    return [row, column];
  };
  const [row] = await go('ArrowUp'); // the strongest cell
  assert.deepEqual(await go('Home'), [row, 0]);
  assert.deepEqual(await go('ArrowLeft', 'ArrowRight', ...Array(last).fill('ArrowUp')), [0, 1]);
  assert.deepEqual(await go('End', 'ArrowDown'), [1, last]);
  await page.keyboard.press('Escape');
  assert(await page.locator('#tip').isHidden());
});

test('sums that are written out are of the same picture', async ({ page }) => {
  await until(page, hasFace);
  await page.evaluate(() => window.activationmap.select(
    window.activationmap.shown.subject.explanation.layer, 2));
  const pairs = await page.evaluate(async () => {
    const found = new Set();
    for (let frame = 0; frame < 90; frame++) {
      await new Promise(requestAnimationFrame);
      const [share, equation] = ['#inspector .share', '#equation'].map((place) =>
        document.querySelector(place).textContent);
      if (equation.includes('= ')) { // there is a face
        found.add(`${share.match(/(\S+) in all/)?.[1]} ${equation.split('= ')[1]}`);
      }
    }
    return [...found];
  });
  assert(pairs.length > 1, `${pairs}`);
  for (const pair of pairs) assert.equal(pair.split(' ')[0], pair.split(' ')[1]);
  await page.keyboard.press('Escape');
});

test('nothing is wider than the window', async ({ browser, server }) => {
  const page = await openPage(browser, server.url);
  await until(page, hasFace);
  for (const [width, height] of [[320, 480], [500, 300], [820, 400], [821, 500], [1024, 768],
    [1440, 900], [2560, 1440]]) {
    await page.setViewportSize({ width, height });
    await settle(page);
    const { width: whole, maps } = await page.evaluate(measureMaps);
    assert(whole <= width, `${whole} of ${width}`);
    assert(maps.every(({ right }) => right <= width), `${width}: ${JSON.stringify(maps)}`);
    await page.evaluate(() => window.activationmap.select('max_pooling2d_2', 3));
    assert(await page.evaluate(() => document.documentElement.scrollWidth) <= width);
    await page.keyboard.press('Escape');
  }
});

test('a frozen picture follows the window', async ({ page }) => {
  await freezeAtFace(page);
  await settle(page);
  const before = await page.evaluate(measureMaps);
  await page.setViewportSize({ width: 1000, height: 700 });
  await until(page, () => document.querySelector('.tiles canvas').getBoundingClientRect()
    .right <= 1000);
  await settle(page);
  const after = await page.evaluate(measureMaps);
  assert(after.maps[1].width < before.maps[1].width);
  await page.setViewportSize({ width: 1366, height: 900 });
  await settle(page);
});

test('figures are those of the frozen picture', async ({ page }) => {
  for (let step = 0; step < 6; step++) {
    await goOn(page);
    if (!await page.evaluate(hasFace)) continue;
    const [shown, right, summary, range] = await page.evaluate(async () => {
      const { formatNumber, formatSigned } = await import('./format.js');
      const { explanation, layers } = window.activationmap.shown.subject;
      return [document.getElementById('equation').textContent,
        formatSigned(explanation.logit), document.querySelector('.layer small').textContent,
        layers[0].findExtremes().map(formatNumber).join(' to ')];
    });
    assert(shown.endsWith(`= ${right}`), `${shown}, ${right}`);
    assert.equal(summary.split(' · ')[2], range); // "silent" may follow
  }
  await page.click('#freeze');
});

/** Whether each row has pixels, and whether it can be seen. */
const countPixels = () => [...window.activationmap.explorer.rows.values()].map((row) =>
  [row.maps.canvas.width * row.maps.atlas.width > 0, row.isVisible]);

test('rows out of sight hold no pixels', async ({ browser, server }) => {
  const page = await openPage(browser, server.url, { viewport: { width: 500, height: 300 } });
  await until(page, hasFace);
  await page.evaluate(() => window.scrollTo(0, 0));
  await until(page, `(${countPixels})().at(-1).join() === 'false,false'`);
  await page.evaluate(() => document.querySelector('.layer:last-child').scrollIntoView());
  await until(page, `(${countPixels})().at(-1).join() === 'true,true'`);
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.evaluate(() => document.getElementById('save-png').click())]);
  assert((await readFile(await download.path())).readUInt32BE(20) > 480, 'all rows');
  const held = await page.evaluate(countPixels);
  assert(held.every(([has, isVisible]) => has === isVisible), `${held}`);
});

/** The roles whose nodes in the browser's tree for screen readers need a name. */
const NAMED = ['button', 'combobox', 'slider', 'checkbox', 'image', 'region', 'group',
  'complementary', 'dialog', 'list'];

test('all that can be used has a name for screen readers', async ({ page }) => {
  await page.evaluate(() => window.activationmap.select('max_pooling2d_3', 2));
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const seen = nodes.filter(({ ignored, role }) => !ignored && NAMED.includes(role?.value));
  const unnamed = seen.filter(({ name }) => !name?.value.trim());
  assert.deepEqual(unnamed.map(({ role }) => role.value), []);
  assert(seen.length > 100, `${seen.length}`);
  await page.keyboard.press('Escape');
  await session.detach();
});

test('a tile says that it is knocked out', async ({ page }) => {
  await page.evaluate(() => window.activationmap.toggle('max_pooling2d_3', 4));
  const name = () => document.querySelectorAll('.layer')[2].querySelectorAll('.tile')[4]
    .getAttribute('aria-label');
  await until(page, `(${name})() === 'conv2d_3, channel 4, knocked out'`);
  await page.keyboard.press('r');
  await until(page, `(${name})() === 'conv2d_3, channel 4'`);
});

/** Texts that are too faint, by WCAG 2.2, 1.4.3: [text, ratio]. */
function findFaintTexts() {
  const parse = (color) => color.match(/[\d.]+/g).map((part, index) =>
    (color.startsWith('color(') && index < 3 ? 255 : 1) * Number(part));
  const luminance = (rgb) => rgb.map((value) => value / 255).map((value) =>
    (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const findGround = (node) => {
    for (let element = node; element; element = element.parentElement) {
      const [red, green, blue, alpha = 1] = parse(getComputedStyle(element).backgroundColor);
      if (alpha === 1) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const { parentElement: node, textContent } = walker.currentNode;
    const isOff = node.closest(':disabled, #no-signal, option, .unseen, script')
      || !node.checkVisibility();
    if (isOff || !textContent.trim()) continue;
    const pair = [parse(getComputedStyle(node).color).slice(0, 3), findGround(node)]
      .map(luminance).sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) faint.push([textContent.trim(), ratio]);
  }
  return faint;
}

test('texts stand out, in light and dark', async ({ browser, server }) => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await openPage(browser, server.url, { colorScheme });
    await until(page, hasFace);
    await page.evaluate(() => {
      window.activationmap.notify('trouble');
      window.activationmap.select('max_pooling2d_3', 2);
    });
    assert.deepEqual(await page.evaluate(findFaintTexts), []);
    await page.context().close();
  }
});

test('lists stay up to date for who has used them', async ({ browser, server, page }) => {
  const other = await openPage(browser, server.url);
  await page.focus('#explain');
  await page.keyboard.press('ArrowDown');
  const chosen = await page.evaluate(() => [document.activeElement.id,
    document.activeElement.value]);
  assert.equal(chosen[0], 'explain');
  assert.notEqual(chosen[1], 'hires-cam');
  await until(other, (value) => document.getElementById('explain').value === value,
    chosen[1]);
  await other.selectOption('#explain', 'hires-cam');
  await until(page, () => document.getElementById('explain').value === 'hires-cam');
});

test('a layer that is too large says so', async ({ browser, server }) => {
  const page = await openPage(browser, server.url);
  await until(page, hasFace);
  await page.evaluate(() => {
    const { playback } = window.activationmap;
    const { decoded } = playback.handlers;
    playback.handlers.decoded = (message, bitmap) => {
      const layer = message.subject?.layers[0];
      if (layer) Object.assign(layer, { values: null, omitted: true });
      decoded(message, bitmap);
    };
  });
  const row = page.locator('.layer').first();
  await until(page, () => document.querySelector('.layer').matches('.omitted'));
  assert.match(await row.innerText(), /too large for the page/);
  assert(!await row.locator('.tiles').isVisible());
  assert(await page.locator('.layer .tiles').nth(1).isVisible());
  await page.context().close();
});

test('a face that has gone is named', async ({ page }) => {
  await until(page, hasFace);
  await page.evaluate(() => window.activationmap.chooseFace(4711));
  await until(page, () => document.getElementById('answer').textContent === 'No face no. 4711');
  assert.equal(await page.locator('#face option:checked').innerText(), 'no. 4711, gone');
  await page.selectOption('#face', '');
  await until(page, hasFace);
});

const LABELS = ['<img src=x onerror="window.stung = true"><b>bold</b>',
  `كلب ذهبي \u202e${'a very long name of a class '.repeat(20)}`];

test('names of classes are shown as they are', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  await cp(join(process.env.GST_ACTIVATIONMAP_MODEL_DIR, 'gender'), join(folder, 'odd'),
    { recursive: true });
  await writeFile(join(folder, 'odd', 'labels.txt'), `${LABELS.join('\n')}\n`);
  const server = await startServer(`--property=model=${join(folder, 'odd')}`);
  const page = await openPage(browser, server.url, PHONE);
  await until(page, hasFace);
  await until(page, () => document.querySelectorAll('#explain-class option').length === 3);
  const names = await page.$$eval('.class .name', (all) => all.map((name) => name.textContent));
  assert.deepEqual(names.sort(), LABELS.map((label) => label.trim()).sort());
  const { stung, images, width } = await page.evaluate(() => ({ stung: Boolean(window.stung),
    images: document.querySelectorAll('main img').length,
    width: document.documentElement.scrollWidth }));
  assert.deepEqual({ stung, images, width }, { stung: false, images: 0, width: 390 });
  assert.deepEqual(page.faults, []);
  await stopServer(server);
  await rm(folder, { recursive: true });
});

test('a server that has gone is missed, and found again', async ({ browser }) => {
  const first = await startServer();
  const page = await openPage(browser, first.url);
  await until(page, hasFace);
  await page.evaluate(() => window.activationmap.select('max_pooling2d_3', 5));
  await stopServer(first);
  await until(page, () => document.getElementById('no-signal').checkVisibility()
    && document.getElementById('no-signal').textContent === 'No connection');
  assert.equal(await page.evaluate(() => document.getElementById('status').classList
    .contains('live')), false);
  // It comes back with other layers.
  const second = await startServer(`--http-port=${new URL(first.url).port}`,
    '--property=layers=max_pooling2d_2');
  await until(page, () => document.querySelectorAll('.layer').length === 1 && !document
    .getElementById('no-signal').checkVisibility());
  await until(page, () => document.getElementById('inspector').hidden);
  const faults = page.faults.filter((fault) => !/fetch/.test(fault));
  assert.deepEqual(faults, []);
  await stopServer(second);
});

test('nothing went wrong', async ({ page }) => {
  assert.deepEqual(page.faults, []);
});

await runTests(tests, { peers });
