/// nginx's grammar: words, quotes, blocks. It knows no directive, but for Lua's, whose blocks hold
/// another language.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::nginx {

/// A line of a file. The name is shared by all that stands in the file.
struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0;

  friend bool operator==(const Place& left, const Place& right) {
    return left.line == right.line && *left.file == *right.file;
  }
};
/// `FILE:LINE`.
[[nodiscard]] std::string to_string(const Place& place);

/// `name argument … ;` or `name argument … { block }`. Words are without their quotes and escapes,
/// as nginx takes them; variables are not replaced.
struct Directive {
  std::string name;
  std::vector<std::string> arguments;
  bool has_block = false;
  std::vector<Directive> block;  ///< empty for Lua's
  Place place;

  /// The argument of this number, or "".
  [[nodiscard]] std::string_view argument(std::size_t index) const;
  /// As it would be written, without its block.
  [[nodiscard]] std::string text() const;
};

/// A comment, which may ask for silence about a line.
struct Comment {
  Place place;
  std::string text;  ///< without `#`
};

struct Parsed {
  std::vector<Directive> directives;
  std::vector<Comment> comments;
};

/// What one file holds. Total; Error::invalid, with file and line, for what nginx would not read
/// either, and for blocks more than 64 deep or more than 200,000 directives.
[[nodiscard]] Result<Parsed> parse(std::string_view text, const std::string& file);

}  // namespace gatehouse::nginx
