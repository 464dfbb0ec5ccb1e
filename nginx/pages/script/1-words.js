'use strict';
// The script of all pages. Without it they do the same by themselves. All texts are in the pages: this only shows and hides them.

const get = (id) => document.getElementById(id);
const all = (css, where = document) => [...where.querySelectorAll(css)];
const language = document.documentElement.lang;
// The visitor's own way of writing dates, where it is one of the page's language: en-GB, not en.
const locale = navigator.languages.find((one) => one.split('-')[0] === language) ?? language;
const otherPages = 'BroadcastChannel' in window ? new BroadcastChannel('gatehouse') : null;

// --- What a page says

// Shows this text of a part of the page, and hides its others; null hides all. A text of an error marks the field
// that it is about.
function say(where, what) {
  let shown = null;
  for (const text of all('[data-said]', where)) {
    text.hidden = text.dataset.said !== what;
    if (!text.hidden) shown ??= text;
  }
  for (const field of all('input[aria-describedby]', where)) {
    const about = shown?.dataset.for ?? '';
    if (about === field.id) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }
  titleSays(shown?.classList.contains('error'));
  return shown;
}

const plainTitle = document.title.replace(document.documentElement.dataset.error + ': ', '');
function titleSays(error) {
  document.title = (error ? document.documentElement.dataset.error + ': ' : '') + plainTitle;
}

// What a form had to say is said once: the address forgets it, so that neither a reload nor a bookmark says it again.
const forgetful = location.search.replace(/^\?((?:(?!next=)[^&]*&)*)notice=(?:logged-out(?:-late)?|changed|(?:device|others)-out)(?:&|$)/, '?$1');
if (forgetful !== location.search) {
  history.replaceState(history.state, '', location.pathname + forgetful.replace(/[?&]$/, '') + location.hash);
}

// Brings a text into view, and the focus to the field that it is about, or to the text itself.
function lookAt(text, field = text) {
  field?.focus({preventScroll: true});
  field?.scrollIntoView({block: 'nearest'});
  text?.scrollIntoView({block: 'nearest'});
}

// --- One action at a time

const isBusy = (button) => button.getAttribute('aria-disabled') === 'true';

function setBusy(button, busy) {
  if (busy === isBusy(button)) return;
  if (busy) {
    button.idle = [...button.childNodes];
    button.setAttribute('aria-disabled', 'true');
    if (button.dataset.busy) button.replaceChildren(button.dataset.busy);
  } else {
    button.removeAttribute('aria-disabled');
    button.replaceChildren(...button.idle);
  }
  button.form?.setAttribute('aria-busy', String(busy));
}

// Does it unless the button is busy with it already. It stays busy if that gives true (another page is coming).
async function once(button, act, failed) {
  if (isBusy(button)) return;
  setBusy(button, true);
  let stays = false;
  try {
    stays = await act(button);
  } catch (error) {
    failed(error instanceof Trouble ? error.reason : 'failed');
  } finally {
    if (!stays) setBusy(button, false);
  }
}
