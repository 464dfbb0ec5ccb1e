"""Changes to a sound configuration such as people make: a line is dropped, a modifier swapped, a location
put inside of another or taken out of it, a server added, lines put in another order."""
import re

LOCATION = re.compile(r"^(\s*location\s+)(?:(=|\^~|~\*|~)\s*)?([^\s{]+)(\s*\{.*)$")
SERVERS = [
    "server { listen 127.0.0.1:PORT3; root WWW; location / { try_files $uri $uri/ =404; } }",
    "server { listen 127.0.0.1:PORT3; root WWW/members; }",
    "server { listen 127.0.0.1:PORT3; root WWW; include gatehouse/mount.conf; location / { } }",
    "server { listen 127.0.0.1:PORT3; location / { proxy_pass http://unix:FOLDER/app.sock; } }",
    "server { listen 127.0.0.1:PORT3; root WWW; location / { return 301 http://localhost:PORT$request_uri; } }",
    "server { listen 127.0.0.1:PORT3; root WWW; location / { try_files $uri /index.html; }"
    " location ^~ /members/ { auth_request gatehouse:*; } }",
    "server { listen 127.0.0.1:PORT3; root WWW; location / { try_files $uri /index.html; }"
    " location ^~ /private/ { auth_request /gatehouse/auth/*; } }",
    "server { listen 127.0.0.1:PORT3; root WWW; index index.php; location ~ \\.php$ { include FOLDER/php.conf; } }",
]
LOCATIONS = [
    "location ~* \\.html$ { charset utf-8; }", "location ~ \\.php$ { include FOLDER/php.conf; }",
    "location ~* \\.(?:css|js|jpg)$ { expires 1d; }", "location /members/files/ { expires 1h; }",
    "location ^~ /mirror/ { alias WWW/members/; }", "location /mirror { alias WWW/public/; }",
    "location ~ ^/(?!gatehouse).*page { try_files $uri =404; }", "location ~ . { try_files $uri /index.html; }",
    "location = /members/page.html { expires 1h; }", "error_page 403 404 =200 /index.html;",
    "error_page 401 = @open; location @open { root WWW; }", "merge_slashes off;", "satisfy any; allow all;",
    "satisfy any; allow 192.0.2.1; deny all;", "rewrite ^/members/(.*)$ /m/$1 last;", "rewrite ^(.*)$ /index.html;",
    "try_files $uri /index.html;", "rewrite ^/p/(.*)$ /private/$1 last;", "if ($arg_x) { return 403; }",
]


def _block(lines, start):
    """The number of the line behind the block that begins in line `start`."""
    depth = 0
    for number in range(start, len(lines)):
        depth += lines[number].count("{") - lines[number].count("}")
        if depth <= 0:
            return number + 1
    return len(lines)


def _locations(lines):
    return [number for number, line in enumerate(lines) if LOCATION.match(line)]


def _server_lines(lines):
    """Lines that stand in a server itself."""
    depth, found = 0, []
    for number, line in enumerate(lines):
        if depth == 1 and line.rstrip().endswith(";") and "{" not in line:
            found.append(number)
        depth += line.count("{") - line.count("}")
    return found


def drop(lines, random):
    """No auth_request: nothing says, then, that a place was meant to be protected. No root and
    no proxy_pass: then it has no content."""
    simple = [number for number, line in enumerate(lines)
              if line.rstrip().endswith(";") and "{" not in line and "auth_request " not in line
              and "listen" not in line and "root" not in line and "_pass " not in line]
    del lines[random.choice(simple)]


def swap(lines, random):
    number = random.choice(_locations(lines))
    start, modifier, name, rest = LOCATION.match(lines[number]).groups()
    other = random.choice([m for m in ("=", "^~", "~", "~*", None) if m != modifier])
    lines[number] = f"{start}{other + ' ' if other else ''}{name}{rest}"


def nest(lines, random):
    inner, outer = random.sample(_locations(lines), 2)
    block = lines[inner:_block(lines, inner)]
    if not lines[outer].rstrip().endswith("{") or inner <= outer < inner + len(block):
        return
    del lines[inner:inner + len(block)]
    at = outer if outer < inner else outer - len(block)
    lines[at + 1:at + 1] = block


def lift(lines, random):
    """What is nested comes out, behind the block that it was in."""
    for outer in random.sample(_locations(lines), len(_locations(lines))):
        end = _block(lines, outer)
        inner = [number for number in _locations(lines) if outer < number < end]
        if inner:
            number = random.choice(inner)
            block = lines[number:_block(lines, number)]
            del lines[number:number + len(block)]
            lines[end - len(block):end - len(block)] = block
            return


def add_server(lines, random):
    lines.append(random.choice(SERVERS))


def add_location(lines, random):
    lines.insert(random.choice(_server_lines(lines)) + 1, random.choice(LOCATIONS))


def move(lines, random):
    line = lines.pop(random.choice(_server_lines(lines)))
    lines.insert(random.choice(_server_lines(lines)) + 1, line)


def mutated(text, random):
    """The text with one to three changes."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for _ in range(random.choice((1, 1, 2, 3))):
        random.choice((drop, swap, swap, nest, lift, add_server, add_location, add_location, move))(lines, random)
    return "\n".join(lines)
