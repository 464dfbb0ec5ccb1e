// --- The login page

function offerLogin(form) {
  const username = get('username');
  const password = get('password');
  const said = get('said');

  // The raw rest of the query: what the server takes for the way back, and judges.
  const wayBack = /[?&]next=(.*)$/.exec(location.search)?.[1] ?? '';

  function tell(reason) {
    const text = say(said, reason);
    const wrong = ['password', 'credentials', 'too-long'].includes(reason);
    for (const field of [username, password]) {
      if (wrong && !field.readOnly) field.setAttribute('aria-invalid', 'true');
      else field.removeAttribute('aria-invalid');
    }
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

  async function logIn() {
    // Phones put a blank behind a name that they complete.
    username.value = username.value.trim();
    if (!username.value || !password.value) return void tell('credentials');
    say(said, null);
    // Where a password is confirmed there is no box: the session stays what it is.
    const box = get('remember');
    const answer = await patiently(() => send('POST', '/login?next=' + wayBack, {
      username: username.value,
      password: password.value,
      remember: box.type === 'checkbox' ? box.checked : box.value,
    }), said);
    if (!answer.ok) return void tell(await reasonOf(answer));
    otherPages?.postMessage('in');
    location.replace((answer.headers.get('Gatehouse-Next') ?? '/gatehouse/account') + location.hash);
    return true;
  }

  form.noValidate = true;
  form.handle = (button) => once(button, logIn, tell);
  // Somebody logged in in another tab: nginx says so on this page, unless it is in use.
  otherPages?.addEventListener('message', (event) => {
    if (event.data === 'in' && !password.value) location.reload();
  });
}
