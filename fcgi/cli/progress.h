/// Says on a terminal how far a verb is, if it takes longer than a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/monitor.h"
#include "cli/terminal.h"

namespace gatehouse::cli {

/// What is known of a piece of work at one moment.
struct Stage {
  std::string what;                      ///< "counting the hashes"
  std::uint64_t done = 0;                ///< 0: nothing to count yet
  std::optional<std::uint64_t> total{};  ///< may be an estimate
  std::string unit = "rows";
};

/// The line for a stage that began `elapsed` ago: "counting the hashes: 1,200,000 of about
/// 4,000,000 rows, 30 %, 28 s left". Without a total, or where it is passed, it says how long it
/// has taken.
[[nodiscard]] std::string progress_line(const Stage& stage, std::chrono::milliseconds elapsed);

/// Shows that line while it lives, from one second after its making on and four times a second, and
/// wipes it away at its end. It writes nothing to what is not a terminal. A thread of its own
/// writes, so that the time goes on while MySQL has not answered yet; so it must end before anybody
/// else writes to `err`, and begin after Connection::start_library(). `begin` and `at` are
/// thread-safe and cost some ten nanoseconds.
class Progress {
 public:
  /// `err` must outlive it. `delay` is the time before it shows anything.
  Progress(std::string what, std::ostream& err, const Terminal& terminal,
           std::chrono::milliseconds delay = std::chrono::seconds(1));
  Progress(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress& operator=(Progress&&) = delete;
  ~Progress() = default;

  /// Goes on to another stage, whose time counts from now on.
  void begin(Stage stage);
  /// So much of the stage is done.
  void at(std::uint64_t done);

 private:
  struct State {
    Stage stage;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  };
  void show(const std::stop_token& stop, std::ostream& err, std::size_t width,
            std::chrono::milliseconds delay);

  Monitor<State> state_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::cli
