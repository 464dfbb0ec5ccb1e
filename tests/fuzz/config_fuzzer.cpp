/// Configuration files of any bytes: settings that the program can rely on, or problems that can be
/// printed.
#include "config/load.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "property.h"

namespace {

using gatehouse::fuzz::require;
using namespace gatehouse::config;

void problems_are_lines_in_order(const Loaded& loaded) {
  const auto breaks_a_line = [](char c) { return c == '\n' || c == '\0'; };
  unsigned line = 0;
  for (const Problem& problem : loaded.problems) {
    const std::string text = to_string(problem);
    require(std::none_of(text.begin(), text.end(), breaks_a_line), "a problem is one line");
    require(problem.line >= line, "problems stand in the order of their lines");
    line = problem.line;
  }
}

void settings_are_sound(const Settings& settings) {
  const Server& server = settings.server;
  const Session& session = settings.session;
  require(server.socket_mode <= 0777, "a mode has nine bits");
  require(server.database_threads >= 1 && server.database_threads <= 64, "threads are bounded");
  require(server.max_body_bytes >= 1024 && server.max_body_bytes <= 32768, "bodies are bounded");
  require(settings.mysql.socket.empty() != settings.mysql.host.empty(), "one way to MySQL");
  require(session.idle_timeout.count() >= 10, "a session outlives its login");
  require(session.idle_timeout <= session.absolute_lifetime, "idle is within absolute");
  require(!session.realm.empty() && session.realm.size() <= 64, "a realm has a name");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Loaded loaded = parse(text, "/etc/gatehouse/gatehouse.toml");
  problems_are_lines_in_order(loaded);
  if (loaded.problems.empty()) settings_are_sound(loaded.settings);
  return 0;
}
