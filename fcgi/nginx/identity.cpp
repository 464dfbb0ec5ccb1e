#include "nginx/identity.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace gatehouse::nginx {
namespace {

constexpr std::array<std::string_view, 5> kOfSnippets{
    "gatehouse_user", "gatehouse_groups", "gatehouse_id", "gatehouse_email", "gatehouse_name"};

/// True if the text holds `$name` or `${name}`, and not a longer variable that begins so.
bool names_variable(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool begins = at > 0 && (text[at - 1] == '$' || (text[at - 1] == '{' && at > 1));
    const std::size_t end = at + name.size();
    const bool ends =
        end == text.size() ||
        (std::isalnum(static_cast<unsigned char>(text[end])) == 0 && text[end] != '_');
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

std::set<std::string> identity_variables(const Site& site) {
  std::set<std::string> all(kOfSnippets.begin(), kOfSnippets.end());
  for (const auto* level : Site::levels(site.http())) {
    for (const auto* line : level->all_here({"auth_request_set"})) {
      const bool is_identity =
          line->argument(1).find("upstream_http_remote_") != std::string_view::npos;
      if (is_identity && line->argument(0).starts_with('$'))
        all.emplace(line->argument(0).substr(1));
    }
  }
  return all;
}

std::string_view parameters_of(const Directive& handler) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kParameters{{
      {"proxy_pass", "proxy_set_header"},
      {"fastcgi_pass", "fastcgi_param"},
      {"uwsgi_pass", "uwsgi_param"},
      {"scgi_pass", "scgi_param"},
      {"grpc_pass", "grpc_set_header"},
  }};
  for (const auto& [pass, parameter] : kParameters) {
    if (handler.name == pass) return parameter;
  }
  return {};
}

bool Identity::is_told_by(const Directive& line) const {
  return std::any_of(variables_.begin(), variables_.end(),
                     [&](const auto& name) { return names_variable(line.argument(1), name); });
}

bool Identity::is_told_by(const std::vector<const Directive*>& lines) const {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const auto* line) { return is_told_by(*line); });
}

bool Identity::is_the_visitors_word(const Directive& line) {
  std::string own = "http_";
  for (const char c : line.argument(0)) {
    own += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return names_variable(line.argument(1), "remote_user") ||
         names_variable(line.argument(1), "http_remote_user") ||
         names_variable(line.argument(1), own);
}

bool Identity::is_of_snippets(const Directive* line) {
  return std::any_of(kOfSnippets.begin(), kOfSnippets.end(),
                     [&](const auto& name) { return names_variable(line->argument(1), name); });
}

}  // namespace gatehouse::nginx
