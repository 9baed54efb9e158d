// Charts, drawn by hand: lines over time with gaps where nothing was known, and small ones in tables.
import { el, svg, say } from './dom.js';
import { timeOfDay } from './format.js';

const WIDTH = 600;
const HEIGHT = 150;

function nice(most) {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= most);
}

/**
 * series: [{ name, value(point), cls, area }], show(number) -> text
 */
export function lineChart(title, series, show) {
  const plot = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const paths = series.map((one) => ({
    area: one.area ? plot.appendChild(svg('path', { class: `area ${one.cls}` })) : null,
    line: null,
  }));
  [0.5, 1].forEach((part) => plot.prepend(svg('line', {
    class: 'grid', x1: 0, x2: WIDTH, y1: HEIGHT * (1 - part) + 0.5, y2: HEIGHT * (1 - part) + 0.5 })));
  series.forEach((one, i) => { paths[i].line = plot.appendChild(svg('path', { class: `line ${one.cls}` })); });
  const cross = plot.appendChild(svg('line', { class: 'cross', y1: 0, y2: HEIGHT, visibility: 'hidden' }));
  const top = el('span', { class: 'tick most' });
  const middle = el('span', { class: 'tick half' });
  const from = el('span');
  const to = el('span');
  const values = series.map(() => el('b'));
  const legend = el('ul', { class: 'legend' }, series.map((one, i) =>
    el('li', null, el('span', { class: `key ${one.cls}`, 'aria-hidden': 'true' }), one.name, ' ', values[i])));
  const frame = el('div', { class: 'plot' }, plot, top, middle);
  const node = el('figure', { class: 'chart card' },
    el('figcaption', null, el('h2', null, title), legend), frame, el('div', { class: 'axis', 'aria-hidden': 'true' }, from, to));
  let points = [];
  let range = [0, 1];
  let ceiling = 1;

  function read(point) {
    series.forEach((one, i) => say(values[i], point ? show(one.value(point)) : '–'));
  }

  function pointAt(event) {
    const box = plot.getBoundingClientRect();
    const time = range[0] + ((event.clientX - box.left) / box.width) * (range[1] - range[0]);
    return points.reduce((best, one) => (!best || Math.abs(one.at - time) < Math.abs(best.at - time) ? one : best), null);
  }

  frame.addEventListener('pointermove', (event) => {
    const point = pointAt(event);
    if (!point) return;
    const x = ((point.at - range[0]) / (range[1] - range[0])) * WIDTH;
    cross.setAttribute('x1', x);
    cross.setAttribute('x2', x);
    cross.setAttribute('visibility', 'visible');
    say(to, timeOfDay(point.at));
    read(point);
  });
  frame.addEventListener('pointerleave', () => {
    cross.setAttribute('visibility', 'hidden');
    update(points);
  });

  function update(all) {
    points = all;
    const newest = all.at(-1);
    if (!newest) return;
    range = [Math.min(all[0].at, newest.at - 120000), newest.at];
    const most = Math.max(...series.flatMap((one) => all.map((point) => one.value(point) ?? 0)));
    const wanted = nice(most);
    if (wanted > ceiling || wanted < ceiling / 3) ceiling = wanted; // a scale that jumps at every point is hard to read
    const x = (at) => (((at - range[0]) / (range[1] - range[0])) * WIDTH).toFixed(1);
    const y = (value) => (HEIGHT - (value / ceiling) * (HEIGHT - 4)).toFixed(1);
    const step = all.length > 1 ? Math.max(3000, 4 * ((newest.at - all[0].at) / all.length)) : 3000;
    series.forEach((one, i) => {
      let line = '';
      let area = '';
      let start = null;
      let last = null;
      const close = () => { if (start != null) area += `L${x(last.at)},${HEIGHT}L${x(start)},${HEIGHT}Z`; };
      for (const point of all) {
        const value = point.up ? one.value(point) : null;
        if (value == null) { close(); start = null; last = null; continue; }
        const broken = last == null || point.at - last.at > step;
        if (broken) { close(); start = point.at; }
        const place = `${x(point.at)},${y(value)}`;
        line += (broken ? 'M' : 'L') + place;
        area += (broken ? `M${x(point.at)},${HEIGHT}L` : 'L') + place;
        last = point;
      }
      close();
      paths[i].line.setAttribute('d', line || 'M0,0');
      paths[i].area?.setAttribute('d', area || 'M0,0');
    });
    say(top, show(ceiling));
    say(middle, show(ceiling / 2));
    say(from, timeOfDay(range[0]));
    if (cross.getAttribute('visibility') === 'hidden') {
      say(to, 'now');
      read(newest);
    }
    frame.setAttribute('aria-label', `${title}: ${series.map((one, i) => `${one.name} ${values[i].textContent}`).join(', ')}`);
    frame.setAttribute('role', 'img');
  }

  return { node, update };
}

/** A line without axes, as high as a line of text. */
export function sparkline(values) {
  const most = Math.max(1, ...values);
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${(19 - (value / most) * 17).toFixed(1)}`).join(' ');
  return svg('svg', { class: 'spark', viewBox: '0 0 100 20', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    values.length > 1 && svg('polyline', { points }));
}
