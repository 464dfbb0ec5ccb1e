/// Changes settings in the text of a configuration file, and leaves all else as it is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::cli::init {

/// A setting as it shall be: "mysql.socket" and its value.
struct Setting {
  std::string key;
  std::string value;
  bool is_toml =
      false;  ///< the value is TOML as it stands; else a text, which the file has in quotes

  /// The value as the file has it.
  [[nodiscard]] std::string toml() const;
};

/// The value as a string of TOML on one line.
[[nodiscard]] std::string toml_string(std::string_view value);
/// The texts as a list of TOML on one line.
[[nodiscard]] std::string toml_list(const std::vector<std::string>& texts);

/// The text with these settings: a line that sets one of them is replaced, and so is a comment
/// `#key = …`, which shows the default; else a line is added to its section, and a section that is
/// missing is added at the end. `failed` if the result would not be read as it is meant, which a
/// text of an unusual form may cause; the error names the first such setting.
[[nodiscard]] Result<std::string> with_settings(std::string text,
                                                const std::vector<Setting>& settings);

}  // namespace gatehouse::cli::init
