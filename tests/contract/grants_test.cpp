/// What the accounts of sql/grants.sql may, and that it is enough.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "cli/migrate.h"
#include "config/load.h"
#include "session/events/mysql_event_store.h"
#include "session/failures/mysql_failure_store.h"
#include "session/sessions.h"
#include "session/store/mysql_session_store.h"
#include "support/log_capture.h"
#include "support/session_tables.h"
#include "user/mysql_user_directory.h"

using gatehouse::Error;
using gatehouse::Secret;
using gatehouse::cli::migrations;
using gatehouse::mysql::Connection;
using gatehouse::mysql::Pool;
using gatehouse::session::Epoch;
using gatehouse::session::Fingerprint;
using gatehouse::session::HashChange;
using gatehouse::session::MysqlSessionStore;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::LogCapture;
using gatehouse::test::MariaDb;
using gatehouse::test::session_id;
using gatehouse::test::stored_session;
using gatehouse::user::UserId;

namespace {

namespace fs = std::filesystem;

std::string text_of_file(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class GrantsTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.run({"DROP DATABASE gatehouse", "CREATE DATABASE gatehouse",
                 "DROP USER IF EXISTS gatehouse@localhost"});
    for (const auto* file : {"schema.sql", "sample.sql"}) server_.run_file(sql_ / file);
  }
  static gatehouse::config::Mysql as(gatehouse::config::Mysql settings, std::string_view user) {
    settings.user = user;
    return settings;
  }
  gatehouse::config::Mysql as_service() {
    return as(server_.settings(), gatehouse::config::Mysql{}.user);
  }
  /// grants.sql, and then the other way in that it names: a password.
  void grant() {
    server_.run_file(sql_ / "grants.sql");
    set_password();
  }
  void set_password() {
    server_.run(
        {"ALTER USER gatehouse@localhost IDENTIFIED /*!80000 WITH caching_sha2_password */ BY "
         "'of the tests'"});
  }
  static Secret password() { return Secret::copy_of("of the tests"); }
  [[nodiscard]] bool opens(const Secret& password) {
    auto settings = as_service();
    settings.database.clear();  // for which an account needs rights
    return Connection::open(settings, password).has_value();
  }
  /// Whether the system's user `system` may log in to the account `daemon`, which has been made by
  /// grants.sql in the place of `gatehouse`.
  [[nodiscard]] bool opens_for(const std::string& system) {
    const fs::path socket = server_.settings().socket;
    fs::permissions(socket.parent_path(), fs::perms::others_exec, fs::perm_options::add);
    const std::string command = "setpriv --reuid=" + system + " --regid=nogroup" +
                                " --clear-groups mariadb --no-defaults -udaemon -S " +
                                socket.string() + " -e 'SELECT 1' >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe)
  }
  /// grants.sql with each match of `what` replaced.
  void run_changed(const std::string& what, const std::string& with) {
    const fs::path file = fs::path(testing::TempDir()) / "gatehouse-grants.sql";
    std::ofstream(file) << std::regex_replace(text_of_file(sql_ / "grants.sql"), std::regex(what),
                                              with);
    server_.run_file(file);
    fs::remove(file);
  }
  /// grants.sql without what `migrate` needs.
  void grant_without_creation() {
    run_changed(", CREATE(, ALTER, INDEX)?", "");
    set_password();
  }
  void migrate_by_hand() {
    for (const auto& migration : migrations()) {
      server_.run_file(sql_ / "migrations" / fmt::format("{}.sql", migration.name));
    }
  }
  /// Each statement of the store once.
  static void use_everything(const gatehouse::config::Mysql& settings, const Secret& secret) {
    Pool pool(settings, Secret::copy_of(secret.view()));
    MysqlSessionStore store(pool, kTestLifetimes);
    const auto expect = [](const char* what, const auto& done) {
      EXPECT_TRUE(done) << what << ": " << done.error().what;
    };
    expect("claim", store.claim(std::vector<std::string>{"foreign"}));
    const auto later = Connection::open(settings, secret);
    ASSERT_TRUE((*later)->execute("UPDATE session_key_use SET seen_at = '2000-01-01'"));
    expect("claim anew", store.claim(std::vector<std::string>{"mine"}));
    const LogCapture log;  // of what the store goes without
    const std::string device = "sixteen bytes...";
    expect("add", store.add(stored_session(1), {"192.0.2.1", "Browser/1.0", device}));
    expect("find", store.find(session_id(1)));
    expect("find none", store.find(session_id(2)));
    expect("places", store.places(UserId("7"), std::chrono::hours(1)));
    gatehouse::session::MysqlFailureStore failures(pool);
    const gatehouse::guard::FailureKey counted{};
    const std::vector<gatehouse::session::FailureChange> change = {{counted, 1, {}}};
    expect("count failures", failures.add(change));
    expect("read failures", failures.changed(std::chrono::seconds(1)));
    expect("remove failures", failures.remove(std::vector{counted}));
    expect("purge failures", failures.purge());
    expect("not_revoked", store.not_revoked(std::vector{session_id(1)}));
    expect("list", store.list(UserId("7")));
    expect("all", store.for_each_live([] {}, [](auto&&) { return true; }));
    expect("page", store.page(std::nullopt));
    expect("endings", store.revocations(std::chrono::seconds(30)));
    expect("note_uses", store.note_uses(std::vector{gatehouse::session::StoredUse{
                            session_id(1), std::chrono::seconds(0)}}));
    expect("change_fingerprint", store.change_fingerprint(UserId("7"), std::vector{Fingerprint{1}},
                                                          Fingerprint{2}, HashChange::begins));
    expect("revoke_user", store.revoke_user(UserId("7"), session_id(1)));
    expect("revoke", store.revoke(session_id(1)));
    expect("revoke_all", store.revoke_all());
    expect("raise_user_epoch", store.raise_user_epoch(UserId("8"), Epoch{3}));
    expect("raise_site_epoch", store.raise_site_epoch(Epoch{3}));
    expect("probe", store.probe());
    expect("purge", store.purge());
    EXPECT_EQ(log.text(), "");
    gatehouse::session::MysqlEventStore events(pool, {}, std::chrono::hours(1));
    const std::vector<gatehouse::session::WaitingEvent> event = {
        {.id = std::string(16, 'e'), .event = {.kind = "login"}, .at = {}}};
    expect("write events", events.write(event));
    expect("ask what is new",
           events.novelty(std::vector{gatehouse::session::Arrival{.session = session_id(1)}}));
    expect("read events", events.of_user(UserId("7"), 1));
    expect("clean events", events.clean());
    expect("rights", gatehouse::session::prove_guard_tables(pool));
    expect("rights to events", gatehouse::session::prove_event_table(pool));
    const auto queries = gatehouse::user::parse_queries(gatehouse::config::User{});
    gatehouse::user::MysqlUserDirectory users(pool, *queries, &pool);
    expect("standing", users.standing(UserId("7")));
  }

