/// `gatehouse serve`: the service itself.
#pragma once

#include <filesystem>

namespace gatehouse::cli {

/// Serves until SIGTERM or SIGINT. Returns 0 after an orderly stop, and 1 if the service cannot
/// start, with every reason on standard error.
int serve(const std::filesystem::path& config_file);

}  // namespace gatehouse::cli
