#include "cli/nginx_program.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/text.h"

namespace gatehouse::cli {
namespace {

/// The lines of nginx's that say why it fails, on one line: those of the weight `emerg`, or else
/// all of them but the last, which only says that the test has failed.
std::string reason_in(std::string_view said) {
  std::string grave;
  std::string other;
  while (!said.empty()) {
    const auto end = std::min(said.find('\n'), said.size());
    std::string_view line = said.substr(0, end);
    said.remove_prefix(std::min(end + 1, said.size()));
    if (line.starts_with("nginx: ")) line.remove_prefix(line.find(' ') + 1);
    if (line.empty() || line.ends_with(" test failed")) continue;
    std::string& lines = line.starts_with("[emerg]") ? grave : other;
    lines.append(lines.empty() ? "" : "; ").append(line);
  }
  const std::string& reason = grave.empty() ? other : grave;
  return reason.empty() ? "it does not say why" : shown_text(reason);
}

}  // namespace

std::optional<std::string> nginx_version(Programs& programs) {
  auto said = programs.run({"nginx", "-V"});
  if (!said) return std::nullopt;
  return said->err + said->out;
}

std::string built_with(std::string_view version, std::string_view name) {
  const std::string option = fmt::format("--{}=", name);
  const auto at = version.find(option);
  if (at == std::string_view::npos) return "";
  const auto value = version.substr(at + option.size());
  return std::string(value.substr(0, value.find_first_of(" \n'")));
}

Result<std::string> nginx_dump(Programs& programs) {
  auto said = programs.run({"nginx", "-T"});
  if (!said) return tl::unexpected(said.error());
  if (said->code == 0) return std::move(said->out);
  return fail(Error::Kind::failed, "`nginx -T` fails: " + reason_in(said->err));
}

}  // namespace gatehouse::cli
