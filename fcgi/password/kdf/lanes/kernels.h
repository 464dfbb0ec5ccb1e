/// Which loop is the fastest here.
#pragma once

#include <cstdint>
#include <span>

#include "password/kdf/lanes/kernel.h"

namespace gatehouse::password::lanes {

/// A function whose rounds run in lanes, by the type of its chains.
enum class Function : std::uint8_t {
  sha1,      ///< Sha1Chain
  sha256,    ///< Sha256Chain
  sha512,    ///< Sha512Chain
  md5,       ///< Md5Chain
  blowfish,  ///< BlowfishChain
};

/// All that this machine can run, the best first: tests run each of them. SHA has none where
/// OpenSSL is built without its low-level functions.
[[nodiscard]] std::span<const Kernel> usable_kernels(Function function) noexcept;
/// There must be one.
[[nodiscard]] inline const Kernel& best_kernel(Function function) noexcept {
  return usable_kernels(function).front();
}

}  // namespace gatehouse::password::lanes
