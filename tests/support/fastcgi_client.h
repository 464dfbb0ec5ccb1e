/// A tiny FastCGI client: honest requests, and any bytes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fd.h"

namespace gatehouse::test {

using Params = std::vector<std::pair<std::string, std::string>>;

/// A record of FastCGI 1.0 §3.3.
[[nodiscard]] std::string record(unsigned char type, std::string_view content,
                                 unsigned char padding = 0, unsigned id = 1);
/// Name-value pairs of §3.4.
[[nodiscard]] std::string pairs(const Params& params);
/// A whole request, as nginx sends it.
[[nodiscard]] std::string request(const Params& params, std::string_view body = {},
                                  bool keep = true);

class FastCgiClient {
 public:
  explicit FastCgiClient(const std::filesystem::path& socket);

  void send(std::string_view bytes);
  /// What the answer's STDOUT records hold, up to END_REQUEST; empty if the peer closed before.
  [[nodiscard]] std::string receive();
  /// Waits until the peer has closed, at most 10 s; false if it has not.
  [[nodiscard]] bool closed();
  [[nodiscard]] std::string ask(const Params& params, std::string_view body = {}) {
    send(request(params, body));
    return receive();
  }
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  [[nodiscard]] std::string read_exactly(std::size_t size);
  Fd fd_;
};

}  // namespace gatehouse::test
