// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What a picture goes through, with the time that each stage takes.

const AVERAGE = 0.1;
const TEXTS = {
  faces: 'Find faces',
  network: 'Run the network',
  jpeg: 'Encode',
  transfer: 'Send',
  draw: 'Draw',
};

export class Stages {
  constructor(list) {
    this.list = list;
    this.times = new Map();
    this.roundTrip = 0;
  }

  note(name, time) {
    const old = this.times.get(name);
    this.times.set(name, old === undefined ? time : old + AVERAGE * (time - old));
  }

  /** How long an answer takes, so half of it is the way here. */
  async measureRoundTrip() {
    const start = performance.now();
    await fetch('../healthz', { method: 'HEAD' }).catch(() => null);
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
    if (time - (this.textTime || 0) < 500) return;
    this.textTime = time;
    const { width, height } = message.frame.resolution;
    const items = [['Picture', `${width}×${height}`],
      ...Object.entries(TEXTS).map(([name, text]) =>
        [text, `${(this.times.get(name) || 0).toFixed(1)} ms`]),
      ['Seen after', `${this.times.get('total').toFixed(0)} ms`]];
    while (this.list.children.length < items.length) this.list.append(this.makeItem());
    items.forEach(([text, value], index) => {
      const [name, figure] = this.list.children[index].children;
      if (name.textContent !== text) name.textContent = text;
      figure.textContent = value;
    });
  }

  makeItem() {
    const item = document.createElement('li');
    item.append(document.createElement('span'), document.createElement('b'));
    return item;
  }
}
