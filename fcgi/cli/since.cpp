#include "cli/since.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ctime>
#include <optional>

#include "base/log.h"
#include "config/quantity.h"

namespace gatehouse::cli {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

/// Takes a number of just so many digits from the beginning of the text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + digits, number);
  if (read.ec != std::errc() || read.ptr != text.data() + digits || text.front() == '-') {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return number;
}

bool take_one(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Reads "10:00" or "10:00:30" to the end, but for a Z.
bool take_time_of_day(std::string_view& text, std::tm& time) {
  const auto hour = take_number(text, 2);
  if (!hour || !take_one(text, ":")) return false;
  const auto minute = take_number(text, 2);
  if (!minute) return false;
  time.tm_hour = *hour;
  time.tm_min = *minute;
  if (!take_one(text, ":")) return true;
  const auto second = take_number(text, 2);
  if (!second) return false;
  time.tm_sec = *second;
  return true;
}

/// The time, unless the calendar has none such (the 30th of February).
std::optional<SystemTime> time_of(std::tm time, bool utc) {
  const std::tm wanted = time;
  time.tm_isdst = -1;
  const std::time_t seconds = utc ? ::timegm(&time) : std::mktime(&time);
  if (time.tm_mday != wanted.tm_mday || time.tm_mon != wanted.tm_mon || wanted.tm_hour > 23 ||
      wanted.tm_min > 59 || wanted.tm_sec > 60) {
    return std::nullopt;
  }
  return std::chrono::system_clock::from_time_t(seconds);
}

std::optional<SystemTime> date_of(std::string_view text) {
  std::tm time{};
  const auto year = take_number(text, 4);
  if (!year || !take_one(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take_one(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  time.tm_year = *year - 1900;
  time.tm_mon = *month - 1;
  time.tm_mday = *day;
  if (take_one(text, " T") && !take_time_of_day(text, time)) return std::nullopt;
  const bool utc = take_one(text, "Z");
  return text.empty() ? time_of(time, utc) : std::nullopt;
}

}  // namespace

Result<SystemTime> parse_since(std::string_view text, SystemTime now) {
  std::optional<SystemTime> time = date_of(text);
  if (const auto ago = config::parse_duration(text); !time && ago) time = now - *ago;
  if (!time) {
    return fail(Error::Kind::invalid,
                fmt::format("{} is no time: write {}", log::quoted(text), kSinceForms));
  }
  if (*time > now) {
    return fail(Error::Kind::invalid, fmt::format("{} lies in the future", log::quoted(text)));
  }
  return *time;
}

}  // namespace gatehouse::cli
