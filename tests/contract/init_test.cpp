/// `gatehouse init` against a server: which tables it finds, and what the account may do then.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/check.h"
#include "cli/init/situation.h"
#include "cli/init/sql_text.h"
#include "cli/init/work.h"
#include "support/mariadb.h"
#include "support/temporary_folder.h"
#include "unit/cli/init/fake_console.h"

namespace {

using gatehouse::Secret;
using gatehouse::cli::init::Configured;
using gatehouse::cli::init::FakeConsole;
using gatehouse::cli::init::Instance;
using gatehouse::cli::init::Options;
using gatehouse::cli::init::quoted_name;
using gatehouse::cli::init::Situation;
using gatehouse::cli::init::Step;
using gatehouse::mysql::Connection;
using gatehouse::test::MariaDb;
using gatehouse::test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kBcrypt = "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq";
/// Names that would break out of quotes, patterns and terminals.
constexpr const char* kBlog = "bl`og_%";
constexpr const char* kPrefix = "x7'_";

class InitContract : public testing::Test {
 protected:
  InitContract() {
    drop();
    (void)folder_.write("gatehouse.toml",
                        fmt::format("[server]\nlisten = \"unix:{}/s.sock\"\nsocket_group = \"\"\n",
                                    folder_.path().string()));
    (void)folder_.write("session.keys", std::string(43, 'A') + "\n", 0600);
    make_wordpress();
    make_members();
  }
  ~InitContract() override { drop(); }

  void drop() const {
    for (const auto* const name : {kBlog, "club", "init_own"}) {
      server_.run({"DROP DATABASE IF EXISTS " + quoted_name(name)});
    }
    server_.run({"DROP USER IF EXISTS init_own@localhost"});
  }

  void make_wordpress() const {
    const auto table = [](const std::string& name) { return quoted_name(kBlog, kPrefix + name); };
    server_.run(
        {"CREATE DATABASE " + quoted_name(kBlog),
         "CREATE TABLE " + table("users") +
             " (ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_login varchar(60) NOT "
             "NULL, user_pass varchar(255) NOT NULL, user_email varchar(100) NOT NULL, "
             "user_registered datetime NOT NULL, secret_note text)",
         "CREATE TABLE " + table("usermeta") +
             " (umeta_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id bigint "
             "unsigned NOT NULL, meta_key varchar(255), meta_value longtext) CHARACTER SET utf8mb4 "
             "COLLATE utf8mb4_unicode_ci",
         fmt::format("INSERT INTO {} VALUES (1, 'roy', '{}', 'roy@x.example', '2024-01-01', 'no')",
                     table("users"), kBcrypt),
         fmt::format("INSERT INTO {} (user_id, meta_key, meta_value) VALUES (1, "
                     "'x7''_capabilities', 'a:2:{{s:6:\"editor\";b:1;s:6:\"author\";b:1;}}')",
                     table("usermeta"))});
  }
  void make_members() const {
    server_.run(
        {"CREATE DATABASE club",
         "CREATE TABLE club.member (no int NOT NULL AUTO_INCREMENT PRIMARY KEY, login varchar(60) "
         "CHARACTER SET latin1 NOT NULL UNIQUE, pw_hash varchar(255), is_active tinyint, role "
         "varchar(20) CHARACTER SET latin1)",
         fmt::format("INSERT INTO club.member VALUES (7, 'ann', '{0}', 1, 'board'), (8, 'bob', "
                     "'{0}', 0, '')",
                     kBcrypt),
         "CREATE TABLE club.words (id int NOT NULL PRIMARY KEY, username varchar(20), password "
         "varchar(20))",
         "INSERT INTO club.words VALUES (1, 'a', 'hunter2'), (2, 'b', 'secret')"});
  }

