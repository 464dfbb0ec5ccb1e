#include "cli/init/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {
namespace {

bool looks_like_users(const Candidate& candidate) {
  if (candidate.is_known) return true;
  const auto hashes = candidate.count.able + candidate.count.weak;
  return hashes > 0 && hashes * 2 >= candidate.count.rows;
}

bool is_likelier(const Candidate& left, const Candidate& right) {
  const auto rank = [](const Candidate& one) {
    return std::tuple(one.unusable.empty(), one.is_known, one.count.able, one.count.weak);
  };
  return rank(left) > rank(right);
}

/// False if there are hashes, and none of them is of a form of the application. A key that is
/// missing here may keep all of them from being read.
bool shows_its_hashes(const UserSource& source, const LoginCount& count) {
  if (source.hashes.empty() || count.rows == 0 || !count.trouble.empty()) return true;
  const auto is_its_own = [&](const std::string& scheme) {
    return std::find(source.hashes.begin(), source.hashes.end(), scheme) != source.hashes.end();
  };
  return std::any_of(count.schemes.begin(), count.schemes.end(), [&](const std::string& schemes) {
    // Where several may have written it, the census says "a or b".
    constexpr std::string_view kOr = " or ";
    for (std::size_t at = 0, end = 0; end != std::string::npos; at = end + kOr.size()) {
      end = schemes.find(kOr, at);
      if (is_its_own(schemes.substr(at, end - at))) return true;
    }
    return false;
  });
}

Result<Candidate> judge_other(UserSource source, const Surroundings& around) {
  auto count = count_logins(source, around.ask, around.config_file);
  if (!count) return tl::unexpected(count.error());
  return Candidate{std::move(source), false, std::move(*count), ""};
}

/// A table of no known application; nothing if it looks like none of users, or cannot be read.
std::optional<Candidate> other_candidate(const Table& table, const Surroundings& around) {
  auto source = table_of_users(table, around);
  if (!source) return std::nullopt;
  auto candidate = judge_other(std::move(*source), around);
  if (!candidate) return std::nullopt;
  candidate->unusable = unreadable_application(table);
  return std::move(*candidate);
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
  if (count.whole) {
    text += fmt::format(": {} of its {} rows with a password look able to log in", count.able,
                        count.rows);
  } else {
    text += fmt::format(
        ": {} of the {} rows with a password that were looked at (of some {}) "
        "look able to log in",
        count.able, count.rows, count.total);
  }
  if (count.weak > 0) {
    text += fmt::format(", {} have a weak hash (password.allow_weak)", count.weak);
  }
  if (!count.trouble.empty()) text += fmt::format("; {}", shown_text(count.trouble));
  return text;
}

Result<std::optional<Candidate>> judge_known(UserSource source, const Surroundings& around) {
  auto count = count_logins(source, around.ask, around.config_file);
  if (!count) return tl::unexpected(count.error());
  if (!shows_its_hashes(source, *count)) return std::optional<Candidate>();
  return std::optional(Candidate{std::move(source), true, std::move(*count), ""});
}

std::optional<Candidate> known_candidate(const Table& table, const Surroundings& around) {
  for (UserSource& source : known_applications(table, around)) {
    auto candidate = judge_known(std::move(source), around);
    if (candidate && *candidate) return std::move(*candidate);
  }
  return std::nullopt;
}

std::vector<Candidate> find_applications(const Surroundings& around) {
  std::vector<Candidate> found;
  for (const Table* table : around.schemas.all()) {
    if (auto known = known_candidate(*table, around)) found.push_back(std::move(*known));
  }
  return found;
}

std::vector<Candidate> find_candidates(const Surroundings& around) {
  std::vector<Candidate> found;
  for (const Table* table : around.schemas.all()) {
    auto candidate = known_candidate(*table, around);
    if (!candidate) candidate = other_candidate(*table, around);
    if (!candidate || !looks_like_users(*candidate)) continue;
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
  if (auto known = known_candidate(*table, around)) return std::move(*known);
  if (const auto why = unreadable_application(*table); !why.empty()) {
    return fail(Error::Kind::invalid, fmt::format("--table {}: it cannot be used, it is of {}",
                                                  shown(schema_and_table), why));
  }
  auto source = table_of_users(*table, around);
  if (!source) {
    return fail(Error::Kind::invalid,
                fmt::format("--table {}: its columns are not called as those of users mostly are "
                            "(one that identifies a row, a name and a hash): set user.query in the "
                            "configuration by hand, gatehouse.toml(5), and run init again",
                            shown(schema_and_table)));
  }
  return judge_other(std::move(*source), around);
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
