#include "password/verifier.h"

#include <utility>

#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

/// What stands as the dearest until the table is known.
StoredHash usual_hash() {
  constexpr std::uint64_t kRounds = 150'000;
  constexpr std::size_t kDigestBytes = 32;
  return {make_pbkdf2(Digest::sha256, kRounds, kDigestBytes), "saltsalt",
          std::string(kDigestBytes, '\0')};
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::match:
      return "match";
    case Verdict::mismatch:
      return "mismatch";
    case Verdict::unknown_scheme:
      return "unknown scheme";
    case Verdict::malformed:
      return "malformed hash";
    case Verdict::too_costly:
      return "over password.max_cost for a password of that length";
    case Verdict::weak_refused:
      return "weak scheme that is not allowed";
  }
  return "";
}

Verifier::Verifier(const config::Password& limits, Policy policy, const Processor& processor)
    : limits_{limits.max_cost.time, limits.max_cost.memory_bytes},
      policy_(std::move(policy)),
      equaliser_(limits_, processor) {
  policy_.limits = limits_;
  const StoredHash usual = usual_hash();
  equaliser_.offer(usual);
}

Verdict Verifier::judge_row(const Scheme& scheme, const std::optional<StoredHash>& stored,
                            std::size_t password_bytes) const {
  if (!stored) return Verdict::malformed;
  if (scheme.weak && !allows(policy_, scheme.name)) return Verdict::weak_refused;
  if (!within(stored->kdf->cost(password_bytes), limits_)) return Verdict::too_costly;
  return Verdict::match;
}

void Verifier::try_row(const Scheme& scheme, const Secret& password, std::string_view hash,
                       Judged& judged) const {
  const auto stored = scheme.parse(hash);
  const Verdict refusal = judge_row(scheme, stored, password.size());
  if (refusal != Verdict::match) {
    // Of two rows that read one hash, the one that says more counts.
    if (judged.verdict == Verdict::unknown_scheme || judged.verdict == Verdict::malformed) {
      judged.verdict = refusal;
    }
    return;
  }
  judged.verdict = matches(*stored, password) ? Verdict::match : Verdict::mismatch;
  judged.computed = stored;
}

Verifier::Judged Verifier::judge(const Secret& password, std::string_view hash) const {
  if (hash.size() > kLongestHash) return {Verdict::malformed};
  Judged judged{Verdict::unknown_scheme};
  for (const Scheme& scheme : schemes()) {
    if (judged.verdict == Verdict::match) break;
    if (scheme.recognises(hash)) try_row(scheme, password, hash, judged);
  }
  return judged;
}

Verdict Verifier::Attempt::verify(std::string_view hash) {
  const Judged judged = verifier_.judge(password_, hash);
  if (judged.computed) check_.ran(*judged.computed);
  return judged.verdict;
}

Verdict Verifier::verify(const Secret& password, std::string_view hash) const {
  Attempt attempt(*this, password);
  const Verdict verdict = attempt.verify(hash);
  if (verdict != Verdict::match) attempt.fail();
  return verdict;
}

void Verifier::spend(const Secret& password) const {
  Attempt(*this, password).fail();
}

void Verifier::learn(const Census& table) const {
  equaliser_.replace(table.dearest());
}

void Verifier::note(std::string_view hash) const {
  const Scheme* const scheme = find_scheme(hash);
  if (scheme == nullptr) return;
  const auto stored = scheme->parse(hash);
  if (judge_row(*scheme, stored, 0) != Verdict::match) return;
  equaliser_.offer(*stored);
}

}  // namespace gatehouse::password
