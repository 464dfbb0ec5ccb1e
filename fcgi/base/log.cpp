#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/journal.h"
#include "base/log_lines.h"
#include "base/visible_text.h"

namespace gatehouse::log {
namespace {

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): there is one standard error
std::atomic<Format> format_now{Format::text};
std::atomic<bool> to_journal{false};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

void configure(spdlog::level::level_enum level) {
  auto logger = std::make_shared<spdlog::logger>("gatehouse",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(line_formatter(std::getenv("JOURNAL_STREAM") != nullptr));
  logger->set_level(level);
  to_journal = is_journal(STDERR_FILENO);
  spdlog::set_default_logger(std::move(logger));
}

void set_format(Format format) noexcept {
  format_now = format;
}

Format format() noexcept {
  return format_now;
}

bool writes_to_journal() noexcept {
  return to_journal;
}

char priority_of(spdlog::level::level_enum level) noexcept {
  static constexpr std::array<char, spdlog::level::n_levels> kPriorities = {'7', '7', '6', '4',
                                                                            '3', '2', '2'};
  return kPriorities.at(static_cast<std::size_t>(level));
}

std::string escaped(std::string_view text, std::size_t most) {
  return visible_text(text, most);
}

std::string quoted(std::string_view text, std::size_t most) {
  return "\"" + escaped(text, most) + (text.size() > most ? "\"…" : "\"");
}

}  // namespace gatehouse::log
