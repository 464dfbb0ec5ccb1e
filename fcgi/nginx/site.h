/// A configuration as requests meet it: servers, their locations in each other, and which
/// directives hold where.
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

/// A directive of the rewrite module. They run one after another; the block of an `if` stands
/// between it and `behind`.
struct Op {
  const Directive* directive = nullptr;
  std::optional<Regex> expression;  ///< of `rewrite` and of `if ($x ~ …)`
  const Level* level = nullptr;     ///< of an `if` in a location: what holds once it is entered
  std::size_t behind = 0;
};

/// http, a server, a location, or an `if` or `limit_except` in a location.
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
  std::string name;  ///< of a location, as nginx compares it; of an expression, its text
  std::optional<Regex> expression;
  const Directive* directive = nullptr;  ///< null: implied by a file that holds less than `http {}`
  const std::vector<Directive>* own = nullptr;
  const Level* outer = nullptr;
  std::vector<std::unique_ptr<Level>> inner;  ///< in their order
  std::vector<Op> program;

  /// The last directive of that name which stands right here; null if there is none.
  [[nodiscard]] const Directive* here(std::string_view name) const;
  /// All of them.
  [[nodiscard]] std::vector<const Directive*> all_here(
      std::initializer_list<std::string_view> names) const;
  /// As nginx inherits: those of the nearest level, outwards, that has any.
  [[nodiscard]] std::vector<const Directive*> list(
      std::initializer_list<std::string_view> names) const;
  /// The last of list(); null if there is none.
  [[nodiscard]] const Directive* setting(std::string_view name) const;
  /// Whether the setting's first argument is "on".
  [[nodiscard]] bool is_on(std::string_view name, bool by_default) const;
  /// The nearest level that has such a directive.
  [[nodiscard]] const Level* owner(std::initializer_list<std::string_view> names) const;

  /// Without the `if` or `limit_except` that it may be.
  [[nodiscard]] const Level& location() const;
  [[nodiscard]] const Level& server() const;
  [[nodiscard]] bool is_location() const noexcept;
  [[nodiscard]] bool is_prefix() const noexcept {
    return kind == Kind::prefix || kind == Kind::firm_prefix;
  }
  [[nodiscard]] bool is_within(const Level& other) const noexcept;
  /// How it is written: "location ^~ /members/", "server".
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Place place() const;
};

struct Map {
  struct Row {
    std::string key;  ///< "default" too; of an expression, with its `~`
    std::string value;
  };
  std::string source;
  std::vector<Row> rows;
};

class Site {
 public:
  /// Error::invalid, with file and line, for an expression that nginx would not load.
  [[nodiscard]] static Result<Site> build(Configuration configuration);

  [[nodiscard]] const Configuration& configuration() const noexcept { return *configuration_; }
  [[nodiscard]] const Level& http() const noexcept { return *http_; }
  /// Those that a request can reach: of two with the same addresses and names, nginx takes the
  /// first.
  [[nodiscard]] const std::vector<const Level*>& servers() const noexcept { return servers_; }
  /// All levels below `level`, and itself.
  [[nodiscard]] static std::vector<const Level*> levels(const Level& level);
  /// A map's values, of a variable without its `$`; null if it is of no map.
  [[nodiscard]] const Map* map(const std::string& variable) const;
  /// What the variables of `geo` are for whoever is in none of its networks.
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
