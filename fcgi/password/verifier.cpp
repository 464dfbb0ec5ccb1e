#include "password/verifier.h"

#include <algorithm>
#include <utility>

#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

Policy limited(Policy policy, const config::Password& limits) {
  policy.limits = {limits.max_cost.time, limits.max_cost.memory_bytes};
  return policy;
}

/// The hash that counts as the dearest until the table is known.
StoredHash usual_hash() {
  constexpr std::uint64_t kRounds = 150'000;
  constexpr std::size_t kDigestBytes = 32;
  return {make_pbkdf2(Digest::sha256, kRounds, kDigestBytes), "saltsalt",
          std::string(kDigestBytes, '\0')};
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  return verdict == Verdict::match ? "match" : "mismatch";
}

Verifier::Verifier(const config::Password& limits, Policy policy, const Processor& processor)
    : policy_(limited(std::move(policy), limits)), equaliser_(policy_.limits, processor) {
  equaliser_.offer(usual_hash());
}

Checked Verifier::Attempt::verify(std::string_view hash) {
  const auto readings = computable_readings(hash, verifier_.policy_, password_.size());
  if (!readings) return tl::unexpected(readings.error());
  const auto match = std::find_if(readings->begin(), readings->end(), [&](const Reading& reading) {
    return matches(reading.stored, password_);
  });
  const bool matched = match != readings->end();
  check_.ran(matched ? match->stored : readings->back().stored);
  return matched ? Verdict::match : Verdict::mismatch;
}

Checked Verifier::verify(const Secret& password, std::string_view hash) const {
  Attempt attempt(*this, password);
  const Checked checked = attempt.verify(hash);
  if (checked != Verdict::match) attempt.fail();
  return checked;
}

void Verifier::spend(const Secret& password) const {
  Attempt(*this, password).fail();
}

void Verifier::learn(const Census& table) const {
  equaliser_.replace(table.dearest());
}

void Verifier::note(std::string_view hash) const {
  const auto readings = computable_readings(hash, policy_, 0);
  if (!readings) return;
  for (const Reading& reading : *readings) equaliser_.offer(reading.stored);
}

}  // namespace gatehouse::password
