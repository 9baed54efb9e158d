import { get, mayChange, post } from './api.js';
import { ask, el, name, say, toast } from './dom.js';
import { sparkline } from './charts.js';
import { count, date, duration, exact, plural, rate, until } from './format.js';
import { cursorPager, newest, pager, table } from './table.js';

const number = (label, field, extra = {}) => ({
  label, cls: 'num', sort: extra.sort, sign: (row) => row[field],
  cell: (row) => el('span', { title: exact(row[field]), class: row[field] ? '' : 'zero' }, count(row[field])),
});

function oldest(row) {
  if (!row.waiting) return el('span', { class: 'zero' }, '–');
  return `${row.atLeast ? '≥ ' : '≈ '}${duration(row.oldest)}`;
}

function latency(row) {
  if (!row.waiting) return el('span', { class: 'zero' }, '–');
  return row.latency == null ? el('span', { class: 'zero' }, row.paused ? 'paused' : 'stands still') : `≈ ${duration(row.latency * 1000)}`;
}

async function pause(row) {
  const verb = row.paused ? 'resume' : 'pause';
  if (!row.paused && !(await ask('Pause this queue?', `Nothing more of ${row.queue} is handed out; what runs goes on. You can resume it at any time.`, 'Pause', false))) return;
  try {
    await post(`/api/queues/${verb}`, { queue: row.queue });
    toast(row.paused ? `${row.queue} goes on` : `${row.queue} is paused`);
  } catch (problem) {
    toast(problem.message, true);
  }
}

export function queueColumns(sortable) {
  const by = (field) => (sortable ? field : undefined);
  return [
    { label: 'Queue', main: true, cls: 'main', sort: by('queue'), sign: (row) => [row.queue, row.paused],
      cell: (row) => [el('a', { href: `#/queues/${encodeURIComponent(row.queue)}` }, name(row.queue)), row.paused && el('span', { class: 'tag warn' }, 'paused')] },
    number('Waiting', 'waiting', { sort: by('waiting') }),
    { label: 'Trend', cls: 'trend', sign: (row) => row.trend, cell: (row) => sparkline(row.trend) },
    number('Running', 'active', { sort: by('active') }),
    number('Retry', 'retry', { sort: by('retry') }),
    number('Delayed', 'delayed', { sort: by('delayed') }),
    { label: 'Done/s', cls: 'num', sort: by('done'), sign: (row) => rate(row.done), cell: (row) => el('span', { class: row.done ? '' : 'zero' }, rate(row.done)) },
    { label: 'Oldest', cls: 'num', sort: by('oldest'), sign: (row) => [row.waiting > 0, row.atLeast, duration(row.oldest)], cell: oldest },
    { label: 'Latency', cls: 'num', sign: (row) => [row.waiting > 0, row.paused, row.latency == null ? null : duration(row.latency * 1000)], cell: latency },
    ...(sortable && mayChange() ? [{ label: 'Actions', hidden: true, cls: 'act', sign: (row) => row.paused,
      cell: (row) => el('button', { type: 'button', class: 'quiet', 'aria-label': `${row.paused ? 'Resume' : 'Pause'} ${row.queue}`, onclick: () => pause(row) }, row.paused ? 'Resume' : 'Pause') }] : []),
  ];
}

export function queues() {
  const sorted = { by: 'queue', down: false };
  let skip = 0;
  const filter = el('input', { type: 'search', placeholder: 'Filter by name', 'aria-label': 'Filter queues by name', maxlength: 100 });
  filter.addEventListener('input', () => { skip = 0; load(); });
  const list = table(queueColumns(true), {
    caption: 'Queues', key: (row) => row.queue,
    empty: ['No queue here', 'A queue appears with its first task; a filter may hide what there is.'],
    sorted: () => sorted,
    onSort(by) {
      sorted.down = sorted.by === by ? !sorted.down : by !== 'queue';
      sorted.by = by;
      load();
    },
  });
  const pages = pager((to) => { skip = to; load(); });
  let latest = 0;
  let busy = 0;

  async function load() {
    const mine = ++latest;
    busy++;
    const page = await get('/api/queues', { skip, filter: filter.value, sort: sorted.by, down: sorted.down }).catch(() => null);
    busy--;
    if (!page || mine !== latest) return;
    list.update(page.rows);
    pages.update(page, plural(page.count, 'queue'));
  }
  load();

  return {
    node: el('div', null,
      el('header', { class: 'head' }, el('h1', null, 'Queues'), el('div', { class: 'tools' }, filter)),
      el('section', { class: 'card' }, list.node, pages.node)),
    onTick: () => busy || load(),
  };
}

const STATES = [['WAITING', 'Waiting'], ['RETRY', 'To be retried'], ['DELAYED', 'Delayed']];

