// --- What has happened at the account lately

function showEvents(section) {
  const MOST_ROWS = 5;  // more are folded up

  function setDevice(row, agent) {
    const {browser, system} = nameOf(agent);
    for (const place of all('.browser', row)) place.textContent = browser ?? '';
    for (const place of all('.system', row)) place.textContent = system ?? '';
    const only = row.querySelector('.only');
    only.textContent = browser ?? system ?? '';
    row.querySelector('.both').hidden = !(browser && system);
    only.hidden = !only.textContent || Boolean(browser && system);
    row.querySelector('.unknown').hidden = Boolean(only.textContent);
    row.querySelector('.from').hidden = !agent;
    row.title = agent;
  }

  function rowOf(event) {
    const row = section.querySelector('template').content.cloneNode(true).firstElementChild;
    for (const text of all('[data-outcome]', row)) text.hidden = text.dataset.outcome !== event.outcome;
    const times = row.querySelector('.times');
    times.textContent = ' ×' + new Intl.NumberFormat(locale).format(event.times);
    times.hidden = event.times === 1;
    const time = row.querySelector('time');
    time.dateTime = event.time;
    time.textContent = dateText(new Date(event.time));
    setDevice(row, event.user_agent);
    row.querySelector('.address').textContent = event.address;
    row.querySelector('.several').hidden = Boolean(event.address);
    return row;
  }

  function render(events) {
    const more = section.querySelector('details');
    const rows = events.map(rowOf);
    const first = rows.length === MOST_ROWS + 1 ? rows.length : MOST_ROWS;
    section.querySelector('ul').replaceChildren(...rows.slice(0, first));
    more.querySelector('ul').replaceChildren(...rows.slice(first));
    more.hidden = rows.length <= first;
    for (const count of all('.count', more)) {
      count.textContent = new Intl.NumberFormat(locale).format(rows.length - first);
    }
    // Where none are kept, there is nothing to say of them.
    section.hidden = !rows.length;
  }

  async function load() {
    section.hidden = false;
    const said = section.querySelector('.said');
    try {
      const answer = await patiently(() => send('GET', '/events'), said);
      if (answer.ok) render((await answer.json()).events);
      else section.hidden = true;  // the session is over, which the devices say
    } catch (error) {
      say(said, error instanceof Trouble ? error.reason : 'failed');
    }
    section.querySelector('.loading').hidden = true;
    section.setAttribute('aria-busy', 'false');
  }
  load();
}
