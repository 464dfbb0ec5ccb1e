// --- The account page

function showAccount() {
  const sessions = get('sessions');
  const change = get('change');
  const rows = new Map();  // by the session's handle
  const MOST_ROWS = 8;     // more are folded up
  const folded = get('more').querySelector('ul');

  // The place for what is said of an action in this part of the page: beside the button that was pressed. The question
  // before a logout of all others is closed then, so it is said beside the button that led there.
  function placeIn(where) {
    if (where === get('ask')) return get('others').parentElement;
    return where.matches('.said') ? where : all('.said', where).pop();
  }

  // The session is over: what was typed stays to be seen, and the page says it where one looks.
  function over(where) {
    for (const button of all('#account button')) button.disabled = true;
    for (const field of all('#change input')) field.readOnly = true;
    get('logout').hidden = true;
    get('ask').close();
    placeIn(where).append(get('over'));
    get('over').hidden = false;
    titleSays(true);
    lookAt(get('over'));
  }

  // The answer; null if the session is over, which is then said.
  async function call(method, path, where, body, button) {
    const answer = await patiently(() => send(method, path, body), where, button);
    if (answer.status !== 401) return answer;
    over(where);
    return null;
  }

  function setTimes(row, session) {
    for (const [name, text] of [['active', session.last_used], ['since', session.created]]) {
      const place = row.querySelector('time.' + name);
      const time = new Date(text);
      place.dateTime = text;
      place.title = dates.format(time);
      place.textContent = name === 'since' ? dateText(time) : howLongAgo(time);
    }
  }

  function setName(row, agent) {
    const {browser, system} = nameOf(agent);
    for (const place of all('.browser', row)) place.textContent = browser ?? '';
    for (const place of all('.system', row)) place.textContent = system ?? '';
    const only = row.querySelector('.only');
    only.textContent = browser ?? system ?? '';
    row.querySelector('.both').hidden = !(browser && system);
    only.hidden = !only.textContent || Boolean(browser && system);
    row.querySelector('.unknown').hidden = Boolean(only.textContent);
    row.querySelector('.device').title = agent;
  }

  function add(session) {
    const row = sessions.querySelector('template').content.cloneNode(true).firstElementChild;
    setName(row, session.user_agent);
    setTimes(row, session);
    row.querySelector('.current').hidden = !session.current;
    row.querySelector('.kept').hidden = !session.remember;
    row.querySelector('.address').textContent = session.address;
    const name = all('.name', row).find((one) => !one.hidden).textContent;
    for (const which of all('.which', row)) which.textContent = name + ', ' + dates.format(new Date(session.created));
    const button = row.querySelector('.end');
    button.addEventListener('click', () => once(button, () => end(row, session), (reason) => tell(row, reason)));
    if (session.current) row.querySelector('.act').remove();
    (get('first').children.length < MOST_ROWS ? get('first') : folded).append(row);
    rows.set(session.handle, row);
  }

  const isOpen = (row) => row.querySelector('.end') && !row.classList.contains('ended');
  const othersOpen = () => [...rows.values()].some(isOpen);

  // A row that is over stays where it is, as high as it was, so that no other one comes under the pointer or the
  // focus. It is neither active nor kept logged in.
  function markEnded(row) {
    row.style.minHeight = row.offsetHeight + 'px';
    for (const untrue of all('.used, .kept', row)) untrue.hidden = true;
    row.classList.add('ended');
    get('others').hidden = !othersOpen();
  }

  function tell(where, reason) {
    lookAt(say(where, reason));
  }

  // Devices that are in the list already stay in their place.
  function render(list) {
    const there = new Set(list.map((session) => session.handle));
    for (const [handle, row] of rows) {
      if (!there.has(handle) && isOpen(row)) markEnded(row);
    }
    for (const session of list) {
      const row = rows.get(session.handle);
      if (row) setTimes(row, session);
      else add(session);
    }
    // One alone takes no more room than the words that would unfold it.
    if (folded.children.length === 1) get('first').append(folded.firstElementChild);
    get('more').hidden = !folded.children.length;
    for (const count of all('#more .count')) {
      count.textContent = new Intl.NumberFormat(locale).format(folded.children.length);
    }
    get('others').hidden = !othersOpen();
  }

  async function load() {
    const where = sessions.querySelector('.said');
    sessions.hidden = false;
    const answer = await call('GET', '/sessions', where);
    if (!answer) return;
    if (!answer.ok) throw new Trouble('failed');
    render((await answer.json()).sessions);
    say(where, null);
    get('loading').hidden = true;
    get('again').hidden = true;
    sessions.setAttribute('aria-busy', 'false');
  }

  function notLoaded(reason) {
    get('loading').hidden = true;
    get('again').hidden = false;
    sessions.setAttribute('aria-busy', 'false');
    say(sessions.querySelector('.said'), reason);
  }

  // Says that something is done. What was said before, elsewhere on the page, is no news any more. That above the
  // devices leaves its room empty: whatever moved up would come under the pointer of a second click.
  function tellDone(which) {
    const othersOut = sessions.querySelector('[data-said=others-out]');
    othersOut.style.visibility = which === 'others-out' ? '' : 'hidden';
    if (which === 'changed') return tellChange(which);
    change.querySelector('[data-said=changed]').hidden = true;
    tell(othersOut.parentElement, which);
  }

  async function end(row, session) {
    say(row, null);
    const answer = await call('DELETE', '/sessions/' + session.handle, row);
    if (!answer) return;
    if (!answer.ok && answer.status !== 404) throw new Trouble('failed');
    say(row, null);
    markEnded(row);
    // Not to the next button: a second press of Enter would log that device out as well.
    row.querySelector('.gone').focus({preventScroll: true});
  }

  async function endOthers() {
    const answer = await call('DELETE', '/sessions', get('ask'));
    if (!answer) return;
    if (!answer.ok) throw new Trouble('failed');
    for (const row of rows.values()) if (isOpen(row)) markEnded(row);
    get('ask').close();
    tellDone('others-out');
  }

  const OBJECTIONS = [[/the current one/, 'same'], [/short/, 'short'], [/long/, 'long'], [/common/, 'common'], [/like/, 'like']];
  function objectionTo(message) {
    if (message === 'Bad Request - invalid password') return 'wrong';
    return OBJECTIONS.find(([words]) => words.test(message))?.[1] ?? 'unwanted';
  }

  function tellChange(reason) {
    const text = say(change, reason);
    const field = text?.dataset.for ? get(text.dataset.for) : undefined;
    lookAt(text, field);
    field?.select();
  }

  async function changePassword(button) {
    const form = change.querySelector('form');
    const current = get('current');
    const fresh = get('new');
    if (!current.value) return tellChange('no-current');
    if (!fresh.value) return tellChange('short');
    say(change, null);
    const answer = await call('POST', '/password', form, {current: current.value, new: fresh.value}, button);
    if (!answer) return;
    const body = await answer.json().catch(() => ({}));
    if (answer.headers.get('Gatehouse-Reason') === 'too-long') {
      return tellChange(fresh.value.length > current.value.length ? 'long' : 'too-long');
    }
    if (answer.status === 400) return tellChange(objectionTo(body.message));
    if (!answer.ok) return tellChange(answer.status === 404 || answer.status === 409 ? 'fixed' : 'failed');
    form.reset();
    for (const row of rows.values()) if (isOpen(row)) markEnded(row);
    tellDone('changed');
  }

  // Where MySQL is away, a logout counts here at once and elsewhere later.
  async function logOut() {
    const form = get('logout');
    say(form, null);
    const answer = await send('POST', '/logout').catch(() => { throw new Trouble('offline'); });
    let notice = 'logged-out';
    if (!answer.ok) {
      const home = await send('GET', '/').catch(() => { throw new Trouble('offline'); });
      if (home.status !== 401) throw new Trouble(await troubleOf(answer) ? 'away' : 'failed');
      notice = 'logged-out-late';
    }
    otherPages?.postMessage('out');
    location.replace('/gatehouse/login?notice=' + notice);
    return true;
  }

  get('logout').handle = (button) => once(button, logOut, (reason) => tell(get('logout'), reason));
  get('again').addEventListener('click', () => {
    get('loading').hidden = false;
    once(get('again'), load, notLoaded);
  });
  get('others').addEventListener('click', () => {
    say(get('ask'), null);
    get('ask').showModal();
  });
  get('yes').addEventListener('click', () => once(get('yes'), endOthers, (reason) => tell(get('ask'), reason)));
  const form = change.querySelector('form');
  form.noValidate = true;
  form.handle = (button) => once(button, changePassword, tellChange);

  // The list may be old. If it cannot be loaded anew just now, it stays as it is.
  function refresh() {
    if (get('over').hidden) load().catch(() => say(sessions.querySelector('.said'), null));
  }
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) refresh();
  });
  otherPages?.addEventListener('message', (event) => {
    if (event.data === 'out') refresh();
  });
  load().catch((error) => notLoaded(error instanceof Trouble ? error.reason : 'failed'));
}

if (get('login')) offerLogin(get('login'));
if (get('account')) showAccount();
if (get('history')) showEvents(get('history'));
