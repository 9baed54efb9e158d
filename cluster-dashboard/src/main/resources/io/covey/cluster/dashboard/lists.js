import { get, mayChange, post } from './api.js';
import { ask, el, name, progressBar, say, toast } from './dom.js';
import { ago, count, date, duration, exact, plural, until } from './format.js';
import { cursorPager, newest, pager, table } from './table.js';
import { taskList } from './queues.js';

/** A view that is one list, read again at each tick. */
function list(title, columns, options) {
  let skip = 0;
  const problem = el('p', { class: 'problem', role: 'alert' });
  const shown = table(columns, { caption: title, key: options.key, empty: options.empty });
  const pages = options.cursor
    ? cursorPager((to) => { skip = to; load(); })
    : pager((to) => { skip = to; load(); });
  const filter = options.filter && el('input', { type: 'search', placeholder: options.filter, 'aria-label': options.filter, maxlength: 100 });
  filter?.addEventListener('input', () => { skip = 0; load(); });

  const question = newest(problem, (page) => {
    shown.update(page.rows);
    pages.update(page, options.words?.(page) ?? '');
  });
  const load = () => question.ask(options.path, { [options.cursor ? 'cursor' : 'skip']: skip || null, filter: filter?.value });
  load();

  return {
    load,
    node: el('div', null,
      el('header', { class: 'head' }, el('h1', null, title), el('div', { class: 'tools' }, filter)),
      options.about && el('p', { class: 'about' }, options.about),
      el('section', { class: 'card' }, problem, shown.node, pages.node)),
    onTick: () => question.isBusy() || load(), // a slow answer is waited for, not overtaken for ever
  };
}

const code = (text) => el('code', { class: 'name', title: text }, text);

