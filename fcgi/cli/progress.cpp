#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>

#include "cli/text.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kRefresh = 250ms;
constexpr std::string_view kWipe = "\r\x1b[K";

/// 1200000 as "1,200,000".
std::string grouped(std::uint64_t number) {
  constexpr std::size_t kGroup = 3;
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > kGroup; at -= kGroup) digits.insert(at - kGroup, ",");
  return digits;
}

}  // namespace

std::string progress_line(const Stage& stage, std::chrono::milliseconds elapsed) {
  const std::string so_far =
      duration_text(std::chrono::floor<std::chrono::seconds>(elapsed)) + " so far";
  if (stage.done == 0) return fmt::format("{}: {}", stage.what, so_far);
  if (!stage.total || *stage.total < stage.done) {
    return fmt::format("{}: {} {}, {}", stage.what, grouped(stage.done), stage.unit, so_far);
  }
  const double part = static_cast<double>(stage.done) / static_cast<double>(*stage.total);
  const auto left = std::chrono::ceil<std::chrono::seconds>(elapsed * ((1 - part) / part));
  return fmt::format("{}: {} of about {} {}, {:.0f} %, {} left", stage.what, grouped(stage.done),
                     grouped(*stage.total), stage.unit, part * 100, duration_text(left));
}

Progress::Progress(std::string what, std::ostream& err, const Terminal& terminal,
                   std::chrono::milliseconds delay)
    : state_(State{.stage = {.what = std::move(what)}}) {
  if (!terminal.width) return;
  thread_ = std::jthread([this, &err, width = *terminal.width, delay](const std::stop_token& stop) {
    show(stop, err, width, delay);
  });
}

void Progress::begin(Stage stage) {
  state_.with([&](State& state) { state = {std::move(stage), steady_clock::now()}; });
}

void Progress::at(std::uint64_t done) {
  state_.with([&](State& state) { state.stage.done = done; });
}

void Progress::show(const std::stop_token& stop, std::ostream& err, std::size_t width,
                    std::chrono::milliseconds delay) {
  const auto pause = [&](std::chrono::milliseconds time) {
    state_.wait_for(stop, time, [](const State& /*state*/) { return false; });
  };
  pause(delay);
  bool shown = false;
  for (; !stop.stop_requested(); pause(kRefresh)) {
    const State state = state_.with([](const State& now) { return now; });
    const auto elapsed =
        std::chrono::floor<std::chrono::milliseconds>(steady_clock::now() - state.since);
    // A line as wide as the terminal would wrap, and could not be wiped away.
    err << kWipe << cut_to(progress_line(state.stage, elapsed), std::max<std::size_t>(width, 2) - 1)
        << std::flush;
    shown = true;
  }
  if (shown) err << kWipe << std::flush;
}

}  // namespace gatehouse::cli
