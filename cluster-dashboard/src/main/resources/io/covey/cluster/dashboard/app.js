// The frame of the page: which view is shown, and what every view shows of the cluster's state.
import { begin, get, listen, mayChange, post, session } from './api.js';
import { el, say, svg, toast } from './dom.js';
import { count, timeOfDay } from './format.js';
import { overview } from './overview.js';
import { queues, queue } from './queues.js';
import { failed } from './failed.js';
import { active, delayed, recurring, nodes, locks, rooms } from './lists.js';
import { backend } from './backend.js';

const ICONS = {
  overview: 'M3 12h4l3-8 4 16 3-8h4',
  queues: 'M4 6h16M4 12h16M4 18h10',
  active: 'M6 4l14 8-14 8z',
  delayed: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
  recurring: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  failed: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  nodes: 'M4 5h16v6H4zM4 13h16v6H4zM8 8h.5M8 16h.5',
  locks: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  rooms: 'M5 6h14v9h-7l-4 4v-4H5z',
  backend: 'M4 7c0-4 16-4 16 0v10c0 4-16 4-16 0zM4 7c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
};

const VIEWS = [
  { id: 'overview', title: 'Overview', path: '', make: overview },
  { id: 'queues', title: 'Queues', path: 'queues', make: queues, badge: (tick) => tick.queues },
  { id: 'active', title: 'Running', path: 'running', make: active, badge: (tick) => tick.active },
  { id: 'delayed', title: 'Delayed', path: 'delayed', make: delayed, badge: (tick) => tick.delayed + tick.retry },
  { id: 'recurring', title: 'Recurring', path: 'recurring', make: recurring },
  { id: 'failed', title: 'Failed', path: 'failed', make: failed, badge: (tick) => tick.failed, bad: true },
  { id: 'nodes', title: 'Processes', path: 'processes', make: nodes, badge: (tick) => tick.nodes },
  { id: 'locks', title: 'Locks', path: 'locks', make: locks },
  { id: 'rooms', title: 'Rooms', path: 'rooms', make: rooms },
  { id: 'backend', title: 'Backend', path: 'backend', make: backend },
];

const place = document.getElementById('view');
const pulse = document.getElementById('pulse');
const banner = document.getElementById('banner');
const chore = document.getElementById('chore');
const points = [];
let view = null;
let tick = null;
let state = 'wait';

const nav = VIEWS.map((one) => {
  const badge = el('span', { class: one.bad ? 'badge bad' : 'badge', hidden: true });
  const link = el('a', { href: `#/${one.path}` },
    svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: ICONS[one.id] })),
    el('span', null, one.title), badge);
  document.getElementById('nav').append(el('li', null, link));
  return { one, link, badge };
});

function showNav() {
  for (const { one, badge } of nav) {
    const number = tick && one.badge ? one.badge(tick) : 0;
    badge.hidden = !number;
    if (number) say(badge, count(number));
  }
}

function showState() {
  const down = tick && !tick.up;
  const now = state === 'live' ? (down ? 'down' : 'live') : state;
  pulse.dataset.state = now;
  say(document.getElementById('pulse-text'), {
    live: 'Live', down: 'Backend is down', lost: 'Reconnecting', rest: 'Resting', wait: 'Connecting' }[now]);
  let text = '';
  if (state === 'lost') {
    text = 'The connection to the dashboard is lost; it is made again as soon as it answers. What you see is from '
      + (tick ? timeOfDay(tick.at) : 'before') + '.';
  } else if (down) {
    text = `The backend does not answer; it is asked again every ${session.interval / 1000} s. What you see is what was last known. `
      + (tick.trouble[0] ?? '');
  } else if (tick?.trouble.length) {
    text = `Not everything could be read: ${tick.trouble.join('; ')}`;
  }
  banner.hidden = text === '';
  say(banner, text);
}

function showChore() {
  const now = tick?.chore;
  const fresh = now && (!now.over || chore.dataset.seen === 'yes');
  chore.hidden = !fresh;
  if (!fresh) return;
  chore.dataset.seen = 'yes';
  const verb = now.what === 'retry' ? 'Retrying' : 'Dropping';
  const done = now.what === 'retry' ? 'Retried' : 'Dropped';
  const words = now.over
    ? `${done} ${count(now.done)} failed tasks${now.refused ? `, ${count(now.refused)} were refused` : ''}${now.stopped ? ' until it was stopped' : ''}. ${now.trouble}`
    : `${verb} failed tasks: ${count(now.done)} done, looked at ${count(now.looked)} of ${count(now.total)}`;
  if (!chore.firstChild) {
    chore.append(el('span'), el('progress', { 'aria-label': 'How far it is' }),
      el('button', { type: 'button', class: 'quiet' }, ''));
    chore.querySelector('button').addEventListener('click', async () => {
      if (tick.chore.over) {
        chore.dataset.seen = 'no';
        chore.hidden = true;
      } else {
        await post('/api/failed/stop').catch((problem) => toast(problem.message, true));
      }
    });
  }
  say(chore.children[0], words);
  chore.children[1].max = Math.max(1, now.total);
  chore.children[1].value = now.over ? chore.children[1].max : now.looked;
  say(chore.children[2], now.over ? 'Close' : 'Stop');
}

function onTick(news) {
  tick = news;
  points.push({ at: news.at, up: news.up, waiting: news.waiting, active: news.active, done: news.done, failing: news.failing, rtt: news.rtt });
  if (points.length > 450) points.shift();
  showNav();
  showState();
  showChore();
  view?.onTick?.(news);
}

function route() {
  const [, path = '', rest = ''] = location.hash.split('/');
  const found = VIEWS.find((one) => one.path === path) ?? VIEWS[0];
  view?.leave?.();
  for (const { one, link } of nav) {
    if (one === found) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${found.title} · ${session.cluster}`;
  const context = { points, tick: () => tick, rest: decode(rest) };
  view = path === 'queues' && rest ? queue(context) : found.make(context);
  place.replaceChildren(view.node);
  // Not scrollIntoView: from there the next Tab would start, and pass the skip link by.
  document.querySelector('.side').scrollLeft = nav.find(({ one }) => one === found).link.offsetLeft - 60;
  if (tick) view.onTick?.(tick);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main').focus();
});

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.target.closest('input, select, textarea, dialog')) {
    const filter = document.querySelector('input[type=search]');
    if (filter) {
      event.preventDefault();
      filter.focus();
    }
  }
});

await begin();
say(document.getElementById('cluster'), session.cluster);
say(document.getElementById('where'), session.where);
say(document.getElementById('user'), `${session.user}${mayChange() ? '' : ' (may only look)'}`);
document.body.classList.toggle('viewer', !mayChange());
const out = document.getElementById('logout');
out.hidden = session.user === 'everybody';
out.addEventListener('click', async () => {
  await post('/logout').catch(() => {});
  location.replace('/login');
});
try {
  const first = await get('/api/overview');
  points.push(...first.trend);
  tick = first.tick;
} catch {
  // The banner says it as soon as there is news.
}
addEventListener('hashchange', route);
route();
showNav();
showState();
listen(onTick, (now) => {
  state = now;
  showState();
});
