/// Configurations of any bytes: they are read or refused with a reason, and what is read is judged
/// within a bound.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "nginx/automaton.h"
#include "nginx/rules.h"
#include "property.h"

namespace {

/// A text that both are said to accept begins as the prefix does.
void try_as_expression(const std::string& text) {
  const auto pattern = gatehouse::nginx::parse_pattern(text, gatehouse::nginx::Case::told_apart);
  const auto automaton = pattern ? gatehouse::nginx::Automaton::matches(*pattern) : std::nullopt;
  if (!automaton) return;
  const auto prefix = gatehouse::nginx::Automaton::begins_with("/a/");
  for (const auto& one : gatehouse::nginx::common_texts(prefix, *automaton, 8)) {
    gatehouse::fuzz::require(one.starts_with("/a/"), "a common text begins with the prefix");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gatehouse::fuzz::require;
  constexpr std::size_t kLargest = 2048;
  const std::string text(data, data + std::min(size, kLargest));
  try_as_expression(text.substr(0, 64));
  // In the form of `nginx -T`, so that no include reads a file of this machine.
  auto configuration = gatehouse::nginx::read_configuration(
      "# configuration file nginx.conf:\n" + text, "nginx.conf");
  if (!configuration) {
    require(!configuration.error().what.empty(), "a refusal has a reason");
    return 0;
  }
  const auto site = gatehouse::nginx::Site::build(std::move(*configuration));
  if (!site) {
    require(!site.error().what.empty(), "a refusal has a reason");
    return 0;
  }
  const auto findings = gatehouse::nginx::inspect(
      *site, [](std::string_view demand) { return demand == "*"; }, 20'000);
  for (const auto& finding : findings) {
    require(!finding.rule.empty() && !finding.what.empty() && !finding.mend.empty(),
            "a finding says what is wrong and what mends it");
  }
  return 0;
}
