/// The sockets on which nginx reaches us.
#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/fd.h"
#include "config/settings.h"

namespace gatehouse::server {

/// A listening socket, non-blocking. Where it has made a socket file, it removes that when it is
/// destroyed, unless another process has taken its place. Move-only.
class Listener {
 public:
  Listener(Fd fd, std::filesystem::path own_file)
      : fd_(std::move(fd)), file_(std::move(own_file)) {}
  Listener(Listener&& other) noexcept;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  Fd fd_;
  std::filesystem::path file_;  // empty: none of ours
};

/// The sockets handed over by systemd (sd_listen_fds(3)); none if there are none, or if this was
/// called before. `refused` if one of them is no listening socket.
Result<std::vector<Listener>> listeners_of_systemd();
/// The socket that Server::listen names. A socket file left behind by a dead process is replaced;
/// `refused` if a live one answers there; `failed` for what the system refuses.
Result<std::vector<Listener>> open_listeners(const config::Server& settings);

}  // namespace gatehouse::server
