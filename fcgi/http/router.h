/// Which row of the table of routes answers a request.
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

enum class Access : std::uint8_t {
  open,
  internal,  ///< 404 unless nginx says GATEHOUSE_INTERNAL=1: no mount publishes it by accident
};

class MethodSet {
 public:
  constexpr MethodSet(std::initializer_list<Method> methods) {
    for (const Method method : methods) bits_ |= bit(method);
  }
  [[nodiscard]] constexpr bool has(Method method) const noexcept {
    return (bits_ & bit(method)) != 0;
  }

 private:
  static constexpr unsigned bit(Method method) { return 1U << static_cast<unsigned>(method); }
  unsigned bits_ = 0;
};

struct Route {
  std::string_view path;  ///< see `takes`
  MethodSet methods;      ///< HEAD goes wherever GET goes
  Lane lane;
  Access access;
};

/// Whether the row is of this path. One that ends with a slash, but for "/" itself, is of the paths
/// with one more segment.
[[nodiscard]] bool takes(const Route& row, std::string_view path) noexcept;

/// `Allow` of all rows of the request's path (RFC 9110 §10.2.1); empty: there is no such path.
[[nodiscard]] std::string allowed_methods(const std::vector<MethodSet>& rows);
/// The 404 or 405 of a request that no row takes.
[[nodiscard]] Response no_route(const std::vector<MethodSet>& rows_of_path);

/// The row of a table (of structures derived from Route) that takes the request, or null.
template <class Endpoint>
const Endpoint* find_route(std::span<const Endpoint> table, const Request& request) noexcept {
  const Method method = request.method() == Method::head ? Method::get : request.method();
  const auto found = std::find_if(table.begin(), table.end(), [&](const Endpoint& row) {
    return takes(row, request.path()) && row.methods.has(method) &&
           (row.access == Access::open || request.internal());
  });
  return found == table.end() ? nullptr : &*found;
}

/// For a request that find_route gave nothing for.
template <class Endpoint>
Response no_route(std::span<const Endpoint> table, const Request& request) {
  std::vector<MethodSet> rows;
  for (const Endpoint& row : table) {
    if (takes(row, request.path()) && (row.access == Access::open || request.internal())) {
      rows.push_back(row.methods);
    }
  }
  return no_route(rows);
}

}  // namespace gatehouse::http
