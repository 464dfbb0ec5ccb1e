/// `gatehouse serve`: the service itself.
#pragma once

#include <filesystem>

namespace gatehouse::cli {

/// Serves until SIGTERM or SIGINT. 0 after an orderly stop; 1 if it cannot start, with every
/// reason on standard error.
int serve(const std::filesystem::path& config_file);

}  // namespace gatehouse::cli
