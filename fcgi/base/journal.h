/// Events as journald's structured fields.
#pragma once

#include <spdlog/common.h>

#include "base/event.h"

namespace gatehouse::log {

/// Sends the event with each field as one of the journal's: MESSAGE is what people read, `event` is
/// GATEHOUSE_EVENT, and so on. False if the journal does not take it. Without a journal on this
/// host nothing is written, and it is true. Thread-safe.
[[nodiscard]] bool send_to_journal(const Event& event, spdlog::level::level_enum level);

/// Whether this host has a journal to send to.
[[nodiscard]] bool has_journal();

/// Whether this descriptor is the stream to the journal that systemd has given us: JOURNAL_STREAM
/// names its device and inode (systemd.exec(5)). A shell that a service starts inherits the
/// variable, but may have sent its output elsewhere.
[[nodiscard]] bool is_journal(int fd);

}  // namespace gatehouse::log
