/// What a LoginGuard has counted, apart from the rules that it goes by.
#pragma once

#include <cstddef>

#include "base/guarded.h"
#include "guard/failure_table.h"
#include "guard/spraying.h"

namespace gatehouse::guard {

/// A reload makes the guard anew and hands this on: otherwise every reload would let everybody
/// guess from the beginning. Thread-safe.
struct LoginCounts {
  explicit LoginCounts(std::size_t capacity) : failures(capacity) {}

  Guarded<FailureTable> failures;
  Guarded<Spraying> spraying;
};

}  // namespace gatehouse::guard
