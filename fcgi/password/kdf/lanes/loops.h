/// The loops that are compiled for one kind of processor each. See Kernel::Run; call them only
/// where the processor has what their file is named for.
#pragma once

#include <cstdint>

namespace gatehouse::password::lanes {

#if defined(__x86_64__)
/// At most three chains: with two or three the unit for SHA-256 is never idle.
void sha256_sha_ni(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;

void sha1_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
void sha256_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
void sha512_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
void md5_avx2(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;

void sha1_avx512(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
void sha256_avx512(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
void sha512_avx512(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
void md5_avx512(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;
#endif

/// For every processor: the compiler makes of a wide vector what there is.
void md5_plain(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;

/// Rounds of bcrypt: at most four chains.
void blowfish(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;

/// The chains in a vector of 32 bytes, by the bits of a word, and those of md5_plain.
inline constexpr unsigned kWide32 = 8;
inline constexpr unsigned kWide64 = 4;
inline constexpr unsigned kPlain32 = 4;

}  // namespace gatehouse::password::lanes
