/// `next` of any bytes: what is accepted stays on this site, in a browser and behind any decoder.
#include "guard/redirect_target.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "property.h"

namespace {

using gatehouse::fuzz::require;
using gatehouse::guard::redirect_target;

std::string without(std::string text, std::string_view dropped) {
  std::erase_if(text, [&](char c) { return dropped.find(c) != std::string_view::npos; });
  return text;
}

void accepted_stays_here(std::string_view raw) {
  const auto target = redirect_target(raw);
  if (!target) return;
  require(*target == raw, "nothing is mended");
  require(target->starts_with('/'), "it is a path");
  require(!target->starts_with("//") && !target->starts_with("/\\"), "it names no host");
  require(without(*target, "\t\r\n") == *target, "no header ends in it");
  for (const char c : *target) require(c > ' ' && c < 0x7f, "it is printable ASCII");
}

/// An accepted path is one still when a prefix of ours stands before it, as in a query.
void is_the_same_in_its_place(std::string_view raw) {
  const bool taken = redirect_target(raw).has_value();
  if (!taken || raw.size() > 1024) return;
  require(redirect_target("/gatehouse/login?error=password&next=" + std::string(raw)).has_value(),
          "it may stand in the query of the login page");
  const auto end = raw.find_first_of("?#");
  const std::string path(raw.substr(0, end));
  require(!redirect_target("/" + std::string(raw)), "two slashes name a host");
  require(!redirect_target("/%2f" + path.substr(1)), "neither does an escaped one help");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  accepted_stays_here(bytes);
  accepted_stays_here("/" + bytes);
  is_the_same_in_its_place("/" + bytes);
  return 0;
}
