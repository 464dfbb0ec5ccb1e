/// PBKDF2 against OpenSSL's own, and what one verify takes in each scheme of the table.
///
/// All is CPU time of one thread. The two PBKDF2 take short turns, and each pair of turns gives a
/// ratio, since what a shared machine gives changes within seconds; the median counts. OpenSSL's
/// turns vary much more than ours where others work too, to our favour: so the ratio of the fastest
/// turns stands beside it. The exit code is 1 if a ratio is below what is demanded.
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "password/equaliser.h"
#include "password/kdf/pbkdf2.h"
#include "password/scheme.h"
#include "unit/password/vectors.h"

namespace gatehouse::password {
namespace {

constexpr int kRounds = 20'000;
constexpr int kTurns = 101;
constexpr int kVerifies = 9;
constexpr std::string_view kPassword = "a password of usual size";
constexpr std::string_view kSalt = "16 bytes of salt";

struct Demand {
  Digest digest;
  double ratio;
};
constexpr std::array kDemands{Demand{Digest::sha256, 1.6}, Demand{Digest::sha1, 1.3},
                              Demand{Digest::sha512, 1.3}};

double nanoseconds_of(const std::function<void()>& work) {
  const auto start = this_processor().used();
  work();
  return static_cast<double>((this_processor().used() - start).count());
}

/// Of an odd number of values.
double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string by_gatehouse(Digest digest) {
  return pbkdf2(digest, kPassword, kSalt, kRounds, digest_size(digest));
}

std::string by_openssl(Digest digest) {
  std::string out(digest_size(digest), '\0');
  PKCS5_PBKDF2_HMAC(kPassword.data(), static_cast<int>(kPassword.size()),
                    reinterpret_cast<const unsigned char*>(kSalt.data()),
                    static_cast<int>(kSalt.size()), kRounds, evp(digest),
                    static_cast<int>(out.size()), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

/// Prints the verdict; returns whether the demand is met.
bool compare(const Demand& demand) {
  const Digest digest = demand.digest;
  if (by_gatehouse(digest) != by_openssl(digest)) throw std::logic_error("not the same bytes");
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  for (int turn = 0; turn < kTurns; ++turn) {
    ours.push_back(nanoseconds_of([&] { by_gatehouse(digest); }));
    theirs.push_back(nanoseconds_of([&] { by_openssl(digest); }));
    ratios.push_back(theirs.back() / ours.back());
  }
  const double ratio = median(ratios);
  const bool met = ratio >= demand.ratio;
  const double our_best = *std::min_element(ours.begin(), ours.end());
  const double their_best = *std::min_element(theirs.begin(), theirs.end());
  fmt::print("{}  PBKDF2 with {}: {:.2f} x OpenSSL's (at least {})\n", met ? "met    " : "NOT MET",
             to_string(digest), ratio, demand.ratio);
  fmt::print("         fastest turns: {:.0f} ns a round, OpenSSL's {:.0f} ns, {:.2f} x\n",
             our_best / kRounds, their_best / kRounds, their_best / our_best);
  return met;
}

/// The dearest known hash of the scheme: the nearest to what sites use. Null if there is none.
const Vector* known_hash(const Scheme& scheme, const std::vector<Vector>& vectors) {
  const Vector* found = nullptr;
  std::chrono::nanoseconds most{-1};
  for (const Vector& vector : vectors) {
    if (vector.scheme != scheme.name || !scheme.recognises(vector.hash)) continue;
    const auto time = scheme.parse(vector.hash).value().kdf->usual_cost().time;
    if (time > most) found = &vector;
    most = std::max(most, time);
  }
  return found;
}

void measure(const Scheme& scheme, const Vector& vector) {
  const Secret password = secret(vector.password);
  const auto verify = [&] {
    if (!matches(scheme.parse(vector.hash).value(), password)) {
      throw std::logic_error(vector.hash + " does not verify");
    }
  };
  verify();
  std::vector<double> times;
  for (int i = 0; i < kVerifies; ++i) times.push_back(nanoseconds_of(verify));
  fmt::print("{:24}{:6}{:12.3f}   {}\n", scheme.name, scheme.weak ? "weak" : "",
             median(times) / 1e6, scheme.parse(vector.hash)->kdf->parameters());
}

void measure_all() {
  fmt::print("{:24}{:6}{:>12}   of its known hashes, the dearest\n", "scheme", "", "verify, ms");
  const auto vectors = known_vectors();
  for (const Scheme& scheme : schemes()) {
    if (const Vector* const vector = known_hash(scheme, vectors)) {
      measure(scheme, *vector);
    } else {
      fmt::print("{:24}{:6}{:>12}   no known hash\n", scheme.name, scheme.weak ? "weak" : "", "-");
    }
  }
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

}  // namespace
}  // namespace gatehouse::password

int main() {
  using namespace gatehouse::password;
  fmt::print("one thread, medians of {} turns and {} verifies ({}, {})\n\n", kTurns, kVerifies,
             processor(), OpenSSL_version(OPENSSL_VERSION));
  measure_all();
  fmt::print("\n");
  const auto missed = std::count_if(kDemands.begin(), kDemands.end(),
                                    [](const Demand& demand) { return !compare(demand); });
  return missed == 0 ? 0 : 1;
}
