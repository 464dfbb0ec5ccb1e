// --- The devices of the account page: their names and times

// The first that is found in what a browser says of itself. Most say that they are several others as well.
const BROWSERS = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'], [/OPR\/|Opera|OPiOS\//, 'Opera'], [/SamsungBrowser\//, 'Samsung Internet'],
  [/Vivaldi\//, 'Vivaldi'], [/YaBrowser\//, 'Yandex'], [/DuckDuckGo\/|Ddg\//, 'DuckDuckGo'], [/Brave\//, 'Brave'],
  [/HuaweiBrowser\//, 'Huawei Browser'], [/MiuiBrowser\//, 'Mi Browser'], [/UCBrowser\//, 'UC Browser'],
  [/Whale\//, 'Whale'], [/QQBrowser\//, 'QQ Browser'], [/Silk\//, 'Silk'], [/Instagram/, 'Instagram'],
  [/FBA[NV]\//, 'Facebook'], [/GSA\//, 'Google app'], [/Epiphany\//, 'GNOME Web'], [/SeaMonkey\//, 'SeaMonkey'],
  [/FxiOS\/|Firefox\/|Focus\//, 'Firefox'], [/MSIE |Trident\//, 'Internet Explorer'],
  [/CriOS\/|Chrome\/|Chromium\//, 'Chrome'], [/Safari\//, 'Safari'], [/^curl\//, 'curl'],
];
const SYSTEMS = [
  [/iPhone|iPod/, 'iPhone'], [/iPad/, 'iPad'], [/Windows Phone/, 'Windows Phone'], [/Xbox/, 'Xbox'],
  [/PlayStation/, 'PlayStation'], [/Tizen/, 'Tizen'], [/KAIOS/i, 'KaiOS'], [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'], [/Windows/, 'Windows'], [/Mac OS X|Macintosh/, 'macOS'], [/FreeBSD/, 'FreeBSD'],
  [/OpenBSD/, 'OpenBSD'], [/Linux|X11/, 'Linux'],
];

function nameOf(agent) {
  const first = (table) => table.find(([words]) => words.test(agent))?.[1];
  return {browser: first(BROWSERS), system: first(SYSTEMS)};
}

const dates = new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'short'});
const ago = new Intl.RelativeTimeFormat(locale, {numeric: 'auto'});
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60]];

// "3 hours ago"; what is a minute old is now.
function howLongAgo(time) {
  const seconds = (Date.now() - time) / 1000;
  const [unit, length] = UNITS.find(([, long]) => seconds >= long) ?? ['second', Infinity];
  return ago.format(-Math.floor(seconds / length) || 0, unit);
}
