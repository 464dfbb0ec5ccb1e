#include "nginx/locate.h"

namespace gatehouse::nginx {
namespace {

enum class Found { nothing, prefix, final };

struct Search {
  std::string_view uri;
  bool firm_prefixes;
  Located located;
};

/// A location that passes requests on, named by the address and a slash.
bool redirects_to(const Level& one, std::string_view uri) {
  const bool is_named_so =
      one.name.size() == uri.size() + 1 && one.name.ends_with('/') && one.name.starts_with(uri);
  return is_named_so && (one.is_prefix() || one.kind == Level::Kind::exact) &&
         !one.all_here({"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass",
                        "memcached_pass"})
              .empty();
}

/// The exact location of this name, or the longest prefix.
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

Found find(const Level& level, Search& search) {
  Found found = find_static(level, search);
  bool firm = false;
  if (found == Found::prefix) {
    const Level& chosen = *search.located.level;
    firm = search.firm_prefixes && chosen.kind == Level::Kind::firm_prefix;
    found = find(chosen, search);
  }
  if (found == Found::final || firm) return found;
  // What is nested in the prefix had its turn. An inner `^~` does not stop the outer expressions.
  for (const auto& one : level.inner) {
    if (one->kind != Level::Kind::expression) continue;
    const auto match = one->expression->match(search.uri);
    if (!match) continue;
    search.located = {one.get(), match->groups, match->named, false};
    (void)find(*one, search);
    return Found::final;
  }
  return found;
}

}  // namespace

Located locate(const Level& server, std::string_view uri, bool firm_prefixes) {
  Search search{uri, firm_prefixes, {&server, {}, {}, false}};
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
