#include "password/readings.h"

#include <utility>

#include "password/format/ldap.h"
#include "password/kdf/sum.h"

namespace gatehouse::password {

namespace {

void add_readings(const Row& row, std::string_view key, std::vector<Reading>& all) {
  if (row.hash.empty()) return;
  for (const Scheme* const scheme : schemes_beginning_with(row.hash.front())) {
    if (!scheme->recognises(row.hash)) continue;
    auto stored = scheme->row_reader == nullptr ? scheme->parse(row.hash)
                                                : scheme->parse(row.hash, {.row = row, .key = key});
    if (stored) all.push_back({scheme, *std::move(stored)});
  }
}

/// True if a column holds more than any application writes to it.
bool is_too_long(const Row& row) noexcept {
  return row.hash.size() > kLongestHash || row.salt.size() > kLongestSalt ||
         row.scheme.size() > kLongestSalt;
}

}  // namespace

std::vector<Reading> readings(const Row& row, const ColumnSchemes* columns) {
  std::vector<Reading> all;
  if (is_too_long(row)) return all;
  if (columns != nullptr) {
    all = columns->readings(row);
    if (!all.empty()) return all;
  }
  const std::string_view key = columns == nullptr ? std::string_view() : columns->key();
  if (const auto decoded = decode_braces(row.hash)) {
    Row inner = row;
    inner.hash = decoded->hash;
    add_readings(inner, key, all);
  } else {
    add_readings(row, key, all);
  }
  return all;
}

StoredHash work_of(std::span<const Reading> readings) {
  if (readings.size() == 1) return readings.front().stored;
  std::vector<KdfPointer> all;
  for (const Reading& reading : readings) all.push_back(reading.stored.kdf);
  return {make_sum(std::move(all)), readings.front().stored.salt, readings.front().stored.digest};
}

std::string names_of(std::span<const Reading> readings) {
  std::string names;
  for (const Reading& reading : readings) {
    if (!names.empty()) names += " or ";
    names += reading.scheme->name;
  }
  return names;
}

std::string_view to_string(Objection objection) noexcept {
  switch (objection) {
    case Objection::unknown_scheme:
      return "unknown scheme";
    case Objection::malformed:
      return "malformed hash";
    case Objection::weak_refused:
      return "weak scheme, which password.allow_weak does not name";
    case Objection::too_costly:
      return "costs more than password.max_cost for a password of that length";
  }
  return "";
}

std::optional<Objection> objection_to(const Reading& reading, const Policy& policy,
                                      std::size_t password_bytes) {
  const auto& [scheme, stored] = reading;
  if (scheme->weak && !allows(policy, scheme->name)) return Objection::weak_refused;
  if (!within(stored.kdf->cost(password_bytes), policy.limits)) return Objection::too_costly;
  return std::nullopt;
}

tl::expected<std::vector<Reading>, Objection> computable_readings(const Row& row,
                                                                  const Policy& policy,
                                                                  std::size_t password_bytes) {
  std::vector<Reading> computable;
  std::optional<Objection> first;
  for (Reading& reading : readings(row, policy.columns.get())) {
    const auto objection = objection_to(reading, policy, password_bytes);
    if (!objection) computable.push_back(std::move(reading));
    if (!first) first = objection;
  }
  if (!computable.empty()) return computable;
  if (first) return tl::unexpected(*first);
  const bool recognised = is_too_long(row) || find_scheme(row.hash) != nullptr ||
                          !row.scheme.empty() || (policy.columns && policy.columns->names_any());
  return tl::unexpected(recognised ? Objection::malformed : Objection::unknown_scheme);
}

}  // namespace gatehouse::password
