// --- The devices of the account page: their names and times

// Lists of [words, name]. The first whose words are found in what a browser says of itself counts.
const BROWSERS = [/* browsers of devices.txt */];
const SYSTEMS = [/* systems of devices.txt */];

function nameOf(agent) {
  const first = (table) => table.find(([words]) => words.test(agent))?.[1];
  return {browser: first(BROWSERS), system: first(SYSTEMS)};
}

const dates = new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'short'});
// A date or a time that goes on in the next line is read wrongly. Between the two there may be a new line.
const dateText = (time) => dates.format(time).replace(/([^,،]) /g, '$1\u00a0');
const ago = new Intl.RelativeTimeFormat(locale, {numeric: 'auto'});
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60]];

// "3 hours ago"; what is a minute old is now.
function howLongAgo(time) {
  const seconds = (Date.now() - time) / 1000;
  const [unit, length] = UNITS.find(([, long]) => seconds >= long) ?? ['second', Infinity];
  return ago.format(-Math.floor(seconds / length) || 0, unit);
}
