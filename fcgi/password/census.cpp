#include "password/census.h"

#include <utility>

#include "password/draft.h"
#include "password/scheme.h"

namespace gatehouse::password {

Census::Census(const Limits& limits, Policy policy) : limits_(limits), policy_(std::move(policy)) {}

void Census::add(std::string_view hash) {
  ++counts_[kind_of(hash)];
  ++rows_;
}

Census::Kind Census::kind_of(std::string_view hash) {
  if (hash.empty()) return {"empty", "", State::unreadable};
  const Scheme* const scheme = find_scheme(hash);
  if (scheme == nullptr) return {"unknown", "", State::unreadable};
  const auto stored = scheme->parse(hash);
  if (!stored) return {std::string(scheme->name), "", State::unreadable};
  Kind kind{std::string(scheme->name), stored->kdf->parameters(), State::fine};
  const auto cost = stored->kdf->cost();
  if (scheme->weak && !allows(policy_, scheme->name)) {
    kind.state = State::weak_waiting;
    return kind;
  }
  if (!within(cost, limits_)) {
    kind.state = State::too_costly;
    return kind;
  }
  const auto [dearest, first] = dearest_.try_emplace(scheme->name, *stored);
  if (!first && dearest->second.kdf->cost().time < cost.time) dearest->second = *stored;
  if (scheme->weak) {
    kind.state = State::weak_allowed;
  } else if (upgrade(*scheme, cost, hash, policy_)) {
    kind.state = State::upgradable;
  }
  return kind;
}

std::vector<StoredHash> Census::dearest() const {
  std::vector<StoredHash> all;
  for (const auto& [scheme, hash] : dearest_) all.push_back(hash);
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
