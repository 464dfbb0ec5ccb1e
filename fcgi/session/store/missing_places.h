/// The places of logins where the tables cannot keep them yet.
#pragma once

#include "base/error.h"
#include "base/repeated.h"

namespace gatehouse::session {

/// After an upgrade the tables may still be those of the version before: `gatehouse migrate` needs
/// rights that perhaps nobody has granted yet. Sessions need nothing of what 0005_guesses brings
/// (session.device, login_place), so that MysqlSessionStore goes on without it, and this tells the
/// log, once a minute, what is missing and what to run. Thread-safe.
class MissingPlaces {
 public:
  /// True if the server refuses the statement for good: a column or table is not there, or the
  /// account may not use it.
  template <class T>
  [[nodiscard]] static bool refused(const Result<T>& done) {
    return !done && done.error().kind == Error::Kind::failed;
  }
  /// To be called when a session was kept without its place, with what kept it from that.
  void note(const Error& why);
  /// True if the statement was refused, of which note() is told: its caller goes on without it.
  template <class T>
  [[nodiscard]] bool excuses(const Result<T>& done) {
    if (!refused(done)) return false;
    note(done.error());
    return true;
  }

 private:
  Repeated lasting_;
};

}  // namespace gatehouse::session
