#include "config/forms.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "config/listen_address.h"
#include "config/mysql_servers.h"

namespace gatehouse::config {
namespace {

using std::filesystem::path;

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool is_statement_byte(char c) noexcept {
  return !is_control(c) || c == '\n' || c == '\t';
}
bool is_printable_ascii(char c) noexcept {
  return c >= 0x20 && c < 0x7f;
}

tl::unexpected<Error> wrong(std::string what) {
  return fail(Error::Kind::invalid, std::move(what));
}

/// Returns `text` if it has `min` to `max` bytes and `allowed` accepts each of them.
Result<std::string> plain(std::string_view text, std::size_t min, std::size_t max,
                          bool (*allowed)(char)) {
  if (min == 1 && text.empty()) return wrong("must not be empty");
  if (text.size() < min || text.size() > max) {
    return wrong(fmt::format("has {} bytes, not {} to {}", text.size(), min, max));
  }
  if (!std::all_of(text.begin(), text.end(), allowed)) {
    return wrong(fmt::format("{} has characters that are not allowed here", log::quoted(text)));
  }
  return std::string(text);
}

constexpr std::size_t kMaxPath = 4096;

bool control_free(char c) noexcept {
  return !is_control(c);
}

/// The path that `text` names as seen from `folder`. An empty text stays empty.
Result<path> resolved(std::string_view text, const path& folder, std::size_t min) {
  return plain(text, min, kMaxPath, control_free).map([&](const std::string& given) {
    return given.empty() ? path() : folder / given;
  });
}

Form<path> path_form(std::size_t min) {
  return {"a path in quotes",
          [min](std::string_view text, const path& folder) { return resolved(text, folder, min); }};
}

/// The path of systemd's credential of that name; empty if systemd has handed none over.
path systemd_credential(const path& name) {
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || name.empty() || name.is_absolute()) return {};
  std::error_code ignored;
  path file = path(folder) / name;
  return std::filesystem::exists(file, ignored) ? file : path();
}

bool is_dotted_name(std::string_view text) {
  // A last label of digits makes it an IPv4 address to a browser.
  const std::string_view last = text.substr(text.rfind('.') + 1);
  return is_host_name(text) && text.find('.') != std::string_view::npos &&
         last.find_first_not_of("0123456789") != std::string_view::npos;
}

/// True for a token (RFC 9110, 5.6.2) of at most `most` bytes.
bool is_token(std::string_view text, std::size_t most) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
  };
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), allowed);
}

bool has_cookie_prefix(std::string_view name) {
  return equal_ignoring_case(name.substr(0, 7), "__Host-") ||
         equal_ignoring_case(name.substr(0, 9), "__Secure-");
}

bool is_cookie_path(std::string_view text) {
  return text.starts_with('/') && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_printable_ascii(c) && c != ';'; });
}

/// Adds `Path=…` or `Domain=…` to the cookie. False for anything else, and if one is given twice.
bool take_attribute(OtherCookie& cookie, std::string_view text, bool& path_given) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = trimmed(text.substr(0, equals));
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (equal_ignoring_case(name, "path") && !path_given && is_cookie_path(value)) {
    cookie.path = value;
    return path_given = true;
  }
  if (equal_ignoring_case(name, "domain") && cookie.domain.empty() && is_dotted_name(value)) {
    cookie.domain = value;
    return true;
  }
  return false;
}

std::optional<OtherCookie> parse_other_cookie(std::string_view text) {
  OtherCookie cookie;
  auto end = text.find(';');
  const std::string_view name = trimmed(text.substr(0, end));
  if (!is_token(name, 128)) return std::nullopt;
  cookie.name = name;
  bool path_given = false;
  while (end != std::string_view::npos) {
    text.remove_prefix(end + 1);
    end = text.find(';');
    if (!take_attribute(cookie, text.substr(0, end), path_given)) return std::nullopt;
  }
  return cookie;
}

}  // namespace

Form<std::size_t> size(std::uint64_t min, std::uint64_t max) {
  return {"a size in quotes, such as \"16KiB\"", [=](std::string_view text, const path&) {
            return parse_size(text).and_then(
                [&](std::uint64_t bytes) { return within(bytes, min, max, size_text); });
          }};
}

