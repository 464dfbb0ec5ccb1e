#include "cli/census.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <set>
#include <string>

#include "base/log.h"
#include "cli/command_line.h"
#include "config/load.h"
#include "http/json.h"
#include "mysql/connection.h"
#include "password/census.h"
#include "password/policy.h"
#include "user/mysql_hash_source.h"

namespace gatehouse::cli {
namespace {

using password::Census;
using State = Census::State;

/// Shows the number of rows on standard error while the census runs, if that is a terminal.
class Progress {
 public:
  explicit Progress(std::ostream& err) : err_(err), shown_(::isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;
  ~Progress() {
    if (shown_) err_ << "\r\x1b[K" << std::flush;
  }

  void at(std::size_t rows) {
    constexpr std::size_t kStep = 50'000;
    if (shown_ && rows % kStep == 0) err_ << "\r" << rows << " rows" << std::flush;
  }

 private:
  std::ostream& err_;
  const bool shown_;
};

Result<Census> count(const config::Settings& settings, std::ostream& err) {
  auto policy = password::policy_of(settings.password);
  if (!policy) return tl::unexpected(policy.error());
  auto query = user::parse_census(settings.user);
  if (!query) return fail(query.error().kind, "user.census_query: " + query.error().what);
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  mysql::Connection::start_library();
  user::MysqlHashSource source(settings, std::move(*password), std::move(*query));
  const auto& most = settings.password.max_cost;
  Census census({most.time, most.memory_bytes}, std::move(*policy));
  Progress progress(err);
  const auto rows = source.for_each([&](std::string_view hash) {
    census.add(hash);
    progress.at(census.rows());
    return true;
  });
  if (!rows) return tl::unexpected(rows.error());
  return census;
}

std::string as_json(const Census& census) {
  http::JsonWriter json;
  json.begin_object().key("rows").number(census.rows()).key("groups").begin_array();
  for (const auto& group : census.groups()) {
    json.begin_object().key("scheme").text(group.scheme).key("parameters").text(group.parameters);
    json.key("state").text(to_string(group.state)).key("rows").number(group.rows).end_object();
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

void print_advice(const Census& census, bool writes, std::ostream& out) {
  const auto say = [&](State state, const std::string& what) {
    const auto rows = census.rows_in(state);
    if (rows > 0) out << fmt::format("{} {} {}.\n", rows, rows == 1 ? "row" : "rows", what);
  };
  say(State::weak_waiting,
      "waiting for password.allow_weak to name: " + schemes_in(State::weak_waiting, census));
  say(State::too_costly, "waiting for a higher password.max_cost");
  say(State::unreadable, "that nobody can log in with");
  say(State::upgradable, std::string("becoming stronger at the next login") +
                             (writes ? "" : ", once user.update_query is set"));
}

void print_table(const Census& census, std::ostream& out) {
  std::size_t scheme_width = 6;
  std::size_t parameters_width = 10;
  for (const auto& group : census.groups()) {
    scheme_width = std::max(scheme_width, group.scheme.size());
    parameters_width = std::max(parameters_width, group.parameters.size());
  }
  const auto line = [&](auto rows, std::string_view scheme, std::string_view parameters,
                        std::string_view state) {
    out << fmt::format("{:>10}  {:{}}  {:{}}  {}\n", rows, scheme, scheme_width, parameters,
                       parameters_width, state);
  };
  line("rows", "scheme", "parameters", "a login");
  for (const auto& group : census.groups()) {
    line(group.rows, group.scheme, group.parameters, to_string(group.state));
  }
  out << fmt::format("{:>10}  in all\n", census.rows());
}

}  // namespace

int census(const std::filesystem::path& config_file, bool json, std::ostream& out,
           std::ostream& err) {
  const config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) err << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return kProblems;
  log::configure(spdlog::level::err);
  const auto counted = count(loaded.settings, err);
  if (!counted) {
    err << counted.error().what << '\n';
    return kProblems;
  }
  if (json) {
    out << as_json(*counted) << '\n';
  } else {
    print_table(*counted, out);
    print_advice(*counted, !loaded.settings.user.update_query.empty(), out);
  }
  return kOk;
}

}  // namespace gatehouse::cli
