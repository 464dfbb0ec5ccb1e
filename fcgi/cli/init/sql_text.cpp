#include "cli/init/sql_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"

namespace gatehouse::cli::init {

std::string quoted_name(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) {
    quoted += c;
    if (c == '`') quoted += c;
  }
  return quoted + "`";
}

std::string quoted_name(std::string_view schema, std::string_view table) {
  return quoted_name(schema) + "." + quoted_name(table);
}

std::string quoted_text(std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
  if (is_plain) return fmt::format("'{}'", text);
  return fmt::format("_utf8mb4 X'{}'", upper_hex_encode(text));
}

}  // namespace gatehouse::cli::init
