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

Verifier::Verifier(const config::Password& limits, Policy policy, Transform transform,
                   const Processor& processor)
    : policy_(limited(std::move(policy), limits)),
      transform_(std::move(transform)),
      equaliser_(policy_.limits, processor) {
  equaliser_.offer(usual_hash());
}

Verifier::Attempt::Attempt(const Verifier& verifier, const Secret& text)
    : verifier_(verifier),
      text_(text),
      of_nobody_(verifier.transform_.mixes() ? verifier.transform_.apply(text, row_of_nobody())
                                             : Secret()),
      check_(verifier.equaliser_, nobodys()) {}

const Secret& Verifier::Attempt::nobodys() const noexcept {
  return verifier_.transform_.mixes() ? of_nobody_ : text_;
}

std::chrono::milliseconds Verifier::Attempt::tick() const {
  return verifier_.equaliser_.tick(nobodys().size()) *
         static_cast<int>(verifier_.transform_.variants());
}

Checked Verifier::Attempt::verify_one(const Secret& password, const Row& row) {
  const auto readings = computable_readings(row, verifier_.policy_, password.size());
  if (!readings) return tl::unexpected(readings.error());
  const auto match = std::find_if(readings->begin(), readings->end(), [&](const Reading& reading) {
    return matches(reading.stored, password);
  });
  const bool matched = match != readings->end();
  check_.ran(matched ? match->stored : work_of(*readings));
  return matched ? Verdict::match : Verdict::mismatch;
}

Checked Verifier::Attempt::verify(const Row& row) {
  const Transform& transform = verifier_.transform_;
  if (!transform.mixes()) return verify_one(text_, row);
  Checked checked = Verdict::mismatch;
  for (std::size_t i = 0; i < transform.variants(); ++i) {
    checked = verify_one(transform.apply(text_, row, i), row);
    if (checked != Verdict::mismatch) break;
  }
  return checked;
}

Checked Verifier::verify(const Secret& text, const Row& row) const {
  Attempt attempt(*this, text);
  const Checked checked = attempt.verify(row);
  if (checked != Verdict::match) attempt.fail();
  return checked;
}

void Verifier::spend(const Secret& text) const {
  Attempt(*this, text).fail();
}

void Verifier::learn(const Census& table, const std::stop_token& stop) const {
  equaliser_.replace(table.dearest(), stop);
}

void Verifier::note(const Row& row) const try {
  const auto readings = computable_readings(row, policy_, 0);
  if (readings) equaliser_.offer(work_of(*readings));
} catch (const CoreRefused&) {
  return;  // the service ends, and the hash stands in the table: the next start learns of it
}

}  // namespace gatehouse::password
