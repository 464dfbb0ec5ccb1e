#include "password/equaliser.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

#include "password/kdf/engine.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

// Functions are measured at a usual length, and at the longest password that can be typed.
constexpr std::size_t kLongPassword = 1024;

/// True if both are the same function with the same parameters.
bool same_work(const Kdf& left, const Kdf& right) {
  return left.usual_cost().time == right.usual_cost().time &&
         left.parameters() == right.parameters();
}

double ratio(std::chrono::nanoseconds part, std::chrono::nanoseconds whole) noexcept {
  return whole.count() == 0
             ? 1
             : static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

/// The work that a function states for a password of that length, as a multiple of its work for a
/// usual one.
double stated_factor(const Kdf& kdf, std::size_t length) noexcept {
  return ratio(kdf.cost(length).time, kdf.usual_cost().time);
}

class ThisProcessor final : public Processor {
 public:
  [[nodiscard]] std::chrono::nanoseconds used() const noexcept override {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec) +
           charged_time();
  }
  void burn(std::chrono::nanoseconds time) const override {
    constexpr std::int64_t kRound = 100;  // nanoseconds, more than a round takes on most machines
    constexpr std::int64_t kFewest = 256;
    constexpr std::int64_t kMost = 10'000'000;
    const auto rounds = std::clamp<std::int64_t>(time.count() / kRound, kFewest, kMost);
    // volatile, or the compiler would leave the work out, since nobody uses the result.
    volatile char sink =
        pbkdf2(Digest::sha256, "", "", static_cast<std::uint64_t>(rounds), 1).front();
    static_cast<void>(sink);
  }
};

}  // namespace

const Processor& this_processor() noexcept {
  static const ThisProcessor processor;
  return processor;
}

Equaliser::Equaliser(const Limits& limits, const Processor& processor)
    : limits_(limits), processor_(processor) {}

Equaliser::Work Equaliser::work_of(const StoredHash& hash) {
  return {hash.kdf, hash.salt.size(), hash.digest.size()};
}

std::chrono::nanoseconds Equaliser::compute(const Work& work, std::string_view password) const {
  const auto start = processor_.used();
  // Dots are letters of every alphabet that a salt is written in.
  const std::string salt(work.salt_length, '.');
  static_cast<void>(work.kdf->derive(password, salt, work.digest_length));
  return processor_.used() - start;
}

double Equaliser::Candidate::factor(std::size_t length) const noexcept {
  return std::max(0.1, 1 + (stated_factor(*work.kdf, length) - 1) * stretch);
}

std::chrono::nanoseconds Equaliser::Candidate::typical(std::size_t length) const noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(taken.value() * factor(length));
}

Equaliser::Candidate* Equaliser::dearest(Candidates& candidates, std::size_t length) noexcept {
  const auto taken = [&](const Candidate& candidate) {
    return candidate.longest < length ? std::chrono::nanoseconds(-1) : candidate.typical(length);
  };
  const auto found = std::max_element(
      candidates.begin(), candidates.end(),
      [&](const Candidate& left, const Candidate& right) { return taken(left) < taken(right); });
  return found == candidates.end() || found->longest < length ? nullptr : &*found;
}

std::optional<Equaliser::Candidate> Equaliser::dearest(std::size_t length) const {
  return candidates_.with([&](Candidates& candidates) {
    const Candidate* const found = dearest(candidates, length);
    return found == nullptr ? std::nullopt : std::optional(*found);
  });
}

Equaliser::Candidates Equaliser::pruned(Candidates candidates) {
  Candidates kept;
  std::vector<std::size_t> lengths = {kUsualPasswordBytes, kLongPassword};
  for (const Candidate& candidate : candidates) lengths.push_back(candidate.longest);
  for (const std::size_t length : lengths) {
    const Candidate* const found = dearest(candidates, length);
    if (found == nullptr) continue;
    const bool twice = std::any_of(kept.begin(), kept.end(), [&](const Candidate& other) {
      return same_work(*other.work.kdf, *found->work.kdf);
    });
    if (!twice) kept.push_back(*found);
  }
  return kept;
}

std::optional<Equaliser::Candidate> Equaliser::measure(const Work& work,
                                                       const std::stop_token& stop) const {
  const auto longest = longest_within(*work.kdf, limits_);
  if (!longest) return std::nullopt;
  Candidate measured{work, *longest, {}};
  const std::size_t usual = std::min(kUsualPasswordBytes, *longest);
  const std::size_t long_one = std::min(kLongPassword, *longest);
  const auto taken = compute(work, std::string(usual, 'p')) / measured.factor(usual);
  measured.taken.add(std::chrono::duration_cast<std::chrono::nanoseconds>(taken));
  const double stated = stated_factor(*work.kdf, long_one);
  constexpr double kLengthMatters = 1.2;  // less is the noise of two runs
  if (stated < kLengthMatters || taken.count() <= 0) return measured;
  if (stop.stop_requested()) return std::nullopt;
  const double factor = compute(work, std::string(long_one, 'p')) / taken;
  measured.stretch = std::max(0.0, (factor - 1) / (stated - 1));
  return measured;
}

