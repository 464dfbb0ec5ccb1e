#include "nginx/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace gatehouse::nginx {
namespace {

bool holds(const std::vector<Directive>& directives, std::string_view name) {
  return std::any_of(directives.begin(), directives.end(),
                     [&](const Directive& one) { return one.name == name; });
}

const Directive* block_of(const std::vector<Directive>& directives, std::string_view name) {
  const auto found = std::find_if(directives.begin(), directives.end(), [&](const Directive& one) {
    return one.name == name && one.has_block;
  });
  return found == directives.end() ? nullptr : &*found;
}

/// The words after `location`, taken apart. As in nginx, the modifier may be a word of its own or
/// not: `location ~ \.php$` and `location ~\.php$` are the same.
struct LocationName {
  Level::Kind kind = Level::Kind::prefix;
  std::string name;
  Case letter_case = Case::told_apart;
};
LocationName location_name(const Directive& directive) {
  struct Modifier {
    std::string_view text;
    Level::Kind kind;
    Case letter_case;
  };
  constexpr std::array<Modifier, 4> kModifiers{{{"=", Level::Kind::exact, Case::told_apart},
                                                {"^~", Level::Kind::firm_prefix, Case::told_apart},
                                                {"~*", Level::Kind::expression, Case::ignored},
                                                {"~", Level::Kind::expression, Case::told_apart}}};
  const std::string_view first = directive.argument(0);
  for (const auto& [text, kind, letter_case] : kModifiers) {
    if (directive.arguments.size() > 1 && first == text) {
      return {kind, std::string(directive.argument(1)), letter_case};
    }
    if (directive.arguments.size() == 1 && first.starts_with(text)) {
      return {kind, std::string(first.substr(text.size())), letter_case};
    }
  }
  const bool named = first.starts_with('@');
  return {named ? Level::Kind::named : Level::Kind::prefix, std::string(first), Case::told_apart};
}

/// An expression as the configuration has it.
struct Expression {
  std::string text;
  Case letter_case = Case::told_apart;
};

/// The expression in `if ($x ~* EXPRESSION)`. Nothing for an `if` of another kind.
std::optional<Expression> expression_of_if(const Directive& directive) {
  for (std::size_t i = 0; i + 1 < directive.arguments.size(); ++i) {
    std::string_view operation = directive.argument(i);
    if (operation.starts_with('!')) operation.remove_prefix(1);
    if (operation != "~" && operation != "~*") continue;
    std::string expression(directive.argument(i + 1));
    const bool closed_apart = i + 2 < directive.arguments.size();
    if (!closed_apart && expression.ends_with(')')) expression.pop_back();
    return Expression{expression, operation == "~*" ? Case::ignored : Case::told_apart};
  }
  return std::nullopt;
}

/// The compiled expression of an `if` or a `rewrite`; nothing if the directive has none.
Result<std::optional<Regex>> expression_of(const Directive& directive) {
  std::optional<Expression> wanted;
  if (directive.name == "if") wanted = expression_of_if(directive);
  if (directive.name == "rewrite") wanted = Expression{std::string(directive.argument(0))};
  if (!wanted) return std::optional<Regex>();
  auto regex = Regex::compile(wanted->text, wanted->letter_case);
  if (!regex) {
    return fail(Error::Kind::invalid, to_string(directive.place) + ": " + regex.error().what);
  }
  return std::optional<Regex>(std::move(*regex));
}

}  // namespace

Level& Site::add(Level& outer, Level::Kind kind, const Directive* directive,
                 const std::vector<Directive>* own) {
  auto level = std::make_unique<Level>();
  level->kind = kind;
  level->directive = directive;
  level->own = own;
  level->outer = &outer;
  outer.inner.push_back(std::move(level));
  return *outer.inner.back();
}

Result<void> Site::add_location(Level& outer, const Directive& directive) {
  const auto [kind, name, letter_case] = location_name(directive);
  Level& level = add(outer, kind, &directive, &directive.block);
  level.name = name;
  if (kind == Level::Kind::expression) {
    auto regex = Regex::compile(name, letter_case);
    if (!regex) {
      return fail(Error::Kind::invalid, to_string(directive.place) + ": " + regex.error().what);
    }
    level.expression = std::move(*regex);
  }
  return add_inner(level);
}

Result<void> Site::add_inner(Level& level) {
  if (auto added = add_ops(level, *level.own, level.program); !added) return added;
  for (const auto& directive : *level.own) {
    if (directive.name == "location" && directive.has_block) {
      if (auto added = add_location(level, directive); !added) return added;
    } else if (directive.name == "limit_except" && directive.has_block) {
      add(level, Level::Kind::limit_except, &directive, &directive.block);
    }
  }
  return {};
}

