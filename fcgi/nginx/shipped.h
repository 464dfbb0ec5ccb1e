/// The files of nginx/ that this program was built with. They stand in where a configuration is
/// checked on a machine without Gatehouse, and show which installed snippets are another version's.
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::nginx {

struct ShippedFile {
  std::string_view name;  ///< below nginx/
  std::string_view text;
};
[[nodiscard]] std::span<const ShippedFile> shipped_files();

}  // namespace gatehouse::nginx
