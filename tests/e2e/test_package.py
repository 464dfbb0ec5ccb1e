"""The Debian package on a booted host, from `apt install` to `apt purge`. tests/systemd.sh builds the packages and makes
the hosts; the tests go on from each other, in this order."""
import os
import re
import subprocess
import threading
import time

import pytest

from bare_host import ROOT_PASSWORD, SOCKET, BareHost
from printed import ROOT
from waiting import allow, eventually

PACKAGE = os.environ["GATEHOUSE_TEST_PACKAGE"]
BEFORE = os.environ["GATEHOUSE_TEST_PACKAGE_BEFORE"]
SITE_FILE = "etc/nginx/sites-available/blog"
KEY = "etc/gatehouse/session.keys"
MOUNT = "usr/share/gatehouse/nginx/mount.conf"
LIMIT = 60
# What `gatehouse init` would ask for: the root's password, which of two tables it is, and whether to do all that.
ANSWERS = " --admin-password-file /root/root.password --table blog.x7_users --yes"


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    host = BareHost(os.environ["GATEHOUSE_TEST_HOST"], tmp_path_factory.mktemp("host"))
    with host:
        host.install_applications()
        host.before = host.files()
        host.users_before = (host.read("etc/passwd"), host.read("etc/group"))
        yield host


def install(host, package):
    return host.run("apt-get", "install", "-y", "--allow-downgrades", "--no-install-recommends", host.put(package))


def write_root_password(host):
    host.write("root/root.password", f"{ROOT_PASSWORD}\n")
    (host.root / "root/root.password").chmod(0o600)


def nginx_takes_it(host):
    done = host.run("nginx", "-t")
    assert done.returncode == 0, done.stderr
    return True


def is_inside(host, jar, path="/members/", host_name="blog.example.com"):
    status, said = host.send(path, host=host_name, jar=jar)
    return status == 200 and "the inside of" in said


def refuses_strangers(host, path="/members/", host_name="blog.example.com"):
    status, said = host.send(path, host=host_name)
    return status in (303, 401) and "the inside of" not in said


