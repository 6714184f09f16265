// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Keys for what the buttons do.

function isTyping(target) {
  return target.closest('input, select, textarea, dialog');
}

/** @param actions {key: function}; a space also presses a button that has the
 * focus, so it is left alone there */
export function listenToKeys(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === ' ' && event.target.closest('button, a')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