Form<unsigned> mode() {
  return {"an octal mode in quotes, such as \"0660\"",
          [](std::string_view text, const path&) { return parse_mode(text); }};
}

Form<MaxCost> max_cost(MaxCost min, MaxCost max) {
  const auto time = duration<std::chrono::milliseconds>(min.time, max.time);
  const auto memory = size(min.memory_bytes, max.memory_bytes);
  return {"a time and a size in quotes, such as \"2s 256MiB\"",
          [=](std::string_view text, const path& folder) -> Result<MaxCost> {
            const auto blank = text.find(' ');
            if (blank == std::string_view::npos) {
              return wrong(fmt::format("{} is not a time and a size, such as \"2s 256MiB\"",
                                       log::quoted(text)));
            }
            const auto read_time = time.read(text.substr(0, blank), folder);
            if (!read_time) return tl::unexpected(read_time.error());
            const auto read_memory = memory.read(trimmed(text.substr(blank)), folder);
            if (!read_memory) return tl::unexpected(read_memory.error());
            return MaxCost{*read_time, *read_memory};
          }};
}

Form<std::string> line(std::size_t min, std::size_t max) {
  return {"a string",
          [=](std::string_view text, const path&) { return plain(text, min, max, control_free); }};
}

Form<std::string> printable(std::size_t min, std::size_t max) {
  return {"a string", [=](std::string_view text, const path&) {
            return plain(text, min, max, is_printable_ascii);
          }};
}

Form<std::string> statement(std::size_t min, std::size_t max) {
  return {"a string", [=](std::string_view text, const path&) {
            return plain(text, min, max, is_statement_byte);
          }};
}

Form<std::string> listen_address() {
  return {"an address in quotes", [](std::string_view text, const path& folder) {
            return ListenAddress::parse(text).and_then(
                [&](const ListenAddress& address) -> Result<std::string> {
                  if (address.path.empty()) return std::string(text);
                  const std::string absolute = "unix:" + (folder / address.path).string();
                  return ListenAddress::parse(absolute).map(
                      [&](auto&&) { return std::string(absolute); });
                });
          }};
}

Form<std::string> host() {
  return {"a host in quotes", [](std::string_view text, const path&) -> Result<std::string> {
            Mysql settings;
            settings.host = text;
            return servers_of(settings).map([&](auto&&) { return settings.host; });
          }};
}

Form<std::string> cookie_domain() {
  return {"a domain in quotes", [](std::string_view text, const path&) -> Result<std::string> {
            if (text.empty() || is_dotted_name(text)) return std::string(text);
            return wrong(
                fmt::format("{} is not a domain such as \"example.com\" (two labels or "
                            "more, no dot in front, no port, no IP address)",
                            log::quoted(text)));
          }};
}

Form<std::string> cookie_name() {
  return {"a name in quotes", [](std::string_view text, const path&) -> Result<std::string> {
            if (is_token(text, 64) && !has_cookie_prefix(text)) return std::string(text);
            return wrong(
                fmt::format("{} is not a name such as \"staff\" (letters, digits, - and _, at most "
                            "64, without __Host- or __Secure-)",
                            log::quoted(text)));
          }};
}

Form<OtherCookie> other_cookie() {
  return {"a cookie in quotes", [](std::string_view text, const path&) -> Result<OtherCookie> {
            if (auto cookie = parse_other_cookie(text)) return std::move(*cookie);
            return wrong(
                fmt::format("{} is not a cookie such as \"PHPSESSID\" or \"zbx_session; "
                            "Path=/zabbix; Domain=example.com\"",
                            log::quoted(text)));
          }};
}

Form<std::string> socket_path() {
  return {"a path in quotes", [](std::string_view text, const path& folder) {
            return resolved(text, folder, 0).map([](const path& file) { return file.string(); });
          }};
}

Form<path> optional_path() {
  return path_form(0);
}
Form<path> required_path() {
  return path_form(1);
}

Form<path> credential() {
  return {"a path in quotes", [](std::string_view text, const path& folder) {
            return resolved(text, folder, 0).map([&](const path& beside) {
              path file = systemd_credential(path(text));
              return file.empty() ? beside : file;
            });
          }};
}

}  // namespace gatehouse::config
