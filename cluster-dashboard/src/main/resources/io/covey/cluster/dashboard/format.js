// Numbers and times as people read them.
const plain = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export const exact = (number) => plain.format(number);
export const count = (number) => (Math.abs(number) < 10000 ? plain.format(number) : compact.format(number));
export const timeOfDay = (millis) => clock.format(millis);
export const date = (millis) => day.format(millis);

export function rate(perSecond) {
  if (!perSecond) return '0';
  if (perSecond < 0.1) return '<0.1';
  return perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond));
}

export function duration(millis) {
  if (millis == null) return '–';
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = millis / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${plain.format(Math.floor(hours / 24))} days`;
}

export function micros(value) {
  return value < 1000 ? `${value} µs` : `${(value / 1000).toFixed(value < 10000 ? 1 : 0)} ms`;
}

export function ago(millis, now = Date.now()) {
  const passed = now - millis;
  return passed < 1000 ? 'just now' : `${duration(passed).replace(/\.\d s$/, ' s')} ago`;
}

export function until(millis, now = Date.now()) {
  const left = millis - now;
  return left <= 0 ? 'now' : `in ${duration(left).replace(/\.\d s$/, ' s')}`;
}

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
