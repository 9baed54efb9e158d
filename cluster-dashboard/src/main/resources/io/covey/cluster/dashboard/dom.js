// Everything that is shown becomes text; nothing that comes from a cluster is ever read as markup.
const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  for (const child of children.flat(3)) {
    if (child != null && child !== false) node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
export const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

/** Replaces the text of a node only where it differs, so that nothing moves or is read out again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function toast(text, bad = false) {
  const note = el('p', { class: bad ? 'toast bad' : 'toast' }, text);
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 4500);
}

/** A name that may be very long: cut by the layout, whole when pointed at. */
export const name = (text, extra = '') => el('span', { class: `name ${extra}`, title: text }, text === '' ? '–' : text);

/** Asks before something is done that cannot be undone. Resolves to whether it shall be done. */
export function ask(title, text, verb, dangerous = true) {
  return new Promise((resolve) => {
    const dialog = el('dialog', { class: 'ask', 'aria-labelledby': 'ask-title' },
      el('form', { method: 'dialog' },
        el('h2', { id: 'ask-title' }, title),
        el('p', null, text),
        el('p', { class: 'actions' },
          el('button', { value: 'no', class: 'quiet' }, 'Cancel'),
          el('button', { value: 'yes', class: dangerous ? 'danger' : 'primary' }, verb))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('button').focus();
  });
}

/** Something to look at in full. */
export function show(title, ...content) {
  const dialog = el('dialog', { class: 'sheet', 'aria-labelledby': 'sheet-title' },
    el('form', { method: 'dialog' },
      el('header', null, el('h2', { id: 'sheet-title' }, title), el('button', { class: 'quiet', value: 'close' }, 'Close'))),
    el('div', { class: 'sheet-body' }, content));
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function progressBar(part, label) {
  const bar = el('progress', { max: 1, value: part, 'aria-label': label });
  return bar;
}

export const empty = (title, text) => el('div', { class: 'empty' }, el('b', null, title), text && el('p', null, text));
