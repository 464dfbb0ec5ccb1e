/// Parses nginx's grammar: words, quotes and blocks. It knows no directive but those of Lua, whose
/// blocks hold another language.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::nginx {

/// A line of a file. All places in a file share one copy of its name.
struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0;

  friend bool operator==(const Place& left, const Place& right) {
    return left.line == right.line && *left.file == *right.file;
  }
};
/// `FILE:LINE`.
[[nodiscard]] std::string to_string(const Place& place);

/// `name argument … ;` or `name argument … { block }`. Words have lost their quotes and escapes, as
/// nginx takes them; variables are not replaced.
struct Directive {
  std::string name;
  std::vector<std::string> arguments;
  bool has_block = false;
  std::vector<Directive> block;  ///< empty for a block of Lua
  Place place;

  /// The argument of this number, counted from 0; "" if there are fewer.
  [[nodiscard]] std::string_view argument(std::size_t index) const;
  /// The directive as it would be written, without its block.
  [[nodiscard]] std::string text() const;
};

/// A comment. `# check-nginx: ignore RULE` asks to leave a finding out.
struct Comment {
  Place place;
  std::string text;  ///< without `#`
};

struct Parsed {
  std::vector<Directive> directives;
  std::vector<Comment> comments;
};

/// Parses one file. It ends on every input. Error::invalid, with file and line, if nginx would not
/// read the text either, if blocks are nested more than 64 deep, or if there are more than 200,000
/// directives.
[[nodiscard]] Result<Parsed> parse(std::string_view text, const std::string& file);

}  // namespace gatehouse::nginx
