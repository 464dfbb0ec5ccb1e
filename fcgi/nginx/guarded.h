/// The places that a configuration protects, and addresses to try them with.
#pragma once

#include <string>
#include <vector>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

class Judges;

/// A line that protects, and where it holds.
struct Guarded {
  const Level* server = nullptr;
  const Level* level = nullptr;     ///< the location that it stands in, or the server
  const Directive* line = nullptr;  ///< the auth_request

  [[nodiscard]] std::string address() const { return std::string(line->argument(0)); }
  /// All of the server, or `location /`: what lies inside may be open on purpose.
  [[nodiscard]] bool is_whole_site() const;
  /// Whether an address is one that the line seems to be there for.
  [[nodiscard]] bool covers(const std::string& uri) const;
};

/// Whether an ending shows what lies at the address, not a page that answers for any other: of a
/// rewrite or fallback, one that keeps the name, or leads to another address of the place.
[[nodiscard]] bool is_content_of(const Guarded& guarded, const std::string& uri,
                                 const Ending& ending);

/// Those that ask Gatehouse, or are meant to.
[[nodiscard]] std::vector<Guarded> guarded_places(const Site& site, Judges& judges);

/// A few plain ones below the place.
[[nodiscard]] std::vector<std::string> plain_addresses(const Guarded& guarded);
/// These, and one for each other location and expression of the server that may come in between.
[[nodiscard]] std::vector<std::string> all_addresses(const Guarded& guarded);

/// Addresses for every location and expression of a server.
[[nodiscard]] std::vector<std::string> addresses_of(const Level& server);

/// An address that nginx may meet after it has decoded and merged what the visitor wrote, and that
/// is not public by its nature (/gatehouse/, /.well-known/).
[[nodiscard]] bool is_worth_trying(const std::string& uri);

}  // namespace gatehouse::nginx
