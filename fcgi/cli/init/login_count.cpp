#include "cli/init/login_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "cli/init/sql_text.h"
#include "cli/init/sql_tokens.h"
#include "config/load.h"
#include "password/census.h"
#include "password/site.h"
#include "user/mysql_hash_source.h"

namespace gatehouse::cli::init {
namespace {

using State = password::Census::State;

/// Bytes as a literal that a key is compared with.
std::string key_literal(const std::string& key) {
  const bool is_utf8 = std::all_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
  });
  return is_utf8 ? quoted_text(key) : fmt::format("X'{}'", upper_hex_encode(key));
}

/// The census with small pieces.
SqlTokens with_limit(SqlTokens census) {
  for (std::size_t i = 0; i + 1 < census.size(); ++i) {
    if (census[i].is_word("LIMIT")) census[i + 1].value = std::to_string(kPieceRows);
  }
  return census;
}

/// Puts tokens in the place of `:name`.
SqlTokens bound(const SqlTokens& tokens, std::string_view name, const SqlTokens& value) {
  SqlTokens all;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].is(':') || i + 1 == tokens.size() || !tokens[i + 1].is_word(name)) {
      all.push_back(tokens[i]);
      continue;
    }
    all.insert(all.end(), value.begin(), value.end());
    all[all.size() - value.size()].blank_before = tokens[i].blank_before;
    ++i;
  }
  return all;
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

/// The settings of [user] by which the hashes are judged.
Result<password::Site> site_of(const UserSource& source, const std::filesystem::path& config_file) {
  std::string text = "[user]\n";
  for (const auto& setting : source.more) {
    text += fmt::format("{} = {}\n", setting.key.substr(setting.key.find('.') + 1), setting.toml());
  }
  const auto loaded = config::parse(text, config_file);
  if (!loaded.problems.empty()) {
    return fail(Error::Kind::invalid, loaded.problems.front().what);
  }
  return password::site_of(loaded.settings);
}

class Counting {
 public:
  Counting(const UserSource& source, const Ask& ask, password::Site site)
      : source_(source),
        ask_(ask),
        census_(with_limit(sql_tokens(source.count_query))),
        labels_(labels_of(census_)),
        counts_({config::Password().max_cost.time, config::Password().max_cost.memory_bytes},
                std::move(site.policy), password::usual_bytes(site.transform)) {}

  Result<LoginCount> count() {
    if (labels_.size() < 2) {
      return fail(Error::Kind::failed, "user.census_query gives no key and hash");
    }
    auto places = user::labelled_columns(labels_, 2, "user.census_query");
    if (!places) return tl::unexpected(places.error());
    places_ = *places;
    std::string after;
    for (std::size_t piece = 0; piece < kMostPieces; ++piece) {
      if (piece == 1) look_for_the_end(after);
      after = start_of(piece, after);
      auto last = read(after);
      if (!last) return tl::unexpected(last.error());
      if (last->empty()) return finish(true);
      after = std::move(*last);
    }
    return finish(false);
  }

 private:
  /// Notes the greatest key, if the keys are numbers, and there are more rows than will be read.
  void look_for_the_end(const std::string& after) {
    begin_ = number_of(after);
    if (!begin_ || labels_.front().empty() || guess() <= kMostPieces * kPieceRows) return;
    const auto greatest = ask_(fmt::format("SELECT MAX({}) FROM {}", quoted_name(labels_.front()),
                                           quoted_name(source_.schema, source_.table)));
    if (greatest && !greatest->empty()) end_ = number_of(greatest->front().front().value_or(""));
  }

  /// The key behind which a piece begins: the last of the piece before, or one further on.
  std::string start_of(std::size_t piece, const std::string& after) {
    const auto now = number_of(after);
    if (piece == 0 || !now || !begin_ || !end_ || *end_ <= *begin_) return after;
    const std::uint64_t step = (*end_ - *begin_) / (kMostPieces - 1);
    const std::uint64_t start = *begin_ + step * (piece - 1);
    if (start <= *now) return after;
    count_.whole = false;
    count_.spread = true;
    return std::to_string(start);
  }

