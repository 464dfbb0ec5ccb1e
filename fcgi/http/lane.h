/// Which threads run a handler (see server/lane.h).
#pragma once

#include <cstdint>

namespace gatehouse::http {

enum class Lane : std::uint8_t {
  instant,   ///< answers from memory, on the thread that read the request
  database,  ///< quick work in MySQL
  login,     ///< the deliberately slow hash
};

}  // namespace gatehouse::http