export function active() {
  const view = list('Running tasks', [
    { label: 'Type', main: true, cls: 'main', sign: (row) => row.type, cell: (row) => name(row.type) },
    { label: 'Queue', sign: (row) => row.queue, cell: (row) => name(row.queue) },
    { label: 'Arguments', cls: 'wide', sign: (row) => row.args, cell: (row) => code(row.args) },
    { label: 'Progress', cls: 'progress', sign: (row) => row.progress,
      cell: (row) => row.progress
        ? [progressBar(row.progress.part, `Progress of ${row.type}`), el('span', { class: 'more' }, `${Math.floor(row.progress.part * 100)} % `, row.progress.text)]
        : el('span', { class: 'zero' }, '–') },
    { label: 'Runs for', cls: 'num', sign: (row) => duration(row.runs), cell: (row) => el('span', { title: date(row.since) }, duration(row.runs)) },
    { label: 'Process', cls: 'id', sign: (row) => row.worker, cell: (row) => el('span', { class: 'name', title: row.worker }, `${row.pid}@${row.host}`) },
    ...(mayChange() ? [{ label: 'Actions', hidden: true, cls: 'act', sign: (row) => row.key,
      cell: (row) => el('button', { type: 'button', class: 'quiet', 'aria-label': `Cancel ${row.type} ${row.id}`, onclick: () => cancel(row) }, 'Cancel') }] : []),
  ], {
    path: '/api/active', key: (row) => row.key, empty: ['Nothing runs', 'Workers tell every few seconds what they run; what is quick may never show here.'],
    words: (page) => plural(page.count, 'task'),
  });

  async function cancel(row) {
    if (!(await ask('Cancel this task?', `Its worker is told to stop ${row.type} (${row.id}); a task that does not listen goes on.`, 'Cancel the task'))) return;
    try {
      toast(`Cancelled: ${(await post('/api/tasks/cancel', { key: row.key })).what}`);
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  return view;
}

export function delayed() {
  let queue = '';
  const choice = el('select', { 'aria-label': 'Queue' });
  const tasks = taskList(() => queue, [['DELAYED', 'Delayed'], ['RETRY', 'To be retried']]);
  const numbers = el('p', { class: 'about' });
  choice.addEventListener('change', () => { queue = choice.value; tasks.restart(); });

  async function load() {
    const page = await get('/api/queues', { limit: 100, sort: 'delayed', down: true }).catch(() => null);
    if (!page) return;
    const names = page.rows.map((row) => row.queue);
    if (queue === '' && names.length) {
      queue = (page.rows.find((row) => row.delayed + row.retry > 0) ?? page.rows[0]).queue;
      tasks.restart();
    }
    if (queue !== '' && !names.includes(queue)) names.push(queue);
    if (document.activeElement !== choice && JSON.stringify(names) !== choice.dataset.names) {
      choice.dataset.names = JSON.stringify(names);
      choice.replaceChildren(...names.map((one) => el('option', { value: one, selected: one === queue }, one)));
    }
  }
  load();

  return {
    node: el('div', null,
      el('header', { class: 'head' }, el('h1', null, 'Delayed and retrying'), el('div', { class: 'tools' }, choice)), numbers, tasks.node),
    onTick(tick) {
      say(numbers, `In all queues ${plural(tick.delayed, 'task')} wait for their time and ${plural(tick.retry, 'task')} for another try.`);
      load();
      tasks.onTick();
    },
  };
}

export function recurring() {
  const view = list('Recurring tasks', [
    { label: 'Name', main: true, cls: 'main', sign: (row) => row.name, cell: (row) => name(row.name) },
    { label: 'Queue', sign: (row) => row.queue, cell: (row) => name(row.queue) },
    { label: 'When', sign: (row) => row.when, cell: (row) => code(row.when) },
    { label: 'Type', sign: (row) => row.type, cell: (row) => name(row.type) },
    { label: 'Arguments', cls: 'wide', sign: (row) => row.args, cell: (row) => code(row.args) },
    { label: 'Next', cls: 'num', sign: (row) => until(row.next), cell: (row) => el('time', { title: date(row.next) }, until(row.next)) },
    ...(mayChange() ? [{ label: 'Actions', hidden: true, cls: 'act', sign: (row) => row.key,
      cell: (row) => el('button', { type: 'button', class: 'quiet', 'aria-label': `Run ${row.name} now`, onclick: () => run(row) }, 'Run now') }] : []),
  ], {
    path: '/api/recurring', key: (row) => row.key, filter: 'Filter by name, queue or type',
    empty: ['No recurring task', 'An application declares them: Schedules.on(cluster).declare(…)'],
    words: (page) => plural(page.count, 'recurring task'),
  });

  async function run(row) {
    try {
      await post('/api/recurring/run', { key: row.key });
      toast(`${row.name} is added to ${row.queue}`);
    } catch (problem) {
      toast(problem.message, true);
    }
  }

  return view;
}

export function nodes() {
  const stack = (...lines) => el('div', { class: 'stack' }, ...lines);
  const workers = (row, show) => stack(row.workers.map((one) => el('div', { class: 'line' }, show(one))));
  return list('Processes', [
    { label: 'Process', main: true, cls: 'main', sign: (row) => row.nodes,
      cell: (row) => stack(
        row.nodes.map((one) => el('div', { class: 'line' }, name(one.name), one.leader && el('span', { class: 'tag' }, 'leader'),
          one.self && el('span', { class: 'tag' }, 'serves this page'), one.suspected && el('span', { class: 'tag warn' }, 'suspected'))),
        row.nodes.length === 0 && el('div', { class: 'line' }, el('i', null, 'of another make'))) },
    { label: 'Where', cls: 'id', sign: (row) => `${row.pid}@${row.host}`, cell: (row) => el('span', { class: 'name', title: `${row.pid}@${row.host}` }, `${row.pid}@${row.host}`) },
    { label: 'Works for', cls: 'wide', sign: (row) => row.workers.map((one) => one.queues),
      cell: (row) => (row.workers.length ? workers(row, (one) => name(one.queues.join(', ') + (one.moreQueues ? ` and ${one.moreQueues} more` : ''))) : el('span', { class: 'zero' }, 'no queue')) },
    { label: 'In use', cls: 'use', sign: (row) => row.workers.map((one) => [one.running, one.slots]),
      cell: (row) => workers(row, (one) => [progressBar(one.slots ? Math.min(1, one.running / one.slots) : 0, 'Places in use'), el('span', { class: 'more' }, `${one.running} of ${one.slots}`)]) },
    { label: 'Done', cls: 'num', sign: (row) => row.workers.map((one) => one.done), cell: (row) => workers(row, (one) => el('span', { title: exact(one.done) }, count(one.done))) },
    { label: 'Failed', cls: 'num', sign: (row) => row.workers.map((one) => one.failed), cell: (row) => workers(row, (one) => el('span', { class: one.failed ? 'bad' : 'zero' }, count(one.failed))) },
    { label: 'Since', cls: 'num', sign: (row) => ago(row.nodes[0]?.joined ?? row.workers[0]?.since),
      cell: (row) => el('time', { title: date(row.nodes[0]?.joined ?? row.workers[0]?.since) }, ago(row.nodes[0]?.joined ?? row.workers[0]?.since)) },
  ], {
    path: '/api/nodes', key: (row) => `${row.pid}@${row.host}`, empty: ['Nobody is here', 'Not even this node: the list comes with the next look.'],
    words: (page) => plural(page.count, 'process', 'processes'),
  });
}

export function locks() {
  return list('Locks', [
    { label: 'Lock', main: true, cls: 'main', sign: (row) => row.name, cell: (row) => name(row.name) },
    { label: 'Holder', cls: 'wide', sign: (row) => row.owner, cell: (row) => name(row.owner) },
    { label: 'Fence', cls: 'num', sign: (row) => row.fence, cell: (row) => row.fence ?? '–' },
    { label: 'Lease left', cls: 'num', sign: (row) => duration(row.left), cell: (row) => duration(row.left) },
  ], {
    path: '/api/locks', cursor: true, key: (row) => row.name, empty: ['No lock is held', 'A lock is here from tryLock to its release, or to the end of its lease.'],
    about: 'A lease is renewed while its holder lives; one that runs down belongs to a process that does not.',
  });
}

export function rooms() {
  return list('Rooms', [
    { label: 'Room', main: true, cls: 'main', sign: (row) => row.room, cell: (row) => name(row.room) },
    { label: 'Members', cls: 'num', sign: (row) => row.members, cell: (row) => el('span', { title: exact(row.members) }, count(row.members)) },
  ], {
    path: '/api/rooms', cursor: true, key: (row) => row.room, empty: ['No room', 'A room is here while somebody is in it, or from create to destroy.'],
  });
}
