/// The places that a configuration protects, and addresses to try them with.
#pragma once

#include <string>
#include <vector>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

class Judges;

/// An auth_request line that asks Gatehouse, and where it holds.
struct Guarded {
  const Level* server = nullptr;
  const Level* level = nullptr;     ///< the location that it stands in, or the server
  const Directive* line = nullptr;  ///< the auth_request

  /// The address that the line asks, such as "gatehouse:admin".
  [[nodiscard]] std::string address() const { return std::string(line->argument(0)); }
  /// True if the line protects all of the server or `location /`. Locations inside may then be open
  /// on purpose, so the rules judge them more mildly.
  [[nodiscard]] bool is_whole_site() const;
  /// True if the line seems to be there to protect this address.
  [[nodiscard]] bool covers(const std::string& uri) const;
};

/// True if the ending shows the content of the address, false if it is a page that answers for many
/// addresses, such as the target of a fallback. The target of a rewrite or fallback counts as the
/// content if it keeps the file's name or is itself an address of the place.
[[nodiscard]] bool is_content_of(const Guarded& guarded, const std::string& uri,
                                 const Ending& ending);

/// All auth_request lines of the site that ask Gatehouse, or that are meant to and misspelt.
[[nodiscard]] std::vector<Guarded> guarded_places(const Site& site, Judges& judges);

/// A few plain addresses in the place: a page, a script, a folder.
[[nodiscard]] std::vector<std::string> plain_addresses(const Guarded& guarded);
/// The plain addresses, and addresses for each location and expression of the server that may take
/// an address away from the place.
[[nodiscard]] std::vector<std::string> all_addresses(const Guarded& guarded);

/// Addresses for every location and expression of a server, protected or not.
[[nodiscard]] std::vector<std::string> addresses_of(const Level& server);

/// True if nginx may meet this address after it has decoded and merged what the visitor wrote, and
/// the address is not public by its nature, as /gatehouse/ and /.well-known/ are.
[[nodiscard]] bool is_worth_trying(const std::string& uri);

}  // namespace gatehouse::nginx
