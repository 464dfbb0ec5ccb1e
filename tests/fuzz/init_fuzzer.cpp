/// The texts that `gatehouse init` reads and changes, of any bytes: option files, the system's list
/// of sockets, what the server says of an account, a configuration, and a site of nginx.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/init/account.h"
#include "cli/init/option_files.h"
#include "cli/init/server_sockets.h"
#include "cli/init/settings_text.h"
#include "cli/init/site_lines.h"
#include "config/load.h"
#include "property.h"

namespace {

using gatehouse::fuzz::require;
namespace init = gatehouse::cli::init;
namespace nginx = gatehouse::nginx;

constexpr const char* kFile = "nginx.conf";

gatehouse::Result<nginx::Site> site_of(const std::string& text) {
  // In the form of `nginx -T`, so that no include reads a file of this machine.
  auto configuration =
      nginx::read_configuration(std::string("# configuration file ") + kFile + ":\n" + text, kFile);
  if (!configuration) return tl::unexpected(configuration.error());
  return nginx::Site::build(std::move(*configuration));
}

gatehouse::Result<std::string> with_lines(const nginx::Site& site, const std::string& text) {
  return init::with_lines(*site.servers().front(), text, {"gatehouse/mount.conf", "/members/"},
                          {[&](const std::string&) { return std::optional(text); },
                           [](const std::string&) { return true; }});
}

/// A site with the lines is one that nginx can read, and has nothing to add.
void try_as_site(const std::string& text) {
  const auto site = site_of(text);
  if (!site || site->servers().empty() || site->servers().front()->directive == nullptr) return;
  const auto once = with_lines(*site, text);
  if (!once) {
    require(!once.error().what.empty(), "a refusal has a reason");
    return;
  }
  const auto changed = site_of(*once);
  if (!changed) return;  // a copy may be too much for the bounds of a configuration
  require(!changed->servers().empty(), "the server is there still");
}

void try_as_settings(const std::string& text) {
  const std::string value = "SELECT \"a\"\\n:name";
  const auto changed = init::with_settings(text, {{"user.query", value}});
  if (!changed) return;
  const auto loaded = gatehouse::config::parse(*changed, "");
  require(loaded.problems.empty() && loaded.settings.user.query == value, "the setting is set");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLargest = 2048;
  const std::string text(data, data + std::min(size, kLargest));
  (void)init::parse_options(text);
  for (const auto& path : init::listening_sockets(text)) {
    require(path.starts_with('/'), "a socket has an absolute path");
  }
  const auto account = init::account_of(text);
  require(!(account.by_socket && account.by_password), "an account has one way in");
  try_as_site(text);
  try_as_settings(text);
  return 0;
}
