import { get } from './api.js';
import { el, empty, say } from './dom.js';
import { lineChart } from './charts.js';
import { ago, duration, exact, micros } from './format.js';

const LABELS = {
  redis_version: 'Redis version', valkey_version: 'Valkey version', redis_mode: 'Mode', role: 'Role', uptime_in_seconds: 'Up for',
  used_memory_human: 'Memory used', used_memory_peak_human: 'Most memory used', maxmemory_human: 'Memory limit',
  maxmemory_policy: 'When memory is full', mem_fragmentation_ratio: 'Fragmentation', connected_clients: 'Clients',
  blocked_clients: 'Clients that wait', instantaneous_ops_per_sec: 'Commands per second', total_commands_processed: 'Commands so far',
  evicted_keys: 'Keys evicted', expired_keys: 'Keys expired', rejected_connections: 'Connections refused', connected_slaves: 'Replicas',
  master_link_status: 'Link to the master', rdb_last_bgsave_status: 'Last snapshot', aof_enabled: 'Append-only file',
  aof_last_write_status: 'Last append', loading: 'Loading',
};

/** What endangers tasks when it is so. */
const BAD = {
  evicted_keys: (value) => value !== '0', maxmemory_policy: (value) => value !== 'noeviction', loading: (value) => value !== '0',
  rejected_connections: (value) => value !== '0', master_link_status: (value) => value !== 'up',
  rdb_last_bgsave_status: (value) => value !== 'ok', aof_last_write_status: (value) => value !== 'ok',
};

function shown(key, value) {
  if (key === 'uptime_in_seconds') return duration(Number(value) * 1000);
  if (key === 'maxmemory_human' && value === '0B') return 'none';
  if (key === 'aof_enabled') return value === '1' ? 'on' : 'off';
  if (key === 'loading') return value === '1' ? 'yes' : 'no';
  return /^\d+$/.test(value) ? exact(Number(value)) : value;
}

export function backend({ points }) {
  const facts = el('dl', { class: 'facts' });
  const state = el('dl', { class: 'facts' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const answer = lineChart('Time the backend takes to answer', [
    { name: 'round trip', value: (point) => point.rtt, cls: 'three', area: true },
  ], (value) => micros(Math.round(value)));

  function fill(list, rows) {
    const sign = JSON.stringify(rows.map(([label]) => label));
    if (list.dataset.sign !== sign) {
      list.dataset.sign = sign;
      list.replaceChildren(...rows.map(([label]) => el('div', null, el('dt', null, label), el('dd'))));
    }
    rows.forEach(([, value, bad], i) => {
      const cell = list.children[i].lastChild;
      say(cell, value);
      cell.classList.toggle('bad', Boolean(bad));
    });
  }

  let last = 0;
  async function load() {
    if (Date.now() - last < 4000) return;
    last = Date.now();
    try {
      const now = await get('/api/backend');
      say(problem, '');
      fill(state, [
        ['Where', now.where],
        ['State', now.up ? `answers, ${ago(now.since).replace(' ago', '')} long` : `does not answer: ${now.reason}`, !now.up],
        ['Its clock', `${now.offset >= 0 ? 'ahead' : 'behind'} by ${Math.abs(now.offset)} ms, give or take ${now.error} ms`],
        ['Messages not let in', Object.entries(now.rejected).filter(([, times]) => times > 0)
          .map(([reason, times]) => `${exact(times)} for ${reason.toLowerCase().replaceAll('_', ' ')}`).join(', ') || 'none',
        Object.values(now.rejected).some((times) => times > 0)],
      ]);
      const rows = Object.entries(now.facts).map(([key, value]) => [LABELS[key] ?? key, shown(key, value), BAD[key]?.(value)]);
      if (rows.length) fill(facts, rows);
      else facts.replaceChildren(empty('It tells nothing of itself', 'This kind of backend has no facts to show.'));
    } catch (trouble) {
      say(problem, trouble.message);
    }
  }
  load();

  return {
    node: el('div', null,
      el('header', { class: 'head' }, el('h1', null, 'Backend')), problem,
      el('div', { class: 'charts' }, answer.node),
      el('section', { class: 'card' }, el('header', { class: 'head' }, el('h2', null, 'As this node sees it')), state),
      el('section', { class: 'card' }, el('header', { class: 'head' }, el('h2', null, 'What it says of itself')), facts)),
    onTick() {
      answer.update(points);
      load();
    },
  };
}
