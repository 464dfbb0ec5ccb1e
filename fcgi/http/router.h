/// Finds the row of the table of routes that answers a request.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/lane.h"
#include "http/request.h"
#include "http/response.h"

namespace gatehouse::http {

/// Says who may ask for a route.
enum class Access : std::uint8_t {
  open,      ///< everybody
  internal,  ///< nginx alone (GATEHOUSE_INTERNAL=1); others get 404, so no mount publishes it
};

/// The methods that a row takes.
class MethodSet {
 public:
  constexpr MethodSet(std::initializer_list<Method> methods) {
    for (const Method method : methods) bits_ |= bit(method);
  }
  [[nodiscard]] constexpr bool has(Method method) const noexcept {
    return (bits_ & bit(method)) != 0;
  }
  friend constexpr bool operator==(const MethodSet&, const MethodSet&) noexcept = default;

 private:
  static constexpr unsigned bit(Method method) { return 1U << static_cast<unsigned>(method); }
  unsigned bits_ = 0;
};

/// A row of the table of routes, as far as it says which requests it takes.
struct Route {
  std::string_view path;  ///< see `matches`
  MethodSet methods;      ///< a HEAD goes wherever GET goes
  Lane lane;
  Access access;
};

/// True if the row is for this path. A row whose path ends with a slash, other than "/" itself, is
/// for the paths with one more segment.
[[nodiscard]] bool matches(const Route& row, std::string_view path) noexcept;

/// Writes the `Allow` header of a path (RFC 9110 §10.2.1) from the methods of all its rows.
[[nodiscard]] std::string allowed_methods(const std::vector<MethodSet>& rows);
/// The answer if no row takes the request: 404 if the path has no rows, else 405.
[[nodiscard]] Response no_route(const std::vector<MethodSet>& rows_of_path);

/// Returns the row that takes the request, or null. The rows are of a type derived from Route.
template <class Endpoint>
const Endpoint* find_route(std::span<const Endpoint> table, const Request& request) noexcept {
  const std::string_view path = request.path();
  const Method method = request.method() == Method::head ? Method::get : request.method();
  const auto found = std::find_if(table.begin(), table.end(), [&](const Endpoint& row) {
    return matches(row, path) && row.methods.has(method) &&
           (row.access == Access::open || request.internal());
  });
  return found == table.end() ? nullptr : &*found;
}

/// The answer to a request that find_route found no row for.
template <class Endpoint>
Response no_route(std::span<const Endpoint> table, const Request& request) {
  std::vector<MethodSet> rows;
  for (const Endpoint& row : table) {
    if (matches(row, request.path()) && (row.access == Access::open || request.internal())) {
      rows.push_back(row.methods);
    }
  }
  return no_route(rows);
}

}  // namespace gatehouse::http