  const fs::path sql_ = fs::path(GATEHOUSE_SOURCE_DIR) / "sql";
  MariaDb& server_ = MariaDb::shared();
};

TEST_F(GrantsTest, SufficeForTheServiceToMigrateAndForAllItDoes) {
  grant();
  const auto service = Connection::open(as_service(), password());
  ASSERT_TRUE(service) << service.error().what;
  const auto migrated = gatehouse::mysql::migrate(**service, migrations());
  ASSERT_TRUE(migrated) << migrated.error().what;
  EXPECT_EQ(migrated->size(), migrations().size() - 1) << "all but the bookkeeping";
  use_everything(as_service(), password());
}

TEST_F(GrantsTest, AreMissedByWhoeverLooksForThem) {
  grant();
  const auto service = Connection::open(as_service(), password());
  ASSERT_TRUE(gatehouse::mysql::migrate(**service, migrations()));
  Pool pool(as_service(), password());
  EXPECT_TRUE(gatehouse::session::prove_guard_tables(pool));
  server_.run({"REVOKE UPDATE ON gatehouse.login_place FROM gatehouse@localhost"});
  const auto lacking = gatehouse::session::prove_guard_tables(pool);
  ASSERT_FALSE(lacking);
  EXPECT_NE(lacking.error().what.find("UPDATE command denied"), std::string::npos);
  EXPECT_NE(lacking.error().what.find("`gatehouse init` as root"), std::string::npos);
  EXPECT_TRUE(gatehouse::session::prove_event_table(pool));
  server_.run({"REVOKE DELETE ON gatehouse.login_event FROM gatehouse@localhost"});
  const auto without = gatehouse::session::prove_event_table(pool);
  ASSERT_FALSE(without);
  EXPECT_NE(without.error().what.find("DELETE command denied"), std::string::npos);
}

TEST_F(GrantsTest, OfTheVersionBeforeSufficeForSessionsAndSayWhatIsMissing) {
  run_changed("GRANT [A-Z, ]+ ON login_[a-z]+ TO [^;]+;", "");
  set_password();
  const auto service = Connection::open(as_service(), password());
  const auto migrated = gatehouse::mysql::migrate(**service, migrations());
  ASSERT_FALSE(migrated);
  EXPECT_EQ(migrated.error().kind, Error::Kind::failed);
  Pool pool(as_service(), password());
  MysqlSessionStore store(pool, kTestLifetimes);
  const LogCapture log;
  EXPECT_TRUE(store.add(stored_session(1), {"192.0.2.1", "", "sixteen bytes..."}));
  EXPECT_TRUE(store.find(session_id(1)).value());
  EXPECT_EQ(log.count("browsers that log in are not remembered"), 1U);
  EXPECT_EQ(log.count("`gatehouse init`"), 1U);
}

