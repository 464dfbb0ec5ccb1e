"""Apache by itself: mod_auth_form, with mod_session_dbd for its sessions and mod_authn_dbd for the users."""

import secrets
import urllib.parse

from arena import accepts

from . import database
from .peer import Peer, Request, first_line
from .tree import inside, own

MODULES = ("mpm_event authn_core authn_dbd authz_core authz_user auth_form dbd request session session_dbd mime dir alias "
           "reqtimeout")
COOKIE = "session"


class Apache(Peer):
    name = "apache"
    advice = ("mod_auth_form's and mod_session_dbd's manuals: a login page by itself (form-login-handler), anonymous sessions "
              "with their five prepared statements; AuthFormSitePassphrase, \"on high traffic websites\": without it each "
              "request would hash the password again; SessionExpiryUpdateInterval, so that not each request writes the "
              "session. Debian's mpm_event.conf, as it is. It answers its clients itself, without nginx")
    page = file = Request("/files/file.html")
    accepted = 302
    closes = True  # mpm_event, when all threads of a process are busy

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        own(self.folder / "run")
        (self.folder / "refused.html").write_text("<p>Refused")
        database.sql(self.arena, """CREATE TABLE apache_session (
            `key` varchar(64) CHARACTER SET ascii NOT NULL PRIMARY KEY, value text NOT NULL, expiry bigint NOT NULL,
            KEY expiry (expiry)) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4""", database.DATABASE)
        (self.folder / "apache.conf").write_text(self.configuration())

    def configuration(self):
        loads = "\n".join(f"Include /etc/apache2/mods-available/{name}.load\n"
                          f"IncludeOptional /etc/apache2/mods-available/{name}.con[f]" for name in MODULES.split())
        users = self.arena.env["MYSQL_DATABASE"]
        form = f"""
    AuthType form
    AuthName files
    AuthFormProvider dbd
    AuthDBDUserPWQuery "SELECT password FROM {users}.user WHERE username = %s"
    AuthFormSitePassphrase {secrets.token_hex(16)}
    AuthFormLoginRequiredLocation "/refused.html"
    Session On
    SessionMaxAge 1800
    SessionExpiryUpdateInterval 300
    SessionDBDCookieName {COOKIE} path=/;httponly"""
        return f"""
ServerName localhost
ServerRoot {self.folder}
DefaultRuntimeDir {self.folder}/run
PidFile {self.folder}/run/pid
ErrorLog {self.log}.errors
Mutex file:{self.folder}/run default
Listen 127.0.0.1:{self.port}
{loads}
User www-data
Group www-data
KeepAlive On
# nginx's default, and so that of the other peers. (Apache's is 100.)
MaxKeepAliveRequests 1000
TypesConfig /etc/mime.types
DocumentRoot {self.arena.folder}/files
<Directory {self.arena.folder}/files>
    Require all granted
</Directory>
<Directory {self.folder}>
    Require all granted
</Directory>
Alias /refused.html {self.folder}/refused.html
Alias /files {self.arena.folder}/files/files
DBDriver mysql
DBDParams "host=localhost,sock={self.arena.env['MYSQL_SOCKET']},user={database.ACCOUNT},pass={database.ACCOUNT_PASSWORD},\
dbname={database.DATABASE}"
DBDPrepareSQL "delete from apache_session where `key` = %s" deletesession
DBDPrepareSQL "update apache_session set value = %s, expiry = %lld, `key` = %s where `key` = %s" updatesession
DBDPrepareSQL "insert into apache_session (value, expiry, `key`) values (%s, %lld, %s)" insertsession
DBDPrepareSQL "select value from apache_session where `key` = %s and (expiry = 0 or expiry > %lld)" selectsession
DBDPrepareSQL "delete from apache_session where expiry != 0 and expiry < %lld" cleansession
<Location /login>
    SetHandler form-login-handler
    AuthFormLoginSuccessLocation "/files/file.html"{form}
</Location>
<Location /files>{form}
    Require valid-user
</Location>
"""

    def command(self):
        return inside(["apache2", "-f", self.folder / "apache.conf", "-DFOREGROUND"])

    def ready(self):
        return accepts(self.port)

    def version(self):
        return first_line(inside(["apache2", "-v"]))

    def settings(self):
        return {"mpm": "event", "ThreadsPerChild": 25, "MaxRequestWorkers": 150, "SessionExpiryUpdateInterval": 300,
                "AuthFormSitePassphrase": "set", "MaxKeepAliveRequests": 1000}

    def login_request(self, user, password):
        body = urllib.parse.urlencode({"httpd_username": user, "httpd_password": password})
        return Request("/login", "POST", {"Content-Type": "application/x-www-form-urlencoded"}, body)

    def session_of(self, answer):
        inside_is = answer.headers.get("Location", "").endswith("/files/file.html")
        session = answer.cookie(COOKIE) if inside_is else None
        return {"Cookie": f"{COOKIE}={session}"} if session else None

    def many_sessions(self, count):
        """Copies of the row of one."""
        first = self.log_in(database.user(self.hash), database.PASSWORD)["Cookie"].partition("=")[2]
        database.sql(self.arena, f"""
            INSERT INTO apache_session (`key`, value, expiry)
            SELECT CONCAT('00000000-0000-0000-0000-', LPAD(seq, 12, '0')), value, expiry
            FROM apache_session JOIN seq_1_to_{count} WHERE `key` = '{first}'""", database.DATABASE)
        return [{"Cookie": f"{COOKIE}=00000000-0000-0000-0000-{number:012d}"} for number in range(1, count + 1)]
