// --- The login page

const TYPED = 'gatehouse-typed';

function offerLogin(form) {
  const username = get('username');
  const password = get('password');
  const said = get('said');

  // The raw rest of the query: what the server takes for the way back, and judges.
  const wayBack = /[?&]next=(.*)$/.exec(location.search)?.[1] ?? '';

  function mark(wrong) {
    for (const field of [username, password]) {
      if (wrong && !field.readOnly) field.setAttribute('aria-invalid', 'true');
      else field.removeAttribute('aria-invalid');
    }
  }

  function tell(reason) {
    const text = say(said, reason);
    mark(['password', 'credentials', 'too-long'].includes(reason));
    const field = username.value.trim() ? password : username;
    lookAt(text, field);
    field.select();
  }

  async function reasonOf(answer) {
    if (answer.headers.get('Gatehouse-Reason') === 'too-long') return 'too-long';
    if (answer.status !== 400) return 'refused';
    const body = await answer.json().catch(() => ({}));
    return body.message === 'Bad Request - invalid password' ? 'password' : 'credentials';
  }

  async function logIn(button) {
    // Phones put a blank behind a name that they complete.
    username.value = username.value.trim();
    if (!username.value || !password.value) return void tell('credentials');
    say(said, null);
    mark(false);
    // Where a password is confirmed there is no box: the session stays what it is.
    const box = get('remember');
    const answer = await patiently(() => send('POST', '/login?next=' + wayBack, {
      username: username.value,
      password: password.value,
      remember: box.type === 'checkbox' ? box.checked : box.value,
    }), said, button);
    if (!answer.ok) return void tell(await reasonOf(answer));
    otherPages?.postMessage('in');
    location.replace((answer.headers.get('Gatehouse-Next') ?? '/gatehouse/account') + location.hash);
    return true;
  }

  // A link to another language loads the page anew. The name and the box go along, in this tab alone and just once.
  function keepTyped(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const typed = {name: username.value, ticked: get('remember').checked};
    try { sessionStorage.setItem(TYPED, JSON.stringify(typed)); } catch { /* The browser stores nothing. */ }
  }

  function bringTyped() {
    let typed = null;
    try {
      typed = JSON.parse(sessionStorage.getItem(TYPED));
      sessionStorage.removeItem(TYPED);
    } catch { /* The browser stores nothing. */ }
    if (!typed?.name || username.readOnly) return;
    username.value = typed.name;
    get('remember').checked = typed.ticked;
    password.focus();
  }

  for (const link of all('nav a')) link.addEventListener('click', keepTyped);
  bringTyped();
  form.noValidate = true;
  form.handle = (button) => once(button, logIn, tell);
  // Somebody logged in in another tab: nginx says so on this page, unless it is in use.
  otherPages?.addEventListener('message', (event) => {
    if (event.data === 'in' && !password.value) location.reload();
  });
}
