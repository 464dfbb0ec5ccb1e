"""systemd/package/nginx-uses: where a configuration of nginx needs Gatehouse, by which `apt remove` refuses."""
import subprocess

import pytest

from judged_nginx import SOURCE

USES = SOURCE / "systemd/package/nginx-uses"
DUMP = """# configuration file /etc/nginx/nginx.conf:
http {{
    include /etc/nginx/conf.d/*.conf;
    include /etc/nginx/sites-enabled/*;
}}
# configuration file /etc/nginx/conf.d/gatehouse.conf:
include /usr/share/gatehouse/nginx/htt[p].conf;
# configuration file /usr/share/gatehouse/nginx/http.conf:
include /etc/nginx/gatehouse/upstream.conf;
# configuration file /etc/nginx/gatehouse/mount.conf:
include /usr/share/gatehouse/nginx/api.conf;
# configuration file /etc/nginx/sites-enabled/site:
server {{
    # include gatehouse/mount.conf;
    server_name gatehouse.example.com;
    root /var/www/gatehouse/html;
    {line}
}}
"""


def uses(tmp_path, line):
    (tmp_path / "dump").write_text(DUMP.format(line=line))
    done = subprocess.run(["sh", str(USES), str(tmp_path / "dump")], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("line", [
    "include gatehouse/mount.conf;",
    'include "/etc/nginx/gatehouse/mount.conf";',
    "include /usr/share/gatehouse/nginx/mount.conf;",
    "include gatehouse/snippets/identity-proxy.conf;",
    "auth_request gatehouse:*;",
    'auth_request "gatehouse:admin/300";',
    "auth_request gatehouse-cached:*;",
    "auth_request /gatehouse/auth/*;",
    "set $gatehouse_https on;",
    'add_header X-User "${gatehouse_user}";',
    "fastcgi_pass gatehouse;",
    "fastcgi_pass gatehouse-shop;",
    "location /members/ { auth_request gatehouse:*; } # for members",
])
def test_a_line_that_needs_it_is_named_with_file_and_line(tmp_path, line):
    said = uses(tmp_path, line)
    assert said.startswith("/etc/nginx/sites-enabled/site:5: ") and said.count("\n") == 1, said


@pytest.mark.parametrize("line", [
    "index index.html;",
    "#auth_request gatehouse:*;",
    "index index.html; # was: auth_request gatehouse:*;",
    "auth_request /ask;",
    "proxy_pass http://gatehouse.example.com/gatehouse/;",
    "location /gatehouse/ { return 404; }",
])
def test_a_line_that_does_not_is_not(tmp_path, line):
    assert uses(tmp_path, line) == ""
