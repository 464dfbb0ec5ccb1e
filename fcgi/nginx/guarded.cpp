#include "nginx/guarded.h"

#include <algorithm>
#include <array>

#include "nginx/access.h"
#include "nginx/automaton.h"
#include "nginx/judges.h"

namespace gatehouse::nginx {
namespace {

constexpr std::size_t kMostOfOne = 48;   // addresses made of one expression
constexpr std::size_t kMostOfAll = 600;  // addresses tried for one place

// Names that a folder may hold. The name "page" is known to is_content_of(), which looks for it
// again.
constexpr std::array<std::string_view, 9> kPages{"page.html",     "page.php",  "page",
                                                 "page.php/more", "page.jpg",  "sub/page.html",
                                                 "index.html",    "index.php", ""};

/// Makes the automaton of an expression. Gives nothing if that cannot be read or is too large; it
/// then adds no addresses.
std::optional<Automaton> automaton_of(const Regex& regex) {
  const auto pattern = parse_pattern(regex.pattern(), regex.letter_case());
  return pattern ? Automaton::matches(*pattern) : std::nullopt;
}

/// The prefix that all addresses of a level have. An expression has none of its own, but that of
/// the location around it.
std::string prefix_of(const Level& level) {
  for (const Level* one = &level; one; one = one->outer) {
    if (one->is_prefix() || one->kind == Level::Kind::exact) return one->name;
  }
  return "/";
}

/// Adds texts that begin with `prefix` and match the expression. It also adds some with a name
/// before the match: for `\.php$` the shortest text is ".php", which no site has.
void add_texts(const Regex& regex, const std::string& prefix, std::vector<std::string>& all) {
  const auto expression = automaton_of(regex);
  if (!expression) return;
  for (const auto* more : {"", "page", "sub/page"}) {
    if (*more && !prefix.ends_with('/')) continue;
    for (auto& text :
         common_texts(Automaton::begins_with(prefix + more), *expression, kMostOfOne)) {
      all.push_back(std::move(text));
    }
  }
}

void add_common_texts(const Regex& left, const Regex& right, std::vector<std::string>& all) {
  const auto one = automaton_of(left);
  const auto two = automaton_of(right);
  if (!one || !two) return;
  for (auto& text : common_texts(*one, *two, kMostOfOne)) all.push_back(std::move(text));
}

/// Adds the pages of kPages in the folder, and the folder with and without its slash.
void add_pages(const std::string& prefix, std::vector<std::string>& all) {
  const std::string folder = prefix.ends_with('/') ? prefix : prefix + "/";
  for (const auto page : kPages) all.push_back(folder + std::string(page));
  all.push_back(prefix);
  if (prefix.size() > 1 && prefix.ends_with('/'))
    all.push_back(prefix.substr(0, prefix.size() - 1));
}

/// Every expression by which a location, a `rewrite` or an `if` of the server decides.
std::vector<const Regex*> expressions_of(const Level& server) {
  std::vector<const Regex*> all;
  for (const auto* level : Site::levels(server)) {
    if (level->expression) all.push_back(&*level->expression);
    for (const auto& op : level->program) {
      if (op.expression) all.push_back(&*op.expression);
    }
  }
  return all;
}

/// Drops doubles, addresses outside of the place, and what is beyond kMostOfAll.
void keep_worth_trying(const Guarded& guarded, std::vector<std::string>& all) {
  std::vector<std::string> kept;
  for (auto& uri : all) {
    const bool is_new = std::find(kept.begin(), kept.end(), uri) == kept.end();
    if (is_new && is_worth_trying(uri) && guarded.covers(uri) && kept.size() < kMostOfAll) {
      kept.push_back(std::move(uri));
    }
  }
  all = std::move(kept);
}

}  // namespace

bool Guarded::is_whole_site() const {
  return !level->is_location() || (level->is_prefix() && level->name == "/");
}

bool Guarded::covers(const std::string& uri) const {
  switch (level->kind) {
    case Level::Kind::exact:
      return uri == level->name ||
             (level->name.ends_with(".php") && uri.starts_with(level->name + "/"));
    case Level::Kind::prefix:
    case Level::Kind::firm_prefix:
      return uri.starts_with(level->name);
    case Level::Kind::expression:
      return level->expression->match(uri).has_value() && uri.starts_with(prefix_of(*level));
    case Level::Kind::named:
      return false;
    case Level::Kind::http:
    case Level::Kind::server:
    case Level::Kind::condition:
    case Level::Kind::limit_except:
      return true;
  }
  return true;
}

std::vector<Guarded> guarded_places(const Site& site, Judges& judges) {
  std::vector<Guarded> all;
  for (const auto* server : site.servers()) {
    for (const auto* level : Site::levels(*server)) {
      const bool is_own = level->here("auth_request") != nullptr;
      if (!is_own && level->kind != Level::Kind::server) continue;
      const Directive* line = auth_request_of(*level);
      if (!line) continue;
      const std::string address(line->argument(0));
      const bool is_ours =
          is_meant_for_gatehouse(address) || judges.of(*server, address).asks_gatehouse;
      if (is_ours) all.push_back({server, level, line});
    }
  }
  return all;
}

bool is_content_of(const Guarded& guarded, const std::string& uri, const Ending& ending) {
  const Request& request = ending.request;
  const bool led_away = request.has(Step::Kind::fell_back) || request.has(Step::Kind::rewritten) ||
                        request.has(Step::Kind::indexed) || request.has(Step::Kind::error_page);
  if (ending.resource.kind != Resource::Kind::file || !led_away || guarded.covers(request.uri)) {
    return true;
  }
  if (uri.ends_with('/') && request.uri.starts_with(uri)) return true;
  const std::string name = uri.substr(uri.rfind('/') + 1);
  return name.starts_with("page") && ending.resource.name.ends_with("/" + name);
}

bool is_worth_trying(const std::string& uri) {
  constexpr std::array<std::string_view, 3> kMerged{"//", "/./", "/../"};
  constexpr std::array<std::string_view, 2> kPublic{"/gatehouse/", "/.well-known/"};
  if (!uri.starts_with('/') || uri == "/gatehouse" || uri == "/.well-known") return false;
  if (uri.ends_with("/.") || uri.ends_with("/..")) return false;
  const auto holds = [&](std::string_view part) { return uri.find(part) != std::string::npos; };
  const auto begins = [&](std::string_view part) { return uri.starts_with(part); };
  return std::none_of(kMerged.begin(), kMerged.end(), holds) &&
         std::none_of(kPublic.begin(), kPublic.end(), begins);
}

std::vector<std::string> plain_addresses(const Guarded& guarded) {
  std::vector<std::string> all;
  const Level& level = *guarded.level;
  if (level.kind == Level::Kind::expression) {
    add_texts(*level.expression, prefix_of(level), all);
  } else if (level.kind == Level::Kind::exact) {
    all = {level.name, level.name + "/more"};
  } else {
    add_pages(prefix_of(level), all);
  }
  keep_worth_trying(guarded, all);
  return all;
}

std::vector<std::string> all_addresses(const Guarded& guarded) {
  std::vector<std::string> all = plain_addresses(guarded);
  const Level& level = *guarded.level;
  for (const Regex* regex : expressions_of(*guarded.server)) {
    if (level.kind == Level::Kind::expression) add_common_texts(*level.expression, *regex, all);
    add_texts(*regex, prefix_of(level), all);
  }
  for (const auto* other : Site::levels(*guarded.server)) {
    const bool has_name = other->is_prefix() || other->kind == Level::Kind::exact;
    if (has_name && other != &level) add_pages(other->name, all);
  }
  keep_worth_trying(guarded, all);
  return all;
}

std::vector<std::string> addresses_of(const Level& server) {
  std::vector<std::string> all;
  add_pages("/", all);
  for (const auto* level : Site::levels(server)) {
    if (level->is_prefix() || level->kind == Level::Kind::exact) add_pages(level->name, all);
  }
  for (const Regex* regex : expressions_of(server)) add_texts(*regex, "/", all);
  keep_worth_trying({&server, &server, nullptr}, all);
  return all;
}

}  // namespace gatehouse::nginx