  [[nodiscard]] Options options(const std::string& table) const {
    Options options;
    options.config_file = folder_.path() / "gatehouse.toml";
    options.socket = server_.settings().socket;
    options.table = table;
    options.backups = folder_.path() / "backups";
    options.with_password = true;
    options.yes = true;
    return options;
  }
  /// What is found out, for an instance whose account and database are called init_own.
  [[nodiscard]] Situation look(const Options& options) {
    auto configured = gatehouse::cli::init::read_configured(options.config_file);
    EXPECT_TRUE(configured) << configured.error().what;
    if (!configured->sets("mysql.user")) {
      configured->text +=
          "\n[mysql]\nuser = \"init_own\"\n[session]\ndatabase = \"init_own\"\n"
          "key_file = \"session.keys\"\n";
      configured->loaded = gatehouse::config::parse(configured->text, options.config_file);
    }
    auto instance = Instance::named(options.site);
    auto side = gatehouse::cli::init::look_at_database(options, *instance, *configured, console_);
    EXPECT_TRUE(side) << side.error().what;
    return {options, std::move(*instance), std::move(*configured), std::move(*side), {}, {}};
  }
  [[nodiscard]] static std::vector<Step> work(const Situation& situation) {
    std::vector<Step> steps;
    const auto database =
        gatehouse::cli::init::add_database_steps(*situation.database, situation, steps);
    EXPECT_TRUE(database) << database.error().what;
    const auto file = gatehouse::cli::init::add_configuration_step(situation, steps);
    EXPECT_TRUE(file) << file.error().what;
    return steps;
  }
  /// Does everything; gives how many steps that took.
  std::size_t init(const std::string& table) {
    const Situation situation = look(options(table));
    const auto steps = work(situation);
    for (const Step& step : steps) {
      const auto done = step.run();
      EXPECT_TRUE(done) << step.what << ": " << done.error().what;
    }
    return steps.size();
  }
  /// What `gatehouse check` says, as somebody with the service's account.
  std::string check(const std::vector<std::string>& names) {
    std::ostringstream out;
    EXPECT_EQ(gatehouse::cli::check(folder_.path() / "gatehouse.toml", {.names = names}, out, out),
              0)
        << out.str();
    return out.str();
  }
  [[nodiscard]] gatehouse::config::Settings settings() const {
    return gatehouse::config::load(folder_.path() / "gatehouse.toml").settings;
  }
  [[nodiscard]] std::unique_ptr<Connection> as_service() const {
    const auto all = settings();
    auto connection =
        Connection::open(all.mysql, gatehouse::config::mysql_password(all.mysql).value());
    EXPECT_TRUE(connection) << connection.error().what;
    return std::move(*connection);
  }
  /// The texts that a query of the user :id gives.
  [[nodiscard]] std::vector<std::string> answers(std::string query, std::string_view id) const {
    gatehouse::mysql::Values values;
    for (auto at = query.find(":id"); at != std::string::npos; at = query.find(":id")) {
      query.replace(at, 3, "?");
      values.push_back(id);
    }
    const auto rows = as_service()->select(query, values, 100);
    EXPECT_TRUE(rows) << rows.error().what;
    if (!rows) return {rows.error().what};
    std::vector<std::string> all;
    for (const auto& row : *rows) all.push_back(row.front().value_or("NULL"));
    return all;
  }

