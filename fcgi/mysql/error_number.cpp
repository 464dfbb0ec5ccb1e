#include "mysql/error_number.h"

#include <charconv>
#include <string_view>

namespace gatehouse::mysql {

int error_number(const Error& error) {
  constexpr std::string_view kMark = "MySQL error ";
  const std::string_view text = error.what;
  const auto at = text.find(kMark);
  if (at == std::string_view::npos) return 0;
  const auto digits = text.substr(at + kMark.size());
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace gatehouse::mysql
