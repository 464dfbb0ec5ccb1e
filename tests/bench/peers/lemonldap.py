"""LemonLDAP::NG: its portal logs in, and its handler answers nginx's auth_request, both in llng-fastcgi-server."""

import json
import re
import shutil
import urllib.parse

from . import database
from .peer import WORKERS, Peer, Request, first_line
from .tree import inside, one, own, tree

PORTAL, SITE = "auth.example.com", "test.example.com"
COOKIE = "lemonldap"
INDEX = "_whatToTrace _session_kind _utime ipAddr _httpSessionType user"
# Of its manual, "Browseable MySQL session backend".
TABLES = """
CREATE TABLE sessions (
    id varchar(64) not null primary key, a_session text, _whatToTrace varchar(64), _session_kind varchar(15),
    ipAddr varchar(64), _utime bigint, _httpSessionType varchar(64), user varchar(64)) DEFAULT CHARSET utf8;
CREATE INDEX i_s__whatToTrace ON sessions (_whatToTrace);
CREATE INDEX i_s__session_kind ON sessions (_session_kind);
CREATE INDEX i_s__utime ON sessions (_utime);
CREATE INDEX i_s_ipAddr ON sessions (ipAddr);
CREATE INDEX i_s__httpSessionType ON sessions (_httpSessionType);
CREATE INDEX i_s_user ON sessions (user);
CREATE TABLE psessions (
    id varchar(64) not null primary key, a_session text, _session_kind varchar(15), _httpSessionType varchar(64),
    _whatToTrace varchar(64), ipAddr varchar(64), _session_uid varchar(64)) DEFAULT CHARSET utf8;
CREATE INDEX i_p__session_kind ON psessions (_session_kind);
CREATE INDEX i_p__httpSessionType ON psessions (_httpSessionType);
CREATE INDEX i_p__session_uid ON psessions (_session_uid);
CREATE INDEX i_p_ipAddr ON psessions (ipAddr);
CREATE INDEX i_p__whatToTrace ON psessions (_whatToTrace);
"""


