// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The last pictures, to step back through. They are kept as they came: one that
// is decoded takes as much memory as a hundred of those.

const MOST_PICTURES = 60;
const MOST_BYTES = 64 * 1024 * 1024;

export class History {
  constructor() {
    this.messages = [];
    this.position = -1; // of the one that is shown
  }

  get isAtStart() {
    return this.position <= 0;
  }

  get isAtEnd() {
    return this.position === this.messages.length - 1;
  }

  /** Adds the picture that is shown. */
  keep(message) {
    this.messages.push(message);
    let bytes = this.messages.reduce((sum, item) => sum + item.bytes, 0);
    while (this.messages.length > MOST_PICTURES
        || (bytes > MOST_BYTES && this.messages.length > 1)) {
      bytes -= this.messages.shift().bytes;
    }
    this.position = this.messages.length - 1;
  }

  /** Goes back (-1) or on (1); returns the picture there. */
  go(step) {
    this.position = Math.min(Math.max(this.position + step, 0), this.messages.length - 1);
    return this.messages[this.position];
  }
}
