/// Lists of steps, in the first line, on a password of any bytes, in the rest: each list is read or
/// refused, and each step is total and bounded.
#include <string>

#include "password/kdf/kdf.h"
#include "password/shape/lists.h"
#include "password/transform.h"
#include "property.h"

namespace {

using gatehouse::Result;
using gatehouse::Secret;
using gatehouse::fuzz::require;

Result<std::vector<Secret>> two_keys(std::string_view /*name*/) {
  std::vector<Secret> keys;
  keys.push_back(Secret::copy_of("newest"));
  keys.push_back(Secret::copy_of("oldest"));
  return keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace password = gatehouse::password;
  constexpr std::size_t kLongestTyped = 1024;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\n');
  if (end == std::string_view::npos || size - end > kLongestTyped) return 0;
  const auto steps = password::split_list(input.substr(0, end));
  const auto transform = password::Transform::parse(steps, two_keys);
  if (!transform) {
    require(!transform.error().what.empty(), "a refusal has a reason");
    return 0;
  }
  const Secret typed = Secret::copy_of(input.substr(end + 1));
  const Secret text = transform->text(typed);
  const password::Row row("", "Roy", "0123456789abcdef");
  // Each argument of a mix names a file of two keys, and has a letter or a comma in the line.
  require(transform->variants() >= 1 && transform->variants() <= 2 * (end + 1) + 1,
          "there are as many passwords as keys");
  for (std::size_t i = 0; i < transform->variants(); ++i) {
    const Secret password = transform->apply(text, row, i);
    require(password.size() <= password::kLongestPasswordBytes, "a step is bounded");
    require(password.equals(transform->apply(text, row, i).view()), "a step is a function");
  }
  require(transform->kept(typed).size() <= password::kLongestPasswordBytes, "what is kept, too");
  return 0;
}
