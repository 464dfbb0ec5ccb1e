#include "nginx/request.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/encoding.h"

namespace gatehouse::nginx {
namespace {

constexpr int kDeepestMaps = 4;
constexpr std::size_t kMostAlternatives = 64;

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Splits the address into the script and the rest, by the fastcgi_split_path_info that holds here.
std::pair<std::string, std::string> split_path(const Request& request) {
  const Directive* split = request.level->setting("fastcgi_split_path_info");
  if (!split) return {request.uri, ""};
  const auto regex = Regex::compile(std::string(split->argument(0)), Case::told_apart);
  const auto match = regex ? regex->match(request.uri) : std::nullopt;
  if (!match || match->groups.size() < 3) return {request.uri, ""};
  return {match->groups[1], match->groups[2]};
}

Text script_name(const Request& request) {
  std::string name = split_path(request).first;
  const Directive* index = request.level->setting("fastcgi_index");
  if (index && name.ends_with('/')) name += index->argument(0);
  return {name, true};
}

/// nginx's $document_root: the root or alias that holds here, or its built-in root.
Text document_root(const Request& request) {
  const Directive* root = request.level->setting("root");
  const Level* alias = request.level->owner({"alias", "root"});
  if (alias && alias->here("alias")) root = alias->here("alias");
  if (!root) return {"/usr/share/nginx/html", true};
  Text text = expand(root->argument(0), request);
  while (text.value.ends_with('/')) text.value.pop_back();
  return text;
}

/// The value of a variable; `${name}`, and not known, if only a real request has it. Addresses are
/// tried without a query, so $args is empty.
Text variable(const std::string& name, const Request& request) {
  if (const auto set = request.variables.find(name); set != request.variables.end()) {
    return set->second;
  }
  if (name.size() == 1 && std::isdigit(static_cast<unsigned char>(name[0])) != 0) {
    const auto number = static_cast<std::size_t>(name[0] - '0');
    return {number < request.groups.size() ? request.groups[number] : "", true};
  }
  if (name == "uri" || name == "document_uri") return {request.uri, true};
  if (name == "request_uri") return {request.asked_uri, true};
  if (name == "fastcgi_script_name") return script_name(request);
  if (name == "fastcgi_path_info") return {split_path(request).second, true};
  if (name == "document_root" || name == "realpath_root") return document_root(request);
  if (name == "request_filename") return file_path(request.uri, request);
  if (name == "args" || name == "query_string" || name == "is_args") return {"", true};
  return {"${" + name + "}", false};
}

}  // namespace

const Step* Request::last(Step::Kind kind) const {
  const auto found =
      std::find_if(way.rbegin(), way.rend(), [&](const Step& step) { return step.kind == kind; });
  return found == way.rend() ? nullptr : &*found;
}

const Level& Request::first_level() const {
  const auto found = std::find_if(way.begin(), way.end(),
                                  [](const Step& step) { return step.kind == Step::Kind::chosen; });
  return found == way.end() ? *server : *found->level;
}

bool Resource::same_as(const Resource& other) const {
  const auto is_file = [](Kind one) { return one == Kind::file || one == Kind::script; };
  const bool alike = kind == other.kind || (is_file(kind) && is_file(other.kind));
  return alike && name == other.name;
}

Text expand(std::string_view text, const Request& request) {
  Text result;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$' || at + 1 == text.size()) {
      result.value += text[at++];
      continue;
    }
    const bool braced = text[at + 1] == '{';
    std::size_t end = at + (braced ? 2 : 1);
    const std::size_t begin = end;
    while (end < text.size() && is_name(text[end])) ++end;
    if (!braced && begin < text.size() && text[begin] >= '0' && text[begin] <= '9') end = begin + 1;
    if (end == begin) {
      result.value += text[at++];
      continue;
    }
    const Text value = variable(std::string(text.substr(begin, end - begin)), request);
    result.value += value.value;
    result.known = result.known && value.known;
    at = braced && end < text.size() ? end + 1 : end;
  }
  return result;
}

/// True if the row may be the one that nginx takes, as far as the source is known up to its first
/// unknown variable. An expression always may.
static bool may_match(const std::string& key, const std::string& source) {
  const auto unknown = source.find("${");
  if (key == "default" || key.starts_with('~')) return true;
  if (unknown == std::string::npos) return equal_ignoring_case(key, source);
  return equal_ignoring_case(key.substr(0, unknown), source.substr(0, unknown));
}

static void add_alternatives(std::string_view text, const Request& request, const Site& site,
                             int depth, std::vector<Text>& all) {
  const bool is_variable =
      text.starts_with('$') && std::all_of(text.begin() + 1, text.end(), is_name);
  const Map* map = is_variable ? site.map(std::string(text.substr(1))) : nullptr;
  if (!map || depth == 0) {
    if (all.size() < kMostAlternatives) all.push_back(expand(text, request));
    return;
  }
  Request stranger = request;
  for (const auto& [name, value] : site.geo()) stranger.variables[name] = {value, true};
  const std::string source = expand(map->source, stranger).value;
  for (const auto& row : map->rows) {
    if (may_match(row.key, source)) add_alternatives(row.value, request, site, depth - 1, all);
  }
}

std::vector<Text> alternatives(std::string_view text, const Request& request, const Site& site) {
  std::vector<Text> all;
  add_alternatives(text, request, site, kDeepestMaps, all);
  return all;
}

Text file_path(std::string_view uri, const Request& request) {
  const Level* owner = request.level->owner({"alias", "root"});
  const Directive* alias = owner ? owner->here("alias") : nullptr;
  if (!alias) {
    Text path = document_root(request);
    path.value = normal_path(path.value + std::string(uri));
    return path;
  }
  Text path = expand(alias->argument(0), request);
  if (owner->location().kind != Level::Kind::expression) {
    path.value += uri.substr(std::min(owner->location().name.size(), uri.size()));
  }
  path.value = normal_path(path.value);
  return path;
}

std::string normal_path(std::string_view path) {
  return std::filesystem::path(path).lexically_normal().string();
}

}  // namespace gatehouse::nginx
