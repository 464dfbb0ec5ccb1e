/// A server as if it were further away: for tests of how often it is asked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::test {

/// Listens on a loopback port of its own and hands every connection on to `port`; what a client
/// sends arrives `delay` later. Connections end with it.
class FarServer {
 public:
  FarServer(std::uint16_t port, std::chrono::microseconds delay);
  FarServer(const FarServer&) = delete;
  FarServer& operator=(const FarServer&) = delete;
  ~FarServer();
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// How many connections clients have opened.
  [[nodiscard]] std::size_t connections() const noexcept;
  /// How often clients have sent something: as many turns were waited for, by all together.
  [[nodiscard]] std::size_t turns() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::test
