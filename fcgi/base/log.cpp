#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/visible_text.h"

namespace gatehouse::log {
namespace {

/// `%*` in a pattern: the syslog priority of the line's level.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    static constexpr std::array<char, spdlog::level::n_levels> kPriorities = {'7', '7', '6', '4',
                                                                              '3', '2', '2'};
    out.push_back(kPriorities.at(static_cast<std::size_t>(message.level)));
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }
};

}  // namespace

void configure(spdlog::level::level_enum level) {
  auto logger = std::make_shared<spdlog::logger>("gatehouse",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  formatter->add_flag<Priority>('*').set_pattern(journal ? "<%*>%v"
                                                         : "%Y-%m-%d %H:%M:%S.%e %l: %v");
  logger->set_formatter(std::move(formatter));
  logger->set_level(level);
  spdlog::set_default_logger(std::move(logger));
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 128;
  return "\"" + visible_text(text, kLongest) + (text.size() > kLongest ? "\"…" : "\"");
}

}  // namespace gatehouse::log
