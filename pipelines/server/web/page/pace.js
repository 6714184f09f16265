// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What people read changes less often than what they only see. Of a picture
// that stands still all is said at once.

export class Pace {
  /** @param interval in ms */
  constructor(interval) {
    this.interval = interval;
    this.restart();
  }

  restart() {
    this.last = -Infinity;
  }

  /** Whether it is time, at the moment {time, isStill} of a picture. */
  isDue({ time, isStill }) {
    if (!isStill && Math.abs(time - this.last) < this.interval) return false;
    this.last = time;
    return true;
  }
}
