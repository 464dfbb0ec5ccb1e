// How nginx chooses a location, in ngx_http_core_find_location():
//
//   1. An exact location (`= /x`) of the address ends the search.
//   2. Else the longest prefix is remembered, whether it is `^~` or plain; order plays no part.
//   3. The search goes on inside of that location, by the same steps.
//   4. If the prefix of step 2 is `^~`, the expressions beside it are not tried. Otherwise they
//   are,
//      in the order of the file, and the first that matches wins over the prefix. The search then
//      goes on inside of it.
//
// Two consequences open protected places, and the rules look for them: an expression of the server
// wins over `location /members/ {` (step 4), and a `^~` inside of a plain prefix does not keep the
// expressions outside from being tried, since each level looks at its own prefix only.
#include "nginx/locate.h"

namespace gatehouse::nginx {
namespace {

/// The result of the search in one level. Nothing else is tried after `final`.
enum class Found { nothing, prefix, final };

/// The address that is searched for, and what was found for it so far.
struct Search {
  std::string_view uri;
  FirmPrefix firm_prefix;
  Located located;
};

/// True if the location passes requests on and its name is the address and a slash. nginx then
/// redirects the visitor to the slash.
bool redirects_to(const Level& one, std::string_view uri) {
  const bool is_named_so =
      one.name.size() == uri.size() + 1 && one.name.ends_with('/') && one.name.starts_with(uri);
  return is_named_so && (one.is_prefix() || one.kind == Level::Kind::exact) &&
         !one.all_here({"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass",
                        "memcached_pass"})
              .empty();
}

/// Steps 1 and 2: the exact location, or the longest prefix.
Found find_static(const Level& level, Search& search) {
  const Level* longest = nullptr;
  const Level* with_slash = nullptr;
  for (const auto& one : level.inner) {
    if (redirects_to(*one, search.uri)) with_slash = one.get();
    if (one->kind == Level::Kind::exact && one->name == search.uri) {
      search.located.level = one.get();
      return Found::final;
    }
    if (!one->is_prefix() || !search.uri.starts_with(one->name)) continue;
    if (!longest || one->name.size() > longest->name.size()) longest = one.get();
  }
  if (with_slash && (!longest || longest->name != search.uri)) {
    search.located.level = with_slash;
    search.located.redirects = true;
    return Found::final;
  }
  if (!longest) return Found::nothing;
  search.located.level = longest;
  return Found::prefix;
}

/// All four steps, in `level`.
Found find(const Level& level, Search& search) {
  Found found = find_static(level, search);
  bool firm = false;
  if (found == Found::prefix) {
    const Level& chosen = *search.located.level;
    firm = chosen.kind == Level::Kind::firm_prefix &&
           search.firm_prefix == FirmPrefix::keeps_expressions_out;
    found = find(chosen, search);
  }
  if (found == Found::final || firm) return found;
  // An inner `^~` does not stop these outer expressions; an inner expression that matched does.
  for (const auto& one : level.inner) {
    if (one->kind != Level::Kind::expression) continue;
    const auto match = one->expression->match(search.uri);
    if (!match) continue;
    search.located = {.level = one.get(), .groups = match->groups, .named_groups = match->named};
    (void)find(*one, search);
    return Found::final;
  }
  return found;
}

}  // namespace

Located locate(const Level& server, std::string_view uri, FirmPrefix firm_prefix) {
  Search search{.uri = uri, .firm_prefix = firm_prefix, .located = {.level = &server}};
  (void)find(server, search);
  return search.located;
}

const Level* named_location(const Level& server, std::string_view name) {
  for (const auto& one : server.inner) {
    if (one->kind == Level::Kind::named && one->name == name) return one.get();
  }
  return nullptr;
}

}  // namespace gatehouse::nginx