TEST_F(GrantsTest, LetInTheSystemsUserOfThatNameAndNobodyElse) {
  server_.run({"DROP USER IF EXISTS daemon@localhost"});
  for (int i = 0; i < 2; ++i) {
    run_changed("'gatehouse'", "'daemon'");
    EXPECT_TRUE(opens_for("daemon"));
    EXPECT_FALSE(opens_for("nobody"));
  }
  server_.run({"DROP USER daemon@localhost"});
}

TEST_F(GrantsTest, MendAnAccountThatHasNoPassword) {
  for (const auto* account :
       {"USER gatehouse@localhost", "USER gatehouse@localhost IDENTIFIED BY ''"}) {
    server_.create(account);
    ASSERT_TRUE(opens(Secret())) << "of a run of the file as it was once";
    server_.run_file(sql_ / "grants.sql");
    EXPECT_FALSE(opens(Secret())) << account;
  }
}

TEST_F(GrantsTest, LeaveThePasswordThatAnAdministratorHasSet) {
  grant();
  server_.run_file(sql_ / "grants.sql");
  EXPECT_TRUE(opens(password()));
  EXPECT_FALSE(opens(Secret()));
}

TEST_F(GrantsTest, SufficeWithoutTheRightToCreateWhereAnAdministratorHasMigrated) {
  ASSERT_TRUE(gatehouse::mysql::migrate(*server_.connect(), migrations()));
  grant_without_creation();
  use_everything(as_service(), password());
}

TEST_F(GrantsTest, SufficeWhereAnAdministratorHasRunTheFilesByHand) {
  migrate_by_hand();
  migrate_by_hand();
  grant_without_creation();
  const auto service = Connection::open(as_service(), password());
  ASSERT_TRUE(service) << service.error().what;
  const auto pending = gatehouse::mysql::pending(**service, migrations());
  ASSERT_TRUE(pending) << pending.error().what;
  EXPECT_TRUE(pending->empty());
  EXPECT_TRUE(gatehouse::mysql::migrate(**service, migrations())->empty());
  use_everything(as_service(), password());
}

TEST_F(GrantsTest, GiveTheServiceNoMoreThanItNeeds) {
  migrate_by_hand();
  grant_without_creation();
  const auto service = Connection::open(as_service(), password());
  ASSERT_TRUE(service) << service.error().what;
  for (const auto* sql :
       {"DROP TABLE session", "ALTER TABLE session ADD COLUMN x INT", "CREATE TABLE x (id INT)",
        "DELETE FROM session_epoch", "INSERT INTO user_role VALUES ('7', 'admin')",
        "DELETE FROM user_disabled", "DELETE FROM gatehouse_lease", "UPDATE user SET password = ''",
        "DELETE FROM gatehouse_migration"}) {
    const auto done = (*service)->execute(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_EQ(done.error().kind, Error::Kind::failed) << sql;
  }
}

TEST_F(GrantsTest, ServeAnAccountAndADatabaseOfTheSessionsOwn) {
  server_.run({"DROP DATABASE IF EXISTS gatehouse_sessions", "CREATE DATABASE gatehouse_sessions"});
  server_.create("USER sessions@localhost");
  std::string grants = text_of_file(sql_ / "grants.sql");
  static const std::regex kGrant(
      "GRANT ([A-Z, ]+) ON ((session|user_|login_|gatehouse)[a-z_]*) TO");
  for (std::sregex_iterator at(grants.begin(), grants.end(), kGrant), end; at != end; ++at) {
    server_.run({"GRANT " + at->str(1) + " ON gatehouse_sessions." + at->str(2) +
                 " TO sessions@localhost"});
  }
  gatehouse::config::Settings settings;
  settings.mysql = as_service();
  settings.session.database = "gatehouse_sessions";
  settings.session.user = "sessions";
  const auto own = gatehouse::config::session_mysql(settings);
  const auto connection = Connection::open(own, Secret());
  ASSERT_TRUE(connection) << connection.error().what;
  ASSERT_TRUE(gatehouse::mysql::migrate(**connection, migrations()));
  use_everything(own, Secret());
  EXPECT_FALSE((*connection)->select("SELECT id FROM gatehouse.user", {}, 1));
}

}  // namespace
