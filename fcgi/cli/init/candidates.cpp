#include "cli/init/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/init/sql_text.h"
#include "config/settings.h"
#include "password/census.h"

namespace gatehouse::cli::init {
namespace {

using State = password::Census::State;

std::string hashes_query(const UserSource& source) {
  const std::string hash = quoted_name(source.hash_column);
  std::string condition = fmt::format("{0} IS NOT NULL AND {0} <> ''", hash);
  if (!source.disabled.empty()) condition += fmt::format(" AND NOT ({})", source.disabled);
  return fmt::format("SELECT {} FROM {} WHERE {} LIMIT {}", hash,
                     quoted_name(source.schema, source.table), condition, kSample);
}

/// The conditions of a source name tables without their database, since the service's connection is
/// in it. Ours is in none.
bool names_other_tables(const UserSource& source) {
  return source.disabled.find("EXISTS") != std::string::npos;
}

bool looks_like_users(const Candidate& candidate) {
  if (candidate.is_known) return true;
  const std::size_t hashes = candidate.able + candidate.weak;
  return hashes > 0 && hashes * 2 >= candidate.rows;
}

bool is_likelier(const Candidate& left, const Candidate& right) {
  const auto rank = [](const Candidate& one) {
    return std::tuple(one.unusable.empty(), one.is_known, one.able, one.weak);
  };
  return rank(left) > rank(right);
}

std::string list(const std::vector<Candidate>& candidates) {
  std::string text = "Tables that look like users:\n";
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    text += fmt::format("  {:>2}  {}\n", i + 1, candidates[i].text());
  }
  return text;
}

/// Asks until the answer is one of the numbers.
Result<std::size_t> ask_for_number(std::size_t count, Console& console) {
  for (;;) {
    const auto answer =
        console.ask(fmt::format("Whose logins shall Gatehouse take? [1-{}] ", count));
    if (!answer) return tl::unexpected(answer.error());
    std::size_t number = 0;
    const auto [end, error] =
        std::from_chars(answer->data(), answer->data() + answer->size(), number);
    const bool is_whole = error == std::errc() && end == answer->data() + answer->size();
    if (is_whole && number >= 1 && number <= count) return number - 1;
    console.say(fmt::format("A number from 1 to {}, please, or Ctrl-C.\n", count));
  }
}

}  // namespace

std::string Candidate::name() const {
  return shown(source.schema) + "." + shown(source.table);
}

std::string Candidate::text() const {
  std::string text = fmt::format("{} ({})", name(), source.application);
  if (!unusable.empty()) return fmt::format("{}: cannot be used, it is of {}", text, unusable);
  const std::string more = rows >= kSample ? "first " : "";
  text +=
      fmt::format(": {} of its {}{} rows with a password look able to log in", able, more, rows);
  if (weak > 0) text += fmt::format(", {} have a weak hash (password.allow_weak)", weak);
  return text;
}

Result<Candidate> judge(UserSource source, bool is_known, const Ask& ask) {
  Candidate candidate;
  if (names_other_tables(source)) source.disabled.clear();
  const auto hashes = ask(hashes_query(source));
  if (!hashes) return tl::unexpected(hashes.error());
  const config::Password settings;
  password::Census census({settings.max_cost.time, settings.max_cost.memory_bytes}, {});
  for (const auto& row : *hashes) census.add(row.front().value_or(""));
  candidate.source = std::move(source);
  candidate.is_known = is_known;
  candidate.rows = census.rows();
  candidate.able = census.rows_in(State::fine) + census.rows_in(State::upgradable);
  candidate.weak = census.rows_in(State::weak_waiting) + census.rows_in(State::too_costly);
  return candidate;
}

std::vector<Candidate> find_candidates(const Surroundings& around) {
  std::vector<Candidate> found;
  for (const Table* table : around.schemas.all()) {
    auto source = known_application(*table, around);
    const bool is_known = source.has_value();
    if (!source) source = table_of_users(*table, around);
    if (!source) continue;
    auto candidate = judge(std::move(*source), is_known, around.ask);
    if (!candidate || !looks_like_users(*candidate)) continue;
    if (!is_known) candidate->unusable = unreadable_application(*table);
    found.push_back(std::move(*candidate));
  }
  std::stable_sort(found.begin(), found.end(), is_likelier);
  return found;
}

Result<Candidate> candidate_of(const std::string& schema_and_table, const Surroundings& around) {
  const Table* table = around.schemas.find_dotted(schema_and_table);
  if (table == nullptr) {
    return fail(Error::Kind::invalid,
                fmt::format("--table {}: there is no such table; it is SCHEMA.TABLE, and without "
                            "this option the tables that look like users are listed",
                            shown(schema_and_table)));
  }
  if (const auto why = unreadable_application(*table); !why.empty()) {
    return fail(Error::Kind::invalid, fmt::format("--table {}: it cannot be used, it is of {}",
                                                  shown(schema_and_table), why));
  }
  auto source = known_application(*table, around);
  const bool is_known = source.has_value();
  if (!source) source = table_of_users(*table, around);
  if (!source) {
    return fail(Error::Kind::invalid,
                fmt::format("--table {}: its columns are not called as those of users mostly are "
                            "(one that identifies a row, a name and a hash): set user.query in the "
                            "configuration by hand, gatehouse.toml(5), and run init again",
                            shown(schema_and_table)));
  }
  return judge(std::move(*source), is_known, around.ask);
}

Result<std::optional<Candidate>> choose(std::vector<Candidate> candidates, Console& console,
                                        bool may_ask) {
  const std::string all = list(candidates);
  std::erase_if(candidates, [](const Candidate& one) { return !one.unusable.empty(); });
  if (candidates.empty()) return std::optional<Candidate>();
  if (candidates.size() == 1) return std::optional(std::move(candidates.front()));
  if (!may_ask || !console.can_ask()) {
    return fail(Error::Kind::refused,
                fmt::format("{}Several tables may be meant: name one, for example --table {}.{}",
                            all, shown(candidates.front().source.schema),
                            shown(candidates.front().source.table)));
  }
  console.say(list(candidates));
  const auto number = ask_for_number(candidates.size(), console);
  if (!number) return tl::unexpected(number.error());
  return std::optional(std::move(candidates[*number]));
}

}  // namespace gatehouse::cli::init
