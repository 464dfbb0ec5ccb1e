#include "nginx/reach.h"

#include <algorithm>
#include <filesystem>

#include "nginx/resource.h"

namespace gatehouse::nginx {
namespace {

bool has_variable(std::string_view text) {
  return text.find('$') != std::string_view::npos;
}

/// True if the server listens on this machine alone and a location of another server passes
/// requests to it.
bool is_asked_by_another(const Site& site, const Level& server) {
  for (const auto* listen : server.all_here({"listen"})) {
    const std::string_view address = listen->argument(0);
    if (!address.starts_with("127.") && !address.starts_with("unix:")) continue;
    const std::string own = upstream_of(address, site).server;
    for (const auto* other : site.servers()) {
      if (other == &server) continue;
      for (const auto* level : Site::levels(*other)) {
        const Directive* handler = level->here("proxy_pass");
        if (handler && upstream_of(handler->argument(0), site).server == own) return true;
      }
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> folder_of(const Level& level, const char* setting) {
  const Directive* line = level.here(setting);
  if (!line || has_variable(line->argument(0))) return std::nullopt;
  std::string folder = normal_path(line->argument(0));
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return folder;
}

Reach::Reach(const Site& site, const Level& server)
    : server_(&server), is_behind_another_(is_asked_by_another(site, server)) {
  for (const auto* level : Site::levels(server)) note(site, *level);
  for (const Level* level = server.outer; level; level = level->outer) note(site, *level);
}

void Reach::note(const Site& site, const Level& level) {
  for (const auto* setting : {"root", "alias"}) {
    const Directive* line = level.here(setting);
    if (!line) continue;
    has_variables_ = has_variables_ || has_variable(line->argument(0));
    if (const auto folder = folder_of(level, setting)) folders_.push_back(*folder);
    // `location /files { alias /srv/files/; }` also shows the folder above, by /files../x.
    if (const auto folder = folder_of(level, setting);
        folder && std::string_view(setting) == "alias") {
      folders_.push_back(std::filesystem::path(*folder).parent_path().string());
    }
  }
  const Directive* handler = handler_of(level);
  if (!handler || !handler->name.ends_with("_pass")) return;
  has_variables_ = has_variables_ || has_variable(handler->argument(0));
  applications_.push_back(upstream_of(handler->argument(0), site).server);
  const Directive* script = fastcgi_parameter(level, "SCRIPT_FILENAME");
  // A path with variables is nearly always below the root, which is noted already.
  if (script && !has_variable(script->argument(1))) {
    folders_.push_back(std::filesystem::path(script->argument(1)).parent_path().string());
  }
}

bool Reach::may_have(const Resource& resource) const {
  if (has_variables_ || resource.name.find("${") != std::string::npos) return true;
  const bool is_proxied = resource.kind == Resource::Kind::proxied;
  const auto& all = is_proxied ? applications_ : folders_;
  return std::any_of(all.begin(), all.end(), [&](const std::string& one) {
    return resource.name.starts_with(one) && resource.name.size() > one.size() &&
           (one == "/" || resource.name[one.size()] == (is_proxied ? ' ' : '/'));
  });
}

std::vector<Reach> reaches_of(const Site& site) {
  std::vector<Reach> all;
  for (const auto* server : site.servers()) all.emplace_back(site, *server);
  return all;
}

}  // namespace gatehouse::nginx
