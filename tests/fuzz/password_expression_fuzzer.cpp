/// Nested digests of any bytes: each is read or refused, and what is read computes a digest.
#include <string>

#include "password/shape/expression.h"
#include "property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gatehouse::fuzz::require;
  using gatehouse::password::Expression;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expression = Expression::parse(text);
  if (!expression) {
    require(!expression.error().what.empty(), "a refusal has a reason");
    return 0;
  }
  const auto one = expression->digest({"password", "salt", "key", "name"});
  require(one.size() == expression->size(), "it computes a digest");
  require(one == expression->digest({"password", "salt", "key", "name"}), "it is a function");
  require(one != expression->digest({"Password1", "salt", "key", "name"}),
          "it hashes the password");
  require(expression->digests() >= 1, "it has a digest");
  return 0;
}
