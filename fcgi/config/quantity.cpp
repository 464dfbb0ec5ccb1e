#include "config/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <system_error>

#include "base/log.h"

namespace gatehouse::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
/// The units ascend, so that the last one that divides a duration is the largest.
constexpr std::array<Unit, 5> kDurations{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> kSizes{
    {{"B", 1}, {"KiB", 1L << 10U}, {"MiB", 1L << 20U}, {"GiB", 1L << 30U}}};

std::string names(std::span<const Unit> units) {
  std::string list;
  for (const Unit& unit : units) list += fmt::format("{}{}", list.empty() ? "" : ", ", unit.name);
  return list;
}

Result<std::int64_t> parse_quantity(std::string_view text, std::span<const Unit> units) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view name = text.substr(digits);
  if (digits == 0) {
    return fail(Error::Kind::invalid, fmt::format("{} is not a number with a unit ({})",
                                                  log::quoted(text), names(units)));
  }
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
  if (unit == units.end()) {
    return fail(Error::Kind::invalid,
                name.empty() ? fmt::format("{} needs a unit ({})", log::quoted(text), names(units))
                             : fmt::format("{}: unknown unit {} (known are {})", log::quoted(text),
                                           log::quoted(name), names(units)));
  }
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + digits, number);
  if (parsed.ec != std::errc() ||
      number > std::numeric_limits<std::int64_t>::max() / unit->factor) {
    return fail(Error::Kind::invalid, fmt::format("{} is too large a number", log::quoted(text)));
  }
  return number * unit->factor;
}

std::string quantity_text(std::int64_t number, std::span<const Unit> units) {
  Unit best = units.front();
  for (const Unit& unit : units) {
    if (number != 0 && number % unit.factor == 0) best = unit;
  }
  return fmt::format("{}{}", number / best.factor, best.name);
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  return parse_quantity(text, kDurations).map([](std::int64_t count) {
    return std::chrono::milliseconds(count);
  });
}

Result<std::uint64_t> parse_size(std::string_view text) {
  return parse_quantity(text, kSizes).map([](std::int64_t bytes) {
    return static_cast<std::uint64_t>(bytes);
  });
}

Result<unsigned> parse_mode(std::string_view text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size() || mode > 0777) {
    return fail(Error::Kind::invalid,
                fmt::format("{} is not an octal mode from 0000 to 0777", log::quoted(text)));
  }
  return mode;
}

std::string duration_text(std::chrono::milliseconds duration) {
  return quantity_text(duration.count(), kDurations);
}

std::string size_text(std::uint64_t bytes) {
  return quantity_text(static_cast<std::int64_t>(bytes), kSizes);
}

}  // namespace gatehouse::config
