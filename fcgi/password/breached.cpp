#include "password/breached.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/encoding.h"
#include "base/fd.h"
#include "password/kdf/digest.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kFewestHexDigits = 10;
constexpr std::size_t kMostHexDigits = 40;
constexpr off_t kLongestLine = 64;

/// One line: where it begins, where the next one does, and its hex digits in lower case.
struct Line {
  off_t begin = 0;
  off_t next = 0;
  std::string digits{};
};

std::string leading_digits(std::string_view text) {
  std::string digits(text.substr(0, text.find_first_not_of("0123456789abcdefABCDEF")));
  std::transform(digits.begin(), digits.end(), digits.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return digits;
}

class List {
 public:
  static Result<List> open(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat state {};
    if (!fd || ::fstat(fd.get(), &state) != 0 || !S_ISREG(state.st_mode)) {
      return fail(Error::Kind::failed, fmt::format("{}: cannot be read: {}", file.string(),
                                                   fd ? "it is no file" : std::strerror(errno)));
    }
    List list(std::move(fd), state.st_size, file.string());
    auto first = list.line_at(0);
    if (!first) return tl::unexpected(std::move(first.error()));
    list.digits_ = first->digits.size();
    return list;
  }

  [[nodiscard]] off_t size() const noexcept { return size_; }

  /// The line that this byte is in.
  [[nodiscard]] Result<Line> line_at(off_t at) const {
    std::array<char, 2 * kLongestLine> bytes{};
    const off_t from = std::max<off_t>(0, at - kLongestLine);
    const ssize_t read = ::pread(fd_.get(), bytes.data(), bytes.size(), from);
    if (read <= at - from) return broken(at);
    const std::string_view text(bytes.data(), static_cast<std::size_t>(read));
    const auto inside = static_cast<std::size_t>(at - from);
    const auto before = inside == 0 ? std::string_view::npos : text.rfind('\n', inside - 1);
    if (before == std::string_view::npos && from > 0) return broken(at);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const auto end = text.find('\n', inside);
    if (end == std::string_view::npos && from + read < size_) return broken(at);
    const std::string_view line = text.substr(begin, end - begin);
    std::string digits = leading_digits(line);
    const std::string_view rest = line.substr(digits.size());
    const bool fits = digits.size() >= kFewestHexDigits && digits.size() <= kMostHexDigits &&
                      (digits_ == 0 || digits.size() == digits_) &&
                      (rest.empty() || rest.front() == ':' || rest == "\r");
    if (!fits) return broken(at);
    return Line{from + static_cast<off_t>(begin),
                end == std::string_view::npos ? size_ : from + static_cast<off_t>(end) + 1,
                std::move(digits)};
  }

 private:
  List(Fd fd, off_t size, std::string name)
      : fd_(std::move(fd)), size_(size), name_(std::move(name)) {}

  [[nodiscard]] tl::unexpected<Error> broken(off_t at) const {
    return fail(Error::Kind::failed,
                fmt::format("{}: byte {} is in no line of a list of breached passwords: each has "
                            "as many hex digits of a SHA-1 as the others, {} to {}, and perhaps a "
                            "colon behind them (the list \"ordered by hash\")",
                            name_, at, kFewestHexDigits, kMostHexDigits));
  }

  Fd fd_;
  off_t size_;
  std::string name_;
  std::size_t digits_ = 0;  // of each line; 0: not known yet
};

}  // namespace

Result<bool> BreachedPasswords::holds(std::string_view password) const {
  if (file_.empty()) return false;
  auto list = List::open(file_);
  if (!list) return tl::unexpected(std::move(list.error()));
  const std::string hash = hex_encode(digest_of(Digest::sha1, {password}));
  off_t low = 0;
  off_t high = list->size();
  while (low < high) {
    auto line = list->line_at(low + (high - low) / 2);
    if (!line) return tl::unexpected(std::move(line.error()));
    const int order = line->digits.compare(std::string_view(hash).substr(0, line->digits.size()));
    if (order == 0) return true;
    if (order < 0) {
      low = line->next;
    } else {
      high = line->begin;
    }
  }
  return false;
}

Result<void> BreachedPasswords::check() const {
  constexpr off_t kLooks = 256;
  if (file_.empty()) return {};
  auto list = List::open(file_);
  if (!list) return tl::unexpected(std::move(list.error()));
  std::string before;
  for (off_t look = 0; look < kLooks; ++look) {
    auto line = list->line_at(list->size() / kLooks * look + list->size() % kLooks * look / kLooks);
    if (!line) return tl::unexpected(std::move(line.error()));
    if (line->digits < before) {
      return fail(Error::Kind::failed,
                  fmt::format("{}: the line of byte {} is not in its order: `LC_ALL=C sort` sorts "
                              "the list",
                              file_.string(), line->begin));
    }
    before = std::move(line->digits);
  }
  return {};
}

}  // namespace gatehouse::password
