#include "cli/census.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/hints.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "config/load.h"
#include "http/json.h"
#include "mysql/connection.h"
#include "password/census.h"
#include "password/site.h"
#include "session/sessions.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

using password::Census;
using State = Census::State;

/// Tells the progress about how many hashes there are.
void estimate(const config::Settings& settings, const Secret& password,
              const user::CensusQuery& query, Progress& progress) {
  const auto connection = mysql::Connection::open(settings.mysql, password);
  if (!connection) return;  // the census says why
  progress.begin({.what = "counting the hashes",
                  .total = user::estimate_census(**connection, query),
                  .unit = "hashes"});
}

using Ids = std::unordered_set<std::string>;

/// The ids of the users who have logged in; nothing where that cannot be told, which is no reason
/// not to count: the sessions are in memory, the census query has no ids, or the tables cannot be
/// read.
std::optional<Ids> who_logged_in(const config::Settings& settings, const Secret& password,
                                 const user::CensusQuery& query) {
  if (settings.session.store != config::SessionStore::mysql) return std::nullopt;
  const auto lookup = user::parse_lookup(settings.user);
  const auto users = mysql::Connection::open(settings.mysql, password);
  if (!lookup || !users || !user::has_ids(**users, query, *lookup)) return std::nullopt;
  const auto session_password = config::session_password(settings);
  if (!session_password) return std::nullopt;
  config::Mysql patient = config::session_mysql(settings);
  patient.timeout = settings.user.census_timeout;
  const auto sessions = mysql::Connection::open(patient, *session_password);
  if (!sessions) return std::nullopt;
  Ids ids;
  const auto read =
      session::for_each_who_logged_in(**sessions, [&](std::string_view id) { ids.emplace(id); });
  return read ? std::optional(std::move(ids)) : std::nullopt;
}

struct Counted {
  Census census;
  bool knows_logins;
};

Result<Counted> count(const config::Settings& settings, const Output& output) {
  auto site = password::site_of(settings);
  if (!site) return tl::unexpected(site.error());
  auto query = user::parse_census(settings.user);
  if (!query) return fail(query.error().kind, "user.census_query: " + query.error().what);
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  mysql::Connection::start_library();
  Progress progress("waiting for MySQL", output.err, output.err_terminal);
  if (output.err_terminal.is_terminal()) estimate(settings, *password, *query, progress);
  const auto ids = who_logged_in(settings, *password, *query);
  user::MysqlHashSource source(settings, std::move(*password), std::move(*query));
  const auto& most = settings.password.max_cost;
  Census census({most.time, most.memory_bytes}, std::move(site->policy),
                password::usual_bytes(site->transform));
  const auto rows = source.for_each([&](const password::Row& row) {
    census.add(row, ids && ids->contains(std::string(row.id)));
    progress.at(census.rows());
    return true;
  });
  if (!rows) return tl::unexpected(rows.error());
  return Counted{std::move(census), ids.has_value()};
}

std::string as_json(const Counted& counted) {
  const Census& census = counted.census;
  http::JsonWriter json;
  json.begin_object().key("rows").number(census.rows()).key("groups").begin_array();
  for (const auto& group : census.groups()) {
    json.begin_object().key("scheme").text(group.scheme).key("parameters").text(group.parameters);
    json.key("state").text(to_string(group.state)).key("rows").number(group.rows);
    if (counted.knows_logins) json.key("logged_in").number(group.logged_in);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

/// Names the schemes of the rows in that state, for a message.
std::string schemes_in(State state, const Census& census) {
  std::set<std::string> names;
  for (const auto& group : census.groups()) {
    if (group.state == state) names.insert(group.scheme);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Says what to do about the rows that are not fine.
void print_advice(const Census& census, bool writes, std::ostream& out) {
  const auto say = [&](State state, std::string_view one, std::string_view several) {
    const auto rows = census.rows_in(state);
    if (rows > 0) out << rows << with_config(std::string(rows == 1 ? one : several)) << '\n';
  };
  const std::string until =
      fmt::format(" until password.allow_weak names {}.", schemes_in(State::weak_waiting, census));
  say(State::weak_waiting, " hash is weak and refused: nobody can log in with it" + until,
      " hashes are weak and refused: nobody can log in with them" + until);
  say(State::too_costly,
      " hash costs more than password.max_cost: nobody can log in with it until that is raised.",
      " hashes cost more than password.max_cost: nobody can log in with them until that is "
      "raised.");
  say(State::unreadable,
      " hash cannot be read, and its owner cannot log in. `gatehouse password try NAME` says why: "
      "user.scheme may be missing. If it is not, the password must be set anew.",
      " hashes cannot be read, and their owners cannot log in. `gatehouse password try NAME` says "
      "why: user.scheme may be missing. If it is not, the passwords must be set anew.");
  if (writes) {
    say(State::upgradable, " hash will be upgraded at its owner's next login.",
        " hashes will be upgraded, each at its owner's next login.");
  } else {
    say(State::upgradable,
        " hash is weaker than the policy: with user.update_query it is upgraded at its owner's "
        "next login.",
        " hashes are weaker than the policy: with user.update_query each is upgraded at its "
        "owner's next login.");
  }
}

/// What a narrow terminal shows of the state, where the text would be cut in the middle of the
/// setting's name. The advice below the table names it.
std::string brief(State state) {
  switch (state) {
    case State::weak_waiting:
      return "weak: refused";
    case State::weak_allowed:
    case State::fine:
    case State::upgradable:
    case State::too_costly:
    case State::unreadable:
      return "";
  }
  return "";
}

Style style_of(State state) {
  switch (state) {
    case State::fine:
      return Style::good;
    case State::upgradable:
    case State::weak_allowed:
      return Style::warning;
    case State::weak_waiting:
    case State::too_costly:
    case State::unreadable:
      return Style::bad;
  }
  return Style::plain;
}

void print_table(const Counted& counted, const Output& output) {
  const Census& census = counted.census;
  std::vector<Column> columns = {{.heading = "rows", .align = Column::Align::right},
                                 {.heading = "scheme"},
                                 {.heading = "parameters", .fit = Column::Fit::cut},
                                 {.heading = "a login", .fit = Column::Fit::cut}};
  if (counted.knows_logins) {
    columns.push_back({.heading = "logged in", .spare = 1, .align = Column::Align::right});
  }
  Table table(std::move(columns));
  for (const auto& group : census.groups()) {
    std::vector<Cell> cells = {
        std::to_string(group.rows),
        group.scheme,
        group.parameters,
        {std::string(to_string(group.state)), brief(group.state), style_of(group.state)}};
    if (counted.knows_logins) cells.emplace_back(std::to_string(group.logged_in));
    table.add(std::move(cells));
  }
  table.add_total(std::to_string(census.rows()), "in all");
  table.print(output.terminal, output.out);
}

}  // namespace

int census(const std::filesystem::path& config_file, bool json, const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto counted = count(*settings, output);
  if (!counted) return fail_with(counted.error(), output.err);
  if (json) {
    output.out << as_json(*counted) << '\n';
  } else {
    print_table(*counted, output);
    print_advice(counted->census, !settings->user.update_query.empty(), output.out);
  }
  return kOk;
}

}  // namespace gatehouse::cli
