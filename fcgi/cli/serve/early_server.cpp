#include "cli/serve/early_server.h"

#include <utility>

namespace gatehouse::cli {

EarlyServer::EarlyServer(config::Server settings, std::vector<server::Listener> listeners,
                         std::function<void()> on_begin, std::chrono::milliseconds patience)
    : settings_(std::move(settings)),
      on_begin_(std::move(on_begin)),
      listeners_(std::move(listeners)),
      thread_([this, patience](const std::stop_token& stop) { begin_late(stop, patience); }) {}

void EarlyServer::begin_late(const std::stop_token& stop,
                             std::chrono::milliseconds patience) noexcept {
  pause_.wait_for(stop, patience, [](const bool& /*value*/) { return false; });
  if (stop.stop_requested()) return;
  try {
    server_ = std::make_unique<server::Server>(
        settings_, std::move(listeners_),
        std::make_shared<const handlers::Application>(handlers::Outcome::away));
    on_begin_();
  } catch (...) {
    failed_ = std::current_exception();
  }
}

std::unique_ptr<server::Server> EarlyServer::go_on(server::Server::Application application) {
  thread_ = {};  // requests its stop and waits for its end
  if (failed_) std::rethrow_exception(failed_);
  if (server_) {
    server_->replace(std::move(application), settings_);
    return std::move(server_);
  }
  return std::make_unique<server::Server>(settings_, std::move(listeners_), std::move(application));
}

std::vector<server::Listener> EarlyServer::give_up() {
  thread_ = {};
  if (failed_) std::rethrow_exception(failed_);
  if (!server_) return std::move(listeners_);
  server_->stop();
  return server_->take_listeners();
}

}  // namespace gatehouse::cli
