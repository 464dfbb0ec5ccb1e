/// The rows of tests/data/applications.tsv, each with the shape that reads it.
#pragma once

#include <ostream>
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

/// What GoogleTest's list of tests says of a row. It would say each of its bytes.
inline void PrintTo(const ApplicationRow& row, std::ostream* out) {
  *out << row.form;
}

/// All of the file. Throws if it cannot be read, or a row has no shape: a test without its rows
/// must fail.
[[nodiscard]] std::vector<ApplicationRow> application_rows();

}  // namespace gatehouse::cli
