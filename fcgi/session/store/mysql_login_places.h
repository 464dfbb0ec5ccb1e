/// The statement that notes from where sessions were begun. Private to MysqlSessionStore.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::session {

/// `noted` is a new login of each place; `kept` is one that may have been noted before.
enum class Places { noted, kept };

/// The statement that makes rows of login_place out of rows of `session`: one for the network of
/// the address, and one for the device if there is one. `of_sessions` begins with FROM session, and
/// says which.
[[nodiscard]] std::string insert_places(std::string_view of_sessions, Places places);

}  // namespace gatehouse::session
