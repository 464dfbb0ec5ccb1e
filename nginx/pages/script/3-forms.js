// --- Password fields: a button that shows what was typed, and a word about Caps Lock

function reveal(button, shown) {
  const field = button.parentElement.querySelector('input');
  field.type = shown ? 'text' : 'password';
  button.textContent = shown ? button.dataset.hide : button.dataset.show;
  button.setAttribute('aria-label', shown ? button.dataset.hideLabel : button.dataset.showLabel);
}

function hidePasswords() {
  for (const button of all('.show')) reveal(button, false);
}

for (const button of all('.show')) {
  const field = button.parentElement.querySelector('input');
  const caps = button.parentElement.nextElementSibling;
  button.hidden = false;
  button.addEventListener('click', () => reveal(button, field.type === 'password'));
  for (const kind of ['keydown', 'keyup']) {
    field.addEventListener(kind, (event) => {
      caps.hidden = !event.getModifierState?.('CapsLock');
    });
  }
  field.addEventListener('blur', () => { caps.hidden = true; });
}

// --- Forms: each is sent once, however often its button is clicked

for (const form of all('form[method=post]')) {
  form.addEventListener('submit', (event) => {
    const button = form.querySelector('[type=submit]');
    hidePasswords();
    if (form.handle) {
      event.preventDefault();
      form.handle(button);
    } else if (isBusy(button)) {
      event.preventDefault();
    } else {
      setBusy(button, true);
    }
  });
}

// A page that comes back from the browser's history is as it was left.
addEventListener('pageshow', () => {
  hidePasswords();
  for (const button of all('[aria-disabled=true]')) setBusy(button, false);
});