  MariaDb& server_ = MariaDb::shared();
  TemporaryFolder folder_;
  FakeConsole console_;
};

const std::string kWordPress = std::string(kBlog) + "." + kPrefix + "users";

TEST_F(InitContract, ListsTheTablesOfUsersAndNoOthers) {
  auto configured = gatehouse::cli::init::read_configured(folder_.path() / "gatehouse.toml");
  const auto side = gatehouse::cli::init::look_at_database(options(""), *Instance::named("own"),
                                                           *configured, console_);
  ASSERT_FALSE(side);
  EXPECT_THAT(side.error().what, HasSubstr("\"bl`og_%\".\"x7'_users\" (WordPress): 1 of its 1"));
  EXPECT_THAT(side.error().what, HasSubstr("club.member (a table of users): 1 of its 1"));
  EXPECT_THAT(side.error().what, Not(HasSubstr("words")));
}

TEST_F(InitContract, MakesAnAccountWithWhichTheServiceWorks) {
  EXPECT_GT(init(kWordPress), 3U);
  EXPECT_THAT(check({"roy", "roy@x.example"}), HasSubstr("\"roy\""));
  EXPECT_THAT(answers(settings().user.roles_query, "1"),
              testing::UnorderedElementsAre("editor", "author"));
}

TEST_F(InitContract, GivesTheAccountNoRightThatNoQueryNeeds) {
  init(kWordPress);
  const auto service = as_service();
  const std::string users = quoted_name(kBlog, std::string(kPrefix) + "users");
  EXPECT_TRUE(service->select("SELECT user_pass FROM " + users, {}, 10));
  EXPECT_FALSE(service->select("SELECT secret_note FROM " + users, {}, 10));
  EXPECT_FALSE(service->execute("UPDATE " + users + " SET user_pass = ''"));
  EXPECT_FALSE(service->select("SELECT 1 FROM club.member", {}, 10));
  EXPECT_FALSE(service->execute("INSERT INTO init_own.user_role VALUES ('1', 'admin')"));
}

TEST_F(InitContract, HasNothingToDoTheSecondTime) {
  init(kWordPress);
  EXPECT_EQ(init(""), 0U);
  EXPECT_EQ(init(kWordPress), 0U);
}

TEST_F(InitContract, TakesTheRightsToTheFirstTableBackWhereAnotherIsChosen) {
  init(kWordPress);
  init("club.member");
  EXPECT_THAT(check({"ann"}), HasSubstr("\"ann\""));
  const auto service = as_service();
  EXPECT_FALSE(service->select(
      "SELECT user_pass FROM " + quoted_name(kBlog, std::string(kPrefix) + "users"), {}, 10));
}

TEST_F(InitContract, AddsOurOwnTablesToWhatTheApplicationSays) {
  init("club.member");
  server_.run({"INSERT INTO init_own.user_role VALUES ('7', 'chair')",
               "INSERT INTO init_own.user_disabled VALUES ('7')"});
  EXPECT_THAT(answers(settings().user.roles_query, "7"),
              testing::UnorderedElementsAre("board", "chair"));
  EXPECT_THAT(answers(settings().user.disabled_query, "7"), testing::SizeIs(1));
  EXPECT_THAT(answers(settings().user.disabled_query, "8"), testing::SizeIs(1));
  server_.run({"DELETE FROM init_own.user_disabled"});
  EXPECT_THAT(answers(settings().user.disabled_query, "7"), IsEmpty());
}

TEST_F(InitContract, ClosesAnAccountThatLetsAnybodyIn) {
  init(kWordPress);
  server_.run({"ALTER USER init_own@localhost IDENTIFIED BY ''"});
  EXPECT_EQ(init(""), 1U);
  auto anybody = settings().mysql;
  EXPECT_FALSE(Connection::open(anybody, Secret()));
}

TEST_F(InitContract, LetsTheSystemsUserInAndNobodyElseByDefault) {
  Options by_socket = options(kWordPress);
  by_socket.with_password = false;
  const Situation situation = look(by_socket);
  for (const Step& step : work(situation)) ASSERT_TRUE(step.run()) << step.what;
  EXPECT_FALSE(Connection::open(settings().mysql, Secret()));
  const auto root = server_.connect();
  const auto account = gatehouse::cli::init::find_account(*root, "init_own");
  ASSERT_TRUE(account && *account);
  EXPECT_TRUE((*account)->by_socket);
}

TEST_F(InitContract, MakesATableOfOurOwnWhereThereAreNoUsers) {
  Options own = options("");
  own.own_table = true;
  const Situation situation = look(own);
  for (const Step& step : work(situation)) {
    const auto done = step.run();
    ASSERT_TRUE(done) << step.what << ": " << done.error().what;
  }
  server_.run({fmt::format("INSERT INTO init_own.user (username, password) VALUES ('eve', '{}')",
                           kBcrypt)});
  EXPECT_THAT(check({"eve"}), HasSubstr("\"eve\""));
  EXPECT_EQ(settings().user.query, gatehouse::config::User().query);
  EXPECT_TRUE(as_service()->execute("UPDATE init_own.user SET password = 'x' WHERE id = 1"));
  EXPECT_FALSE(as_service()->execute("DELETE FROM init_own.user"));
  EXPECT_EQ(init(""), 0U);
}

}  // namespace
