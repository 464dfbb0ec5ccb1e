/// The statement that notes from where sessions were begun. Private to the stores in MySQL.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::session {

/// The name of the ring of an address in this column, as guard::AddressRings has it. The /64 of an
/// IPv6 address ends in zeros, so that any server abbreviates it in the same way.
[[nodiscard]] std::string ring_of(std::string_view address);

/// `noted` is a new login of each place; `kept` is one that may have been noted before.
enum class Places { noted, kept };

/// The statement that makes rows of login_place out of rows of `session`: one for the network of
/// the address, and one for the device if there is one. `of_sessions` begins with FROM session, and
/// says which.
[[nodiscard]] std::string insert_places(std::string_view of_sessions, Places places);

}  // namespace gatehouse::session