Result<void> Site::add_ops(Level& level, const std::vector<Directive>& directives,
                           std::vector<Op>& program) {
  static const std::set<std::string_view> names{"rewrite", "return", "set", "break", "if"};
  for (const auto& directive : directives) {
    if (!names.contains(directive.name)) continue;
    auto expression = expression_of(directive);
    if (!expression) return tl::unexpected(expression.error());
    const std::size_t at = program.size();
    program.push_back({&directive, std::move(*expression), nullptr, at + 1});
    if (directive.name != "if") continue;
    // The block of an `if` in a server holds only directives that run. In a location it is also a
    // level, whose settings then hold for the request.
    if (level.is_location()) {
      program[at].level = &add(level, Level::Kind::condition, &directive, &directive.block);
    }
    if (auto added = add_ops(level, directive.block, program); !added) return added;
    program[at].behind = program.size();
  }
  return {};
}

/// All pairs "ADDRESS NAME" that the server answers.
static std::set<std::string> names_of(const Level& server) {
  std::vector<std::string> addresses;
  for (const auto* listen : server.all_here({"listen"})) {
    addresses.emplace_back(listen->argument(0));
  }
  if (addresses.empty()) addresses.emplace_back("80");
  std::set<std::string> names;
  for (const auto& address : addresses) {
    bool named = false;
    for (const auto* names_line : server.all_here({"server_name"})) {
      for (const auto& name : names_line->arguments) {
        names.insert(fmt::format("{} {}", address, name));
      }
      named = true;
    }
    if (!named) names.insert(address + " ");
  }
  return names;
}

void Site::find_reachable_servers() {
  std::set<std::string> taken;
  for (const auto& level : http_->inner) {
    if (level->kind != Level::Kind::server) continue;
    const auto names = names_of(*level);
    const bool is_new = std::any_of(names.begin(), names.end(),
                                    [&](const auto& name) { return !taken.contains(name); });
    if (is_new) servers_.push_back(level.get());
    taken.insert(names.begin(), names.end());
  }
}

void Site::read_maps() {
  for (const auto* directive : http_->all_here({"map"})) {
    const std::string_view variable = directive->argument(1);
    if (!variable.starts_with('$')) continue;
    Map map{std::string(directive->argument(0)), {}};
    bool has_default = false;
    for (const auto& line : directive->block) {
      if (line.name == "hostnames" || line.name == "volatile" || line.arguments.empty()) continue;
      has_default |= line.name == "default";
      map.rows.push_back({line.name, line.arguments.front()});
    }
    if (!has_default) map.rows.push_back({"default", ""});
    maps_[std::string(variable.substr(1))] = std::move(map);
  }
}

void Site::read_geo() {
  for (const auto* directive : http_->all_here({"geo"})) {
    if (directive->arguments.empty() || !directive->arguments.back().starts_with('$')) continue;
    std::string& value = geo_[directive->arguments.back().substr(1)];
    for (const auto& line : directive->block) {
      if (line.name == "default") value = line.argument(0);
    }
  }
}

Result<Site> Site::build(Configuration configuration) {
  Site site;
  site.configuration_ = std::make_unique<Configuration>(std::move(configuration));
  const auto& top = site.configuration_->directives;
  const Directive* block = block_of(top, "http");
  site.http_ = std::make_unique<Level>();
  site.http_->directive = block;
  site.http_->own = block ? &block->block : &top;
  // A single file of a site has no `http {}`, and perhaps no `server {}` either; both are implied.
  const bool bare =
      !block && !block_of(top, "server") && (holds(top, "location") || holds(top, "auth_request"));
  if (bare) {
    site.implied_ = std::make_unique<std::vector<Directive>>();
    site.http_->own = site.implied_.get();
    Level& server = site.add(*site.http_, Level::Kind::server, nullptr, &top);
    if (auto added = site.add_inner(server); !added) return tl::unexpected(added.error());
  }
  for (const auto& directive : *site.http_->own) {
    if (directive.name != "server" || !directive.has_block) continue;
    Level& server = site.add(*site.http_, Level::Kind::server, &directive, &directive.block);
    if (auto added = site.add_inner(server); !added) return tl::unexpected(added.error());
  }
  site.find_reachable_servers();
  site.read_maps();
  site.read_geo();
  return site;
}

std::vector<const Level*> Site::levels(const Level& level) {
  std::vector<const Level*> all{&level};
  for (const auto& one : level.inner) {
    const auto more = levels(*one);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

const Map* Site::map(const std::string& variable) const {
  const auto found = maps_.find(variable);
  return found == maps_.end() ? nullptr : &found->second;
}

}  // namespace gatehouse::nginx
