/// The forms of a log line: as people read it, as logfmt, or as JSON (the setting log.format).
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/event.h"

namespace gatehouse::log {

/// Says for as long as it lives that what this thread logs is this event, so that a form which has
/// fields writes those of it.
class EventOfLine {
 public:
  explicit EventOfLine(const Event& event) noexcept;
  EventOfLine(const EventOfLine&) = delete;
  EventOfLine& operator=(const EventOfLine&) = delete;
  ~EventOfLine();
};

/// Writes lines in the form that set_format() said last. Under systemd, which tells the time and
/// keeps the form of its own, each has its priority as `<N>` (sd-daemon(3)).
[[nodiscard]] std::unique_ptr<spdlog::formatter> line_formatter(bool under_systemd);

/// The text as a JSON string, in quotes and in ASCII alone: what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace gatehouse::log
