/// Notices that nginx tells the address of a proxy in the place of the visitors' own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "base/repeated.h"
#include "guard/client_address.h"

namespace gatehouse::guard {

/// What the log and `gatehouse check` say when most logins come from one private address.
[[nodiscard]] std::string proxy_advice(std::string_view address);

/// Looks whether most logins come from one private address, which would make all visitors one
/// client. It logs that, once a minute. Thread-safe.
class ProxySuspicion {
 public:
  /// After a login. True if of the last hundred logins more than half came from this private
  /// address.
  bool logged_in(const ClientAddress& client);

 private:
  static constexpr std::size_t kLogins = 100;
  struct State {
    std::string address;  ///< the private one that is counted
    std::size_t of_it = 0;
    std::size_t all = 0;
  };
  Guarded<State> state_;
  Repeated repeated_;
};

}  // namespace gatehouse::guard
