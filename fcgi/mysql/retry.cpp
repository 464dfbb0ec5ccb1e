#include "mysql/retry.h"

#include <algorithm>
#include <random>

namespace gatehouse::mysql {

std::chrono::milliseconds backoff(int tries) {
  constexpr int kMostDoublings = 6;
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<int> pause(1, 1 << std::min(tries, kMostDoublings));
  return std::chrono::milliseconds(pause(random));
}

}  // namespace gatehouse::mysql
