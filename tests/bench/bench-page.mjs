// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Measures how old the pictures are that the page of activationmap-server shows:
// from the source's stamp until the browser has painted picture and maps.
//
//   meson devenv -C build node ../tests/bench/bench-page.mjs build/peers [SECONDS]
//
// In Chromium, of Debian, by playwright-core in the folder that is named. Pictures
// come 30 times a second. Prints a line of Markdown.

import { findPlaywright, hasFace, launch, openPage, startServer, stopServer, until }
  from '../web/page-tools.mjs';

const [peers, seconds = '20'] = process.argv.slice(2);

/** Notes for each picture its age when it came and how long it took to be seen, in
 * ms. The message of a channel comes after what is drawn in a frame is painted. */
function watch() {
  const { playback } = window.activationmap;
  const { shown } = playback.handlers;
  window.ages = [];
  playback.handlers.shown = (message) => {
    shown(message);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.ages.push(
        message.age + performance.now() - message.received);
      port2.postMessage(null);
    });
  };
}

function quantile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

const browser = await launch(await findPlaywright(peers));
const server = await startServer('--fps=30');
const page = await openPage(browser, server.url);
await until(page, hasFace);
await page.evaluate(watch);
await page.waitForTimeout(Number(seconds) * 1000);
const ages = (await page.evaluate(() => window.ages)).sort((a, b) => a - b);
console.log(`| ${ages.length} pictures in ${seconds} s | p50 `
  + `${quantile(ages, 0.5).toFixed(1)} ms | p95 ${quantile(ages, 0.95).toFixed(1)} ms |`);
await stopServer(server);
await browser.close();
