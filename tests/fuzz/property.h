/// What a fuzzer demands of every input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace gatehouse::fuzz {

/// Ends the program when the property does not hold: a crash is what fuzzers look for.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

}  // namespace gatehouse::fuzz
