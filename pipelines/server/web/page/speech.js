// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What screen readers say. Of words that change faster than they can be said,
// only the last ones are.

const INTERVAL = 4000; // ms

export class Speech {
  /** @param node an element that screen readers follow */
  constructor(node) {
    this.node = node;
    this.earliest = 0;
  }

  say(words) {
    this.words = words;
    if (this.timer || words === this.node.textContent) return;
    this.timer = setTimeout(() => this.speak(), this.earliest - performance.now());
  }

  speak() {
    this.timer = null;
    if (this.words === this.node.textContent) return;
    this.earliest = performance.now() + INTERVAL;
    this.node.textContent = this.words;
  }
}
