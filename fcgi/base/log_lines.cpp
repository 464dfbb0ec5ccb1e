#include "base/log_lines.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>

#include <cstdint>

#include "base/encoding.h"
#include "base/log.h"

namespace gatehouse::log {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): spdlog hands no event on
thread_local const Event* event_now = nullptr;

/// `%*` in a pattern: the syslog priority of the line's level.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    out.push_back(priority_of(message.level));
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }
};

/// The time as RFC 3339 has it, in UTC, to the millisecond.
std::string time_text(spdlog::log_clock::time_point time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(whole)), rest.count());
}

std::string_view level_text(spdlog::level::level_enum level) {
  const auto name = spdlog::level::to_string_view(level);
  return {name.data(), name.size()};
}

/// A value of logfmt: bare where it is a word, else in quotes.
std::string logfmt_value(std::string_view value) {
  constexpr std::size_t kMostBytes = 4096;
  const bool word = value.find_first_not_of(
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/+") ==
                    std::string_view::npos;
  return word && !value.empty() ? std::string(value) : log::quoted(value, kMostBytes);
}

void append_code_unit(std::string& out, std::uint32_t unit) {
  out += fmt::format("\\u{:04x}", unit);
}

/// The character that begins at `at`, of text that is UTF-8; moves `at` behind it.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  std::uint32_t character = first & (0x3fU >> more);
  for (std::size_t i = 0; i < more; ++i) character = character << 6U | (byte(at++) & 0x3fU);
  return character;
}

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(bool under_systemd) : under_systemd_(under_systemd) {
    text_.add_flag<Priority>('*').set_pattern(under_systemd ? "<%*>%v"
                                                            : "%Y-%m-%d %H:%M:%S.%e %l: %v");
  }
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const Format form = under_systemd_ ? Format::text : log::format();
    if (form == Format::text) return text_.format(message, out);
    const std::string line = form == Format::json ? json(message) : logfmt(message);
    out.append(line.data(), line.data() + line.size());
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override {
    return std::make_unique<LineFormatter>(under_systemd_);
  }

 private:
  static std::string_view said(const spdlog::details::log_msg& message) {
    return event_now != nullptr ? std::string_view(event_now->message)
                                : std::string_view(message.payload.data(), message.payload.size());
  }
  static std::string logfmt(const spdlog::details::log_msg& message) {
    std::string line = fmt::format("time={} level={} msg={}", time_text(message.time),
                                   level_text(message.level), logfmt_value(said(message)));
    if (event_now != nullptr) {
      for (const auto& [name, value] : fields_of(*event_now)) {
        line.append(" ").append(name).append("=").append(logfmt_value(value));
      }
    }
    return line + "\n";
  }
  static std::string json(const spdlog::details::log_msg& message) {
    std::string line =
        fmt::format(R"({{"time":"{}","level":"{}","msg":{})", time_text(message.time),
                    level_text(message.level), json_text(said(message)));
    if (event_now != nullptr) {
      for (const auto& [name, value] : fields_of(*event_now)) {
        line.append(",\"").append(name).append("\":").append(json_text(value));
      }
    }
    return line + "}\n";
  }

  bool under_systemd_;
  spdlog::pattern_formatter text_;
};

}  // namespace

EventOfLine::EventOfLine(const Event& event) noexcept {
  event_now = &event;
}

EventOfLine::~EventOfLine() {
  event_now = nullptr;
}

std::unique_ptr<spdlog::formatter> line_formatter(bool under_systemd) {
  return std::make_unique<LineFormatter>(under_systemd);
}

std::string json_text(std::string_view text) {
  constexpr std::uint32_t kUnknown = 0xfffd;
  constexpr std::uint32_t kBeyond = 0x10000;
  const bool readable = is_utf8(text);
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      out += text[at++];
      continue;
    }
    std::uint32_t character = kUnknown;
    if (readable || byte < 0x80) {
      character = next_character(text, at);
    } else {
      ++at;
    }
    if (character >= kBeyond) {
      append_code_unit(out, 0xd800U + ((character - kBeyond) >> 10U));
      append_code_unit(out, 0xdc00U + ((character - kBeyond) & 0x3ffU));
    } else {
      append_code_unit(out, character);
    }
  }
  return out + "\"";
}

}  // namespace gatehouse::log
