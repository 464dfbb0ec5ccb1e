#include "password/equaliser.h"

#include <algorithm>
#include <ctime>

#include "password/pbkdf2.h"

namespace gatehouse::password {
namespace {

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

bool Equaliser::note(const StoredHash& stored) {
  const auto cost = stored.kdf->cost().time;
  return dearest_.with([&](Dearest& dearest) {
    if (dearest.kdf && dearest.kdf->cost().time >= cost) return false;
    dearest = {stored.kdf, stored.salt.size(), stored.digest.size(), {}};
    return true;
  });
}

void Equaliser::calibrate() {
  const Work work = dearest();
  const auto start = processor_.used();
  compute(work, "a password of usual size");
  learn(work.kdf, processor_.used() - start);
}

Equaliser::Work Equaliser::dearest() const {
  return dearest_.with([](const Dearest& dearest) {
    return Work{dearest.kdf, dearest.salt_length, dearest.digest_length, dearest.taken.value()};
  });
}

void Equaliser::compute(const Work& work, std::string_view password) const {
  if (!work.kdf) return;
  // Dots are letters of every alphabet that a salt is written in.
  const std::string salt(work.salt_length, '.');
  static_cast<void>(work.kdf->derive(password, salt, work.digest_length));
}

void Equaliser::learn(const KdfPointer& kdf, std::chrono::nanoseconds taken) {
  dearest_.with([&](Dearest& dearest) {
    if (dearest.kdf == kdf) dearest.taken.add(taken);
  });
}

Equaliser::Check::Check(Equaliser& equaliser)
    : equaliser_(equaliser), start_(equaliser.processor_.used()) {}

std::chrono::nanoseconds Equaliser::Check::taken() const noexcept {
  return equaliser_.processor_.used() - start_;
}

void Equaliser::Check::passed(std::chrono::nanoseconds own) {
  const Work work = equaliser_.dearest();
  if (work.kdf && own >= work.kdf->cost().time) equaliser_.learn(work.kdf, taken());
}

void Equaliser::Check::failed(const Secret& password, std::chrono::nanoseconds own) {
  const Work work = equaliser_.dearest();
  if (!work.kdf) return;
  const bool nothing_computed = own == std::chrono::nanoseconds(0);
  if (nothing_computed) equaliser_.compute(work, password.view());
  if (nothing_computed || own >= work.kdf->cost().time) {
    equaliser_.learn(work.kdf, taken());
    return;
  }
  while (taken() < work.typical) equaliser_.processor_.burn();
}

}  // namespace gatehouse::password
