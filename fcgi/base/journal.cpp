#include "base/journal.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/log.h"

namespace gatehouse::log {
namespace {

/// "GATEHOUSE_USER_ID=7". What nobody would see in a value from outside is escaped, as everywhere:
/// a terminal shows the journal as it stands.
std::string field(std::string_view name, std::string_view value) {
  std::string upper = name == "id" ? "USER_ID" : name == "agent" ? "USER_AGENT" : std::string(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return fmt::format("GATEHOUSE_{}={}", upper, escaped(value, kMostFieldBytes));
}

}  // namespace

bool send_to_journal(const Event& event, spdlog::level::level_enum level) {
  // What people read has the name and the address; all else has a field of its own.
  std::string message = event.message;
  if (!event.user.empty()) message += " user=" + log::quoted(event.user);
  if (!event.address.empty()) message += " address=" + event.address;
  std::vector<std::string> texts = {
      "MESSAGE=" + message, fmt::format("PRIORITY={}", priority_of(level)),
      "SYSLOG_IDENTIFIER=gatehouse", fmt::format("SYSLOG_FACILITY={}", LOG_FAC(LOG_AUTH))};
  for (const auto& [name, value] : fields_of(event)) texts.push_back(field(name, value));
  std::vector<iovec> parts;
  parts.reserve(texts.size());
  for (std::string& text : texts) parts.push_back({text.data(), text.size()});
  return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) >= 0;
}

bool has_journal() {
  return ::access("/run/systemd/journal/socket", W_OK) == 0;
}

bool is_journal(int fd) {
  const char* const named = std::getenv("JOURNAL_STREAM");
  struct stat place {};
  if (named == nullptr || ::fstat(fd, &place) != 0) return false;
  return fmt::format("{}:{}", place.st_dev, place.st_ino) == named;
}

}  // namespace gatehouse::log
