#include "password/verifier.h"

#include <utility>

#include "password/pbkdf2.h"

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
      return "hash over the cost limits";
    case Verdict::weak_refused:
      return "weak scheme that is not allowed";
  }
  return "";
}

Verifier::Verifier(const config::Password& limits, Policy policy, const Processor& processor)
    : limits_{limits.max_cost.time, limits.max_cost.memory_bytes},
      policy_(std::move(policy)),
      equaliser_(processor) {
  policy_.limits = limits_;
  const StoredHash usual = usual_hash();
  if (within(usual.kdf->cost(), limits_)) equaliser_.offer(usual);
}

Verdict Verifier::judge_row(const Scheme& scheme, const std::optional<StoredHash>& stored) const {
  if (!stored) return Verdict::malformed;
  if (scheme.weak && !allows(policy_, scheme.name)) return Verdict::weak_refused;
  if (!within(stored->kdf->cost(), limits_)) return Verdict::too_costly;
  return Verdict::match;
}

void Verifier::try_row(const Scheme& scheme, const Secret& password, std::string_view hash,
                       Judged& judged) const {
  const auto stored = scheme.parse(hash);
  const Verdict refusal = judge_row(scheme, stored);
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

Verdict Verifier::verify(const Secret& password, std::string_view hash) const {
  Equaliser::Check check(equaliser_);
  const Judged judged = judge(password, hash);
  if (judged.verdict == Verdict::match) {
    check.passed(password, *judged.computed);
  } else {
    check.failed(password, judged.computed);
  }
  return judged.verdict;
}

std::vector<Verdict> Verifier::verify(const Secret& password,
                                      std::span<const std::string_view> hashes,
                                      std::size_t rows) const {
  std::vector<Verdict> verdicts;
  std::vector<std::pair<Equaliser::Check, std::optional<StoredHash>>> matched;
  for (const std::string_view hash : hashes) {
    Equaliser::Check check(equaliser_);
    Judged judged = judge(password, hash);
    verdicts.push_back(judged.verdict);
    if (judged.verdict == Verdict::match) {
      check.pause();
      matched.emplace_back(check, std::move(judged.computed));
    } else {
      check.failed(password, judged.computed);
    }
  }
  if (matched.size() == 1) {
    matched.front().first.passed(password, *matched.front().second);
    return verdicts;
  }
  for (auto& [check, computed] : matched) check.failed(password, computed);
  for (std::size_t i = hashes.size(); i < rows; ++i) spend(password);
  return verdicts;
}

void Verifier::spend(const Secret& password) const {
  Equaliser::Check(equaliser_).failed(password, std::nullopt);
}

void Verifier::learn(const Census& table) const {
  equaliser_.replace(table.dearest());
}

void Verifier::note(std::string_view hash) const {
  const Scheme* const scheme = find_scheme(hash);
  if (scheme == nullptr) return;
  const auto stored = scheme->parse(hash);
  if (judge_row(*scheme, stored) != Verdict::match) return;
  equaliser_.offer(*stored);
}

}  // namespace gatehouse::password
