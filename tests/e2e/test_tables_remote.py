"""`gatehouse tables` with a database server that is reached over TCP: as the service's account, and by TLS."""
import json
import subprocess

import pytest

from instance import write_config
from processes import spawn
from verbs import run_verb
from waiting import allow, eventually

BCRYPT = "$2y$07$BCryptRequires22ChrctebndVSCBWoNHCN6y9oPwSuMaS44mxyN6"
TABLES = f"""
    CREATE DATABASE club; CREATE DATABASE other;
    CREATE TABLE club.wp_users (ID bigint PRIMARY KEY, user_login varchar(60), user_pass varchar(255),
        user_email varchar(100), user_registered datetime);
    CREATE TABLE club.wp_usermeta (user_id bigint, meta_key varchar(255), meta_value longtext);
    INSERT INTO club.wp_users VALUES (1, 'roy', '{BCRYPT}', 'roy@example.com', NOW());
    CREATE TABLE other.x_users LIKE club.wp_users; CREATE TABLE other.x_usermeta LIKE club.wp_usermeta;
    CREATE USER far@'127.0.0.%' IDENTIFIED BY 'the way there' REQUIRE SSL;
    CREATE USER near@'127.0.0.1' IDENTIFIED BY 'the way there';
    GRANT SELECT ON club.* TO far@'127.0.0.%', near@'127.0.0.1';
"""


class Remote:
    """A MariaDB that listens on TCP, with a certificate that is its own authority."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.certificate = self.make_certificate("server")
        data, self._socket = folder / "data", folder / "mysqld.sock"
        subprocess.run(["mariadb-install-db", "--no-defaults", "--user=root", f"--datadir={data}"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = spawn(
            ["mariadbd", "--no-defaults", "--user=root", f"--datadir={data}", f"--socket={self._socket}",
             f"--pid-file={data}/pid", "--bind-address=127.0.0.1", f"--port={port}", "--skip-log-bin",
             "--skip-name-resolve", f"--ssl-cert={self.certificate}", f"--ssl-key={folder}/server.key"],
            folder / "mysql.log")
        eventually(self._socket.exists, allow(60), what="the other MariaDB listens")
        eventually(lambda: self._run("SELECT 1").returncode == 0, allow(20))
        done = self._run(TABLES)
        assert done.returncode == 0, done.stderr

    def make_certificate(self, name):
        path = self.folder / f"{name}.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(self.folder / f"{name}.key"),
                        "-out", str(path)], check=True, stderr=subprocess.DEVNULL)
        return path

    def _run(self, sql):
        return subprocess.run(["mariadb", "--no-defaults", "-uroot", "-N", "-S", str(self._socket)], input=sql,
                              capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def remote(stack, port):
    folder = stack.dir / "remote"
    folder.mkdir()
    remote = Remote(folder, port + 85)
    yield remote
    remote.process.stop(allow(20))


def tables(stack, remote, user, *words, **mysql):
    password = remote.folder / "password"
    password.write_text("the way there\n")
    password.chmod(0o600)
    config = write_config(stack, "remote", {"mysql": {
        "host": "127.0.0.1", "port": remote.port, "user": user, "database": "club", "password_file": str(password),
        "socket": "", **mysql}})
    return run_verb(stack, "tables", *words, config=config)


@pytest.mark.parametrize("user, host, tls", [("far", "127.0.0.%", True), ("near", "127.0.0.1", False)])
def test_the_account_of_the_service_sees_its_own_tables(stack, remote, user, host, tls):
    """`far` is let in by TLS alone."""
    ca = {"tls_ca": str(remote.certificate)} if tls else {}
    done = tables(stack, remote, user, "--json", **ca)
    assert done.returncode == 0, done.stderr
    one, = json.loads(done.stdout)["applications"]
    assert (one["schema"], one["table"], one["preset"], one["rows"]["able"]) == ("club", "wp_users", "wordpress", 1)
    assert one["grants"] and all(grant.endswith(f" TO `{user}`@`{host}`") for grant in one["grants"])
    assert "gatehouse init" not in one["section"]  # which does nothing on another host


@pytest.mark.parametrize("user, ca", [("far", None), ("far", "another"), ("near", "another")])
def test_without_the_right_certificate_nothing_is_asked(stack, remote, user, ca):
    mysql = {"tls_ca": str(remote.make_certificate(ca))} if ca else {}
    done = tables(stack, remote, user, **mysql)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("mysql.host 127.0.0.1: "), done.stderr
    assert "the way there" not in done.stderr


def test_a_socket_of_this_host_goes_before_the_host(stack, remote):
    done = tables(stack, remote, "near", "--json", "--socket", stack.database.socket)
    assert done.returncode == 0, done.stderr
    assert "club" not in {one["schema"] for one in json.loads(done.stdout)["applications"]}
