// The server, as the page knows it.
export const session = { csrf: '', role: 'VIEWER', interval: 2000 };

export class Refused extends Error {}

async function read(answer) {
  if (answer.status === 401) {
    location.replace('/login');
    return new Promise(() => {});
  }
  const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error ?? `The dashboard answered ${answer.status}`);
  return body;
}

export async function get(path, query = {}, signal = undefined) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value != null && value !== false);
  const text = new URLSearchParams(given).toString();
  return read(await fetch(text ? `${path}?${text}` : path, { signal }));
}

export async function post(path, form = {}) {
  return read(await fetch(path, {
    method: 'POST',
    headers: { 'X-Covey-Csrf': session.csrf },
    body: new URLSearchParams(Object.entries(form).filter(([, value]) => value !== '' && value != null)),
  }));
}

export async function begin() {
  Object.assign(session, await get('/api/session'));
  return session;
}

export const mayChange = () => session.role === 'OPERATOR';

/** News of the cluster while the page is seen; a page that nobody sees asks for nothing. */
export function listen(onTick, onState) {
  let source = null;
  let again = null;
  let hiding = null;

  function open() {
    clearTimeout(again);
    if (source || document.hidden) return;
    source = new EventSource('/events');
    source.addEventListener('open', () => onState('live'));
    source.addEventListener('tick', (event) => {
      onState('live');
      onTick(JSON.parse(event.data));
    });
    source.addEventListener('error', () => {
      if (!source) return;
      onState('lost');
      if (source.readyState === EventSource.CLOSED) {
        close();
        // Who was logged out is sent to the login by this.
        again = setTimeout(() => get('/api/session').then(open, () => { again = setTimeout(open, 3000); }), 1500);
      }
    });
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = setTimeout(() => { close(); onState('rest'); }, 20000);
    } else {
      open();
    }
  });
  addEventListener('pagehide', close);
  open();
}
