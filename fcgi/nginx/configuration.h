/// A whole configuration of nginx's: all its files, with what they include in its place.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "nginx/syntax.h"

namespace gatehouse::nginx {

struct Include {
  Place place;
  std::string pattern;
  std::size_t files = 0;  ///< how many it found
  bool shipped = false;   ///< no such file: the program's own copy stands in
};

/// A snippet of ours as the site has it.
struct Snippet {
  std::string name;  ///< "mount.conf", "snippets/auth.conf"
  std::string file;
  std::string text;
};

struct Configuration {
  std::string name;  ///< the file that everything begins with
  std::vector<Directive> directives;
  std::vector<Include> includes;
  std::vector<Comment> comments;
  std::vector<Snippet> snippets;
};

/// What `nginx -T` printed, or one plain file whose includes are looked up beside it, one folder up
/// and in /etc/nginx. `file` names the text in messages. Error::invalid, with file and line, for
/// what nginx would not read either, a file that cannot be read, more than 16 MiB, includes more
/// than 16 deep.
[[nodiscard]] Result<Configuration> read_configuration(std::string_view text,
                                                       const std::filesystem::path& file);

/// The program's own copy of a snippet, by its name below nginx/; "" if it has none.
[[nodiscard]] std::string_view shipped_snippet(std::string_view name);

}  // namespace gatehouse::nginx