class LemonLdap(Peer):
    name = "lemonldap"
    advice = ("its manual, \"Performances\" and \"Databases\": nginx with llng-fastcgi-server; sessions in "
              "Apache::Session::Browseable::MySQL with the tables and indices that it lists, below the handler's caches "
              "(15 s in the process, 10 minutes in files); no sessions activity timeout; notifications and login history, "
              "which nobody uses here, are off; users by DBI, the password by MariaDB's ENCRYPT, the one of its methods "
              "that knows bcrypt. As many processes as the others have; nginx as in its examples, without kept connections")
    page = Request("/", headers={"Host": PORTAL, "Accept": "application/json"})
    file = Request("/files/file.html", headers={"Host": SITE})

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        for part in ("conf", "cache", "run"):
            own(self.folder / part)
        database.sql(self.arena, TABLES, database.DATABASE)
        original = tree() / one("var/lib/lemonldap-ng/conf/lmConf-1.json").lstrip("/")
        settings = json.loads(original.read_text()) | self.changes()
        conf = self.folder / "conf/lmConf-1.json"
        conf.write_text(json.dumps(settings))
        shutil.chown(conf, "www-data", "www-data")
        ini = (tree() / "etc/lemonldap-ng/lemonldap-ng.ini").read_text()
        ini = ini.replace("/var/lib/lemonldap-ng/conf", f"{self.folder}/conf")
        ini = ini.replace("/var/lib/lemonldap-ng/cache", f"{self.folder}/cache")
        ini = ini.replace("[all]", "[all]\nlogger = Lemonldap::NG::Common::Logger::Std\n"
                          "userLogger = Lemonldap::NG::Common::Logger::Std", 1)
        (self.folder / "lemonldap-ng.ini").write_text(ini)

    def storage(self, table, index):
        return {"DataSource": f"dbi:mysql:database={database.DATABASE};mysql_socket={self.arena.env['MYSQL_SOCKET']}",
                "UserName": database.ACCOUNT, "Password": database.ACCOUNT_PASSWORD, "TableName": table, "Index": index,
                "generateModule": "Lemonldap::NG::Common::Apache::Session::Generate::SHA256"}

    def changes(self):
        """What the manager would have written."""
        users = f"dbi:mysql:database={self.arena.env['MYSQL_DATABASE']};mysql_socket={self.arena.env['MYSQL_SOCKET']}"
        module = "Apache::Session::Browseable::MySQL"
        return {
            "authentication": "DBI", "userDB": "DBI", "passwordDB": "Null", "registerDB": "Null",
            "dbiAuthChain": users, "dbiAuthUser": database.ACCOUNT, "dbiAuthPassword": database.ACCOUNT_PASSWORD,
            "dbiUserChain": users, "dbiUserUser": database.ACCOUNT, "dbiUserPassword": database.ACCOUNT_PASSWORD,
            "dbiAuthTable": "user", "dbiUserTable": "user", "dbiAuthLoginCol": "username", "userPivot": "username",
            "dbiAuthPasswordCol": "password", "dbiAuthPasswordHash": "encrypt", "dbiExportedVars": {"uid": "username"},
            "domain": "example.com", "portal": f"http://{PORTAL}:{self.port}/", "cookieName": COOKIE,
            "locationRules": {PORTAL: {"default": "accept"}, SITE: {"default": "accept"}},
            "exportedHeaders": {SITE: {"Auth-User": "$uid"}},
            "globalStorage": module, "globalStorageOptions": self.storage("sessions", INDEX),
            "persistentStorage": module, "persistentStorageOptions": self.storage(
                "psessions", "_session_kind _httpSessionType _session_uid ipAddr _whatToTrace"),
            "localSessionStorageOptions": {"cache_depth": 3, "cache_root": f"{self.folder}/cache",
                                           "default_expires_in": 600, "directory_umask": "007",
                                           "namespace": "lemonldap-ng-sessions"},
            "notification": 0, "loginHistoryEnabled": 0, "applicationList": {},
            # Its manual's, for logins by programs ("REST services").
            "requireToken": "$env->{HTTP_ACCEPT} !~ m:application/json:"}

    def server(self):
        asked = f"include /etc/nginx/fastcgi_params; fastcgi_pass unix:{self.socket}; fastcgi_param HTTP_HOST $host;"
        return f"""
            server {{
                listen 127.0.0.1:{self.port};
                server_name {PORTAL};
                rewrite ^/(.*)$ /index.psgi/$1 break;
                location ~ ^(?<sc>/.*\\.psgi)(?:$|/) {{
                    {asked}
                    fastcgi_param LLTYPE psgi;
                    fastcgi_split_path_info ^(.*\\.psgi)(/.*)$;
                    fastcgi_param SCRIPT_FILENAME /usr/share/lemonldap-ng/portal/htdocs/index.psgi;
                    fastcgi_param PATH_INFO $fastcgi_path_info;
                }}
            }}
            server {{
                listen 127.0.0.1:{self.port};
                server_name {SITE};
                root {self.arena.folder}/files;
                location = /lmauth {{
                    internal;
                    {asked}
                    fastcgi_pass_request_body off;
                    fastcgi_param CONTENT_LENGTH "";
                    fastcgi_param X_ORIGINAL_URI $original_uri;
                }}
                location ^~ /files/ {{
                    auth_request /lmauth;
                    set $original_uri $uri$is_args$args;
                    auth_request_set $lmlocation $upstream_http_location;
                    error_page 401 $lmlocation;
                }}
            }}
        """

    def command(self):
        return inside(["llng-fastcgi-server", "--foreground", "-u", "www-data", "-g", "www-data", "-n", WORKERS,
                       "-s", self.folder / "run/socket", "-p", self.folder / "run/pid"],
                      LLNG_DEFAULTCONFFILE=self.folder / "lemonldap-ng.ini",
                      LLNG_DEFAULTLOGGER="Lemonldap::NG::Common::Logger::Std")

    def __init__(self, arena, port):
        super().__init__(arena, port)
        self.socket = self.folder / "run/socket"

    def version(self):
        script = "use Lemonldap::NG::Portal; print $Lemonldap::NG::Portal::VERSION"
        return first_line(inside(["perl", "-e", script]))

    def settings(self):
        return {"processes": WORKERS, "globalStorage": "Apache::Session::Browseable::MySQL",
                "localSessionStorage": "Cache::FileCache", "dbiAuthPasswordHash": "encrypt"}

    def login_request(self, user, password):
        body = urllib.parse.urlencode({"user": user, "password": password})
        return Request("/", "POST", {"Host": PORTAL, "Accept": "application/json",
                                     "Content-Type": "application/x-www-form-urlencoded"}, body)

    def session_of(self, answer):
        session = answer.cookie(COOKIE) if answer.status == self.accepted else None
        return {"Cookie": f"{COOKIE}={session}"} if session and re.fullmatch("[0-9a-f]{64}", session) else None

    def asked_first(self):
        """Of the handler: the portal is compiled when it is asked for the first time."""
        return self.file

    def many_sessions(self, count):
        """Copies of the row of one."""
        first = self.log_in(database.user(self.hash), database.PASSWORD)["Cookie"].partition("=")[2]
        columns = INDEX.replace(" ", ", ")
        database.sql(self.arena, f"""
            INSERT INTO sessions (id, a_session, {columns})
            SELECT SHA2(seq, 256), REPLACE(a_session, '{first}', SHA2(seq, 256)), {columns}
            FROM sessions JOIN seq_1_to_{count} WHERE id = '{first}'""", database.DATABASE)
        rows = database.sql(self.arena, f"SELECT SHA2(seq, 256) FROM seq_1_to_{count}")
        return [{"Cookie": f"{COOKIE}={row[0]}"} for row in rows]
