"""What the tests of this run have sent and got that is secret: passwords, and tokens of sessions, devices and links.
At the end of a stack none of it may stand in a log (Stack.down)."""
import json
import re
import urllib.parse

TOKEN = re.compile(r"gatehouse(?:-device)?=([A-Za-z0-9_-]{43,})")
CODE = re.compile(r"code=([A-Za-z0-9_-]{44,})")
FIELD = re.compile(r'"(username|password|current|new)"\s*:\s*("(?:[^"\\]|\\.)*")')
FORM_FIELD = re.compile(r"(?:^|&)(username|password|current|new)=([^&]*)")
WORD = re.compile(r"[A-Za-z0-9_-]+")
# A short one, and one of small letters or digits alone, is a word like others ("wrong", "password", "123456789"): where
# it stands in a log, it says nothing.
SHORTEST = 8
ORDINARY = re.compile(r"[a-z]+|[0-9]+")
MOST_BODY = 65_536

_tokens, _passwords, _names = set(), set(), set()


def _is_random(token):
    """Not one that a test has made up, of one letter again and again, which other tests send as something else."""
    return len(set(token)) > 8


def note_cookies(text):
    """A Set-Cookie header."""
    _tokens.update(filter(_is_random, TOKEN.findall(text)))


def note_query(text):
    """A query, which may be a link's."""
    _tokens.update(filter(_is_random, CODE.findall(text)))


def note_body(body):
    """The body of a login or of a change of the password, in JSON or of a form."""
    if not body or len(body) > MOST_BODY:
        return
    text = body if isinstance(body, str) else body.decode(errors="replace")
    for name, value in FIELD.findall(text):
        try:
            _note(name, json.loads(value))
        except ValueError:
            pass  # no JSON
    for name, value in FORM_FIELD.findall(text):
        _note(name, urllib.parse.unquote_plus(value))


def _note(name, value):
    if name == "username":
        _names.add(value)
    elif len(value) >= SHORTEST and len(set(value)) > 2 and not ORDINARY.fullmatch(value):
        _passwords.add(value)


def note_http(answer, *_args, **_more):
    """A hook of requests."""
    note_body(answer.request.body if isinstance(answer.request.body, (str, bytes)) else None)
    for value in answer.raw.headers.getlist("Set-Cookie"):
        note_cookies(value)


def _stands_alone(sentence, text):
    """Not as the beginning or end of longer words."""
    return re.search(rf"(?<!\w){re.escape(sentence)}(?!\w)", text) is not None


def told_in(logs):
    """[(file, secret)] of all that stand in these files. What is a name as well may stand there: a row's is told."""
    passwords = _passwords - _names
    sentences = [password for password in passwords if not WORD.fullmatch(password)]
    found = []
    for log in logs:
        text = log.read_text(errors="replace")
        words = set(WORD.findall(text))
        # A token may stand behind or before other signs of its alphabet.
        longer = {word[at:at + 43] for word in words if len(word) >= 43 for at in range(len(word) - 42)}
        found += [(log, secret) for secret in (passwords & words) | {t for t in _tokens if t[:43] in longer}]
        found += [(log, sentence) for sentence in sentences if sentence in text and _stands_alone(sentence, text)]
    return found
