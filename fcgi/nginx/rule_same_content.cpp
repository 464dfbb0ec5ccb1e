// Finds content that is protected at one address and open at another.
//
//     root /srv/www;
//     location ^~ /members/ { auth_request gatehouse:*; }
//     location /all/ { alias /srv/www/; }      # /all/members/x is the file /members/x
//
// It is open since nginx protects addresses, not files. The names of the findings:
// `same-content`: another location of the server serves it, as above, or an alias without the
//   slash of its location lets visitors climb to the folder above (/files../x).
// `open-server`: another server of the site serves it.
// `front-controller`: one script serves all addresses and finds out by itself what is asked for,
//   so that /index.php/members/x is /members/x.
// `merge-slashes`: with `merge_slashes off`, //members/x is no part of the location, yet the
//   same file.
//
// The rule looks both ways. It collects what members get in the place, makes addresses for that
// in each server, and walks them as a stranger. Then it takes the files that strangers get
// anywhere and asks whether the place protects one of them; that finds what an alias makes of an
// expression's groups.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "nginx/reach.h"
#include "nginx/resource.h"
#include "nginx/rules.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {
namespace {

constexpr std::size_t kMostContent = 60;

/// Something that members get at an address of the place.
struct Protected {
  Resource resource;
  std::string uri;
  bool by_fallback;  ///< the resource is a script that answers for addresses of other names
};

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// The address up to the script's name, without the path after it.
std::string script_part(const std::string& uri) {
  const auto at = uri.find(".php/");
  return at == std::string::npos ? uri : uri.substr(0, at + 4);
}

/// Adds addresses for each folder below the place that a root or alias anywhere names: a folder of
/// the place may be the root of another server.
void add_addresses_of_folders(const Site& site, const Guarded& guarded,
                              std::vector<std::string>& all) {
  std::vector<std::string> roots;
  for (const auto* level : Site::levels(*guarded.server)) {
    if (const auto root = folder_of(*level, "root")) roots.push_back(*root);
  }
  for (const auto* level : Site::levels(site.http())) {
    for (const auto* setting : {"root", "alias"}) {
      const auto folder = folder_of(*level, setting);
      for (std::size_t i = 0; folder && i < roots.size(); ++i) {
        if (!folder->starts_with(roots[i] + "/")) continue;
        for (const auto* page : {"/page.html", "/page.php"}) {
          const std::string uri = folder->substr(roots[i].size()) + page;
          if (guarded.covers(uri) && is_worth_trying(uri)) all.push_back(uri);
        }
      }
    }
  }
}

/// Lists the content that members get at the addresses of the place.
std::vector<Protected> protected_content(const Inspection& inspection, const Guarded& guarded) {
  std::vector<Protected> all;
  std::vector<std::string> addresses = all_addresses(guarded);
  add_addresses_of_folders(inspection.site, guarded, addresses);
  for (const auto& uri : addresses) {
    for (const auto& ending : walk(inspection.site, inspection.judges, *guarded.server, uri,
                                   {.kind = Visitor::Kind::member})) {
      const auto kind = ending.resource.kind;
      const bool is_content = ending.kind == Ending::Kind::content &&
                              (kind == Resource::Kind::file || kind == Resource::Kind::script ||
                               kind == Resource::Kind::proxied || kind == Resource::Kind::listing);
      const auto& way = ending.request.way;
      const bool was_asked = std::any_of(way.begin(), way.end(), [&](const Step& step) {
        return step.kind == Step::Kind::asked && step.directive == guarded.line;
      });
      // An error page is not content of the place.
      if (!is_content || !was_asked || ending.request.has(Step::Kind::error_page)) continue;
      if (!is_content_of(guarded, uri, ending)) continue;
      const bool by_fallback =
          kind == Resource::Kind::script &&
          (ending.request.has(Step::Kind::fell_back) || ending.request.has(Step::Kind::rewritten) ||
           !ending.resource.name.ends_with(script_part(uri)));
      const bool is_index = ending.request.has(Step::Kind::indexed);
      const bool is_known = std::any_of(all.begin(), all.end(), [&](const Protected& one) {
        return one.resource.same_as(ending.resource) && one.by_fallback == by_fallback;
      });
      if (!is_known && all.size() < kMostContent)
        all.push_back({ending.resource, uri, by_fallback && !is_index});
    }
  }
  return all;
}

/// Adds the addresses by which the root or alias of a level finds the file.
void add_addresses_of_file(const Level& level, const std::string& path,
                           std::vector<std::string>& all) {
  Request request;
  request.server = &level.server();
  request.level = &level;
  if (const Directive* root = level.here("root")) {
    const Text text = expand(root->argument(0), request);
    const std::string folder = without_trailing_slash(normal_path(text.value));
    if (text.known && path.starts_with(folder + "/")) all.push_back(path.substr(folder.size()));
  }
  const Directive* alias = level.here("alias");
  const Level& location = level.location();
  if (!alias || !(location.is_prefix() || location.kind == Level::Kind::exact)) return;
  const std::string text = expand(alias->argument(0), request).value;
  if (path.starts_with(text)) all.push_back(location.name + path.substr(text.size()));
  // `location /files { alias /srv/files/; }` opens the folder above: /files../x.
  const bool climbs = text.ends_with('/') && !location.name.ends_with('/') && location.is_prefix();
  const std::string above =
      std::filesystem::path(without_trailing_slash(text)).parent_path().string();
  if (climbs && path.starts_with(above + "/")) {
    all.push_back(location.name + ".." + path.substr(above.size()));
  }
}

/// Adds the addresses by which the location passes requests for this page to the application.
void add_addresses_of_upstream(const Site& site, const Level& level, const std::string& name,
                               std::vector<std::string>& all) {
  const Directive* handler = handler_of(level);
  if (!handler || !handler->name.ends_with("_pass")) return;
  const Upstream upstream = upstream_of(handler->argument(0), site);
  if (!name.starts_with(upstream.server + " ")) return;
  const std::string path = name.substr(upstream.server.size() + 1);
  all.push_back(path);
  if (!upstream.path.empty() && path.starts_with(upstream.path) && level.location().is_prefix()) {
    all.push_back(level.location().name + path.substr(upstream.path.size()));
  }
}

/// The addresses by which `server` may serve the content.
std::vector<std::string> addresses_in(const Site& site, const Level& server,
                                      const Protected& content) {
  std::vector<std::string> all{content.uri};
  std::vector<const Level*> levels = Site::levels(server);
  if (server.outer) levels.push_back(server.outer);
  for (const auto* level : levels) {
    if (content.resource.kind == Resource::Kind::proxied) {
      add_addresses_of_upstream(site, *level, content.resource.name, all);
    } else {
      add_addresses_of_file(*level, content.resource.name, all);
    }
  }
  const std::size_t count = all.size();
  for (std::size_t i = 1; i < count && content.resource.kind == Resource::Kind::script; ++i) {
    if (content.by_fallback) all.push_back(all[i] + content.uri);
    all.push_back(all[i] + "/more");
  }
  if (content.by_fallback) all.emplace_back("/page");
  if (!server.is_on("merge_slashes", Level::Default::on)) all.push_back("/" + content.uri);
  return all;
}

/// True if the ending serves a file or script without anybody having been asked.
bool is_open_file(const Ending& ending) {
  const Request& request = ending.request;
  const bool is_file = ending.resource.kind == Resource::Kind::file ||
                       ending.resource.kind == Resource::Kind::script;
  return ending.kind == Ending::Kind::content && is_file &&
         !request.has(Step::Kind::taken_for_yes) && !request.has(Step::Kind::refused) &&
         !request.has(Step::Kind::satisfied) && request.first_level().kind != Level::Kind::exact;
}

/// Looks for the content of one protected place.
class SameContent {
 public:
  SameContent(const Inspection& inspection, const std::vector<Reach>& reaches,
              const Guarded& guarded)
      : inspection_(inspection),
        reaches_(reaches),
        own_(inspection.site, *guarded.server),
        guarded_(guarded) {}

