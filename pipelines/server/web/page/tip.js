// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The text beside the pointer.

export class Tip {
  constructor(node) {
    this.node = node;
  }

  show({ clientX, clientY }, text) {
    this.node.hidden = false;
    this.node.textContent = text;
    const { innerWidth, innerHeight } = window;
    const { offsetWidth, offsetHeight } = this.node;
    const x = Math.max(Math.min(clientX + 14, innerWidth - offsetWidth - 4), 4);
    const y = clientY + 18 + offsetHeight < innerHeight
      ? clientY + 18 : clientY - offsetHeight - 10;
    this.node.style.translate = `${x}px ${y}px`;
  }

  hide() {
    this.node.hidden = true;
  }
}
