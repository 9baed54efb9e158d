import { get, mayChange, post } from './api.js';
import { ask, el, name, say, show, toast } from './dom.js';
import { ago, count, date, exact } from './format.js';
import { newest, table } from './table.js';

const AGES = [['', 'of any age'], ['3600', 'older than an hour'], ['86400', 'older than a day'], ['604800', 'older than a week']];

export function failed({ tick }) {
  let skip = 0;
  let trail = [];
  let loaded = null;
  let known = null;
  const field = (label, max) => el('input', { type: 'search', placeholder: label, 'aria-label': `Only this ${label.toLowerCase()}`, maxlength: max });
  const queue = field('Queue', 128);
  const type = field('Type', 128);
  const error = field('Error contains', 200);
  const older = el('select', { 'aria-label': 'Age' }, AGES.map(([value, label]) => el('option', { value }, label)));
  const query = () => ({ queue: queue.value.trim(), type: type.value.trim(), error: error.value.trim(), older: older.value });
  const isFiltered = () => Object.values(query()).some((value) => value !== '');
  let typing = null;
  for (const input of [queue, type, error]) {
    input.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(restart, 300); });
  }
  older.addEventListener('change', restart);
  const news = el('button', { type: 'button', class: 'news', hidden: true, onclick: restart });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const words = el('span', { role: 'status' });
  const back = el('button', { type: 'button', class: 'quiet', onclick: () => { skip = trail.pop() ?? 0; load(); } }, 'Newer');
  const on = el('button', { type: 'button', class: 'quiet', onclick: () => { trail.push(skip); skip = loaded.next; load(); } }, 'Older');
  const all = (verb, label, cls) => el('button', { type: 'button', class: cls, onclick: () => everything(verb, label) }, label);
  const retryAll = all('retry-all', 'Retry all', 'quiet');
  const dropAll = all('drop-all', 'Drop all', 'quiet danger-text');
  const list = table([
    { label: 'Type', main: true, cls: 'main', sign: (row) => row.type,
      cell: (row) => el('button', { type: 'button', class: 'link', onclick: () => details(row) }, row.type == null ? 'cannot be read' : name(row.type)) },
    { label: 'Queue', sign: (row) => row.queue, cell: (row) => name(row.queue) },
    { label: 'Error', cls: 'wide', sign: (row) => [row.exception, row.message],
      cell: (row) => [el('b', { class: 'name', title: row.exception }, row.exception), el('span', { class: 'name more', title: row.message }, row.message)] },
    { label: 'Failed', cls: 'num', sign: (row) => ago(row.at), cell: (row) => el('time', { title: date(row.at) }, ago(row.at)) },
    { label: 'Tries', cls: 'num', sign: (row) => row.attempts, cell: (row) => row.attempts || '–' },
    ...(mayChange() ? [{ label: 'Actions', hidden: true, cls: 'act', sign: (row) => row.key, cell: (row) => [
      el('button', { type: 'button', class: 'quiet', 'aria-label': `Retry ${row.type} ${row.id}`, onclick: () => one(row, 'retry') }, 'Retry'),
      el('button', { type: 'button', class: 'quiet danger-text', 'aria-label': `Drop ${row.type} ${row.id}`, onclick: () => one(row, 'drop') }, 'Drop')] }] : []),
  ], { caption: 'Failed tasks, the newest first', key: (row) => row.key, empty: ['No failed task', 'Tasks that fail for good come here and stay until somebody acts.'] });

  async function one(row, verb) {
    if (verb === 'drop' && !(await ask('Drop this task?', `${row.type ?? 'This task'} of queue ${row.queue} is gone for good then.`, 'Drop'))) return;
    try {
      const answer = await post(`/api/failed/${verb}`, { key: row.key });
      toast(verb === 'retry' ? `${row.type ?? 'The task'} runs again` : `${row.type ?? 'The task'} is dropped`);
      if (answer.ok) loaded.count -= 1;
    } catch (trouble) {
      toast(trouble.message, true);
    }
    load();
  }

  async function everything(verb, label) {
    const which = isFiltered() ? 'all failed tasks that the filter leaves' : `all ${exact(loaded?.count ?? 0)} failed tasks`;
    const again = verb === 'retry-all';
    if (!(await ask(`${label}?`, again ? `This runs ${which} again, as new tasks. Those that fail meanwhile are left.` : `This drops ${which} for good.`, label, !again))) return;
    try {
      await post(`/api/failed/${verb}`, query());
      toast('That is under way; it goes on if you leave this page');
    } catch (trouble) {
      toast(trouble.message, true);
    }
  }

  async function details(row) {
    try {
      const full = await get('/api/failed/one', { key: row.key });
      const fact = (label, value) => value && el('div', null, el('dt', null, label), el('dd', null, value));
      show(full.type ?? 'A task that cannot be read',
        el('dl', { class: 'facts' }, fact('Queue', full.queue), fact('Id', full.id), fact('Failed', date(full.at)), fact('Tries', full.attempts || null), fact('Worker', full.worker)),
        el('h3', null, full.exception), el('pre', null, full.message),
        full.backtrace.length > 0 && el('pre', { class: 'trace', tabindex: 0, 'aria-label': 'Where it failed' }, full.backtrace.join('\n')),
        full.earlier.length > 0 && el('h3', null, 'Tries before'),
        full.earlier.length > 0 && el('pre', { class: 'trace', tabindex: 0, 'aria-label': 'Tries before' }, full.earlier.map((one) => `${date(one.at)}  ${one.worker}  ${one.error}`).join('\n')),
        el('h3', null, 'Arguments'), el('pre', { tabindex: 0, 'aria-label': 'Arguments' }, full.args));
    } catch (trouble) {
      toast(trouble.message, true);
    }
  }

  function restart() {
    skip = 0;
    trail = [];
    load();
  }

  const question = newest(problem, (page) => {
    loaded = page;
    known = tick()?.failed ?? page.count;
    list.update(page.rows);
    back.disabled = skip === 0;
    on.disabled = page.next == null;
    say(on, page.filtered && page.rows.length < 25 && page.next != null ? 'Look further' : 'Older');
    say(words, page.filtered
      ? `${count(page.rows.length)} found among ${count(page.looked)} looked at, of ${count(page.count)}`
      : page.count ? `${exact(page.skip + 1)}–${exact(page.skip + page.rows.length)} of ${exact(page.count)}` : '');
    retryAll.disabled = dropAll.disabled = page.count === 0;
    say(retryAll, page.filtered ? 'Retry all found' : 'Retry all');
    say(dropAll, page.filtered ? 'Drop all found' : 'Drop all');
    news.hidden = true;
  });
  const load = () => question.ask('/api/failed', { ...query(), skip });
  load();

  return {
    node: el('div', null,
      el('header', { class: 'head' }, el('h1', null, 'Failed tasks'), mayChange() && el('div', { class: 'tools' }, retryAll, dropAll)),
      el('div', { class: 'filters', role: 'search' }, queue, type, error, older),
      news,
      el('section', { class: 'card' }, problem, list.node, el('div', { class: 'pager' }, words, el('span', null, back, on)))),
    onTick(now) {
      // What somebody reads does not move by itself.
      if (known == null || now.failed === known) return;
      if (loaded && loaded.rows.length === 0 && !isFiltered()) { load(); return; }
      news.hidden = false;
      say(news, now.failed > known ? `${count(now.failed - known)} more have failed: show them` : 'There are fewer now: load again');
    },
  };
}
