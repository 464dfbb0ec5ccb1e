#include "password/kdf/yescrypt_parameters.h"

#include "password/kdf/crypt_letters.h"

namespace gatehouse::password {
namespace {

constexpr unsigned kMostNLog2 = 63;

/// Reads numbers off the front of a text. After a failure all numbers are 0 and failed() is true.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// Reads the value of the next letter.
  std::uint32_t letter() noexcept {
    const auto value = text_.empty() ? std::nullopt : crypt_value(text_.front());
    if (!value) {
      failed_ = true;
      return 0;
    }
    text_.remove_prefix(1);
    return *value;
  }

  /// Reads a number of yescrypt's variable length: the first letter says how many follow.
  std::uint32_t number(std::uint32_t least) noexcept {
    const std::uint32_t first = letter();
    std::uint32_t start = 0;
    std::uint32_t end = 47;
    std::uint32_t value = least;
    unsigned more = 0;
    while (first > end) {
      value += (end + 1 - start) << (6 * more);
      start = end + 1;
      end = start + (62 - end) / 2;
      ++more;
    }
    value += (first - start) << (6 * more);
    while (more > 0) value += letter() << (6 * --more);
    return value;
  }

  /// Reads five letters with the lowest bits first.
  std::uint32_t fixed_number() noexcept {
    std::uint32_t value = 0;
    for (unsigned bits = 0; bits < 30; bits += 6) value |= letter() << bits;
    return value;
  }

  [[nodiscard]] bool at_end_of_parameters() const noexcept { return text_.starts_with('$'); }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::size_t left() const noexcept { return text_.size(); }

 private:
  std::string_view text_;
  bool failed_ = false;
};

std::optional<YescryptParameters> sound(const YescryptParameters& parameters,
                                        const Reader& reader) noexcept {
  const auto& [n_log2, r, p, t, length, n_at] = parameters;
  if (reader.failed() || n_log2 < 1 || n_log2 > kMostNLog2 || r < 1 || p < 1) return std::nullopt;
  return parameters;
}

}  // namespace

std::optional<YescryptParameters> parse_yescrypt_parameters(std::string_view text) noexcept {
  constexpr std::uint32_t kHasP = 1;
  constexpr std::uint32_t kHasT = 2;
  Reader reader(text);
  static_cast<void>(reader.number(0));  // the flavour, which does not change the cost
  const std::size_t n_at = text.size() - reader.left();
  YescryptParameters parameters{reader.number(1), reader.number(1), 1, 0, 0, n_at};
  if (!reader.at_end_of_parameters()) {
    const std::uint32_t has = reader.number(1);
    if (has > (kHasP | kHasT)) return std::nullopt;
    if ((has & kHasP) != 0) parameters.p = reader.number(2);
    if ((has & kHasT) != 0) parameters.t = reader.number(1);
  }
  if (!reader.at_end_of_parameters()) return std::nullopt;
  parameters.length = text.size() - reader.left();
  return sound(parameters, reader);
}

std::optional<YescryptParameters> parse_scrypt_crypt_parameters(std::string_view text) noexcept {
  Reader reader(text);
  const std::uint32_t n_log2 = reader.letter();
  const std::uint32_t r = reader.fixed_number();
  const std::uint32_t p = reader.fixed_number();
  return sound({n_log2, r, p, 0, text.size() - reader.left(), 0}, reader);
}

}  // namespace gatehouse::password