  void look() {
    for (const auto& content : protected_content(inspection_, guarded_)) {
      for (const auto& reach : reaches_) {
        const Level& server = reach.server();
        if (!reach.may_have(content.resource)) continue;
        if (&server != guarded_.server && reach.is_behind_another()) continue;
        for (const auto& uri : addresses_in(inspection_.site, server, content)) {
          try_address(server, uri, content);
        }
      }
    }
  }

  /// Reports the file that a stranger got at `uri` of `server` if members get it in the place.
  void look_at_open(const Level& server, const std::string& uri, const Ending& ending) {
    if (!own_.may_have(ending.resource) || is_looked_at(server, uri, ending.request)) return;
    for (const auto* level : Site::levels(*guarded_.server)) {
      std::vector<std::string> addresses;
      add_addresses_of_file(*level, ending.resource.name, addresses);
      for (const auto& address : addresses) {
        if (!is_worth_trying(address) || !guarded_.covers(address)) continue;
        if (!gives_members(address, ending.resource)) continue;
        return add(server, uri, {ending.resource, address, false}, ending);
      }
    }
  }

 private:
  /// True for an address of the place itself, at which rule_ways_in.cpp looks.
  [[nodiscard]] bool is_looked_at(const Level& server, const std::string& uri,
                                  const Request& request) const {
    return &server == guarded_.server && guarded_.covers(uri) && !request.was_rewritten_first();
  }

  [[nodiscard]] bool gives_members(const std::string& uri, const Resource& resource) const {
    const auto endings = walk(inspection_.site, inspection_.judges, *guarded_.server, uri,
                              {.kind = Visitor::Kind::member});
    return std::any_of(endings.begin(), endings.end(), [&](const Ending& one) {
      const Step* asked = one.request.last(Step::Kind::asked);
      return one.kind == Ending::Kind::content && one.resource.same_as(resource) && asked &&
             asked->directive == guarded_.line && !one.request.has(Step::Kind::error_page) &&
             is_content_of(guarded_, uri, one);
    });
  }

