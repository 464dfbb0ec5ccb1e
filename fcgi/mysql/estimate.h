/// How many rows a query will read, before it is run.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// The most rows that the server expects to read of one table for `query`, by EXPLAIN: a guess of
/// its statistics that is made at once, for a person who waits. Nothing if the server does not say.
[[nodiscard]] std::optional<std::uint64_t> estimate_rows(Connection& connection,
                                                         std::string_view query,
                                                         const Values& values = {});

}  // namespace gatehouse::mysql
