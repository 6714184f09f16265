// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The WebSocket of a viewer. The server sends two pictures ahead and then waits
// until one is acknowledged: who does not acknowledge has frozen the stream.

import { get } from './api.js';
import { parseMessage } from './message.js';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 8000;

export class Connection {
  /** @param handlers {message(message), state(text, isLive)} */
  constructor(handlers) {
    this.handlers = handlers;
    this.request = { subject: null, values: 'uint8', layers: null };
    this.delay = FIRST_DELAY;
    this.owed = []; // tokens of pictures that are not acknowledged yet
    this.isHeld = false;
    this.open();
  }

  async open() {
    try {
      const session = await get('api/session');
      this.handlers.session?.(session);
      this.connect(session.ticket);
    } catch (error) {
      this.retry(error.message);
    }
  }

  connect(ticket) {
    const url = new URL(`live.ws?ticket=${ticket}`, document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.onOpen();
    this.socket.onmessage = (event) => this.onMessage(event.data);
    this.socket.onclose = (event) => this.retry(event.reason);
  }

  onOpen() {
    this.delay = FIRST_DELAY;
    this.owed = [];
    this.tell(this.request);
    this.handlers.state('Live', true);
  }

  onMessage(data) {
    const message = parseMessage(data);
    message.received = performance.now();
    message.bytes = data.byteLength;
    this.owed.push(message.token);
    this.handlers.message(message);
  }

  retry(reason) {
    this.handlers.state(reason || 'Connecting …', false);
    setTimeout(() => this.open(), this.delay);
    this.delay = Math.min(2 * this.delay, LONGEST_DELAY);
  }

  tell(words) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(words));
    }
  }

  /** Asks for another face, other layers, or other values. */
  ask(changes) {
    Object.assign(this.request, changes);
    this.tell(changes);
  }

  /** Says that a picture has been shown, unless the stream is held. */
  acknowledge(token) {
    if (this.isHeld) return;
    this.owed = this.owed.filter((owed) => owed !== token);
    this.tell({ acknowledge: token });
  }

  /** Stops the stream. */
  hold() {
    this.isHeld = true;
  }

  /** Lets one more picture come. */
  letOne() {
    const token = this.owed.shift();
    if (token !== undefined) this.tell({ acknowledge: token });
  }

  /** Lets the stream go on. */
  release() {
    this.isHeld = false;
    while (this.owed.length > 0) this.letOne();
  }
}
