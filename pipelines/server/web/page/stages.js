// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What a picture goes through, with the time that each stage takes.

import { Pace } from './pace.js';

const AVERAGE = 0.1;
const TEXT_INTERVAL = 500; // ms
const TEXTS = {
  faces: 'Find faces',
  network: 'Run network',
  jpeg: 'Encode',
  transfer: 'Send',
  draw: 'Draw',
};

function formatTime(ms) {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

export class Stages {
  constructor(list) {
    this.list = list;
    this.times = new Map();
    this.roundTrip = 0;
    this.pace = new Pace(TEXT_INTERVAL);
  }

  note(name, time) {
    const old = this.times.get(name);
    this.times.set(name, old === undefined ? time : old + AVERAGE * (time - old));
  }

  /** How long an answer takes, so half of it is the way here. */
  async measureRoundTrip() {
    const start = performance.now();
    if (!await fetch('../healthz', { method: 'HEAD' }).catch(() => null)) return;
    const time = performance.now() - start;
    this.roundTrip = this.roundTrip ? Math.min(this.roundTrip * 1.2, time) : time;
  }

  /** Takes the times of a picture that has been drawn. Returns its age in ms,
   * from when it was taken. */
  take(message, drawn) {
    for (const { name, ms } of message.stages) this.note(name, ms);
    const drawing = drawn - message.received;
    this.note('transfer', this.roundTrip / 2);
    this.note('draw', drawing);
    const age = message.age + this.roundTrip / 2 + drawing;
    this.note('total', age);
    this.show(message, drawn);
    return age;
  }

  show(message, time) {
    if (!this.pace.isDue({ time })) return;
    const { width, height } = message.frame.resolution;
    const items = [['Picture', `${width}×${height}`],
      ...Object.entries(TEXTS).map(([name, text]) =>
        [text, formatTime(this.times.get(name) || 0)]),
      ['Seen after', formatTime(this.times.get('total'))]];
    while (this.list.children.length < items.length) this.list.append(this.makeItem());
    items.forEach(([text, value], index) => {
      const [name, figure] = this.list.children[index].firstChild.children;
      if (name.textContent !== text) name.textContent = text;
      figure.textContent = value;
    });
  }

  makeItem() {
    const [item, box] = ['li', 'div'].map((tag) => document.createElement(tag));
    box.append(document.createElement('span'), document.createElement('b'));
    item.append(box);
    return item;
  }
}
