/// Queries of any bytes: a statement with a `?` for each placeholder, or a reason.
#include "mysql/named_query.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gatehouse::fuzz::require;
  using gatehouse::mysql::NamedQuery;
  constexpr std::array<std::string_view, 2> kNames = {"name", "id"};
  const std::string text(data, data + size);
  const auto query = NamedQuery::parse(text, kNames);
  if (!query) {
    require(!query.error().what.empty(), "a refusal has a reason");
    return 0;
  }
  require(query->sql.size() <= text.size(), "placeholders become shorter, nothing is added");
  require(query->sql.find('\0') == std::string::npos, "no NUL byte passes");
  for (std::size_t name = 0; name < kNames.size(); ++name) {
    require(std::count(query->order.begin(), query->order.end(), name) > 0, "no name is missing");
  }
  const auto marks = std::count(query->sql.begin(), query->sql.end(), '?');
  require(static_cast<std::size_t>(marks) >= query->order.size(), "each placeholder is a mark");
  require(query->bind(kNames).size() == query->order.size(), "each mark has its value");
  return 0;
}
