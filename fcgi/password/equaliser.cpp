#include "password/equaliser.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

#include "password/pbkdf2.h"

namespace gatehouse::password {
namespace {

// Lengths of passwords at which functions are measured: a usual one, and the longest that is taken.
constexpr std::size_t kShortPassword = 12;
constexpr std::size_t kLongPassword = 1024;

constexpr double kLengthMatters = 1.2;

/// The same function with the same parameters.
bool same_work(const Kdf& left, const Kdf& right) {
  return left.cost().time == right.cost().time && left.parameters() == right.parameters();
}

class ThisProcessor final : public Processor {
 public:
  [[nodiscard]] std::chrono::nanoseconds used() const noexcept override {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
  void burn() const override {
    constexpr std::uint64_t kRounds = 256;
    // volatile: the result is of no use, the work is.
    volatile char sink = pbkdf2(Digest::sha256, "", "", kRounds, 1).front();
    static_cast<void>(sink);
  }
};

}  // namespace

const Processor& this_processor() noexcept {
  static const ThisProcessor processor;
  return processor;
}

void RecentMedian::add(std::chrono::nanoseconds run) noexcept {
  runs_.at(count_ % kRuns) = run;
  ++count_;
}

std::chrono::nanoseconds RecentMedian::value() const noexcept {
  auto sorted = runs_;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kRuns));
  if (end == sorted.begin()) return std::chrono::nanoseconds(0);
  const auto middle = sorted.begin() + (end - sorted.begin()) / 2;
  std::nth_element(sorted.begin(), middle, end);
  return *middle;
}

Equaliser::Equaliser(const Processor& processor) : processor_(processor) {}

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
  const double along =
      (static_cast<double>(length) - kShortPassword) / (kLongPassword - kShortPassword);
  return std::max(0.1, 1 + (longest_factor - 1) * along);
}

std::chrono::nanoseconds Equaliser::Candidate::typical(std::size_t length) const noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(taken.value() * factor(length));
}

Equaliser::Candidate* Equaliser::dearest(Candidates& candidates, std::size_t length) noexcept {
  const auto found = std::max_element(candidates.begin(), candidates.end(),
                                      [&](const Candidate& left, const Candidate& right) {
                                        return left.typical(length) < right.typical(length);
                                      });
  return found == candidates.end() ? nullptr : &*found;
}

std::optional<Equaliser::Candidate> Equaliser::dearest(std::size_t length) const {
  return candidates_.with([&](Candidates& candidates) {
    const Candidate* const found = dearest(candidates, length);
    return found == nullptr ? std::nullopt : std::optional(*found);
  });
}

Equaliser::Candidates Equaliser::pruned(Candidates candidates) {
  Candidates kept;
  for (const std::size_t length : {kShortPassword, kLongPassword}) {
    const Candidate* const found = dearest(candidates, length);
    if (found == nullptr) continue;
    const bool twice = std::any_of(kept.begin(), kept.end(), [&](const Candidate& other) {
      return same_work(*other.work.kdf, *found->work.kdf);
    });
    if (!twice) kept.push_back(*found);
  }
  return kept;
}

Equaliser::Candidate Equaliser::measure(const Work& work) const {
  Candidate measured{work, {}, 1};
  const auto usual = compute(work, std::string(kShortPassword, 'p'));
  const auto longest = compute(work, std::string(kLongPassword, 'p'));
  measured.taken.add(usual);
  if (usual.count() > 0) {
    const double factor = static_cast<double>(longest.count()) / static_cast<double>(usual.count());
    // Less is the noise of two runs.
    if (factor > kLengthMatters) measured.longest_factor = factor;
  }
  return measured;
}

void Equaliser::replace(std::span<const StoredHash> hashes) {
  Candidates all;
  for (const StoredHash& hash : hashes) all.push_back(measure(work_of(hash)));
  all = pruned(std::move(all));
  if (all.empty()) return;
  candidates_.with([&](Candidates& candidates) {
    for (Candidate& next : all) {
      for (const Candidate& known : candidates) {
        // What is known of it from many runs is worth more than one.
        if (same_work(*known.work.kdf, *next.work.kdf)) next.taken = known.taken;
      }
    }
    candidates = std::move(all);
  });
}

void Equaliser::offer(const StoredHash& hash) {
  const auto cost = hash.kdf->cost().time;
  const bool dearer = candidates_.with([&](const Candidates& candidates) {
    return std::none_of(candidates.begin(), candidates.end(), [&](const Candidate& known) {
      return known.work.kdf->cost().time >= cost;
    });
  });
  if (!dearer) return;
  Candidate measured = measure(work_of(hash));
  candidates_.with([&](Candidates& candidates) {
    candidates.push_back(std::move(measured));
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
    // Single runs differ by as much.
    if (known != nullptr && taken < known->typical(length) * 9 / 8) return;
    Candidate seen{work, {}, 1};  // until the next census tells what its length does
    seen.taken.add(taken);
    candidates.push_back(std::move(seen));
    candidates = pruned(std::move(candidates));
  });
}

Equaliser::Check::Check(Equaliser& equaliser)
    : equaliser_(equaliser), start_(equaliser.processor_.used()) {}

std::chrono::nanoseconds Equaliser::Check::taken() const noexcept {
  return equaliser_.processor_.used() - start_;
}

void Equaliser::Check::pause() noexcept {
  paused_ = equaliser_.processor_.used();
}

void Equaliser::Check::go_on() noexcept {
  if (paused_) start_ += equaliser_.processor_.used() - *paused_;
  paused_.reset();
}

void Equaliser::Check::passed(const Secret& password, const StoredHash& computed) {
  go_on();
  equaliser_.learn(work_of(computed), password.size(), taken());
}

void Equaliser::Check::failed(const Secret& password, const std::optional<StoredHash>& computed) {
  go_on();
  const std::size_t length = password.size();
  if (computed) {
    equaliser_.learn(work_of(*computed), length, taken());
  } else if (const auto dearest = equaliser_.dearest(length)) {
    const auto run = equaliser_.compute(dearest->work, password.view());
    equaliser_.learn(dearest->work, length, run);
  }
  const auto dearest = equaliser_.dearest(length);
  if (!dearest) return;
  const bool was_it = !computed || same_work(*dearest->work.kdf, *computed->kdf);
  // The dearest itself takes what it takes: its runs make the median.
  if (was_it) return;
  const auto typical = dearest->typical(length);
  while (taken() < typical) equaliser_.processor_.burn();
}

}  // namespace gatehouse::password
