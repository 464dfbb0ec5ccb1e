#include "guard/proxy_suspicion.h"

#include <fmt/format.h>

#include "base/log.h"

namespace gatehouse::guard {

std::string proxy_advice(std::string_view address) {
  return fmt::format(
      "most logins come from {}, which is a private address: if that is a proxy, all visitors "
      "count "
      "as one client, and one who guesses makes the others wait. In nginx, set_real_ip_from {} and "
      "real_ip_header tell Gatehouse who they are",
      address, address);
}

bool ProxySuspicion::logged_in(const ClientAddress& client) {
  const bool suspicious = state_.with([&](State& state) {
    // After a hundred logins both numbers are halved, so that older logins count for less.
    if (++state.all > kLogins) {
      state.all /= 2;
      state.of_it /= 2;
    }
    if (state.of_it == 0 && client.is_private()) state.address = client.text();
    if (client.text() == state.address) {
      ++state.of_it;
    } else if (state.of_it > 0 && client.is_private()) {
      --state.of_it;
    }
    return client.text() == state.address && state.all >= kLogins / 2 &&
           state.of_it * 2 > state.all;
  });
  if (suspicious && repeated_.happened()) spdlog::warn("{}", proxy_advice(client.text()));
  return suspicious;
}

}  // namespace gatehouse::guard
