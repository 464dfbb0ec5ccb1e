#include "cli/init/nginx_host.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "cli/init/console.h"
#include "cli/nginx_program.h"

namespace gatehouse::cli::init {
namespace {

namespace fs = std::filesystem;
using nginx::Level;

/// A relative path is taken from where nginx was built for.
std::string pid_file_of(const nginx::Site& site, std::string_view version) {
  const auto& top = site.configuration().directives;
  const auto line =
      std::find_if(top.begin(), top.end(), [](const auto& one) { return one.name == "pid"; });
  const std::string file =
      line == top.end() ? built_with(version, "pid-path") : std::string(line->argument(0));
  return file.empty() ? file : (fs::path(built_with(version, "prefix")) / file).string();
}

/// The group of a user, as nginx takes it: that of the same name, else the user's own.
std::string group_of(const std::string& user) {
  if (::getgrnam(user.c_str()) != nullptr) return user;
  const auto* const entry = ::getpwnam(user.c_str());
  const auto* const group = entry == nullptr ? nullptr : ::getgrgid(entry->pw_gid);
  return group == nullptr ? user : group->gr_name;
}

bool only_leads_elsewhere(const Level& level) {
  const auto* const answer = level.here("return");
  return answer != nullptr &&
         (answer->argument(0).starts_with("30") || answer->argument(0).starts_with("http"));
}

bool is_redirect(const Level& server) {
  if (only_leads_elsewhere(server)) return true;
  const auto is_content = [](const auto& level) {
    return level->is_location() && !only_leads_elsewhere(*level) &&
           !level->name.starts_with("/.well-known");
  };
  const bool has_redirect =
      std::any_of(server.inner.begin(), server.inner.end(),
                  [](const auto& level) { return only_leads_elsewhere(*level); });
  return has_redirect && std::none_of(server.inner.begin(), server.inner.end(), is_content);
}

bool is_called(const Level& server, const std::string& wanted) {
  const auto names = server_names(server);
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return true;
  const auto place = server.place();
  const std::string& file = *place.file;
  std::error_code error;
  const bool is_file = file == wanted || fs::path(file).filename() == wanted ||
                       (wanted.starts_with('/') && fs::equivalent(file, wanted, error));
  return is_file || nginx::to_string(place) == wanted;
}

std::string list(const std::vector<const Level*>& servers) {
  std::string text;
  for (const Level* server : servers) text += "\n  " + server_text(*server);
  return text.empty() ? " (there is none)" : text;
}

}  // namespace

Result<std::optional<NginxHost>> NginxHost::read(Programs& programs) {
  const auto version = nginx_version(programs);
  if (!version) return std::optional<NginxHost>();
  const auto dump = nginx_dump(programs);
  if (!dump) {
    return fail(dump.error().kind, dump.error().what + ". Mend that, and run this again");
  }
  return parse(*dump, *version).map([](NginxHost&& host) {
    return std::optional<NginxHost>(std::move(host));
  });
}

Result<NginxHost> NginxHost::parse(std::string_view dump, std::string_view version) {
  auto configuration = nginx::read_configuration(dump, "nginx.conf");
  if (!configuration) return tl::unexpected(configuration.error());
  auto site = nginx::Site::build(std::move(*configuration));
  if (!site) return tl::unexpected(site.error());
  Workers workers = workers_of(*site, version);
  std::string pid_file = pid_file_of(*site, version);
  return NginxHost(std::move(*site), std::move(workers), std::move(pid_file));
}

Workers workers_of(const nginx::Site& site, std::string_view version) {
  const auto& top = site.configuration().directives;
  const auto line =
      std::find_if(top.begin(), top.end(), [](const auto& one) { return one.name == "user"; });
  Workers workers;
  if (line != top.end()) {
    workers = {std::string(line->argument(0)), std::string(line->argument(1))};
  } else {
    workers = {built_with(version, "user"), built_with(version, "group")};
  }
  if (workers.user.empty()) workers.user = "nobody";
  if (workers.group.empty()) workers.group = group_of(workers.user);
  return workers;
}

std::string NginxHost::folder() const {
  return fs::path(site_.configuration().name).parent_path().string();
}

bool NginxHost::knows_gatehouse() const {
  const auto upstreams = site_.http().all_here({"upstream"});
  return std::any_of(upstreams.begin(), upstreams.end(),
                     [](const auto* one) { return one->argument(0) == "gatehouse"; });
}

bool NginxHost::knows_instances() const {
  return site_.map("gatehouse_upstream") != nullptr;
}

std::vector<std::string> server_names(const Level& server) {
  std::vector<std::string> names;
  for (const auto* line : server.all_here({"server_name"})) {
    names.insert(names.end(), line->arguments.begin(), line->arguments.end());
  }
  return names;
}

std::string server_text(const Level& server) {
  std::string text = shown(nginx::to_string(server.place()));
  for (const auto& name : server_names(server)) text += " " + shown(name);
  return text;
}

std::vector<const Level*> content_servers(const nginx::Site& site) {
  std::vector<const Level*> servers;
  for (const Level* server : site.servers()) {
    if (server->directive != nullptr && !is_redirect(*server)) servers.push_back(server);
  }
  return servers;
}

Result<std::vector<const Level*>> servers_called(const nginx::Site& site,
                                                 const std::string& wanted) {
  const auto all = content_servers(site);
  std::vector<const Level*> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Level* server) { return is_called(*server, wanted); });
  if (!found.empty()) return found;
  return fail(Error::Kind::invalid,
              fmt::format("--nginx {}: nginx has no site of this name; name one of these, by its "
                          "name, its file, or FILE:LINE:{}",
                          shown(wanted), list(all)));
}

}  // namespace gatehouse::cli::init
