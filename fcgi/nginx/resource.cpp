#include "nginx/resource.h"

#include <algorithm>
#include <array>

namespace gatehouse::nginx {
namespace {

/// Directives that make a location answer by other means than files.
constexpr std::array<std::string_view, 14> kHandlers{"proxy_pass",
                                                     "fastcgi_pass",
                                                     "uwsgi_pass",
                                                     "scgi_pass",
                                                     "grpc_pass",
                                                     "memcached_pass",
                                                     "stub_status",
                                                     "empty_gif",
                                                     "content_by_lua_block",
                                                     "content_by_lua_file",
                                                     "content_by_lua",
                                                     "js_content",
                                                     "perl",
                                                     "api"};

/// The script that PHP runs for a path: by default (cgi.fix_pathinfo) it looks for the longest part
/// of the path that is a file.
std::string script_in(const std::string& path) {
  const auto at = path.find(".php/");
  return at == std::string::npos ? path : path.substr(0, at + 4);
}

Resource fastcgi_resource(const Request& request, const Directive& handler, const Site& site) {
  const Level& level = *request.level;
  if (passes_to_gatehouse(level, handler)) {
    const bool is_question = fastcgi_parameter(level, "GATEHOUSE_INTERNAL") != nullptr;
    return {is_question ? Resource::Kind::question : Resource::Kind::gatehouse, request.uri};
  }
  const Directive* script = fastcgi_parameter(level, "SCRIPT_FILENAME");
  if (!script) {
    return {Resource::Kind::proxied,
            upstream_of(handler.argument(0), site).server + " " + request.uri};
  }
  const std::string path = normal_path(expand(script->argument(1), request).value);
  return {Resource::Kind::script, script_in(path)};
}

/// The address that the application sees. If proxy_pass has a path, it takes the place of the
/// location's name.
std::string proxied_path(const Request& request, const Directive& handler,
                         const Upstream& upstream) {
  const Level& location = request.level->location();
  const bool has_variables = handler.argument(0).find('$') != std::string_view::npos;
  if (upstream.path.empty() || request.has(Step::Kind::rewritten)) return request.uri;
  if (has_variables || !(location.is_prefix() || location.kind == Level::Kind::exact)) {
    return upstream.path;
  }
  return upstream.path + request.uri.substr(std::min(location.name.size(), request.uri.size()));
}

}  // namespace

bool passes_to_gatehouse(const Level& level, const Directive& handler) {
  if (handler.name != "fastcgi_pass") return false;
  const auto parameters = level.list({"fastcgi_param"});
  return handler.argument(0) == "gatehouse" ||
         std::any_of(parameters.begin(), parameters.end(), [](const Directive* one) {
           return one->argument(0).starts_with("GATEHOUSE_");
         });
}

const Directive* handler_of(const Level& level) {
  for (const Level* one = &level;; one = one->outer) {
    for (const auto name : kHandlers) {
      if (const Directive* handler = one->here(name)) return handler;
    }
    // An `if` or a `limit_except` inherits the handler of its location; a nested location does not.
    if (one->kind != Level::Kind::condition && one->kind != Level::Kind::limit_except)
      return nullptr;
  }
}

const Directive* fastcgi_parameter(const Level& level, std::string_view name) {
  const Directive* found = nullptr;
  for (const auto* one : level.list({"fastcgi_param"})) {
    if (one->argument(0) == name) found = one;
  }
  return found;
}

/// A server's name with its `upstream` resolved, without the default port, and with one spelling
/// for this machine, so that two spellings of one server compare as equal.
static std::string server_name(std::string_view text, const Site& site) {
  std::string name(text);
  for (const auto* upstream : site.http().all_here({"upstream"})) {
    if (upstream->argument(0) != text) continue;
    for (const auto& line : upstream->block) {
      if (line.name == "server") return server_name(line.argument(0), site);
    }
  }
  if (name.starts_with("localhost")) name.replace(0, 9, "127.0.0.1");
  if (name.ends_with(":80") && !name.starts_with("unix:")) name.resize(name.size() - 3);
  return name;
}

Upstream upstream_of(std::string_view address, const Site& site) {
  const auto scheme = address.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  // In unix:/run/app.sock:/path a colon ends the path of the socket.
  const bool is_socket = address.substr(begin).starts_with("unix:");
  const auto end = is_socket ? address.find(':', begin + 5) : address.find('/', begin);
  if (end == std::string_view::npos) return {server_name(address.substr(begin), site), ""};
  return {server_name(address.substr(begin, end - begin), site),
          std::string(address.substr(is_socket ? end + 1 : end))};
}

Resource resource_of(const Request& request, const Directive& handler, const Site& site) {
  if (handler.name == "fastcgi_pass") return fastcgi_resource(request, handler, site);
  if (!handler.name.ends_with("_pass")) return {Resource::Kind::other, handler.name};
  const Upstream upstream = upstream_of(expand(handler.argument(0), request).value, site);
  return {Resource::Kind::proxied,
          upstream.server + " " + proxied_path(request, handler, upstream)};
}

}  // namespace gatehouse::nginx
