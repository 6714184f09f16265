// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Lists to choose from, whose options change while the page is open.

/** The list that may be open. Browsers do not tell; it is opened by a key or the
 * pointer, and closed when something has been chosen or is done elsewhere. */
let open = null;

for (const type of ['pointerdown', 'keydown']) {
  document.addEventListener(type, ({ target }) => {
    open = target.closest('select');
  }, true);
}
for (const type of ['change', 'focusout']) {
  document.addEventListener(type, () => { open = null; }, true);
}

function option(value, text) {
  return Object.assign(document.createElement('option'), { value, textContent: text });
}

/** Fills a list anew, unless somebody has it open.
 * @param options [[value, text]] */
export function fill(select, options, value) {
  if (select === open) return;
  const key = JSON.stringify(options);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...options.map(([item, text]) => option(item, text)));
  }
  select.value = value;
}
