#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/load.h"

namespace gatehouse::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// The problems of `text` as they are printed, without the name of the file.
std::vector<std::string> problems(std::string_view text) {
  std::vector<std::string> lines;
  for (const Problem& problem : parse(text, "/etc/g.toml").problems) {
    lines.push_back(to_string(problem).substr(std::string_view("/etc/g.toml:").size()));
  }
  return lines;
}

TEST(Config, HasTheDefaultsWhereTheFileIsEmpty) {
  const Loaded loaded = parse("", "/etc/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.server.listen, Server().listen);
  EXPECT_EQ(loaded.settings.session.idle_timeout, 10min);
  EXPECT_EQ(loaded.settings.mysql.socket, "/run/mysqld/mysqld.sock");
}

TEST(Config, ReadsTheNameOfTheCookieAndThoseThatALogoutClears) {
  const Loaded loaded = parse(R"([cookie]
name = "staff"
[logout]
clear_cookies = ["PHPSESSID", "zbx_session; Path=/zabbix/", "SID ;domain=example.com; path=/x"]
)",
                              "/etc/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.cookie.name, "staff");
  const auto& cleared = loaded.settings.logout.clear_cookies;
  ASSERT_EQ(cleared.size(), 3U);
  EXPECT_EQ(cleared[0], (OtherCookie{"PHPSESSID", "/", ""}));
  EXPECT_EQ(cleared[1], (OtherCookie{"zbx_session", "/zabbix/", ""}));
  EXPECT_EQ(cleared[2], (OtherCookie{"SID", "/x", "example.com"}));
}

TEST(Config, RefusesANameThatNoCookieMayHave) {
  for (const auto* const name :
       {"", "a b", "a=b", "a;b", "a,b", "__Host-x", "__secure-x", "\u00e4"}) {
    EXPECT_EQ(problems("[cookie]\nname = \"" + std::string(name) + '"').size(), 1U) << name;
  }
  for (const auto* const entry :
       {"", "a b", "; Path=/", "a; Path=x", "a; Path=/;Path=/y", "a; HttpOnly",
        "a; Domain=", "a; Domain=localhost", "a; Path", "a; Path=/\u00e4", "a;"}) {
    EXPECT_EQ(problems("[logout]\nclear_cookies = [\"" + std::string(entry) + "\"]").size(), 1U)
        << entry;
  }
}

TEST(Config, ReadsTheServer) {
  const Loaded loaded = parse(R"([server]
listen = "[::1]:9000"
socket_mode = "0600"
socket_group = ""
instant_threads = 4
database_threads = 5
login_threads = 6
login_nice = 0
login_queue = 7
max_body = "8KiB"
stop_timeout = "0s"
)",
                              "/etc/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Server& server = loaded.settings.server;
  EXPECT_EQ(server.listen, "[::1]:9000");
  EXPECT_EQ(server.socket_mode, 0600U);
  EXPECT_EQ(server.socket_group, "");
  EXPECT_EQ(server.instant_threads, 4U);
  EXPECT_EQ(server.database_threads, 5U);
  EXPECT_EQ(server.login_threads, 6U);
  EXPECT_EQ(server.login_nice, 0);
  EXPECT_EQ(server.login_queue, 7U);
  EXPECT_EQ(server.max_body_bytes, 8192U);
  EXPECT_EQ(server.stop_timeout, 0ms);
}

TEST(Config, ReadsMysql) {
  const Loaded loaded = parse(R"([mysql]
host = "db.example.com"
port = 3307
tls_ca = "/etc/ssl/db.pem"
database = "site"
user = "login"
password_file = "/etc/secret"
connect_timeout = "500ms"
timeout = "3s"
)",
                              "/etc/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Mysql& mysql = loaded.settings.mysql;
  EXPECT_EQ(mysql.socket, "");
  EXPECT_EQ(mysql.host, "db.example.com");
  EXPECT_EQ(mysql.port, 3307);
  EXPECT_EQ(mysql.tls_ca, "/etc/ssl/db.pem");
  EXPECT_EQ(mysql.database, "site");
  EXPECT_EQ(mysql.user, "login");
  EXPECT_EQ(mysql.password_file, "/etc/secret");
  EXPECT_EQ(mysql.connect_timeout, 500ms);
  EXPECT_EQ(mysql.timeout, 3s);
}

TEST(Config, ReadsAListOfStepsOrTheWordForOne) {
  const auto steps = [](const std::string& value) {
    const Loaded loaded = parse("user.password_transform = " + value, "/etc/g.toml");
    EXPECT_THAT(loaded.problems, IsEmpty()) << value;
    return loaded.settings.user.password_transform;
  };
  EXPECT_THAT(steps(R"("none")"), IsEmpty());
  EXPECT_THAT(steps(R"("html")"), testing::ElementsAre("newlines", "no-nul", "html"));
  EXPECT_THAT(steps(R"("md5")"), testing::ElementsAre("md5"));
  EXPECT_THAT(steps(R"(["slash"])"), testing::ElementsAre("slash"));
  EXPECT_THAT(steps(R"-(["nfc", "append(key)"])-"), testing::ElementsAre("nfc", "append(key)"));
  EXPECT_THAT(parse("user.password_transform = 3", "/etc/g.toml").problems, testing::SizeIs(1));
  EXPECT_THAT(parse("user.password_transform = [3]", "/etc/g.toml").problems, testing::SizeIs(1));
}

TEST(Config, ReadsTheSchemeOfAColumnAndTheKeys) {
  const Loaded loaded = parse(R"-(user.scheme = "md5(key + password)"
user.key_file = "cookie.key")-",
                              "/etc/gatehouse/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.settings.user.scheme, testing::ElementsAre("md5(key + password)"));
  EXPECT_EQ(loaded.settings.user.key_file, "/etc/gatehouse/cookie.key");
}

TEST(Config, ReadsTheOtherSections) {
  const Loaded loaded = parse(R"(user.query = """
SELECT 1
WHERE :name"""
user.update_query = ""
user.census_query = "SELECT p FROM u"
user.census_timeout = "5m"
user.password_transform = "slash"
password = { max_cost = "1s 1GiB", allow_weak = ["raw-md5", "SSHA"], write = "bcrypt", new = "yescrypt" }
cookie = { secure = "always", domain = "example.com", same_site = "none" }
log.level = "debug"
[session]
key_file = "/k"
realm = "shop"
idle_timeout = "1h"
absolute_lifetime = "365d"
capacity = 10
max_per_user = 3
)",
                              "/etc/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Settings& settings = loaded.settings;
  EXPECT_EQ(settings.user.query, "SELECT 1\nWHERE :name");
  EXPECT_EQ(settings.user.update_query, "");
  EXPECT_EQ(settings.user.census_query, "SELECT p FROM u");
  EXPECT_EQ(settings.user.census_timeout, 5min);
  EXPECT_THAT(settings.user.password_transform, testing::ElementsAre("slash", "trim"));
  EXPECT_EQ(settings.password.max_cost.time, 1s);
  EXPECT_EQ(settings.password.max_cost.memory_bytes, 1UL << 30U);
  EXPECT_THAT(settings.password.allow_weak, testing::ElementsAre("raw-md5", "SSHA"));
  EXPECT_EQ(settings.password.write, "bcrypt");
  EXPECT_EQ(settings.password.new_scheme, "yescrypt");
  EXPECT_EQ(settings.cookie.secure, CookieSecure::always);
  EXPECT_EQ(settings.cookie.domain, "example.com");
  EXPECT_EQ(settings.cookie.same_site, SameSite::none);
  EXPECT_EQ(settings.log_level, LogLevel::debug);
  EXPECT_EQ(settings.session.key_file, "/k");
  EXPECT_EQ(settings.session.realm, "shop");
  EXPECT_EQ(settings.session.idle_timeout, 1h);
  EXPECT_EQ(settings.session.absolute_lifetime, 8760h);
  EXPECT_EQ(settings.session.capacity, 10U);
  EXPECT_EQ(settings.session.max_per_user, 3U);
}

TEST(Config, TakesRelativePathsFromTheFolderOfTheFile) {
  const Loaded loaded = parse(R"([server]
listen = "unix:run/g.sock"
[mysql]
socket = "run/db.sock"
password_file = "secret"
[session]
key_file = "keys"
)",
                              "/etc/g.toml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.server.listen, "unix:/etc/run/g.sock");
  EXPECT_EQ(loaded.settings.mysql.socket, "/etc/run/db.sock");
  EXPECT_EQ(loaded.settings.mysql.password_file, "/etc/secret");
  EXPECT_EQ(loaded.settings.session.key_file, "/etc/keys");
}

TEST(Config, RefusesASocketPathThatTheFolderMakesTooLong) {
  const std::string folder = "/" + std::string(100, 'x') + "/";
  EXPECT_EQ(parse("[server]\nlisten = \"unix:g.sock\"", folder + "g.toml").problems.size(), 1U);
}

TEST(Config, RemembersTheLineOfEachKey) {
  const Loaded loaded = parse("[session]\n\nrealm = \"a\"\nlog = 1", "/etc/g.toml");
  EXPECT_THAT(loaded.lines, ElementsAre(std::pair("session.realm", 3U)));
  EXPECT_EQ(to_string(loaded.problem("session.realm", "is odd")),
            "/etc/g.toml:3: session.realm: is odd");
  EXPECT_EQ(to_string(loaded.problem("user.query", "is odd")), "/etc/g.toml: user.query: is odd");
}

TEST(Config, ReportsAllProblemsInOneRunInTheOrderOfLines) {
  EXPECT_THAT(
      problems(R"([session]
realm = ""
idle_timeot = "30m"
capacity = "many"

[server]
max_body = "64KiB"
login_nice = 20
)"),
      ElementsAre("2: session.realm: must not be empty",
                  "3: session.idle_timeot: unknown key; did you mean idle_timeout?",
                  "4: session.capacity: must be a whole number, not a string",
                  "7: server.max_body: 64KiB is out of range: it must be from 1KiB to 32KiB",
                  "8: server.login_nice: 20 is out of range: it must be from 0 to 19"));
}

TEST(Config, ReportsASyntaxErrorWithItsLine) {
  const auto found = problems("[server]\nlisten = \n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].substr(0, 2), "2:");
  EXPECT_EQ(problems("[server]\n[server]\n").size(), 1U);
}

TEST(Config, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(problems("[sever]\nlisten = 1"),
              ElementsAre("1: sever: unknown section; did you mean server?"));
  EXPECT_THAT(problems("[[colour]]"), ElementsAre("1: colour: unknown section"));
  EXPECT_THAT(
      problems("listen = \"x:1\""),
      ElementsAre("1: listen: unknown key outside of any section; did you mean server.listen?"));
  EXPECT_THAT(problems("[server]\nrealm = \"x\""),
              ElementsAre("2: server.realm: unknown key; did you mean session.realm?"));
  EXPECT_THAT(problems("[server.listen]\nx = 1"),
              ElementsAre("1: server.listen: must be an address in quotes, not a section"));
  EXPECT_THAT(problems("server = 1"), ElementsAre("1: server: must be a section, [server]"));
  EXPECT_THAT(problems("[[server]]"), ElementsAre("1: server: must be a section, [server]"));
}

TEST(Config, ShowsNamesFromTheFileOnOneLine) {
  EXPECT_THAT(problems("[server]\n\"a\\nb\" = 1"),
              ElementsAre(R"(2: server."a\x0ab": unknown key)"));
}

TEST(Config, SaysWhatKindOfValueItWants) {
  EXPECT_THAT(problems("[session]\nidle_timeout = 30"),
              ElementsAre("2: session.idle_timeout: must be a duration in quotes, such as \"30s\", "
                          "not an integer"));
  EXPECT_THAT(problems("[server]\nmax_body = 16384"),
              ElementsAre("2: server.max_body: must be a size in quotes, such as \"16KiB\", not an "
                          "integer"));
  EXPECT_THAT(problems("[server]\nsocket_mode = 0o660"),
              ElementsAre("2: server.socket_mode: must be an octal mode in quotes, such as "
                          "\"0660\", not an integer"));
  EXPECT_THAT(problems("[server]\nlogin_queue = 1.5"),
              ElementsAre("2: server.login_queue: must be a whole number, not a number with a "
                          "fraction"));
  EXPECT_THAT(problems("[log]\nlevel = true"),
              ElementsAre("2: log.level: must be a word in quotes, not true or false"));
  EXPECT_THAT(
      problems("[log]\nlevel = \"loud\""),
      ElementsAre(
          "2: log.level: \"loud\" is unknown: it must be one of \"debug\", \"info\", \"warning\", "
          "\"error\""));
}

TEST(Config, RefusesNumbersThatDoNotFit) {
  EXPECT_THAT(problems("[mysql]\nport = 65536"),
              ElementsAre("2: mysql.port: 65536 is out of range: it must be from 1 to 65535"));
  EXPECT_THAT(problems("[mysql]\nport = -1"),
              ElementsAre("2: mysql.port: -1 is out of range: it must be from 1 to 65535"));
  EXPECT_THAT(problems("[server]\nlogin_queue = 9223372036854775807"),
              ElementsAre("2: server.login_queue: 9223372036854775807 is out of range: it must be "
                          "from 1 to 10000"));
  EXPECT_THAT(problems("[server]\nlogin_queue = 9223372036854775808"),
              ElementsAre(testing::HasSubstr("not representable in 64 bits")));
  EXPECT_THAT(problems("[mysql]\ntimeout = \"99ms\""),
              ElementsAre("2: mysql.timeout: 99ms is out of range: it must be from 100ms to 1m"));
  EXPECT_THAT(
      problems("[session]\nidle_timeout = \"10500ms\""),
      ElementsAre("2: session.idle_timeout: \"10500ms\" must be a number of whole seconds"));
}

TEST(Config, RefusesACookieDomainThatBrowsersDrop) {
  for (const auto* const domain :
       {"localhost", ".example.com", "example.com:80", "127.0.0.1", "a..b", "-a.com",
        "exa mple.com", "example.com.", "*.example.com"}) {
    EXPECT_EQ(problems("[cookie]\ndomain = \"" + std::string(domain) + '"').size(), 1U) << domain;
  }
}

TEST(Config, RefusesARealmThatIsNotPrintableAscii) {
  EXPECT_EQ(problems("[session]\nrealm = \"caf\u00e9\"").size(), 1U);
  EXPECT_EQ(problems("[session]\nrealm = \"a\\tb\"").size(), 1U);
  EXPECT_EQ(problems("[session]\nrealm = \"" + std::string(65, 'x') + '"').size(), 1U);
  EXPECT_THAT(problems("[session]\nrealm = \"" + std::string(64, 'x') + '"'), IsEmpty());
}

TEST(Config, RefusesNulInPaths) {
  EXPECT_EQ(problems("[session]\nkey_file = \"/a\\u0000b\"").size(), 1U);
  EXPECT_EQ(problems("[mysql]\nsocket = \"/a\\u0000b\"").size(), 1U);
  EXPECT_EQ(problems("[server]\nlisten = \"unix:/a\\u0000b\"").size(), 1U);
}

TEST(Config, RefusesAnIdleTimeoutOverTheAbsoluteLifetime) {
  EXPECT_THAT(
      problems("[session]\nabsolute_lifetime = \"1m\""),
      ElementsAre(
          "2: session.absolute_lifetime: session.idle_timeout (10m) must not be longer than "
          "session.absolute_lifetime (1m)"));
  EXPECT_THAT(problems("[session]\nidle_timeout = \"12h\"\nabsolute_lifetime = \"12h\""),
              IsEmpty());
}

TEST(Config, DemandsOneWayToMysql) {
  EXPECT_THAT(problems("[mysql]\nsocket = \"/s\"\nhost = \"::1\""),
              ElementsAre("3: mysql.host: mysql.socket and mysql.host are both set: take one out"));
  EXPECT_THAT(problems("[mysql]\nsocket = \"\""),
              ElementsAre("2: mysql.socket: mysql.socket or mysql.host must be set"));
}

TEST(Config, DemandsTlsToAnotherHost) {
  EXPECT_THAT(
      problems("[mysql]\nhost = \"db\""),
      ElementsAre("2: mysql.host: mysql.tls_ca must be set: another host is reached over TLS "
                  "only"));
  EXPECT_THAT(problems("[mysql]\nhost = \"127.0.0.1\""), IsEmpty());
}

TEST(Config, DemandsTlsForCrossSiteCookies) {
  EXPECT_EQ(problems("[cookie]\nsame_site = \"none\"").size(), 1U);
  EXPECT_THAT(problems("[cookie]\nsame_site = \"none\"\nsecure = \"always\""), IsEmpty());
}

TEST(Config, DoesNotJudgeTogetherWhatIsWrongAlone) {
  EXPECT_THAT(
      problems("[cookie]\nsame_site = \"none\"\nsecure = \"yes\""),
      ElementsAre("3: cookie.secure: \"yes\" is unknown: it must be one of \"auto\", \"always\""));
}

TEST(Config, RefusesAFileThatIsTooLong) {
  EXPECT_THAT(parse(std::string(32 * 1024, '\n'), "g").problems, IsEmpty());
  EXPECT_EQ(to_string(parse(std::string(32 * 1024 + 1, '\n'), "g").problems.at(0)),
            "g: has more than 32768 bytes");
}

TEST(Config, SurvivesTheDeepestKeyThatFits) {
  std::string deep;
  while (deep.size() < 32 * 1024 - 5) deep += "a.";
  EXPECT_EQ(parse(deep + "a=1", "g").problems.size(), 1U);
}

}  // namespace
}  // namespace gatehouse::config
