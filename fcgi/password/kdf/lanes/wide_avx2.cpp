#if defined(__x86_64__)
#define GATEHOUSE_WIDE_TARGET [[gnu::target("avx2")]]
#define GATEHOUSE_WIDE_BYTES 32
#include "password/kdf/lanes/loops.h"
#include "password/kdf/lanes/md5.h"
#include "password/kdf/lanes/sha.h"

namespace gatehouse::password::lanes {

void sha1_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  run_wide_hmac<WideSha1, Sha1Chain>(chains, count, rounds);
}

void sha256_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  run_wide_hmac<WideSha256, Sha256Chain>(chains, count, rounds);
}

void sha512_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  run_wide_hmac<WideSha512, Sha512Chain>(chains, count, rounds);
}

void md5_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  run_wide_md5(chains, count, rounds);
}

}  // namespace gatehouse::password::lanes
#endif
