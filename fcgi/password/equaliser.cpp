#include "password/equaliser.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "password/pbkdf2.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kUsualPassword = "a password of usual size";

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

void Equaliser::replace(std::span<const StoredHash> hashes) {
  Dearest dearest;
  for (const StoredHash& hash : hashes) {
    const auto taken = compute(work_of(hash), kUsualPassword);
    if (dearest.kdf && taken <= dearest.taken.value()) continue;
    dearest = {work_of(hash), {}};
    dearest.taken.add(taken);
  }
  if (!dearest.kdf) return;
  dearest_.with([&](Dearest& now) {
    if (!now.kdf || !same_work(*now.kdf, *dearest.kdf)) now = std::move(dearest);
  });
}

void Equaliser::offer(const StoredHash& hash) {
  const auto cost = hash.kdf->cost().time;
  const bool dearer = dearest_.with(
      [&](const Dearest& dearest) { return !dearest.kdf || dearest.kdf->cost().time < cost; });
  if (dearer) learn(work_of(hash), compute(work_of(hash), kUsualPassword));
}

std::chrono::nanoseconds Equaliser::typical() const {
  return dearest_.with([](const Dearest& dearest) { return dearest.taken.value(); });
}

std::chrono::milliseconds Equaliser::tick() const {
  constexpr std::chrono::milliseconds kStep{5};
  return (typical() * 5 / 4 / kStep + 1) * kStep;
}

void Equaliser::learn(const Work& work, std::chrono::nanoseconds taken) {
  dearest_.with([&](Dearest& dearest) {
    const bool same = dearest.kdf && same_work(*dearest.kdf, *work.kdf);
    // Single runs differ by as much.
    if (!same && taken < dearest.taken.value() * 9 / 8) return;
    if (!same) dearest = {work, {}};
    dearest.taken.add(taken);
  });
}

Equaliser::Check::Check(Equaliser& equaliser)
    : equaliser_(equaliser), start_(equaliser.processor_.used()) {}

std::chrono::nanoseconds Equaliser::Check::taken() const noexcept {
  return equaliser_.processor_.used() - start_;
}

void Equaliser::Check::passed(const StoredHash& computed) {
  equaliser_.learn(work_of(computed), taken());
}

void Equaliser::Check::failed(const Secret& password, const std::optional<StoredHash>& computed) {
  if (computed) {
    equaliser_.learn(work_of(*computed), taken());
    const Work dearest = equaliser_.dearest_.with([](const Work& work) { return work; });
    if (same_work(*dearest.kdf, *computed->kdf)) return;
    const auto typical = equaliser_.typical();
    while (taken() < typical) equaliser_.processor_.burn();
    return;
  }
  const Work dearest = equaliser_.dearest_.with([](const Work& work) { return work; });
  if (dearest.kdf) equaliser_.learn(dearest, equaliser_.compute(dearest, password.view()));
}

}  // namespace gatehouse::password
