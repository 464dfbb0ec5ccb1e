#include "http/router.h"

#include <array>

namespace gatehouse::http {

bool matches(const Route& row, std::string_view path) noexcept {
  if (row.path.size() == 1 || !row.path.ends_with('/')) return row.path == path;
  return path.starts_with(row.path) && path.size() > row.path.size() &&
         path.find('/', row.path.size()) == std::string_view::npos;
}

std::string allowed_methods(const std::vector<MethodSet>& rows) {
  constexpr std::array kInOrder = {Method::get, Method::head, Method::post, Method::put,
                                   Method::del};
  std::string text;
  for (const Method method : kInOrder) {
    const Method listed = method == Method::head ? Method::get : method;
    const bool allowed = std::any_of(rows.begin(), rows.end(),
                                     [&](const MethodSet& row) { return row.has(listed); });
    if (!allowed) continue;
    if (!text.empty()) text += ", ";
    text += to_string(method);
  }
  return text;
}

Response no_route(const std::vector<MethodSet>& rows_of_path) {
  if (rows_of_path.empty()) return refusal(404);
  Response response = refusal(405);
  response.headers.emplace_back("Allow", allowed_methods(rows_of_path));
  return response;
}

}  // namespace gatehouse::http
