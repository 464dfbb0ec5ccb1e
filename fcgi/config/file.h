/// Reads small files whole.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/error.h"

namespace gatehouse::config {

/// Reads a regular file of at most `max_bytes`. `refused` if its mode has one of the bits
/// `closed_to`; `failed` if it cannot be read, is not a regular file (so that a pipe never blocks
/// us), or is longer. The text of the error does not name the file. No part of a refused file stays
/// in memory.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& file,
                                            std::size_t max_bytes, mode_t closed_to = 0);

}  // namespace gatehouse::config