/** One queue: what is in it. */
export function queue({ rest }) {
  const summary = el('dl', { class: 'facts' });
  const values = {};
  for (const label of ['Waiting', 'Running', 'To be retried', 'Delayed', 'Done per second', 'Oldest', 'Latency']) {
    values[label] = el('dd', null, '–');
    summary.append(el('div', null, el('dt', null, label), values[label]));
  }
  const button = el('button', { type: 'button', class: 'quiet', hidden: true });
  const tag = el('span', { class: 'tag warn', hidden: true }, 'paused');
  let known = null;
  button.addEventListener('click', () => known && pause(known).then(load));
  const tasks = taskList(() => rest);

  async function load() {
    const page = await get('/api/queues', { filter: rest, limit: 100 }).catch(() => null);
    known = page?.rows.find((row) => row.queue === rest) ?? known;
    if (!known) return;
    tag.hidden = !known.paused;
    button.hidden = !mayChange();
    say(button, known.paused ? 'Resume' : 'Pause');
    const text = (value) => (value instanceof Node ? value.textContent : value);
    say(values.Waiting, exact(known.waiting));
    say(values.Running, exact(known.active));
    say(values['To be retried'], exact(known.retry));
    say(values.Delayed, exact(known.delayed));
    say(values['Done per second'], rate(known.done));
    say(values.Oldest, text(oldest(known)));
    say(values.Latency, text(latency(known)));
  }
  load();

  return {
    node: el('div', null,
      el('p', { class: 'crumb' }, el('a', { href: '#/queues' }, 'Queues')),
      el('header', { class: 'head' }, el('h1', null, name(rest), ' ', tag), el('div', { class: 'tools' }, button)),
      el('section', { class: 'card' }, summary), tasks.node),
    onTick() { load(); tasks.onTick(); },
  };
}

/** The tasks of a queue that nobody runs, state by state. */
export function taskList(queueNow, states = STATES) {
  let state = states[0][0];
  let cursor = null;
  const problem = el('p', { class: 'problem', role: 'alert' });
  const tabs = el('div', { class: 'tabs', role: 'group', 'aria-label': 'Which tasks' });
  const buttons = states.map(([id, label]) => {
    const button = el('button', { type: 'button', 'aria-pressed': String(id === state) }, label);
    button.addEventListener('click', () => {
      state = id;
      cursor = null;
      pages.reset();
      buttons.forEach((one, i) => one.setAttribute('aria-pressed', String(states[i][0] === state)));
      load();
    });
    return button;
  });
  tabs.append(...buttons);
  const list = table([
    { label: 'Type', main: true, cls: 'main', sign: (row) => row.type, cell: (row) => (row.type == null ? el('i', null, 'cannot be read') : name(row.type)) },
    { label: 'Arguments', cls: 'wide', sign: (row) => row.args, cell: (row) => el('code', { class: 'name', title: row.args }, row.args) },
    { label: 'Id', cls: 'id', sign: (row) => row.id, cell: (row) => name(row.id) },
    { label: 'Due', cls: 'num', sign: (row) => (row.due ? until(row.due) : null), cell: (row) => (row.due ? el('time', { title: date(row.due) }, until(row.due)) : 'now') },
    ...(mayChange() ? [{ label: 'Actions', hidden: true, cls: 'act', sign: (row) => row.key,
      cell: (row) => row.id !== '' && el('button', { type: 'button', class: 'quiet', onclick: () => cancel(row) }, 'Cancel') }] : []),
  ], { caption: 'Tasks', key: (row) => row.key + row.id, empty: ['No such task', 'Tasks come and go; this is read again all the while.'] });
  const pages = cursorPager((to) => { cursor = to; load(); });

  async function cancel(row) {
    if (!(await ask('Cancel this task?', `Task ${row.id} of type ${row.type ?? '?'} will not run.`, 'Cancel the task'))) return;
    try {
      const answer = await post('/api/tasks/cancel', { key: row.key });
      toast(`Cancelled: ${answer.what}`);
    } catch (trouble) {
      toast(trouble.message, true);
    }
    load();
  }

  const question = newest(problem, (page) => {
    list.update(page.rows);
    pages.update(page);
  });

  function load() {
    if (queueNow()) {
      question.ask('/api/tasks', { queue: queueNow(), state, cursor });
    } else {
      question.forget();
      list.update([]);
    }
  }
  load();

  return {
    node: el('section', { class: 'card' }, el('header', { class: 'head' }, tabs), problem, list.node, pages.node),
    restart() { cursor = null; pages.reset(); load(); },
    onTick: () => cursor == null && !question.isBusy() && load(),
  };
}
