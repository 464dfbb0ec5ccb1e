/// The rows of tests/data/applications.tsv, each with the shape that reads it.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::cli {

struct ApplicationRow {
  std::string application{};
  std::string form{};
  bool weak = false;
  std::string name{};
  std::string salt{};    ///< the salt column
  std::string key{};     ///< a pepper of the application's configuration
  std::string scheme{};  ///< for --scheme
  std::string transform{};
  std::string password{};
  std::string hash{};
};

/// All of the file. Throws if it cannot be read, or a row has no shape: a test without its rows
/// must fail.
[[nodiscard]] std::vector<ApplicationRow> application_rows();

}  // namespace gatehouse::cli
