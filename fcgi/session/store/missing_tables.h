/// Tells that the tables of this version are not there yet.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/repeated.h"

namespace gatehouse::session {

/// The text of an error of the tables `login_failure` or `login_place`, or of the column
/// `session.device`. Where the server has answered that it cannot do what it was asked for, which
/// is `failed`, the text says what to run.
[[nodiscard]] std::string with_advice(const Error& error);

/// The service may start before an administrator has run `gatehouse migrate` and the GRANTs. Nobody
/// is kept out by that, since each statement on a new table has another to fall back on; this
/// object says so, at once and then each hour for as long as it lasts. Thread-safe.
class MissingTables {
 public:
  /// To be called where a statement on a new table has failed, and what is older than that table
  /// has worked in its place.
  void tell(const Error& error);

 private:
  const SystemClock clock_{};
  Repeated told_{clock_, std::chrono::hours(1)};
};

}  // namespace gatehouse::session
