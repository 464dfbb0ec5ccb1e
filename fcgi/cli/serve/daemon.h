/// `gatehouse serve` from its start to its stop: a service, its reloads, and what answers while
/// there are no settings to serve by.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/serve/plan.h"
#include "cli/serve/service.h"
#include "server/listener.h"
#include "server/server.h"
#include "server/watchdog.h"

namespace gatehouse::cli {

/// Where systemd holds the sockets (gatehouse.socket), somebody waits for an answer from the moment
/// on at which nginx connects, whether this process can serve or not. So it always answers there:
/// with 503 while the configuration or the key file is broken, until one of these files changes or
/// a reload is asked for (SIGHUP). Without such sockets it gives up with the reason, as a program
/// does that somebody has started at a terminal.
///
/// To be used by the main thread alone.
class Daemon {
 public:
  /// `handed_over` are the sockets from systemd; none if there are none.
  Daemon(std::filesystem::path config_file, std::vector<server::Listener> handed_over);

  /// Serves until SIGTERM or SIGINT, and returns the exit code.
  int run();

 private:
  /// The service that answers now, and those that a reload has replaced and that still finish
  /// requests.
  struct Serving {
    server::Server& server;
    std::shared_ptr<Service> current;
    std::vector<std::shared_ptr<Service>> replaced{};
  };

  /// Serves by the plan. Gives why it cannot go on, or nothing after an orderly stop.
  std::optional<std::string> serve(Plan plan);
  void follow_signals(Serving& serving);
  void reload(Serving& serving);
  Result<std::string> replace(Serving& serving);
  static Result<std::string> replace_by(Serving& serving, Plan plan);
  /// Answers 503 until another reading may be better. False if the process is to stop.
  bool answer_without_settings(const PlanResult& reading,
                               std::optional<std::chrono::seconds> retry);
  int wait_for_other_files(const FileStamps& files, std::optional<std::chrono::seconds> retry);
  int wait_for_signal(std::chrono::milliseconds most);
  void tell_once(const std::vector<std::string>& problems);

  const std::filesystem::path config_file_;
  const bool always_answers_;
  server::Promise main_thread_;
  std::vector<server::Listener> listeners_;
  std::vector<std::string> told_;  ///< the problems that the log has, until there are none
};

}  // namespace gatehouse::cli