  /// Reads the piece behind the key, and gives its last key; empty if it has no rows.
  Result<std::string> read(const std::string& after) {
    const auto rows = ask_(piece_query(after));
    if (!rows) return tl::unexpected(rows.error());
    const std::string last = rows->empty() ? "" : rows->back().front().value_or("");
    if (last == after) return std::string();  // the same rows again, which no such query gives
    for (const auto& row : *rows) add(row);
    return last;
  }

  /// The census, with a column more: whether the application refuses the user.
  [[nodiscard]] std::string piece_query(const std::string& after) const {
    constexpr std::string_view kRow = "gatehouse_row";
    auto piece = sql_text(bound(census_, "after", sql_tokens(key_literal(after))));
    if (source_.count_disabled_query.empty() || labels_.front().empty()) return piece;
    const auto id = sql_tokens(fmt::format("{}.{}", kRow, quoted_name(labels_.front())));
    return fmt::format("SELECT {0}.*, EXISTS ({1}) FROM ({2}) {0}", kRow,
                       sql_text(bound(sql_tokens(source_.count_disabled_query), "id", id)), piece);
  }

  void add(const mysql::Row& row) {
    ++count_.looked_at;
    const bool is_disabled = row.size() > labels_.size() && row.back().value_or("0") != "0";
    if (is_disabled) {
      ++count_.disabled;
    } else if (row.size() < labels_.size() || row[1].value_or("").empty()) {
      ++count_.without;
    } else {
      counts_.add(user::census_row(row, 1, places_));
    }
  }

  LoginCount finish(bool at_end) {
    count_.whole = count_.whole && at_end;
    count_.rows = counts_.rows();
    count_.able = counts_.rows_in(State::fine) + counts_.rows_in(State::upgradable) +
                  counts_.rows_in(State::weak_allowed);
    count_.weak = counts_.rows_in(State::weak_waiting) + counts_.rows_in(State::too_costly);
    for (const auto& group : counts_.groups()) {
      if (group.state != State::unreadable) count_.schemes.insert(group.scheme);
    }
    count_.total = count_.looked_at;
    if (!count_.whole) count_.total = std::max(count_.looked_at, guess());
    return std::move(count_);
  }

  /// What the server's statistics say of the number of rows.
  [[nodiscard]] std::uint64_t guess() const {
    const auto rows =
        ask_(fmt::format("SELECT table_rows FROM information_schema.tables WHERE "
                         "table_schema = {} AND table_name = {}",
                         quoted_text(source_.schema), quoted_text(source_.table)));
    if (!rows || rows->empty()) return 0;
    return number_of(rows->front().front().value_or("")).value_or(0);
  }

  const UserSource& source_;
  const Ask& ask_;
  const SqlTokens census_;
  const std::vector<std::string> labels_;
  user::LabelledColumns places_;
  password::Census counts_;
  std::optional<std::uint64_t> begin_;  ///< the last key of the first piece
  std::optional<std::uint64_t> end_;    ///< the greatest key
  LoginCount count_;
};

}  // namespace

std::uint64_t LoginCount::able_of_all() const {
  if (whole || !spread || looked_at == 0) return able;
  return static_cast<std::uint64_t>(static_cast<double>(able) / static_cast<double>(looked_at) *
                                    static_cast<double>(total));
}

Result<LoginCount> count_logins(const UserSource& source, const Ask& ask,
                                const std::filesystem::path& config_file) {
  auto site = site_of(source, config_file);
  auto count = Counting(source, ask, site ? std::move(*site) : password::Site()).count();
  if (count && !site) count->trouble = site.error().what;
  return count;
}

}  // namespace gatehouse::cli::init
