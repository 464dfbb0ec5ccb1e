#include "password/census.h"

#include <algorithm>
#include <utility>

#include "password/rehash.h"

namespace gatehouse::password {

namespace {

Census::State state_after(Objection objection) noexcept {
  switch (objection) {
    case Objection::unknown_scheme:
    case Objection::malformed:
      return Census::State::unreadable;
    case Objection::weak_refused:
      return Census::State::weak_waiting;
    case Objection::too_costly:
      return Census::State::too_costly;
  }
  return Census::State::unreadable;
}

/// The scheme of a hash that no row can read.
std::string mark_of(std::string_view hash) {
  const Scheme* const scheme = find_scheme(hash);
  return scheme == nullptr ? "unknown" : std::string(scheme->name);
}

}  // namespace

Census::Census(const Limits& limits, Policy policy, std::size_t password_bytes)
    : policy_(std::move(policy)), password_bytes_(password_bytes) {
  policy_.limits = limits;
}

void Census::add(const Row& row, bool has_logged_in) {
  Count& count = counts_[kind_of(row)];
  ++count.rows;
  if (has_logged_in) ++count.logged_in;
  ++rows_;
}

Census::Kind Census::kind_of(const Row& row) {
  const std::string_view hash = row.hash;
  if (hash.empty()) return {"empty", "", State::unreadable};
  // A hash that is too costly for usual passwords may still be the dearest for short ones.
  const auto computable = computable_readings(row, policy_, 0);
  if (!computable) {
    const auto refused = readings(row, policy_.columns.get());
    if (refused.empty()) return {mark_of(hash), "", State::unreadable};
    return {names_of(refused), refused.front().stored.kdf->parameters(),
            state_after(computable.error())};
  }
  note_dearest(*computable);
  const auto usual = std::find_if(computable->begin(), computable->end(), [&](const Reading& each) {
    return !objection_to(each, policy_, password_bytes_);
  });
  return {names_of(*computable), computable->front().stored.kdf->parameters(),
          usual == computable->end() ? State::too_costly : state_of(*computable, hash)};
}

/// A hash that two applications may have written is rewritten only in the form of the one by whose
/// arithmetic the password matches, so it is promised only where both forms are written.
Census::State Census::state_of(std::span<const Reading> readings, std::string_view hash) {
  if (readings.front().scheme->weak) return State::weak_allowed;
  const bool upgradable = std::all_of(readings.begin(), readings.end(), [&](const Reading& each) {
    return is_upgradable(each, hash);
  });
  return upgradable ? State::upgradable : State::fine;
}

bool Census::is_upgradable(const Reading& reading, std::string_view hash) {
  const auto [known, first] =
      upgradable_.try_emplace({reading.scheme->name, reading.stored.kdf->parameters()}, false);
  if (first) {
    const auto made = upgrade_of(reading, hash, policy_, password_bytes_);
    known->second = made && made->most_password_bytes >= password_bytes_;
  }
  return known->second;
}

void Census::note_dearest(std::span<const Reading> readings) {
  StoredHash work = work_of(readings);
  const auto longest = longest_within(*work.kdf, policy_.limits);
  if (!longest) return;
  const auto [dearest, first] =
      dearest_.try_emplace({readings.front().scheme->name, *longest}, work);
  if (!first && dearest->second.kdf->usual_cost().time < work.kdf->usual_cost().time) {
    dearest->second = std::move(work);
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
  for (const auto& [kind, count] : counts_) {
    groups.push_back({kind.scheme, kind.parameters, kind.state, count.rows, count.logged_in});
  }
  return groups;
}

std::size_t Census::rows_in(State state) const noexcept {
  std::size_t rows = 0;
  for (const auto& [kind, count] : counts_) {
    if (kind.state == state) rows += count.rows;
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
