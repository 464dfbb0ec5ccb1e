'use strict';
// The account page: the sessions of the user, and their password. All texts are in the page.

const sessions = document.getElementById('sessions');
const list = sessions.querySelector('ul');
const row = sessions.querySelector('template');
const change = document.getElementById('change');
const dates = new Intl.DateTimeFormat(document.documentElement.lang,
                                      {dateStyle: 'medium', timeStyle: 'short'});

const MOST_WAITS = 10;
// What POST /password says of a new password.
const OBJECTIONS = [[/short/, 'short'], [/long/, 'long'], [/common/, 'common']];

function say(what) {
  for (const text of document.querySelectorAll('[data-said]')) {
    text.hidden = text.dataset.said !== what;
  }
}

// Waits out a busy server. Nothing where the session is over, which is said.
async function call(method, path, body) {
  const options = {method};
  if (body) {
    options.headers = {'Content-Type': 'application/json'};
    options.body = JSON.stringify(body);
  }
  for (let waits = 0; ; ++waits) {
    const answer = await fetch('/gatehouse' + path, options);
    if (answer.status === 401) {
      over();
      return null;
    }
    const busy = answer.status === 429 || answer.status === 503;
    if (!busy || waits === MOST_WAITS) return answer;
    const wait = Number(answer.headers.get('Retry-After')) || 1;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}

function over() {
  sessions.hidden = true;
  change.hidden = true;
  document.getElementById('logout').hidden = true;
  say('over');
}

function attempt(act) {
  act().catch(() => say('failed'));
}

function setTime(element, text) {
  element.dateTime = text;
  element.textContent = dates.format(new Date(text));
}

// "Firefox, Windows" of a user agent; as it is where neither is known.
function nameOf(agent) {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)(?=\/)/.exec(agent);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(agent);
  const names = {Edg: 'Edge', OPR: 'Opera'};
  if (!browser) return agent.slice(0, 60) || '?';
  return (names[browser[0]] || browser[0]) + (system ? ', ' + system[0] : '');
}

function show(session) {
  const item = row.content.cloneNode(true);
  const find = (name) => item.querySelector('.' + name);
  find('agent').textContent = nameOf(session.user_agent);
  find('agent').title = session.user_agent;
  find('current').hidden = !session.current;
  setTime(find('last-used'), session.last_used);
  setTime(find('created'), session.created);
  find('address').textContent = session.address;
  find('which').textContent = nameOf(session.user_agent) + ', ' + find('created').textContent;
  if (session.current) {
    find('end').remove();
  } else {
    find('end').addEventListener('click', () => attempt(() => end(session)));
  }
  list.append(item);
}

async function load() {
  const answer = await call('GET', '/sessions');
  if (!answer) return;
  if (!answer.ok) throw new Error(answer.status);
  const body = await answer.json();
  list.replaceChildren();
  body.sessions.forEach(show);
  sessions.hidden = false;
}

async function end(session) {
  const answer = await call('DELETE', '/sessions/' + session.handle);
  if (!answer) return;
  if (!answer.ok && answer.status !== 404) throw new Error(answer.status);
  await load();
  say('ended');
  document.getElementById('everywhere').focus();
}

async function endAll() {
  const answer = await call('DELETE', '/sessions');
  if (!answer) return;
  if (!answer.ok) throw new Error(answer.status);
  document.getElementById('logout').submit();
}

function objectionTo(message) {
  if (message === 'Bad Request - invalid password') return 'wrong';
  const found = OBJECTIONS.find(([words]) => words.test(message));
  return found ? found[1] : 'unwanted';
}

async function changePassword(form) {
  const current = document.getElementById('current');
  const fresh = document.getElementById('new');
  const answer = await call('POST', '/password', {current: current.value, new: fresh.value});
  if (!answer) return;
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) {
    form.reset();
    await load();
    say('changed');
  } else if (answer.status === 400) {
    say(objectionTo(body.message));
  } else {
    say(answer.status === 404 || answer.status === 409 ? 'fixed' : 'failed');
  }
}

// A site that lets nobody change passwords here answers 404, whatever is sent.
async function offerChange() {
  const answer = await call('POST', '/password', {});
  change.hidden = !answer || answer.status === 404;
}

document.getElementById('everywhere').addEventListener('click', () => attempt(endAll));
change.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(() => changePassword(event.target));
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !sessions.hidden) attempt(load);
});
attempt(async () => {
  await load();
  await offerChange();
});
