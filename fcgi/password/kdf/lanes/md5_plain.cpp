#include "password/kdf/lanes/loops.h"
#include "password/kdf/lanes/md5.h"

namespace gatehouse::password::lanes {

void md5_plain(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  run_wide_md5(chains, count, rounds);
}

}  // namespace gatehouse::password::lanes
