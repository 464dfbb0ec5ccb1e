/// Reads a whole configuration of nginx: each `include` is replaced by what the included files
/// hold.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "nginx/syntax.h"

namespace gatehouse::nginx {

/// An `include` line that was met. The rules judge its pattern; `check-nginx` reports stand-ins.
struct Include {
  Place place;
  std::string pattern;
  std::size_t files = 0;  ///< how many files the pattern names
  bool shipped = false;   ///< there is no such file, and the program's own copy stands in
};

/// A snippet of Gatehouse's as the site has it, which may be that of an older version.
struct Snippet {
  std::string name;  ///< "mount.conf", "snippets/auth.conf"
  std::string file;
  std::string text;
};

struct Configuration {
  std::string name;                   ///< the file that includes all others
  std::vector<Directive> directives;  ///< without the `include` lines
  std::vector<Include> includes;
  std::vector<Comment> comments;
  std::vector<Snippet> snippets;
};

/// Reads what `nginx -T` printed, or one plain file whose includes are looked up beside it, one
/// folder up and in /etc/nginx. `file` names the text in messages. Error::invalid, with file and
/// line, if nginx would not read the text either, a file cannot be read or has more than 16 MiB,
/// includes are nested more than 16 deep, or there are more than 200,000 directives.
[[nodiscard]] Result<Configuration> read_configuration(std::string_view text,
                                                       const std::filesystem::path& file);

/// The name below nginx/ of a snippet of Gatehouse's: "snippets/auth.conf" for
/// "/etc/nginx/gatehouse/snippets/auth.conf", as sites include it, and for
/// "/usr/share/gatehouse/nginx/snippets/auth.conf", which an installation's own includes name. ""
/// for a file of the site's own.
[[nodiscard]] std::string_view snippet_name(std::string_view file);

/// The program's own copy of a snippet, by its name below nginx/; "" if it has none.
[[nodiscard]] std::string_view shipped_snippet(std::string_view name);

}  // namespace gatehouse::nginx