  /// True if the server takes `//x` for another address than `/x`, and this is such a one.
  static bool has_doubled_slash(const Level& server, const std::string& uri) {
    return uri.starts_with("//") && !server.is_on("merge_slashes", Level::Default::on);
  }

  void try_address(const Level& server, const std::string& uri, const Protected& content) {
    if (!is_worth_trying(has_doubled_slash(server, uri) ? uri.substr(1) : uri)) return;
    for (const auto& ending : walk(inspection_.site, inspection_.judges, server, uri, {})) {
      const Request& request = ending.request;
      // A location for one exact address is open on purpose, unless it runs the script that serves
      // all addresses.
      const bool is_exact = request.first_level().kind == Level::Kind::exact;
      if (is_exact && !content.by_fallback) continue;
      if (!is_exact && is_looked_at(server, uri, request)) continue;
      const bool is_open = ending.kind == Ending::Kind::content &&
                           ending.resource.same_as(content.resource) &&
                           !request.has(Step::Kind::taken_for_yes) &&
                           !request.has(Step::Kind::refused) && !request.has(Step::Kind::satisfied);
      if (!is_open) continue;
      if (has_doubled_slash(server, uri)) return add_doubled_slash(server, uri, content, ending);
      return add(server, uri, content, ending);
    }
  }

  /// The part of a finding that says which line protects the content.
  [[nodiscard]] std::string guarded_by() const {
    return fmt::format("which `{}` ({}) protects", guarded_.level->text(),
                       to_string(guarded_.line->place));
  }

  void add_doubled_slash(const Level& server, const std::string& uri, const Protected& content,
                         const Ending& ending) {
    const Level& open = ending.request.level->location();
    put("merge-slashes", server.setting("merge_slashes")->place,
        fmt::format("everyone gets {} by `{}` (line {}): the content of {}, {}", uri, open.text(),
                    open.place().line, content.uri, guarded_by()),
        "merge_slashes on;");
  }

  void add(const Level& server, const std::string& uri, const Protected& content,
           const Ending& ending) {
    const Level& open = ending.request.level->location();
    const std::string by = fmt::format("`{}` (line {})", open.text(), open.place().line);
    const std::string line = guarded_.line->text();
    if (content.by_fallback) {
      const std::string script = content.resource.name.substr(content.resource.name.rfind('/'));
      return put("front-controller", guarded_.line->place,
                 fmt::format("everyone reaches what is behind {} by {}: one script, {}, serves all "
                             "addresses, and {} ({}) asks nobody",
                             content.uri, script_address(uri, script, content),
                             content.resource.name, open.text(), to_string(open.place())),
                 fmt::format("{};  # in the server, for all of the application", line));
    }
    if (&server != guarded_.server) {
      return put(
          "open-server", open.place(),
          fmt::format("everyone gets {} at the server of line {}: the content of {}, {}", uri,
                      server.place().line, content.uri, guarded_by()),
          fmt::format("{};  # in `{}`, or `return 301` to the other server", line, open.text()));
    }
    put("same-content", open.place(),
        fmt::format("everyone gets {} by {}: the content of {}, {}", uri, by, content.uri,
                    guarded_by()),
        mend_same(open, line));
  }

  /// The address of the script with the wanted path after it, by which applications find the page.
  static std::string script_address(const std::string& uri, const std::string& script,
                                    const Protected& content) {
    return uri.find(".php") == std::string::npos ? script + content.uri : uri;
  }

  [[nodiscard]] static std::string mend_same(const Level& open, const std::string& line) {
    const bool climbs = open.here("alias") && open.here("alias")->argument(0).ends_with('/') &&
                        !open.name.ends_with('/');
    if (climbs) return fmt::format("location {}/ {{", open.name);
    return fmt::format("{};  # in `{}`", line, open.text());
  }

  void put(const char* rule, const Place& place, std::string what, std::string mend) {
    inspection_.findings.add(
        {Finding::Weight::open, rule, place, std::move(what), std::move(mend)});
  }

  const Inspection& inspection_;
  const std::vector<Reach>& reaches_;
  Reach own_;
  const Guarded& guarded_;
};

}  // namespace

void look_for_same_content(const Inspection& inspection) {
  if (inspection.guarded.empty()) return;
  const auto reaches = reaches_of(inspection.site);
  std::vector<SameContent> places;
  for (const auto& guarded : inspection.guarded) {
    places.emplace_back(inspection, reaches, guarded).look();
  }
  for (const auto& reach : reaches) {
    if (reach.is_behind_another()) continue;
    std::set<std::string> seen;
    for (const auto& uri : addresses_of(reach.server())) {
      for (const auto& ending : walk(inspection.site, inspection.judges, reach.server(), uri, {})) {
        if (!is_open_file(ending) || !seen.insert(ending.resource.name).second) continue;
        for (auto& place : places) place.look_at_open(reach.server(), uri, ending);
      }
    }
  }
}

}  // namespace gatehouse::nginx
