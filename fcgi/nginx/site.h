/// A configuration as requests meet it: servers, nested locations, and which directives hold where.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "nginx/configuration.h"
#include "nginx/regex.h"

namespace gatehouse::nginx {

struct Level;

/// A directive of nginx's rewrite module (set, if, rewrite, return, break). Those of a level form a
/// program that runs in order. The block of an `if` follows it in the program and ends at `behind`,
/// so a condition that does not hold is a jump there.
struct Op {
  const Directive* directive = nullptr;
  std::optional<Regex> expression;  ///< that of a `rewrite`, or of an `if ($x ~ …)`
  const Level* level = nullptr;     ///< the level of an `if` in a location, which its block enters
  std::size_t behind = 0;           ///< the index after the block of an `if`
};

/// A block whose directives hold inside: http, a server, a location, or an `if` or `limit_except`
/// in a location. Its pointers are valid as long as its Site.
struct Level {
  enum class Kind {
    http,
    server,
    exact,  ///< `=`
    prefix,
    firm_prefix,  ///< `^~`
    expression,   ///< `~` and `~*`
    named,        ///< `@`
    condition,
    limit_except,
  };
  Kind kind = Kind::http;
  std::string name;  ///< the name of a location as nginx compares it, or the text of its expression
  std::optional<Regex> expression;
  const Directive* directive = nullptr;  ///< null if a file without `http {}` implies the level
  const std::vector<Directive>* own = nullptr;  ///< the directives that stand right here
  const Level* outer = nullptr;
  std::vector<std::unique_ptr<Level>> inner;  ///< in the order of the file
  std::vector<Op> program;                    ///< the rewrite module's directives

  /// The last directive of that name which stands right here; null if there is none.
  [[nodiscard]] const Directive* here(std::string_view name) const;
  /// All directives with one of the names that stand right here.
  [[nodiscard]] std::vector<const Directive*> all_here(
      std::initializer_list<std::string_view> names) const;
  /// The directives that hold here, as nginx inherits: all those of the nearest level, outwards,
  /// that has any. One line of its own makes a level lose all lines of that kind from outside.
  [[nodiscard]] std::vector<const Directive*> list(
      std::initializer_list<std::string_view> names) const;
  /// The last of list(); null if there is none.
  [[nodiscard]] const Directive* setting(std::string_view name) const;
  /// The value that nginx takes where a setting of on or off is missing.
  enum class Default { off, on };
  /// True if the setting's first argument is "on", or if there is no such setting and that is the
  /// default.
  [[nodiscard]] bool is_on(std::string_view name, Default by_default) const;
  /// The nearest level, outwards, that has a directive with one of the names; null if none has.
  [[nodiscard]] const Level* owner(std::initializer_list<std::string_view> names) const;

  /// The location (or server) around the `if` or `limit_except` that this may be, else the level
  /// itself.
  [[nodiscard]] const Level& location() const;
  [[nodiscard]] const Level& server() const;
  [[nodiscard]] bool is_location() const noexcept;
  [[nodiscard]] bool is_prefix() const noexcept {
    return kind == Kind::prefix || kind == Kind::firm_prefix;
  }
  [[nodiscard]] bool is_within(const Level& other) const noexcept;
  /// The level as messages name it: "location ^~ /members/", "server".
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Place place() const;
};

/// A `map` block.
struct Map {
  struct Row {
    std::string key;  ///< as written: "default", or an expression with its `~`
    std::string value;
  };
  std::string source;  ///< the text whose value chooses the row
  std::vector<Row> rows;
};

/// Owns the configuration and the tree of levels over it.
class Site {
 public:
  /// Error::invalid, with file and line, if nginx would not load an expression.
  [[nodiscard]] static Result<Site> build(Configuration configuration);

  [[nodiscard]] const Configuration& configuration() const noexcept { return *configuration_; }
  [[nodiscard]] const Level& http() const noexcept { return *http_; }
  /// The servers that a request can reach. nginx takes the first of two servers with the same
  /// addresses and names, so one whose names are all taken is left out.
  [[nodiscard]] const std::vector<const Level*>& servers() const noexcept { return servers_; }
  /// The level itself and all levels below it.
  [[nodiscard]] static std::vector<const Level*> levels(const Level& level);
  /// The map that sets the variable, which is named without its `$`; null if none does.
  [[nodiscard]] const Map* map(const std::string& variable) const;
  /// The values of `geo` variables for a visitor who is in none of the networks.
  [[nodiscard]] const std::map<std::string, std::string>& geo() const noexcept { return geo_; }

 private:
  Site() = default;
  Result<void> add_inner(Level& level);
  Result<void> add_location(Level& level, const Directive& directive);
  Result<void> add_ops(Level& level, const std::vector<Directive>& directives,
                       std::vector<Op>& program);
  Level& add(Level& outer, Level::Kind kind, const Directive* directive,
             const std::vector<Directive>* own);
  void find_reachable_servers();
  void read_maps();
  void read_geo();

  std::unique_ptr<Configuration> configuration_;
  std::unique_ptr<std::vector<Directive>> implied_;
  std::unique_ptr<Level> http_;
  std::vector<const Level*> servers_;
  std::map<std::string, Map> maps_;
  std::map<std::string, std::string> geo_;
};

}  // namespace gatehouse::nginx
