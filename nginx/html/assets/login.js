'use strict';
// The login page without a page load in between: errors beside the form, and patience with a server
// that is busy. Without this script the form does the same by itself. All texts are in the page.

const form = document.getElementById('login');
const username = document.getElementById('username');
const password = document.getElementById('password');
const show = document.getElementById('show');
const submit = form.querySelector('[type=submit]');
const waiting = document.getElementById('waiting');

const MOST_WAITS = 40;
const LONGEST_WAIT = 30;  // seconds

function say(what) {
  for (const text of document.querySelectorAll('[data-said]')) {
    text.hidden = text.dataset.said !== what;
  }
  const wrong = what === 'password' || what === 'credentials';
  for (const input of [username, password]) input.setAttribute('aria-invalid', String(wrong));
}

function setBusy(busy) {
  form.setAttribute('aria-busy', String(busy));
  submit.setAttribute('aria-disabled', String(busy));
  if (!busy) waiting.hidden = true;
}

// The raw rest of the query: what the server takes for the way back, and judges.
function wayBack() {
  const found = /[?&]next=(.*)$/.exec(location.search);
  return found ? found[1] : '';
}

function ask() {
  return fetch('/gatehouse/login?next=' + wayBack(), {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({
      username: username.value,
      password: password.value,
      remember: document.getElementById('remember').checked,
    }),
  });
}

function seconds(answer) {
  const wanted = Number(answer.headers.get('Retry-After')) || 1;
  return Math.min(Math.max(wanted, 1), LONGEST_WAIT);
}

async function patiently() {
  for (let waits = 0; ; ++waits) {
    const answer = await ask();
    const busy = answer.status === 429 || answer.status === 503;
    if (!busy || waits === MOST_WAITS) return answer;
    waiting.hidden = false;
    await new Promise((resolve) => setTimeout(resolve, seconds(answer) * 1000));
  }
}

async function reasonOf(answer) {
  if (answer.status === 429 || answer.status === 503) return 'busy';
  if (answer.status !== 400) return 'refused';
  const body = await answer.json().catch(() => ({}));
  return body.message === 'Bad Request - invalid password' ? 'password' : 'credentials';
}

async function logIn() {
  const answer = await patiently();
  if (answer.ok) {
    location.assign((answer.headers.get('Gatehouse-Next') ?? '/gatehouse/account') + location.hash);
    return;  // busy until the next page is there
  }
  say(await reasonOf(answer));
  setBusy(false);
  password.focus();
  password.select();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (form.getAttribute('aria-busy') === 'true') return;
  say(null);
  setBusy(true);
  logIn().catch(() => {
    say('offline');
    setBusy(false);
  });
});

show.hidden = false;
show.addEventListener('click', () => {
  const visible = password.type === 'text';
  password.type = visible ? 'password' : 'text';
  show.setAttribute('aria-pressed', String(!visible));
});

// A page that comes back from the browser's history is as it was left.
addEventListener('pageshow', () => setBusy(false));
