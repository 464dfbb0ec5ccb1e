#include "cli/init/nginx_reload.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include "cli/init/console.h"
#include "cli/text.h"

namespace gatehouse::cli::init {
namespace {

using namespace std::chrono_literals;

constexpr auto kTakeOver = 10s;

/// The line by which the process was started, which nginx writes its state into. Empty if there is
/// no such process.
std::string title(pid_t process) {
  std::string text;
  std::getline(std::ifstream(fmt::format("/proc/{}/cmdline", process)), text, '\0');
  return text;
}

bool takes_connections(pid_t worker) {
  const std::string text = title(worker);
  return text.starts_with("nginx: worker process") &&
         text.find("shutting down") == std::string::npos;
}

/// Waits until nobody of `before` takes connections, and somebody else does.
void wait_for_others(const std::filesystem::path& pid_file, const std::set<pid_t>& before) {
  const auto limit = std::chrono::steady_clock::now() + kTakeOver;
  while (std::chrono::steady_clock::now() < limit && !Interruption::came()) {
    const auto now = nginx_workers(pid_file);
    const bool is_done = !now.empty() && std::none_of(now.begin(), now.end(), [&](pid_t worker) {
      return before.contains(worker);
    });
    if (is_done) return;
    std::this_thread::sleep_for(20ms);
  }
}

Result<void> signal_nginx(Programs& programs) {
  if (systemd_runs()) {
    const auto active = programs.run({"systemctl", "--quiet", "is-active", "nginx.service"});
    if (active && active->code == 0) {
      const auto done = programs.run({"systemctl", "reload", "nginx.service"});
      if (done && done->code == 0) return {};
    }
  }
  const auto done = programs.run({"nginx", "-s", "reload"});
  if (!done) return tl::unexpected(done.error());
  if (done->code == 0) return {};
  return fail(Error::Kind::failed,
              "nginx cannot be reloaded; does it run? Start it with systemctl "
              "start nginx, and run this again. It says:\n" +
                  shown_text(done->err));
}

}  // namespace

Result<void> test_nginx(Programs& programs) {
  const auto tried = programs.run({"nginx", "-t"});
  if (!tried) return tl::unexpected(tried.error());
  if (tried->code == 0) return {};
  return fail(Error::Kind::failed, "nginx -t refuses it:\n" + shown_text(tried->err));
}

std::set<pid_t> nginx_workers(const std::filesystem::path& pid_file) {
  std::set<pid_t> workers;
  pid_t master = 0;
  if (!(std::ifstream(pid_file) >> master) || master <= 0) return workers;
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", master));
  for (pid_t child = 0; children >> child;) {
    if (takes_connections(child)) workers.insert(child);
  }
  return workers;
}

Result<void> reload_nginx(Programs& programs, const std::filesystem::path& pid_file) {
  const auto before = nginx_workers(pid_file);
  if (auto told = signal_nginx(programs); !told) return told;
  if (!before.empty()) wait_for_others(pid_file, before);
  return {};
}

}  // namespace gatehouse::cli::init
