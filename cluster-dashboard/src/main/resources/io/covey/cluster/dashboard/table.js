// Tables that change while somebody reads them: rows and cells that stay the same are left alone, so that focus, selection
// and layout stay where they are.
import { get } from './api.js';
import { el, empty, say } from './dom.js';

/**
 * columns: { label, cell(row) -> text or nodes, sign(row) -> what the cell depends on, cls, sort, head }
 * options: { caption, key(row), empty: [title, text], sorted(), onSort(name) }
 */
export function table(columns, options) {
  const body = el('tbody');
  const rows = new Map();
  const heads = columns.map((column) => {
    const head = el('th', { scope: 'col', class: column.cls });
    if (column.sort) {
      head.append(el('button', { type: 'button', class: 'sort', onclick: () => options.onSort(column.sort) }, column.label));
    } else if (column.hidden) {
      head.append(el('span', { class: 'unseen' }, column.label));
    } else {
      head.append(column.label);
    }
    return head;
  });
  const caption = el('caption', { class: 'unseen' }, options.caption);
  const whole = el('table', null, caption, el('thead', null, el('tr', null, heads)), body);
  const nothing = el('div', { hidden: true }, empty(...options.empty));
  const node = el('div', { class: 'table', role: 'region', 'aria-label': options.caption, tabindex: '0' }, whole, nothing);

  function markSorted() {
    const now = options.sorted?.();
    columns.forEach((column, i) => {
      if (column.sort && now) {
        if (now.by === column.sort) heads[i].setAttribute('aria-sort', now.down ? 'descending' : 'ascending');
        else heads[i].removeAttribute('aria-sort');
      }
    });
  }

  function update(list) {
    markSorted();
    const seen = new Set();
    let at = body.firstElementChild;
    for (const row of list) {
      let key = String(options.key(row));
      while (seen.has(key)) key += '+';
      seen.add(key);
      let known = rows.get(key);
      if (!known) {
        known = { node: el('tr'), cells: columns.map((column) => el(column.main ? 'th' : 'td', {
          class: column.cls, 'data-label': column.label, scope: column.main ? 'row' : null })), signs: [] };
        known.node.append(...known.cells);
        rows.set(key, known);
      }
      columns.forEach((column, i) => {
        const sign = JSON.stringify(column.sign ? column.sign(row) : column.cell(row)) ?? '';
        if (known.signs[i] !== sign) {
          known.signs[i] = sign;
          const content = column.cell(row);
          known.cells[i].replaceChildren(...[content].flat(3).filter((part) => part != null && part !== false));
        }
      });
      if (known.node !== at) body.insertBefore(known.node, at);
      else at = at.nextElementSibling;
    }
    for (const [key, known] of rows) {
      if (!seen.has(key)) {
        known.node.remove();
        rows.delete(key);
      }
    }
    nothing.hidden = list.length > 0;
    whole.hidden = list.length === 0;
  }

  return { node, update };
}

/** Goes to the pages of a listing that knows how many there are. */
export function pager(onSkip) {
  const text = el('span', { role: 'status' });
  const back = el('button', { type: 'button', class: 'quiet' }, 'Back');
  const on = el('button', { type: 'button', class: 'quiet' }, 'Next');
  const node = el('div', { class: 'pager' }, text, el('span', null, back, on));
  let state = { skip: 0, next: null, size: 25 };
  back.addEventListener('click', () => onSkip(Math.max(0, state.skip - state.size)));
  on.addEventListener('click', () => state.next != null && onSkip(state.next));
  return {
    node,
    update(page, words) {
      state = { skip: page.skip, next: page.next, size: 25 };
      back.disabled = page.skip === 0;
      on.disabled = page.next == null;
      text.textContent = words;
      node.classList.toggle('lone', page.skip === 0 && page.next == null);
    },
  };
}

/** Goes on in a listing that only knows where it was. */
export function cursorPager(onCursor) {
  const trail = [null];
  const back = el('button', { type: 'button', class: 'quiet' }, 'Back');
  const on = el('button', { type: 'button', class: 'quiet' }, 'Next');
  const node = el('div', { class: 'pager' }, el('span'), el('span', null, back, on));
  let next = null;
  back.addEventListener('click', () => { trail.pop(); onCursor(trail.at(-1)); });
  on.addEventListener('click', () => { trail.push(next); onCursor(next); });
  return {
    node,
    reset() { trail.length = 1; },
    update(page) {
      next = page.next;
      back.disabled = trail.length === 1;
      on.disabled = next == null;
      node.classList.toggle('lone', trail.length === 1 && next == null);
    },
  };
}

/** Asks for what a view shows, again and again: only the answer to the newest question counts, or what went wrong with it. */
export function newest(problem, show) {
  let latest = 0;
  let busy = 0;
  return {
    async ask(path, query) {
      const mine = ++latest;
      busy++;
      try {
        const answer = await get(path, query);
        if (mine !== latest) return;
        say(problem, '');
        show(answer);
      } catch (trouble) {
        if (mine === latest) say(problem, trouble.message);
      } finally {
        busy--;
      }
    },
    forget: () => { latest++; },
    isBusy: () => busy > 0,
  };
}
