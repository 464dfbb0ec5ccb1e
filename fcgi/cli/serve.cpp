#include "cli/serve.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "cli/serve/daemon.h"
#include "server/notify.h"
#include "server/process.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;

/// systemd starts a service again as soon as it has ended, and on systemd 252 no setting slows that
/// down. What kept this process from serving will hardly be over in half a second, and each start
/// costs the host some ten lines of its journal.
constexpr auto kFailedStart = 10s;

/// Says why the service cannot start, as the last line of its log.
int cannot_start(const std::string& why, bool under_systemd) {
  spdlog::critical("the service cannot start: {}", why);
  server::notify_status("Cannot start: " + why);
  const auto until = std::chrono::steady_clock::now() + kFailedStart;
  while (under_systemd && std::chrono::steady_clock::now() < until) {
    const int signal = server::wait_for_signal(1s);
    if (signal == SIGTERM || signal == SIGINT) break;
  }
  return 1;
}

}  // namespace

int serve(const std::filesystem::path& config_file) {
  server::harden_process();
  server::block_signals();
  log::configure(spdlog::level::info);
  auto handed_over = server::listeners_of_systemd();
  if (!handed_over) return cannot_start(handed_over.error().what, true);
  const bool under_systemd = !handed_over->empty();
  try {
    const int code = Daemon(config_file, std::move(*handed_over)).run();
    if (code == 0) spdlog::info("stopped");
    return code;
  } catch (const std::system_error& error) {  // nearly always a thread that could not start
    return cannot_start(
        fmt::format("the system gives it no more threads or memory ({}): see TasksMax= and "
                    "MemoryMax= of the unit, and the limits of the host",
                    error.what()),
        under_systemd);
  } catch (const std::exception& error) {
    return cannot_start(error.what(), under_systemd);
  }
}

}  // namespace gatehouse::cli
