/// The forms that the text of a setting may have, for the table in keys.cpp. Each reader accepts or
/// refuses every text, and none throws.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/quantity.h"
#include "config/settings.h"

namespace gatehouse::config {

/// A form, and how a value is read from a text of that form.
template <class T>
struct Form {
  std::string_view noun;  ///< completes the message "must be …"
  /// `invalid` if the text does not have the form. `folder` is that of the configuration file.
  std::function<Result<T>(std::string_view text, const std::filesystem::path& folder)> read;
};

/// Returns `value` if it is within the limits; `invalid` otherwise.
template <class T>
Result<T> within(T value, T min, T max, std::string (*text)(T)) {
  if (value >= min && value <= max) return value;
  return fail(Error::Kind::invalid, fmt::format("{} is out of range: it must be from {} to {}",
                                                text(value), text(min), text(max)));
}

/// `Duration` is milliseconds or seconds. A text with a fraction that it cannot hold is refused.
template <class Duration>
Form<Duration> duration(std::chrono::milliseconds min, std::chrono::milliseconds max) {
  return {"a duration in quotes, such as \"30s\"", [=](std::string_view text, const auto&) {
            return parse_duration(text)
                .and_then([&](auto value) { return within(value, min, max, duration_text); })
                .and_then([&](auto value) -> Result<Duration> {
                  const auto whole = std::chrono::duration_cast<Duration>(value);
                  if (whole == value) return whole;
                  return fail(
                      Error::Kind::invalid,
                      fmt::format("{} must be a number of whole seconds", log::quoted(text)));
                });
          }};
}
[[nodiscard]] Form<std::size_t> size(std::uint64_t min, std::uint64_t max);
[[nodiscard]] Form<unsigned> mode();
/// A duration and a size with a blank between them.
[[nodiscard]] Form<MaxCost> max_cost(MaxCost min, MaxCost max);

/// One of a few words.
template <class T>
Form<T> word(std::vector<std::pair<std::string_view, T>> words) {
  return {"a word in quotes", [words = std::move(words)](std::string_view text, const auto&) {
            std::string known;
            for (const auto& [name, value] : words) {
              if (name == text) return Result<T>(value);
              known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name);
            }
            return Result<T>(
                fail(Error::Kind::invalid,
                     fmt::format("{} is unknown: it must be one of {}", log::quoted(text), known)));
          }};
}

/// One line of `min` to `max` bytes without control characters.
[[nodiscard]] Form<std::string> line(std::size_t min, std::size_t max);
/// `min` to `max` bytes of printable ASCII.
[[nodiscard]] Form<std::string> printable(std::size_t min, std::size_t max);
/// `min` to `max` bytes, on one line or several.
[[nodiscard]] Form<std::string> statement(std::size_t min, std::size_t max);
/// A text that ListenAddress::parse accepts.
[[nodiscard]] Form<std::string> listen_address();
/// A host name or an IP address (without brackets); empty for none.
[[nodiscard]] Form<std::string> host();
/// A host name of at least two labels, no IP address; empty for none (RFC 6265, 4.1.2.3).
[[nodiscard]] Form<std::string> cookie_domain();
/// A token (RFC 6265, 4.1.1) of 1 to 64 bytes that has no prefix of its own.
[[nodiscard]] Form<std::string> cookie_name();
/// `NAME`, `NAME; Path=/x` or `NAME; Domain=example.com`, as an application sets a cookie.
[[nodiscard]] Form<OtherCookie> other_cookie();

/// The path of a socket, made absolute; empty for none.
[[nodiscard]] Form<std::string> socket_path();
[[nodiscard]] Form<std::filesystem::path> optional_path();
[[nodiscard]] Form<std::filesystem::path> required_path();
/// A path. A relative one is looked for in $CREDENTIALS_DIRECTORY, and else taken from the folder.
[[nodiscard]] Form<std::filesystem::path> credential();

}  // namespace gatehouse::config
