#include "password/kdf/lanes/kernels.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/compression.h"
#include "base/hmac.h"
#include "password/kdf/lanes/cpu.h"
#include "password/kdf/lanes/loops.h"

namespace gatehouse::password::lanes {
namespace {

#if defined(__x86_64__)
/// A vector takes as long for one chain as for all that it holds: fewer than kWorthIt run one after
/// the other.
template <Kernel::Run kFew, Kernel::Run kMany, unsigned kWorthIt>
void by_count(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  (count < kWorthIt ? kFew : kMany)(chains, count, rounds);
}
#endif

#ifdef GATEHOUSE_HAS_COMPRESSION
/// PBKDF2 by OpenSSL's compression function, which knows more processors than we do: chains one
/// after the other.
template <class Hash, class Chain>
void by_openssl(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  using Word = typename Chain::Word;
  for (unsigned lane = 0; lane < count; ++lane) {
    auto& chain = *static_cast<Chain*>(chains[lane]);
    auto inner = Hash::from_words(chain.inner);
    auto outer = Hash::from_words(chain.outer);
    typename Hash::Context scratch;
    auto block = Hmac<Hash>::padded_block();
    for (unsigned i = 0; i < Chain::kWords; ++i) store(chain.value[i], &block[i * sizeof(Word)]);
    std::array<unsigned char, Hash::kDigestBytes> sum{};
    for (std::uint64_t round = 0; round < rounds; ++round) {
      Hash::compress_into(inner, block, scratch);
      Hash::compress_into(outer, block, scratch);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] ^= block[i];
    }
    for (unsigned i = 0; i < Chain::kWords; ++i) {
      chain.value[i] = load<Word>(&block[i * sizeof(Word)]);
      chain.sum[i] ^= load<Word>(&sum[i * sizeof(Word)]);
    }
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
    OPENSSL_cleanse(&scratch, sizeof scratch);
    OPENSSL_cleanse(block.data(), block.size());
    OPENSSL_cleanse(sum.data(), sum.size());
  }
}

constexpr auto kSha1ByOpenssl = by_openssl<Sha1, Sha1Chain>;
constexpr auto kSha256ByOpenssl = by_openssl<Sha256, Sha256Chain>;
constexpr auto kSha512ByOpenssl = by_openssl<Sha512, Sha512Chain>;

#if defined(__x86_64__)
/// In groups of nearly the same size.
void sha_ni_in_groups(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  constexpr unsigned kMost = 3;
  for (unsigned groups = (count + kMost - 1) / kMost; groups > 0; --groups) {
    const unsigned size = (count + groups - 1) / groups;
    sha256_sha_ni(chains, size, rounds);
    chains += size;
    count -= size;
  }
}
#endif
#endif

using Kernels = std::vector<Kernel>;

/// With AVX-512 words rotate in one instruction, and six chains take a vector less time than they
/// take the unit for SHA-256. arm64 has no loop of its own: OpenSSL uses its instructions for
/// SHA-256, and lanes would bring 1.14 times at most, since a block has 56 of them for the one unit
/// of a Neoverse N1, and a lone chain takes 64 cycles (latencies: GCC,
/// config/aarch64/neoverse-n1.md).
Kernels sha256_kernels([[maybe_unused]] const Processor& has) {
  Kernels all;
#ifdef GATEHOUSE_HAS_COMPRESSION
#if defined(__x86_64__)
  if (has.sha_ni && has.avx512) {
    all.push_back(
        {"sha256 sha-ni avx512", kWide32, 80'000, by_count<sha_ni_in_groups, sha256_avx512, 6>});
  }
  if (has.sha_ni) all.push_back({"sha256 sha-ni", 3, 80'000, sha256_sha_ni});
  if (has.avx512) {
    all.push_back(
        {"sha256 avx512", kWide32, 250'000, by_count<kSha256ByOpenssl, sha256_avx512, 2>});
  }
  if (has.avx2) {
    all.push_back({"sha256 avx2", kWide32, 250'000, by_count<kSha256ByOpenssl, sha256_avx2, 3>});
  }
#endif
  all.push_back({"sha256 openssl", 1, 117'000, kSha256ByOpenssl});
#endif
  return all;
}

Kernels sha1_kernels([[maybe_unused]] const Processor& has) {
  Kernels all;
#ifdef GATEHOUSE_HAS_COMPRESSION
#if defined(__x86_64__)
  if (has.avx512) {
    all.push_back({"sha1 avx512", kWide32, 120'000, by_count<kSha1ByOpenssl, sha1_avx512, 2>});
  }
  if (has.avx2) {
    all.push_back({"sha1 avx2", kWide32, 120'000, by_count<kSha1ByOpenssl, sha1_avx2, 4>});
  }
#endif
  all.push_back({"sha1 openssl", 1, 120'000, kSha1ByOpenssl});
#endif
  return all;
}

Kernels sha512_kernels([[maybe_unused]] const Processor& has) {
  Kernels all;
#ifdef GATEHOUSE_HAS_COMPRESSION
#if defined(__x86_64__)
  if (has.avx512) {
    all.push_back(
        {"sha512 avx512", kWide64, 400'000, by_count<kSha512ByOpenssl, sha512_avx512, 2>});
  }
  if (has.avx2) {
    all.push_back({"sha512 avx2", kWide64, 400'000, by_count<kSha512ByOpenssl, sha512_avx2, 3>});
  }
#endif
  all.push_back({"sha512 openssl", 1, 400'000, kSha512ByOpenssl});
#endif
  return all;
}

Kernels md5_kernels([[maybe_unused]] const Processor& has) {
  Kernels all;
#if defined(__x86_64__)
  if (has.avx512) all.push_back({"md5 avx512", kWide32, 80'000, md5_avx512});
  if (has.avx2) {
    all.push_back({"md5 avx2", kWide32, 100'000, by_count<md5_plain, md5_avx2, kPlain32 + 1>});
  }
#endif
  all.push_back({"md5 plain", kPlain32, 120'000, md5_plain});
  return all;
}

}  // namespace

std::span<const Kernel> usable_kernels(Function function) noexcept {
  switch (function) {
    case Function::sha1: {
      static const Kernels all = sha1_kernels(this_machine());
      return all;
    }
    case Function::sha256: {
      static const Kernels all = sha256_kernels(this_machine());
      return all;
    }
    case Function::sha512: {
      static const Kernels all = sha512_kernels(this_machine());
      return all;
    }
    case Function::md5: {
      static const Kernels all = md5_kernels(this_machine());
      return all;
    }
    case Function::blowfish:
      break;
  }
  static const Kernels interleaved = {{"blowfish", 4, 47'000'000, blowfish}};
  return interleaved;
}

}  // namespace gatehouse::password::lanes