def test_installing_asks_nothing_and_starts_nothing(host):
    done = install(host, PACKAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    nginx_takes_it(host)
    for unit in ("gatehouse.service", "gatehouse.socket"):
        assert not host.is_active(unit)
        assert host.run("systemctl", "is-enabled", unit).stdout.strip() == "disabled"
    assert host.must("stat", "-c", "%a %U:%G", f"/{KEY}").strip() == "640 root:gatehouse"
    assert re.search(r"(?m)^[A-Za-z0-9_-]{43}$", host.read(KEY))
    assert host.must("gatehouse", "check", "--offline").strip().endswith(": ok")
    host.must("apt-get", "purge", "-y", "gatehouse")


def commands_of_readme(package):
    """Those of the five of README.md that follow the making of the package, which systemd.sh has made, for the names of
    this host."""
    blocks = re.findall(r"(?ms)^```[a-z]*\n(.*?)^```$", (ROOT / "README.md").read_text())
    block = next(block for block in blocks if "/gatehouse_*.deb" in block)
    commands = block.replace("\\\n", "").splitlines()
    assert len(commands) == 5 and commands[1] == "cmake --workflow --preset package", commands
    programs = subprocess.run(["sh", "-c", ". tests/support/packages.sh; echo $packages_build dpkg-dev file"], cwd=ROOT,
                              capture_output=True, text=True, check=True).stdout
    assert sorted(commands[0].removeprefix("apt install --no-install-recommends").split()) == sorted(programs.split())
    install_it, init, check = commands[2:]
    install_it = re.sub(r"\S*/gatehouse_\*\.deb", package, install_it)
    assert package in install_it and init.startswith("gatehouse init --nginx "), commands
    return [command.replace("www.example.com", "blog.example.com") for command in (install_it, init + ANSWERS, check)]


def test_five_commands_lead_to_a_page_that_a_user_sees_and_a_stranger_does_not(host):
    site_before = host.read(SITE_FILE)
    write_root_password(host)
    began = time.monotonic()
    for command in commands_of_readme(host.put(PACKAGE)):
        done = host.run("sh", "-c", command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        print(f"# {command}\n{done.stdout}")
        assert "run this as root" not in done.stdout + done.stderr
    assert refuses_strangers(host)
    assert host.login("olga", "olga")[0] == 200
    assert is_inside(host, "olga")
    took = time.monotonic() - began
    print(f"{took:.1f} s")
    assert took < allow(LIMIT)
    (host.root / "root/root.password").unlink()
    nginx_takes_it(host)
    host.must("gatehouse", "check-nginx")
    assert site_before != host.read(SITE_FILE) and "auth_request gatehouse:*;" in host.read(SITE_FILE)


def test_the_services_are_shut_in(host):
    host.must("cp", "/usr/lib/systemd/system/gatehouse@.service", "/run/gatehouse@site.service")
    for file in ("/usr/lib/systemd/system/gatehouse.service", "/run/gatehouse@site.service"):
        done = host.run("systemd-analyze", "security", "--offline=true", "--threshold=12", "--no-pager", file)
        assert done.returncode == 0, done.stdout
        assert "Overall exposure level" in done.stdout
    host.must("rm", "/run/gatehouse@site.service")


def test_the_tutorials_conversation(host):
    assert host.send("/gatehouse/")[0] == 401
    assert host.login("sam", "sam", password="wrong")[0] == 400
    assert host.send("/gatehouse/login", "-H", "Content-Type: application/json", "-d", "{")[0] == 400
    status, said = host.login("sam", "sam")
    assert status == 200 and "You are logged in successfully" in said
    status, said = host.send("/gatehouse/", jar="sam")
    assert status == 200 and '"username":"sam"' in said
    assert is_inside(host, "sam")
    status, said = host.send("/gatehouse/logout", "-X", "POST", jar="sam")
    assert status == 200 and "You successfully logged out" in said
    assert host.send("/gatehouse/", jar="sam")[0] == 401
    assert host.send("/members/", jar="sam")[0] in (303, 401)


def test_roles_of_the_application_count(host):
    text = host.read(SITE_FILE)
    at = text.rindex("}")
    host.write(SITE_FILE, text[:at] + "    location ^~ /editors/ {\n        auth_request gatehouse:editor;\n    }\n" + text[at:])
    nginx_takes_it(host)
    host.must("systemctl", "reload", "nginx.service")
    eventually(lambda: refuses_strangers(host, "/editors/"), allow(10))
    assert host.login("sam", "sam")[0] == 200
    assert is_inside(host, "olga", "/editors/")
    assert host.send("/editors/", jar="sam")[0] == 403


class Visitors:
    """A context manager: somebody who is inside looks at a page again and again, and another logs in."""

    def __init__(self, host):
        self._host = host
        self._enough = threading.Event()
        self.failed, self.asked = [], 0
        self._threads = [threading.Thread(target=self._look), threading.Thread(target=self._log_in)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        eventually(lambda: self.asked > 5, allow(20))
        return self

    def __exit__(self, *_):
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _look(self):
        while not self._enough.is_set():
            status, said = self._host.send("/members/", jar="olga")
            self.asked += 1
            if status != 200:
                self.failed.append((time.monotonic(), said))

    def _log_in(self):
        while not self._enough.is_set():
            status, said = self._host.login("sam", "other")
            if status != 200:
                self.failed.append((time.monotonic(), said))


def workers(host):
    return host.must("pgrep", "-u", "nginx", "nginx")


@pytest.mark.parametrize("package,is_before", [(BEFORE, True), (PACKAGE, False)], ids=["downgrade", "upgrade"])
def test_another_version_keeps_sessions_and_loses_no_request(host, package, is_before):
    assert is_inside(host, "olga")
    service, asked_by = host.main_process("gatehouse.service"), workers(host)
    key = host.read(KEY)
    with Visitors(host) as visitors:
        done = install(host, package)
        assert done.returncode == 0, done.stdout + done.stderr
        # Tables of a later version serve an earlier one.
        assert "not up to date" not in done.stdout + done.stderr, done.stdout + done.stderr
    assert not visitors.failed, visitors.failed[:3]
    assert ("Of the version before" in host.read(MOUNT)) == is_before
    assert host.main_process("gatehouse.service") not in (service, "0")
    eventually(lambda: set(workers(host).split()).isdisjoint(asked_by.split()), allow(20), what="nginx has reloaded")
    assert host.read(KEY) == key
    nginx_takes_it(host)
    assert is_inside(host, "olga") and refuses_strangers(host)


# What migration 0005 has made, and the rights to it.
AS_BEFORE_0005 = ("DROP TABLE gatehouse.login_failure, gatehouse.login_place, gatehouse.login_event; ALTER TABLE gatehouse.session DROP COLUMN device;"
                  "DELETE FROM gatehouse.gatehouse_migration WHERE number >= 5;"
                  + "".join(f"REVOKE ALL PRIVILEGES ON gatehouse.{table} FROM gatehouse@localhost;"
                            for table in ("login_failure", "login_place", "login_event")))


def test_an_upgrade_without_rights_to_new_tables_keeps_nobody_out_and_says_what_to_run(host):
    host.query(AS_BEFORE_0005)
    with Visitors(host) as visitors:
        done = host.run("apt-get", "install", "-y", "--reinstall", host.put(PACKAGE))
        assert done.returncode == 0, done.stdout + done.stderr
        eventually(lambda: "browsers that log in are not remembered" in host.must("journalctl", "-u", "gatehouse.service"), allow(20),
                   what="a login has said in the log what it goes without")
    said = done.stdout + done.stderr
    assert not visitors.failed, visitors.failed[:3]
    assert "0005_guesses: MySQL error 1142: CREATE command denied" in said, said
    assert "the tables of gatehouse.service are not up to date" in said and "    gatehouse init\n" in said, said
    assert "failed logins are counted by this host alone" in host.must("journalctl", "-u", "gatehouse.service")
    done = host.run("gatehouse", "check")
    assert done.returncode == 1 and "tables are missing (0005_guesses, 0006_events)" in done.stdout, done.stdout + done.stderr
    write_root_password(host)
    mended = host.must("gatehouse", "init", "--yes", "--admin-password-file", "/root/root.password")
    (host.root / "root/root.password").unlink()
    assert "GRANT" in mended and "login_place" in mended
    assert host.must("gatehouse", "check") and host.login("sam", "sam")[0] == 200 and is_inside(host, "olga")
    assert int(host.query("SELECT COUNT(device) FROM gatehouse.session")) > 0, "the service has not been restarted"


def test_an_nginx_that_takes_its_files_no_more_is_not_reloaded(host):
    text = host.read(SITE_FILE)
    before = workers(host)
    host.write(SITE_FILE, f"{text}\nnonsense;\n")
    done = host.run("apt-get", "install", "-y", "--reinstall", host.put(PACKAGE))
    said = done.stdout + done.stderr  # apt gives what scripts say to either
    assert done.returncode == 0 and "was not reloaded" in said and "nonsense" in said, said
    assert workers(host) == before and is_inside(host, "olga")
    host.write(SITE_FILE, text)
    nginx_takes_it(host)


def test_a_changed_setting_outlives_an_upgrade(host):
    for name in ("etc/nginx/gatehouse/snippets/links.conf", "etc/gatehouse/gatehouse.toml"):
        host.write(name, "\n# The host's own.\n", mode="a")
    for package in (BEFORE, PACKAGE):
        done = install(host, package)
        assert done.returncode == 0 and "What would you like to do" not in done.stdout, done.stdout + done.stderr
    for name in ("etc/nginx/gatehouse/snippets/links.conf", "etc/gatehouse/gatehouse.toml"):
        assert host.read(name).endswith("# The host's own.\n")
    assert is_inside(host, "olga")


def test_settings_that_this_version_does_not_take_leave_the_service_running(host):
    name = "etc/gatehouse/gatehouse.toml"
    text, service = host.read(name), host.main_process("gatehouse.service")
    host.write(name, f"{text}\n[of_a_later_version]\nkey = 1\n")
    done = host.run("apt-get", "install", "-y", "--reinstall", host.put(PACKAGE))
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "gatehouse.service was not restarted" in said, said
    assert "of_a_later_version: unknown section" in said, said
    assert host.main_process("gatehouse.service") == service and is_inside(host, "olga")
    host.write(name, text)
    assert host.must("systemctl", "restart", "gatehouse.service") == "" and is_inside(host, "olga")


def test_a_new_libssl_restarts_it_and_loses_nothing(host):
    library = host.must("sh", "-c", "ls /usr/lib/*/libcrypto.so.3").strip()
    # As dpkg does at an upgrade: another file of that name.
    host.must("sh", "-c", f"cp -p {library} {library}.new && mv {library}.new {library}")
    # Otherwise nginx, which has libssl as well, closes its port for a moment, and no visitor learns of Gatehouse's restart.
    host.write("etc/needrestart/conf.d/nginx.conf", "$nrconf{override_rc}{qr(^nginx)} = 0;\n")
    service = host.main_process("gatehouse.service")
    with Visitors(host) as visitors:
        done = host.run("needrestart", "-r", "a", "-l")
        assert done.returncode == 0, done.stdout + done.stderr
        eventually(lambda: host.main_process("gatehouse.service") not in (service, "0"), allow(30),
                   what="needrestart has restarted it")
    (host.root / "etc/needrestart/conf.d/nginx.conf").unlink()
    assert not visitors.failed, visitors.failed[:3]
    assert is_inside(host, "olga")


def test_sessions_outlive_a_reboot(host):
    host.reboot()
    eventually(lambda: is_inside(host, "olga"), allow(30), every=0.2, what="olga is inside again")
    assert refuses_strangers(host) and nginx_takes_it(host)


def test_a_further_site_has_a_gatehouse_of_its_own(host):
    write_root_password(host)
    host.must("gatehouse", "init", "--site", "shop", "--socket", SOCKET, "--admin-password-file", "/root/root.password",
              "--table", "shop.x7_users_field_data", "--nginx", "shop.example.com", "--protect", "/members/", "--yes")
    (host.root / "root/root.password").unlink()
    shop = "shop.example.com"
    host.must("systemctl", "reload", "gatehouse@shop.service")  # which must run for that
    assert host.must("ps", "-o", "user:32=", "-p", host.main_process("gatehouse@shop.service")).strip() == "gatehouse-shop"
    assert refuses_strangers(host, host_name=shop)
    assert host.login("petra", "petra", host=shop)[0] == 200
    assert is_inside(host, "petra", host_name=shop)
    assert host.login("petra", "stranger")[0] == 400, "petra is nobody of the other site"
    assert host.login("olga", "stranger", host=shop)[0] == 400
    cookie = re.findall(r"gatehouse\t(\S+)", (host._jars / "olga.jar").read_text())[-1]
    status, said = host.send("/members/", "-H", f"Cookie: gatehouse={cookie}", host=shop)
    assert status in (303, 401), said
    nginx_takes_it(host)
    assert is_inside(host, "olga")
    done = install(host, PACKAGE)
    assert done.returncode == 0 and is_inside(host, "petra", host_name=shop)


def lines_of_gatehouse(host):
    found = []
    for name in ("blog", "shop"):
        for number, line in enumerate(host.read(f"etc/nginx/sites-available/{name}").splitlines(), 1):
            if re.search(r"auth_request gatehouse|include gatehouse/", line):
                found.append((name, number))
    return found


def test_removing_is_refused_while_a_site_names_it(host):
    nginx = host.main_process("nginx.service")
    done = host.run("apt-get", "remove", "-y", "gatehouse")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    lines = lines_of_gatehouse(host)
    assert len(lines) >= 4
    for name, number in lines:
        assert f"/etc/nginx/sites-enabled/{name}:{number}: " in said, said
    assert host.must("dpkg-query", "-W", "-f", "${db:Status-Status}", "gatehouse") == "installed"
    assert host.main_process("nginx.service") == nginx and is_inside(host, "olga") and refuses_strangers(host)
    nginx_takes_it(host)


def test_removed_it_leaves_nginx_able_to_start(host):
    for name in ("blog", "shop"):
        text = host.read(f"etc/nginx/sites-available/{name}")
        host.write(f"etc/nginx/sites-available/{name}", re.sub(r"(?m)^.*(auth_request gatehouse|include gatehouse/).*\n", "", text))
    nginx_takes_it(host)
    host.must("systemctl", "reload", "nginx.service")
    done = host.run("apt-get", "remove", "-y", "gatehouse")
    assert done.returncode == 0, done.stdout + done.stderr
    nginx_takes_it(host)
    host.must("systemctl", "restart", "nginx.service")
    assert host.read(KEY) and (host.root / "etc/nginx/conf.d/gatehouse.conf").exists()
    assert not host.is_active("gatehouse.service") and not host.is_active("gatehouse@shop.service")


def test_installed_again_it_has_its_key(host):
    key = host.read(KEY)
    done = install(host, PACKAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert host.read(KEY) == key
    nginx_takes_it(host)


def test_purging_leaves_nothing(host):
    done = host.run("apt-get", "purge", "-y", "gatehouse")
    assert done.returncode == 0, done.stdout + done.stderr
    (host.root / "root/gatehouse.deb").unlink()
    # What passwd, dpkg and systemd write by themselves.
    assert not {path for path in host.files() - host.before if not re.search(r"-$|^var/backups/(alt|dpkg)", path)}
    assert (host.read("etc/passwd"), host.read("etc/group")) == host.users_before
    assert host.run("systemctl", "list-unit-files", "gatehouse*", "--no-legend").stdout.strip() == ""
    nginx_takes_it(host)
    host.must("systemctl", "restart", "nginx.service")


def test_an_earlier_installation_is_taken_over(host):
    """As `cmake --install --prefix /usr/local` of a version without links left it."""
    local = "/usr/local"
    host.write("usr/local/sbin/gatehouse", "#!/bin/sh\nexit 1\n")
    host.write("usr/local/lib/systemd/system/gatehouse.service", "[Service]\nExecStart=/usr/local/sbin/gatehouse serve\n")
    host.write("usr/local/lib/systemd/system/gatehouse.socket", "[Socket]\nListenStream=/run/gatehouse/fcgi.sock\n")
    host.write("usr/share/man/man8/gatehouse.8", "")
    host.write("etc/gatehouse/gatehouse.toml", "[user]\n[session]\nidle_timeout = \"17m\"\n")
    host.write("etc/gatehouse/gatehouse.toml.new", "")
    host.write(KEY, "# ours\n" + "A" * 42 + "E\n")
    host.write("etc/nginx/conf.d/gatehouse.conf", "include gatehouse/upstream.conf;\ninclude gatehouse/snippets/maps.conf;\n")
    host.write("etc/nginx/gatehouse/mount.conf", "# of the version before\n")
    host.write("etc/nginx/gatehouse/mount.conf.new", "")
    host.write("etc/nginx/gatehouse/snippets/maps.conf", "# of the version before\n")
    host.write("etc/nginx/gatehouse/upstream.conf", "upstream gatehouse { server 192.0.2.7:9000; }\n")
    host.write("etc/nginx/gatehouse/snippets/root.conf", f"root {local}/share/gatehouse/html;\n")
    done = install(host, PACKAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    nginx_takes_it(host)
    assert 'idle_timeout = "17m"' in host.read("etc/gatehouse/gatehouse.toml")
    assert host.read(KEY).startswith("# ours\n")
    assert "192.0.2.7:9000" in host.read("etc/nginx/gatehouse/upstream.conf")
    assert "\nroot /usr/share/gatehouse/html;" in host.read("etc/nginx/gatehouse/snippets/root.conf")
    assert "htt[p].conf" in host.read("etc/nginx/conf.d/gatehouse.conf")
    assert os.readlink(host.root / "etc/nginx/gatehouse/mount.conf") == "/usr/share/gatehouse/nginx/mount.conf"
    assert host.read("etc/nginx/gatehouse/mount.conf.dpkg-old") == "# of the version before\n"
    assert not list(host.root.glob("etc/**/*.new")) and not (host.root / "usr/local/sbin/gatehouse").exists()
    assert local not in host.must("systemctl", "show", "-p", "FragmentPath", "gatehouse")
    host.must("apt-get", "purge", "-y", "gatehouse")
    (host.root / "root/gatehouse.deb").unlink()
    assert not {path for path in host.files() - host.before if "gatehouse" in path}
