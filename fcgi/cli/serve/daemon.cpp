#include "cli/serve/daemon.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <utility>

#include "base/event.h"
#include "base/log.h"
#include "cli/serve/early_server.h"
#include "cli/serve/restart_only.h"
#include "mysql/connection.h"
#include "server/notify.h"
#include "server/process.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;

/// How often the files are looked at while they are broken, and services that a reload has replaced
/// for whether they are done.
constexpr auto kLook = 500ms;
/// How often the main thread comes round while it has nothing to do, for the watchdog.
constexpr auto kRound = 10s;
/// How late it may come round then.
constexpr auto kLate = 30s;
/// How long a reload, a start or a stop may take. It waits for MySQL, for each of several servers
/// at most mysql.connect_timeout, and for requests, at most server.stop_timeout.
constexpr auto kLongestWork = 15min;
/// How often keys that MySQL has refused are tried again: the host that uses others may have
/// stopped.
constexpr auto kRefusedKeysRetry = 30s;

spdlog::level::level_enum level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug:
      return spdlog::level::debug;
    case config::LogLevel::info:
      return spdlog::level::info;
    case config::LogLevel::warning:
      return spdlog::level::warn;
    case config::LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

log::Format format_of(config::LogFormat format) {
  switch (format) {
    case config::LogFormat::text:
      return log::Format::text;
    case config::LogFormat::logfmt:
      return log::Format::logfmt;
    case config::LogFormat::json:
      return log::Format::json;
  }
  return log::Format::text;
}

/// The application of the service, which it keeps alive.
server::Server::Application application_of(const std::shared_ptr<Service>& service) {
  return {service, &service->application()};
}

/// For `systemctl status`, which shows one line.
std::string in_one_line(const std::vector<std::string>& problems) {
  if (problems.size() == 1) return problems.front();
  return fmt::format("{} (and {} more: see the log)", problems.front(), problems.size() - 1);
}

bool asks_to_stop(int signal) {
  return signal == SIGTERM || signal == SIGINT;
}

/// A server for answers that need no service: one thread will do.
config::Server settings_for_refusals() {
  config::Server settings;
  settings.instant_threads = 1;
  settings.database_threads = 1;
  settings.login_threads = 1;
  settings.stop_timeout = 1s;
  return settings;
}

}  // namespace

Daemon::Daemon(std::filesystem::path config_file, std::vector<server::Listener> handed_over)
    : config_file_(std::move(config_file)),
      always_answers_(!handed_over.empty()),
      listeners_(std::move(handed_over)) {}

int Daemon::run() {
  mysql::Connection::start_library();  // before there is another thread
  for (;;) {
    PlanResult reading = read_plan(config_file_);
    std::optional<std::chrono::seconds> retry;
    if (reading.plan) {
      auto refused = serve(std::move(*reading.plan));
      if (!refused) return 0;
      reading.problems = {std::move(*refused)};
      retry = kRefusedKeysRetry;
    }
    if (!always_answers_) {
      tell_once(reading.problems);
      return 1;
    }
    if (!answer_without_settings(reading, retry)) return 0;
  }
}

/// Logs the problems, unless it has just done so.
void Daemon::tell_once(const std::vector<std::string>& problems) {
  if (problems == told_) return;
  told_ = problems;
  for (const auto& problem : problems) spdlog::critical("{}", problem);
}

bool Daemon::answer_without_settings(const PlanResult& reading,
                                     std::optional<std::chrono::seconds> retry) {
  tell_once(reading.problems);
  server::Server server(
      settings_for_refusals(), std::move(listeners_),
      std::make_shared<const handlers::Application>(handlers::Outcome::misconfigured));
  const server::Watchdog watchdog(main_thread_, server);
  server::notify_ready("Answers 503, for it cannot serve: " + in_one_line(reading.problems));
  const int signal = wait_for_other_files(reading.files, retry);
  if (signal == SIGHUP) server::notify_reloading();
  if (asks_to_stop(signal)) server::notify_stopping();
  server.stop();
  listeners_ = server.take_listeners();
  return !asks_to_stop(signal);
}

/// Returns when the files are others, when the time is over, or with the signal that came. A file
/// that somebody is writing is not taken halfway: it must be the same at two looks.
int Daemon::wait_for_other_files(const FileStamps& files,
                                 std::optional<std::chrono::seconds> retry) {
  const auto begun = std::chrono::steady_clock::now();
  FileStamps seen = files;
  for (;;) {
    const int signal = wait_for_signal(kLook);
    if (asks_to_stop(signal) || signal == SIGHUP) return signal;
    FileStamps now = files.now();
    if (now == seen && now != files) return signal;
    seen = std::move(now);
    if (retry && std::chrono::steady_clock::now() - begun >= *retry) return signal;
  }
}

