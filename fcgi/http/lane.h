/// Names the lanes, whose threads run the handlers (see server/lane.h).
#pragma once

#include <cstdint>

namespace gatehouse::http {

enum class Lane : std::uint8_t {
  instant,   ///< for answers from memory, on the thread that read the request
  database,  ///< for quick work in MySQL
  login,     ///< for the deliberately slow hash
};

}  // namespace gatehouse::http
