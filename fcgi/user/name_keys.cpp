#include "user/name_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/log.h"

namespace gatehouse::user {
namespace {

constexpr std::chrono::hours kLearnAgain{1};
constexpr std::size_t kSlots = 1024;
constexpr std::string_view kCoarse = "utf8mb4_general_ci";

/// Says whether the text can stand in SQL as the name of a collation.
bool is_collation(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// The digest, since weights may be some thousand bytes. A collation that is NO PAD counts blanks at
/// the end, but the site's application may take them off.
std::string sql_of(std::string_view collation) {
  return fmt::format(
      "SELECT SHA2(HEX(WEIGHT_STRING(CONVERT(RTRIM(?) USING {0}) COLLATE {1} AS CHAR(255))), 256)",
      collation.substr(0, collation.find('_')), collation);
}

}  // namespace

std::string counting_collation(std::string_view collation) {
  const bool fine = !is_collation(collation) || collation.find('_') == std::string_view::npos ||
                    collation.ends_with("_bin") || collation.ends_with("_cs") ||
                    collation.find("_as_") != std::string_view::npos;
  return std::string(fine ? kCoarse : collation);
}

NameKeys::NameKeys(mysql::NamedQuery lookup, std::string collation)
    : lookup_(std::move(lookup)),
      configured_(std::move(collation)),
      digests_(Secret(random_bytes(HmacSha256::kSize))) {
  state_.with([](State& state) { state.slots.resize(kSlots); });
}

Result<std::string> NameKeys::of(mysql::Pool& pool, const Username& name) {
  const Digest digest = digest_of(name);
  if (auto key = kept(digest)) return *std::move(key);
  auto key = pool.with([&](mysql::Connection& connection) -> Result<std::string> {
    const auto asked = sql(connection);
    if (!asked) return tl::unexpected(asked.error());
    auto weights = connection.select(*asked, {name.text()}, 1);
    // The collation may be gone, or not be able to hold the name. Nobody is kept out for that.
    if (!weights && weights.error().kind != Error::Kind::unavailable) {
      weights = connection.select(sql_of(kCoarse), {name.text()}, 1);
    }
    return weights.map([](const mysql::Rows& rows) {
      return rows.empty() ? std::string() : rows.front().front().value_or("");
    });
  });
  if (key) keep(digest, *key);
  return key;
}

Result<std::string> NameKeys::sql(mysql::Connection& connection) {
  const TimePoint now = clock_.now();
  auto known = state_.with([&](const State& state) {
    return now - state.learned < kLearnAgain ? state.sql : std::string();
  });
  if (!known.empty()) return known;
  auto collation = configured_.empty() ? learn_collation(connection) : configured_;
  if (!collation && collation.error().kind == Error::Kind::unavailable) return collation;
  if (!collation) {
    spdlog::warn("names are counted by {}, since the collation of user.query's is not known: {}",
                 kCoarse, collation.error().what);
  }
  std::string learned = sql_of(counting_collation(collation.value_or("")));
  state_.with([&](State& state) {
    if (state.sql != learned) state.slots.assign(kSlots, {});
    state.sql = learned;
    state.learned = now;
  });
  return learned;
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

std::optional<std::string> NameKeys::kept(const Digest& digest) const {
  std::size_t place = 0;
  std::memcpy(&place, digest.data(), sizeof place);
  const TimePoint now = clock_.now();
  return state_.with([&](const State& state) -> std::optional<std::string> {
    const Slot& slot = state.slots[place % kSlots];
    if (slot.name != digest || slot.key.empty() || now - state.learned >= kLearnAgain) {
      return std::nullopt;
    }
    return slot.key;
  });
}

void NameKeys::keep(const Digest& digest, const std::string& key) {
  std::size_t place = 0;
  std::memcpy(&place, digest.data(), sizeof place);
  state_.with([&](State& state) { state.slots[place % kSlots] = {digest, key}; });
}

}  // namespace gatehouse::user
