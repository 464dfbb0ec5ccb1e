#include "password/census.h"

#include <utility>

#include "password/draft.h"
#include "password/scheme.h"

namespace gatehouse::password {

Census::Census(const Limits& limits, Policy policy) : limits_(limits), policy_(std::move(policy)) {
  policy_.limits = limits;
}

void Census::add(std::string_view hash) {
  ++counts_[kind_of(hash)];
  ++rows_;
}

Census::Kind Census::kind_of(std::string_view hash) {
  if (hash.empty()) return {"empty", "", State::unreadable};
  auto rows = readings(hash);
  if (rows.empty()) {
    const Scheme* const scheme = find_scheme(hash);
    return {scheme == nullptr ? "unknown" : std::string(scheme->name), "", State::unreadable};
  }
  Kind kind{names_of(rows), rows.front().stored.kdf->parameters(), State::weak_waiting};
  std::erase_if(rows, [&](const Reading& row) {
    return row.scheme->weak && !allows(policy_, row.scheme->name);
  });
  if (rows.empty()) return kind;
  kind.scheme = names_of(rows);
  kind.state = State::too_costly;
  for (const Reading& row : rows) note_dearest(row);
  std::erase_if(rows,
                [&](const Reading& row) { return !within(row.stored.kdf->usual_cost(), limits_); });
  if (rows.empty()) return kind;
  const Reading& first = rows.front();
  if (first.scheme->weak) {
    kind.state = State::weak_allowed;
  } else {
    kind.state = weaker(first, hash, kind.parameters) ? State::upgradable : State::fine;
  }
  return kind;
}

/// Asked once for each scheme and its parameters: an upgrade comes with a salt that is drawn for
/// it.
bool Census::weaker(const Reading& row, std::string_view hash, const std::string& parameters) {
  const auto [known, first] = weaker_.try_emplace({row.scheme->name, parameters}, false);
  if (first) {
    known->second = upgrade(*row.scheme, row.stored.kdf->usual_cost(), hash, policy_).has_value();
  }
  return known->second;
}

void Census::note_dearest(const Reading& row) {
  const auto longest = longest_within(*row.stored.kdf, limits_);
  if (!longest) return;
  const auto [dearest, first] = dearest_.try_emplace({row.scheme->name, *longest}, row.stored);
  if (!first && dearest->second.kdf->usual_cost().time < row.stored.kdf->usual_cost().time) {
    dearest->second = row.stored;
  }
}

std::vector<StoredHash> Census::dearest() const {
  std::vector<StoredHash> all;
  for (const auto& [key, hash] : dearest_) all.push_back(hash);
  return all;
}

std::vector<Census::Group> Census::groups() const {
  std::vector<Group> groups;
  groups.reserve(counts_.size());
  for (const auto& [kind, rows] : counts_) {
    groups.push_back({kind.scheme, kind.parameters, kind.state, rows});
  }
  return groups;
}

std::size_t Census::rows_in(State state) const noexcept {
  std::size_t rows = 0;
  for (const auto& [kind, count] : counts_) {
    if (kind.state == state) rows += count;
  }
  return rows;
}

std::string_view to_string(Census::State state) noexcept {
  switch (state) {
    case Census::State::fine:
      return "fine";
    case Census::State::upgradable:
      return "upgradable";
    case Census::State::weak_allowed:
      return "weak, allowed";
    case Census::State::weak_waiting:
      return "weak, waiting for password.allow_weak";
    case Census::State::too_costly:
      return "over the cost limits";
    case Census::State::unreadable:
      return "unreadable";
  }
  return "";
}

}  // namespace gatehouse::password