void Equaliser::replace(std::span<const StoredHash> hashes, const std::stop_token& stop) {
  Candidates all;
  std::vector<KdfPointer> works;
  for (const StoredHash& hash : hashes) {
    if (stop.stop_requested()) return;
    works.push_back(hash.kdf);
    if (auto measured = measure(work_of(hash), stop)) all.push_back(*std::move(measured));
  }
  all = pruned(std::move(all));
  if (all.empty()) return;
  candidates_.with([&](Candidates& candidates) {
    for (Candidate& next : all) {
      for (const Candidate& known : candidates) {
        // The times of many runs are worth more than that of one.
        if (same_work(*known.work.kdf, *next.work.kdf)) next.taken = known.taken;
      }
    }
    const auto counted = [&](const Candidate& known) {
      return std::any_of(works.begin(), works.end(),
                         [&](const KdfPointer& kdf) { return same_work(*known.work.kdf, *kdf); });
    };
    for (Candidate& known : candidates) {
      if (known.by_check && !counted(known)) all.push_back(std::move(known));
    }
    candidates = pruned(std::move(all));
  });
}

void Equaliser::offer(const StoredHash& hash) {
  const auto longest = longest_within(*hash.kdf, limits_);
  if (!longest) return;
  const auto dearer_at = [&](const Candidates& candidates, std::size_t length) {
    return std::none_of(candidates.begin(), candidates.end(), [&](const Candidate& known) {
      return known.longest >= length &&
             known.work.kdf->cost(length).time >= hash.kdf->cost(length).time;
    });
  };
  const bool dearer = candidates_.with([&](const Candidates& candidates) {
    return dearer_at(candidates, std::min(kUsualPasswordBytes, *longest)) ||
           dearer_at(candidates, *longest);
  });
  if (!dearer) return;
  auto measured = measure(work_of(hash), {});
  if (!measured) return;
  candidates_.with([&](Candidates& candidates) {
    candidates.push_back(*std::move(measured));
    candidates = pruned(std::move(candidates));
  });
}

std::chrono::milliseconds Equaliser::tick(std::size_t length) const {
  constexpr std::chrono::milliseconds kStep{5};
  const auto known = dearest(length);
  if (!known) return kStep;
  return (known->typical(length) * 5 / 4 / kStep + 1) * kStep;
}

void Equaliser::learn(const Work& work, std::size_t length, std::chrono::nanoseconds taken) {
  candidates_.with([&](Candidates& candidates) {
    for (Candidate& known : candidates) {
      if (!same_work(*known.work.kdf, *work.kdf)) continue;
      const auto as_short = taken / known.factor(length);
      known.taken.add(std::chrono::duration_cast<std::chrono::nanoseconds>(as_short));
      return;
    }
    const Candidate* const known = dearest(candidates, length);
    // Runs of one function differ by as much.
    if (known != nullptr && taken < known->typical(length) * 9 / 8) return;
    const auto longest = longest_within(*work.kdf, limits_);
    if (!longest) return;
    Candidate seen{work, *longest, {}};
    seen.taken.add(
        std::chrono::duration_cast<std::chrono::nanoseconds>(taken / seen.factor(length)));
    seen.by_check = true;
    candidates.push_back(std::move(seen));
    candidates = pruned(std::move(candidates));
  });
}

void Equaliser::compute_part(const Work& work, std::string_view password, double missing) const {
  constexpr double kLeast = 1.0 / 32;  // a smaller part is not worth a function of its own
  while (missing >= kLeast) {
    const KdfPointer part = work.kdf->part(missing);
    if (!part) return;
    static_cast<void>(compute({part, work.salt_length, work.digest_length}, password));
    const auto length = password.size();
    missing -= std::max(kLeast, ratio(part->cost(length).time, work.kdf->cost(length).time));
  }
}

Equaliser::Check::Check(Equaliser& equaliser, const Secret& password)
    : equaliser_(equaliser), password_(password), start_(equaliser.processor_.used()) {}

std::chrono::nanoseconds Equaliser::Check::taken() const noexcept {
  return equaliser_.processor_.used() - start_;
}

void Equaliser::Check::ran(const StoredHash& computed) {
  const auto until = taken();
  const auto run = until - std::exchange(counted_, until);
  runs_.push_back({computed, run});
  equaliser_.learn(work_of(computed), password_.size(), run);
}

void Equaliser::Check::fail(std::size_t hashes) {
  const auto dearest = equaliser_.dearest(password_.size());
  if (!dearest) return;
  const auto typical = dearest->typical(password_.size());
  auto missing = static_cast<double>(hashes);
  for (const Run& run : runs_) {
    // A run of the dearest counts as one, however long it took: its runs make the median.
    const bool was_it = same_work(*run.hash.kdf, *dearest->work.kdf);
    missing -= was_it ? 1 : std::min(1.0, ratio(run.taken, typical));
  }
  constexpr double kNearlyAll = 0.98;
  while (missing >= kNearlyAll) {
    missing -= 1;
    const auto run = equaliser_.compute(dearest->work, password_.view());
    equaliser_.learn(dearest->work, password_.size(), run);
  }
  if (missing <= 0) return;
  equaliser_.compute_part(dearest->work, password_.view(), missing);
  const auto goal = typical * hashes;
  for (auto now = taken(); now < goal; now = taken()) equaliser_.processor_.burn(goal - now);
}

}  // namespace gatehouse::password
