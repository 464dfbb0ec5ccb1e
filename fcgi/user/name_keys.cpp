#include "user/name_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/log.h"

namespace gatehouse::user {
namespace {

constexpr std::chrono::hours kLearnAgain{1};
/// After a try that failed, while the collation of before goes on to be used.
constexpr std::chrono::minutes kRetry{1};
constexpr std::size_t kMostNewer = 4096;
constexpr std::string_view kCoarse = "utf8mb4_general_ci";
constexpr std::string_view kUca1400 = "uca1400_";

/// Says whether the text can stand in SQL as the name of a collation of a character set.
bool is_collation(std::string_view text) noexcept {
  return text.find('_') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

/// The digest, since weights may be some thousand bytes. The weights of blanks at the end do not
/// count: the collation may ignore them, and the site's application may take them off. Padding all
/// names to one length (AS CHAR(255)) would not do, since MySQL counts the characters that the
/// collation ignores: a name with a soft hyphen would have one blank less.
std::string sql_of(std::string_view collation) {
  return fmt::format(
      "SELECT SHA2(TRIM(TRAILING HEX(WEIGHT_STRING(CONVERT(' ' USING {0}) COLLATE {1}))"
      " FROM HEX(WEIGHT_STRING(CONVERT(? USING {0}) COLLATE {1}))), 256)",
      collation.substr(0, collation.find('_')), collation);
}

Result<std::string> weights_of(mysql::Connection& connection, const std::string& sql,
                               std::string_view name) {
  return connection.select(sql, {name}, 1).map([](const mysql::Rows& rows) {
    return rows.empty() ? std::string() : rows.front().front().value_or("");
  });
}

}  // namespace

std::vector<std::string> counting_collations(std::string_view of_column) {
  // MariaDB leaves out the character set where any will do.
  std::string collation(of_column);
  if (collation.starts_with(kUca1400)) collation.insert(0, "utf8mb4_");
  std::vector<std::string> all;
  const std::size_t accents = collation.find("_as_");
  if (!is_collation(collation)) {
    collation.clear();
  } else if (accents != std::string::npos) {
    all = {collation.substr(0, accents) + "_ai_ci", "utf8mb4_0900_ai_ci", "utf8mb4_uca1400_ai_ci",
           "utf8mb4_unicode_520_ci"};
  } else if (collation.ends_with("_ci")) {
    all = {collation};
  }
  all.emplace_back(kCoarse);
  return all;
}

NameKeys::NameKeys(mysql::NamedQuery lookup, std::string collation)
    : lookup_(std::move(lookup)),
      configured_(std::move(collation)),
      digests_(Secret(random_bytes(HmacSha256::kSize))) {}

Result<std::string> NameKeys::of(mysql::Pool& pool, const Username& name) {
  const Digest digest = digest_of(name);
  if (auto key = kept(digest)) return *std::move(key);
  auto key = pool.with([&](mysql::Connection& connection) -> Result<std::string> {
    const auto asked = sql(connection);
    if (!asked) return tl::unexpected(asked.error());
    auto weights = weights_of(connection, *asked, name.text());
    // The character set may not be able to hold the name. Nobody is kept out for that.
    if (!weights && weights.error().kind != Error::Kind::unavailable) {
      weights = weights_of(connection, sql_of(kCoarse), name.text());
    }
    return weights;
  });
  if (key) state_.with([&](State& state) { state.keep(digest, *key); });
  return key;
}

Result<std::string> NameKeys::sql(mysql::Connection& connection) {
  const TimePoint now = clock_.now();
  const State::Sql before = state_.with([](const State& state) { return state.sql; });
  if (!before.text.empty() && now < before.good_until) return before.text;
  auto learned = learn_sql(connection);
  if (!learned && learned.error().kind == Error::Kind::unavailable) return learned;
  if (!learned) {
    spdlog::warn("names are counted by {}, since the collation of user.query's is not known: {}",
                 before.text.empty() ? kCoarse : "that of before", learned.error().what);
  }
  // Another collation would begin all counts anew, and open what is closed.
  const auto good_for = learned ? BootTime::duration(kLearnAgain) : BootTime::duration(kRetry);
  const std::string text =
      learned ? *learned : (before.text.empty() ? sql_of(kCoarse) : before.text);
  state_.with([&](State& state) {
    if (state.sql.text != text) state.forget();
    state.sql = {text, now + good_for};
  });
  return text;
}

/// Chooses the first of the collations that the server has.
Result<std::string> NameKeys::learn_sql(mysql::Connection& connection) const {
  auto of_column = configured_.empty() ? learn_collation(connection) : configured_;
  if (!of_column) return of_column;
  Result<std::string> weights;
  for (const std::string& collation : counting_collations(*of_column)) {
    std::string sql = sql_of(collation);
    weights = weights_of(connection, sql, "gatehouse");
    if (weights) return sql;
    if (weights.error().kind == Error::Kind::unavailable) break;
  }
  return weights;
}

/// COLLATION() tells the type of the column, whether there is a row or not.
Result<std::string> NameKeys::learn_collation(mysql::Connection& connection) const {
  const std::string sql = fmt::format(
      "WITH gatehouse_user (id, name, hash) AS (\n{}\n)"
      " SELECT COLLATION(u.name) FROM (SELECT 1 AS one) o LEFT JOIN gatehouse_user u ON 1 = 1"
      " LIMIT 1",
      lookup_.sql);
  const auto values = lookup_.bind(std::array<std::string_view, 1>{"gatehouse"});
  return connection.select(sql, values, 1).map([](const mysql::Rows& rows) {
    return rows.empty() ? std::string() : rows.front().front().value_or("");
  });
}

NameKeys::Digest NameKeys::digest_of(const Username& name) const {
  const std::array<std::string_view, 1> parts = {name.text()};
  const auto mac = digests_.of(parts);
  Digest digest;
  std::copy_n(mac.begin(), digest.size(), digest.begin());
  return digest;
}

std::optional<std::string> NameKeys::kept(const Digest& digest) {
  const TimePoint now = clock_.now();
  return state_.with([&](State& state) -> std::optional<std::string> {
    if (now >= state.sql.good_until) return std::nullopt;
    if (const auto found = state.newer.find(digest); found != state.newer.end()) {
      return found->second;
    }
    const auto found = state.older.find(digest);
    if (found == state.older.end()) return std::nullopt;
    std::string key = std::move(found->second);
    state.older.erase(found);
    state.keep(digest, key);
    return key;
  });
}

void NameKeys::State::keep(const Digest& name, std::string key) {
  if (newer.size() >= kMostNewer) older = std::exchange(newer, {});
  newer.insert_or_assign(name, std::move(key));
}

void NameKeys::State::forget() {
  newer.clear();
  older.clear();
}

/// The digest is keyed, so that nobody can choose names that fall together.
std::size_t NameKeys::DigestHash::operator()(const Digest& digest) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

}  // namespace gatehouse::user
