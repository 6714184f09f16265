// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Which picture is shown: the newest one, or after a freeze one that is chosen
// step by step.

import { Connection } from './connection.js';
import { History } from './history.js';

// Pictures after which a change of the network is not waited for any longer.
const MOST_STEPS = 60;
const MOST_TRIES = 10; // for a picture with exact maps

export class Playback {
  /** @param handlers {decoded(message, bitmap), shown(message), changed(),
   *   state(text, isLive), session(session)} */
  constructor(handlers) {
    this.handlers = handlers;
    this.history = new History();
    this.isFrozen = false;
    this.ahead = []; // pictures that came after the stream was held
    this.arrivals = []; // called when one more has come
    this.waiting = []; // called with the next picture that is shown
    this.pending = null;
    this.connection = new Connection({
      message: (message) => this.receive(message),
      state: handlers.state,
      session: handlers.session,
    });
  }

  /** Of pictures that come while one is decoded, only the newest is shown. */
  async receive(message) {
    if (this.connection.isHeld) {
      this.ahead.push(message);
      this.wakeUp();
      return;
    }
    if (this.pending) {
      if (this.next) this.connection.acknowledge(this.next.token);
      this.next = message;
      return;
    }
    this.pending = message;
    await this.showNew(message);
    this.pending = null;
    if (this.next) {
      const { next } = this;
      this.next = null;
      this.receive(next);
    }
  }

  async showNew(message) {
    try {
      if (await this.show(message)) {
        this.history.keep(message);
        this.handlers.changed();
        this.handlers.shown(message);
      }
    } catch (error) {
      console.error(error);
    }
    this.connection.acknowledge(message.token);
    for (const resolve of this.waiting.splice(0)) resolve(message);
  }

  /** Decodes a picture and shows it, unless another one is wanted meanwhile. */
  async show(message) {
    this.wanted = message;
    const bitmap = await createImageBitmap(new Blob([message.jpeg], { type: 'image/jpeg' }));
    if (this.wanted !== message) {
      bitmap.close();
      return false;
    }
    this.handlers.decoded(message, bitmap);
    return true;
  }

  /** Resolves with the next picture that is shown. */
  nextPicture() {
    return new Promise((resolve) => { this.waiting.push(resolve); });
  }

  wakeUp() {
    for (const resolve of this.arrivals.splice(0)) resolve();
  }

  /** While the stream is held, resolves with its next picture; with undefined
   * once it is not held any more. */
  async takeNext() {
    this.connection.letOne();
    while (this.connection.isHeld && !this.ahead.length) {
      await new Promise((resolve) => { this.arrivals.push(resolve); });
    }
    return this.connection.isHeld ? this.ahead.shift() : undefined;
  }

  /** Freezes at a picture whose maps are exact. */
  async freeze() {
    this.setFrozen(true);
    this.connection.ask({ values: 'float32' });
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if ((await this.nextPicture()).isExact) break;
    }
    if (this.isFrozen) this.connection.hold(); // or it was unfrozen meanwhile
  }

  goOn() {
    this.setFrozen(false);
    this.connection.ask({ values: 'uint8' });
    this.ahead = [];
    this.connection.release();
    this.wakeUp();
  }

  setFrozen(isFrozen) {
    this.isFrozen = isFrozen;
    this.handlers.changed();
  }

  get canStepBack() {
    return this.isFrozen && !this.history.isAtStart;
  }

  async step() {
    if (!this.isFrozen) return;
    if (this.history.isAtEnd) await this.goOnTo(() => true);
    else await this.showOld(1);
  }

  async stepBack() {
    if (this.isFrozen) await this.showOld(-1);
  }

  /** Shows the next picture that is right, or after many the last one. */
  async goOnTo(isRight) {
    let message = await this.takeNext();
    for (let step = 1; step < MOST_STEPS && message && !isRight(message); step++) {
      message = await this.takeNext();
    }
    if (message) await this.showNew(message);
  }

  async showOld(step) {
    const message = this.history.go(step);
    this.handlers.changed();
    await this.show(message);
  }
}
