// --- Asking the server

class Trouble extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

// How long to try again by ourselves, in seconds. A 503 that gives no reason may be either of the first two.
const PATIENCE = {'busy': 120, 'away': 10, 'misconfigured': 0, 'slow-down': 90, 'throttled': 60, 'unknown': 50};
const LONGEST_WAIT = 30;
const LONG = 2500;  // milliseconds after which a page says that it still waits

// Why there is no answer yet; null if there is one. The reason of the answer, else what its status tells.
async function troubleOf(answer) {
  if (answer.status === 502 || answer.status === 504) return 'away';
  if (answer.status !== 429 && answer.status !== 503) return null;
  const body = await answer.clone().json().catch(() => ({}));
  const reason = body.reason ?? answer.headers.get('Gatehouse-Reason');
  if (reason in PATIENCE) return reason;
  return answer.status === 429 ? 'slow-down' : 'unknown';
}

function secondsToWait(answer) {
  const wanted = Number(answer.headers.get('Retry-After')) || 1;
  return Math.max(wanted, 1);
}

const inUnits = (unit) => new Intl.NumberFormat(locale, {style: 'unit', unit, unitDisplay: 'long'});
const inSeconds = inUnits('second');
const inMinutes = inUnits('minute');
const howLong = (seconds) => (seconds > 90 ? inMinutes.format(Math.ceil(seconds / 60)) : inSeconds.format(seconds));

// Counts down in that part of the page. True at the end, and false if another wait has begun there meanwhile.
async function waitFor(seconds, where) {
  const own = where.wait = {};
  for (let left = seconds; left > 0; --left) {
    if (where.wait !== own) return false;
    for (const place of all('.seconds', where)) place.textContent = howLong(left);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return where.wait === own;
}

// The same while the visitor does something else. What says that they must wait gives way to other words at the end.
async function countDown(seconds, where) {
  const over = await waitFor(seconds, where);
  if (over && where.querySelector('[data-said^=throttled]:not([hidden])')) say(where, 'now');
}

// A wait that nginx told of goes on here.
for (const text of all('.until')) {
  text.classList.remove('until');
  if (text.dataset.wait) countDown(Number(text.dataset.wait), text.closest('[role=alert]'));
}

async function askOnce(ask, tell) {
  const timer = setTimeout(() => tell('slow'), LONG);
  try {
    return await ask();
  } catch {
    throw new Trouble('offline');
  } finally {
    clearTimeout(timer);
  }
}

// The answer, once the server has one; says in that part of the page why it takes long, and on the button whether it
// asks or waits. Throws a Trouble.
async function patiently(ask, where, button) {
  const begin = Date.now();
  let told = false;
  const tell = (what) => {
    told = true;
    say(where, what);
  };
  for (;;) {
    const answer = await askOnce(ask, tell);
    const reason = await troubleOf(answer);
    if (!reason) {
      if (told) say(where, null);
      return answer;
    }
    const wait = secondsToWait(answer);
    const passed = (Date.now() - begin) / 1000;
    if (wait > LONGEST_WAIT || passed + wait > PATIENCE[reason]) {
      if (reason === 'throttled') countDown(wait, where);
      throw new Trouble(reason === 'unknown' ? 'away' : reason);
    }
    tell((reason === 'unknown' ? 'busy' : reason) + '-waiting');
    button?.replaceChildren(button.dataset.waiting);
    await waitFor(wait, where);
    button?.replaceChildren(button.dataset.busy);
  }
}

function send(method, path, body) {
  const options = {method, cache: 'no-store'};
  if (body) {
    options.headers = {'Content-Type': 'application/json'};
    options.body = JSON.stringify(body);
  }
  return fetch('/gatehouse' + path, options);
}
