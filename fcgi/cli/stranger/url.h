/// Addresses of the web: `http://…` and `https://…`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::cli {

struct Url {
  bool tls = false;
  std::string host;        ///< a name, an IPv4 address, or an IPv6 address without its brackets
  std::uint16_t port = 0;  ///< that of the scheme where none is named
  std::string target;      ///< the path with its query; begins with a slash

  /// Parses `SCHEME://HOST[:PORT][/PATH]`; what follows `#` is left out, as a browser does.
  /// `invalid` for any other text, for a user name in it, and for a byte that must be written as
  /// %NN.
  static Result<Url> parse(std::string_view text);
  /// `host` with the port, if that is not the scheme's, as the header Host has it.
  [[nodiscard]] std::string authority() const;
};

}  // namespace gatehouse::cli
