/// An error as a value: the whole program returns failures that it expects, and throws none of
/// them.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace gatehouse {

/// `what` is for the log and the terminal, never for a client. It holds no secret.
struct Error {
  enum class Kind {
    invalid,      ///< the input is not what it must be
    refused,      ///< understood, but against the rules (a cost over its limit, a full table)
    unavailable,  ///< a part that we need does not answer now; may be tried again
    failed,       ///< it answered, with an error that trying again does not mend
  };
  Kind kind;
  std::string what;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error::Kind kind, std::string what) {
  return tl::unexpected<Error>(Error{kind, std::move(what)});
}

}  // namespace gatehouse
