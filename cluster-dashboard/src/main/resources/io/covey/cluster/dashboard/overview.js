import { get } from './api.js';
import { el, say } from './dom.js';
import { lineChart } from './charts.js';
import { count, duration, exact, micros, plural, rate } from './format.js';
import { table } from './table.js';
import { queueColumns } from './queues.js';

function tile(title, href, cls = '') {
  const number = el('span', { class: 'number' }, '–');
  const more = el('span', { class: 'more' });
  const node = el('a', { class: `tile card ${cls}`, href }, el('span', { class: 'label' }, title), number, more);
  return {
    node,
    update(value, text, alarm = false) {
      say(number, value);
      say(more, text);
      node.classList.toggle('alarm', alarm);
    },
  };
}

export function overview({ points }) {
  const waiting = tile('Waiting', '#/queues');
  const running = tile('Running', '#/running');
  const done = tile('Done per second', '#/queues');
  const later = tile('Delayed', '#/delayed');
  const failed = tile('Failed', '#/failed');
  const processes = tile('Processes', '#/processes');
  const use = el('progress', { max: 1, value: 0, 'aria-label': 'Use of the workers' });
  running.node.append(use);
  const throughput = lineChart('Tasks per second', [
    { name: 'done', value: (point) => point.done, cls: 'one', area: true },
    { name: 'failed', value: (point) => point.failing, cls: 'bad' },
  ], rate);
  const backlog = lineChart('Tasks in the queues', [
    { name: 'waiting', value: (point) => point.waiting, cls: 'two', area: true },
    { name: 'running', value: (point) => point.active, cls: 'one' },
  ], count);
  const answer = lineChart('Time the backend takes to answer', [
    { name: 'round trip', value: (point) => point.rtt, cls: 'three', area: true },
  ], (value) => micros(Math.round(value)));
  const busiest = table(queueColumns(false), {
    caption: 'Busiest queues',
    key: (row) => row.queue,
    empty: ['No queue yet', 'A queue appears with its first task: cluster enqueue --queue mail --type greet'],
  });
  const node = el('div', null,
    el('h1', { class: 'unseen' }, 'Overview'),
    el('div', { class: 'tiles' }, [waiting, running, done, later, failed, processes].map((one) => one.node)),
    el('div', { class: 'charts' }, throughput.node, backlog.node),
    el('section', { class: 'card' }, el('header', { class: 'head' }, el('h2', null, 'Busiest queues'),
      el('a', { href: '#/queues' }, 'All queues')), busiest.node),
    el('div', { class: 'charts' }, answer.node));

  async function load() {
    const all = await get('/api/overview').catch(() => null);
    if (all) busiest.update(all.busiest);
  }
  load();

  return {
    node,
    onTick(tick) {
      waiting.update(count(tick.waiting), tick.oldest > 0
        ? `oldest ${tick.oldestAtLeast ? '≥' : '≈'} ${duration(tick.oldest)}`
        : tick.paused ? `${plural(tick.paused, 'queue')} paused` : 'nothing waits');
      running.update(count(tick.active), `${exact(tick.running)} of ${exact(tick.slots)} places`);
      use.value = tick.slots ? Math.min(1, tick.running / tick.slots) : 0;
      done.update(rate(tick.done), tick.failing > 0 ? `${rate(tick.failing)} fail per second` : 'none fails');
      later.update(count(tick.delayed), `${count(tick.retry)} to be retried`);
      failed.update(count(tick.failed), tick.failed ? 'need attention' : 'all is well', tick.failed > 0);
      processes.update(count(tick.nodes), plural(tick.workers, 'worker'));
      throughput.update(points);
      backlog.update(points);
      answer.update(points);
      load();
    },
  };
}