/// Waits for a signal, at most for that long. The watchdog is told how late the next call may come.
int Daemon::wait_for_signal(std::chrono::milliseconds most) {
  main_thread_.within(most + kLate);
  const int signal = server::wait_for_signal(most);
  main_thread_.within(kLongestWork);
  return signal;
}

std::optional<std::string> Daemon::serve(Plan plan) {
  log::configure(level_of(plan.settings.log_level));
  log::set_format(format_of(plan.settings.log_format));
  if (!always_answers_) {
    auto opened = server::open_listeners(plan.settings.server);
    if (!opened) return opened.error().what;
    listeners_ = std::move(*opened);
  }
  auto starting = std::make_unique<const server::Watchdog>(main_thread_);
  EarlyServer early(plan.settings.server, std::move(listeners_), [] {
    spdlog::warn(
        "MySQL has not answered yet: the service answers 503 until it has, or has not "
        "within its time-outs");
    server::notify_ready("Answers 503, for MySQL has not answered yet");
  });
  auto made = Service::make(std::move(plan), nullptr, server::wake_main_thread);
  if (!made || !(*made)->refusal().empty()) {
    listeners_ = early.give_up();
    return made ? (*made)->refusal() : made.error().what;
  }
  auto service = std::move(*made);
  const auto server = early.go_on(application_of(service));
  const server::Watchdog watchdog(main_thread_, *server);
  starting.reset();
  told_.clear();
  server::notify_ready("Serving");
  spdlog::info("gatehouse {} serves", GATEHOUSE_VERSION);
  Serving serving{*server, std::move(service)};
  follow_signals(serving);
  server->stop();
  listeners_ = server->take_listeners();
  auto why = serving.current->refusal();
  return why.empty() ? std::nullopt : std::optional(std::move(why));
}

/// Returns when the process is to stop, or when MySQL has refused the keys.
void Daemon::follow_signals(Serving& serving) {
  for (;;) {
    const int signal = wait_for_signal(serving.replaced.empty() ? kRound : kLook);
    if (asks_to_stop(signal)) {
      server::notify_stopping();
      spdlog::info("{}: finishing the requests under way", ::strsignal(signal));
      return;
    }
    if (!serving.current->refusal().empty()) return;
    if (signal == SIGHUP) reload(serving);
    // Nobody but us refers to one that has finished its requests, and so nobody can any more.
    std::erase_if(serving.replaced, [](const auto& service) { return service.use_count() == 1; });
  }
}

/// Says how a reload went, in the log and in the status. After one that failed the old settings
/// stay, and the status says so until the next.
void Daemon::reload(Serving& serving) {
  server::notify_reloading();
  const auto replaced = replace(serving);
  if (replaced) {
    told_.clear();
    log::tell({.kind = log::EventKind::settings_reloaded,
               .message = "the settings were read again" + *replaced});
    server::notify_ready("Serving" + *replaced);
  } else {
    log::tell(
        {.kind = log::EventKind::settings_reloaded,
         .ending = log::Ending::failure,
         .message = fmt::format("the reload failed, and the settings from before stay: mend what "
                                "the lines above name, ask `gatehouse check --config {}`, and "
                                "reload again",
                                config_file_.string()),
         .reason = "problems"});
    server::notify_ready("Serving by the settings from before, since the reload failed: " +
                         replaced.error().what);
  }
}

/// Puts a service of the files as they are now in the place of the current one. Gives what remains
/// to be said. Whatever goes wrong, the current one stays.
Result<std::string> Daemon::replace(Serving& serving) {
  try {
    PlanResult reading = read_plan(config_file_);
    if (!reading.plan) {
      for (const auto& problem : reading.problems) spdlog::error("{}", problem);
      return fail(Error::Kind::invalid, in_one_line(reading.problems));
    }
    return replace_by(serving, std::move(*reading.plan));
  } catch (const std::exception& error) {  // nearly always a thread that could not start
    spdlog::error("no service can be made of the settings: {}", error.what());
    return fail(Error::Kind::failed, error.what());
  }
}

Result<std::string> Daemon::replace_by(Serving& serving, Plan plan) {
  const std::string left = keep_what_needs_a_restart(plan.settings, serving.current->settings());
  auto made = Service::make(std::move(plan), serving.current, server::wake_main_thread);
  if (!made) {
    spdlog::error("{}", made.error().what);
    return tl::unexpected(std::move(made.error()));
  }
  const auto next = std::move(*made);
  next->take_over();
  spdlog::set_level(level_of(next->settings().log_level));
  log::set_format(format_of(next->settings().log_format));
  serving.server.replace(application_of(next), next->settings().server);
  serving.replaced.push_back(std::exchange(serving.current, next));
  if (left.empty()) return std::string();
  return "; these changes must wait for a restart: " + left;
}

}  // namespace gatehouse::cli
