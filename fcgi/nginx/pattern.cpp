// A recursive descent over the grammar of Perl's expressions: choice, sequence, item, repeat.
// `failed_` is set where the text is no expression or one that this cannot read; the result is then
// nothing.
#include "nginx/pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>

namespace gatehouse::nginx {
namespace {

constexpr std::size_t kLongestPattern = 4096;
constexpr int kDeepestGroup = 64;
constexpr int kMostRepeats = 1000;

std::size_t index(char c) {
  return static_cast<unsigned char>(c);
}

Bytes range(int from, int to) {
  Bytes bytes;
  for (int c = from; c <= to; ++c) bytes.set(static_cast<std::size_t>(c));
  return bytes;
}

Bytes digits() {
  return range('0', '9');
}
Bytes letters() {
  return range('a', 'z') | range('A', 'Z');
}
Bytes word() {
  return letters() | digits() | range('_', '_');
}
Bytes space() {
  return range('\t', '\r') | range(' ', ' ');
}

/// The set with both cases of each letter in it.
Bytes folded(Bytes bytes) {
  for (std::size_t c = 'a'; c <= 'z'; ++c) {
    if (bytes[c] || bytes[c - 32]) bytes.set(c).set(c - 32);
  }
  return bytes;
}

/// The bytes of `\d`, `\W` and so on; nothing if the letter names no class.
std::optional<Bytes> class_of(char letter) {
  switch (letter) {
    case 'd':
      return digits();
    case 'D':
      return ~digits();
    case 'w':
      return word();
    case 'W':
      return ~word();
    case 's':
      return space();
    case 'S':
      return ~space();
    case 'h':
      return range(' ', ' ') | range('\t', '\t');
    case 'N':
      return ~range('\n', '\n');
    case 'R':
    case 'v':
      return range('\n', '\r');
    default:
      return std::nullopt;
  }
}

/// The bytes of `[:alpha:]` and so on; none for an unknown name.
Bytes posix_class(std::string_view name) {
  using Test = int (*)(int);
  constexpr std::array<std::pair<std::string_view, Test>, 12> kClasses{{
      {"alpha", [](int c) { return std::isalpha(c); }},
      {"digit", [](int c) { return std::isdigit(c); }},
      {"alnum", [](int c) { return std::isalnum(c); }},
      {"upper", [](int c) { return std::isupper(c); }},
      {"lower", [](int c) { return std::islower(c); }},
      {"space", [](int c) { return std::isspace(c); }},
      {"punct", [](int c) { return std::ispunct(c); }},
      {"xdigit", [](int c) { return std::isxdigit(c); }},
      {"word", [](int c) { return std::isalnum(c) != 0 || c == '_' ? 1 : 0; }},
      {"print", [](int c) { return std::isprint(c); }},
      {"graph", [](int c) { return std::isgraph(c); }},
      {"cntrl", [](int c) { return std::iscntrl(c); }},
  }};
  Bytes bytes;
  for (const auto& [known, test] : kClasses) {
    for (int c = 0; known == name && c < 128; ++c)
      bytes[static_cast<std::size_t>(c)] = test(c) != 0;
  }
  return bytes;
}

Pattern leaf(Pattern::Kind kind) {
  Pattern pattern;
  pattern.kind = kind;
  return pattern;
}

Pattern one_of(const Bytes& bytes) {
  Pattern pattern = leaf(Pattern::Kind::bytes);
  pattern.bytes = bytes;
  return pattern;
}

class PatternReader {
 public:
  PatternReader(std::string_view text, Case letter_case)
      : text_(text), fold_(letter_case == Case::ignored) {}

  std::optional<Pattern> run() {
    auto all = choice(0);
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return all;
  }

 private:
  [[nodiscard]] bool more() const noexcept { return !failed_ && at_ < text_.size(); }
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view what) noexcept {
    if (!text_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }
  [[nodiscard]] Pattern literal(char c) const {
    Bytes bytes;
    bytes.set(index(c));
    return one_of(fold_ ? folded(bytes) : bytes);
  }

  Pattern choice(int depth) {
    Pattern all = leaf(Pattern::Kind::choice);
    if (depth > kDeepestGroup) failed_ = true;
    const bool fold = fold_;
    do {
      all.inner.push_back(sequence(depth));
    } while (take("|"));
    fold_ = fold;  // an option such as (?i) holds up to the end of its group
    return all;
  }

  Pattern sequence(int depth) {
    Pattern all = leaf(Pattern::Kind::sequence);
    while (more() && peek() != '|' && peek() != ')') {
      Pattern next = item(depth);
      repeat(next);
      all.inner.push_back(std::move(next));
    }
    return all;
  }

  Pattern item(int depth) {
    const char c = text_[at_++];
    switch (c) {
      case '^':
        return leaf(Pattern::Kind::begin);
      case '$':
        return leaf(Pattern::Kind::end);
      case '.':
        return one_of(~range('\n', '\n'));
      case '[':
        return one_of(fold_ ? folded(set()) : set());
      case '(':
        return group(depth);
      case '\\':
        return escape();
      default:
        return literal(c);
    }
  }

  /// Reads a group after its `(`. A look-around matches no text of its own, so its node is empty.
  Pattern group(int depth) {
    bool looks_around = false;
    if (take("?#")) {
      at_ = std::min(text_.find(')', at_), text_.size());
    } else if (take("?=") || take("?!") || take("?<=") || take("?<!")) {
      looks_around = true;
    } else if (take("?P<") || take("?<")) {
      at_ = std::min(text_.find('>', at_), text_.size() - 1) + 1;
    } else if (take("?'")) {
      at_ = std::min(text_.find('\'', at_), text_.size() - 1) + 1;
    } else if (!take("?:") && !take("?>") && !take("?|") && take("?")) {
      return with_options(depth);
    }
    Pattern inner = choice(depth + 1);
    if (!take(")")) failed_ = true;
    return looks_around ? Pattern{} : inner;
  }

  /// Reads a group of options after its `(?`: `i)`, `i:…)`, `-i)` and so on. Only `i` changes which
  /// texts match, as far as addresses go.
  Pattern with_options(int depth) {
    const bool before = fold_;
    for (bool on = true; more() && peek() != ')' && peek() != ':'; ++at_) {
      if (peek() == '-') {
        on = false;
      } else if (peek() == 'i') {
        fold_ = on;
      } else if (std::string_view("smxnJU").find(peek()) == std::string_view::npos) {
        failed_ = true;  // this is a condition or a subroutine
      }
    }
    if (take(")")) return {};
    if (!take(":")) failed_ = true;
    Pattern inner = choice(depth + 1);
    fold_ = before;
    if (!take(")")) failed_ = true;
    return inner;
  }

  std::optional<char> escaped_byte(char letter) {
    switch (letter) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'f':
        return '\f';
      case 'e':
        return '\x1b';
      case 'a':
        return '\a';
      case 'x':
        return hexadecimal();
      default:
        return std::isalnum(static_cast<unsigned char>(letter)) != 0 ? std::nullopt
                                                                     : std::optional(letter);
    }
  }

  char hexadecimal() {
    const bool braced = take("{");
    std::uint32_t value = 0;
    const auto digits_text = text_.substr(at_, braced ? text_.size() : 2);
    const auto [rest, error] =
        std::from_chars(digits_text.data(), digits_text.data() + digits_text.size(), value, 16);
    at_ += static_cast<std::size_t>(rest - digits_text.data());
    if (error != std::errc() || (braced && !take("}"))) failed_ = true;
    return static_cast<char>(value);
  }

  Pattern escape() {
    if (!more()) {
      failed_ = true;
      return {};
    }
    const char letter = text_[at_++];
    if (letter == 'A') return leaf(Pattern::Kind::begin);
    if (letter == 'z' || letter == 'Z') return leaf(Pattern::Kind::end);
    if (letter == 'Q') return quoted();
    if (letter == 'b' || letter == 'B' || letter == 'K' || letter == 'E' || letter == 'G')
      return {};
    if (const auto bytes = class_of(letter)) return one_of(*bytes);
    if (const auto byte = escaped_byte(letter)) return literal(*byte);
    if (std::isdigit(static_cast<unsigned char>(letter)) == 0) failed_ = true;
    return {};  // this is a reference back, which is left out
  }

  /// Reads the text between `\Q` and `\E`, which stands for itself.
  Pattern quoted() {
    Pattern all = leaf(Pattern::Kind::sequence);
    while (more() && !take("\\E")) all.inner.push_back(literal(text_[at_++]));
    return all;
  }

  /// Reads a set after its `[`.
  Bytes set() {
    const bool inverted = take("^");
    Bytes bytes;
    for (bool first = true; more() && (first || peek() != ']'); first = false) {
      if (take("[:")) {
        const auto end = text_.find(":]", at_);
        if (end == std::string_view::npos) break;
        bytes |= posix_class(text_.substr(at_, end - at_));
        at_ = end + 2;
      } else {
        member(bytes);
      }
    }
    if (!take("]")) failed_ = true;
    return inverted ? ~bytes : bytes;
  }

  /// Reads one member of `[…]`. A byte is returned, since a range may begin with it; a class is
  /// added to the set at once.
  std::optional<char> set_byte(Bytes& bytes) {
    const char c = text_[at_++];
    if (c != '\\' || !more()) return c;
    const char letter = text_[at_++];
    if (letter == 'b') return '\b';
    if (const auto named = class_of(letter)) {
      bytes |= *named;
      return std::nullopt;
    }
    return escaped_byte(letter).value_or(letter);
  }

  void member(Bytes& bytes) {
    const auto from = set_byte(bytes);
    if (!from) return;
    const bool is_range = peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
    if (!is_range) {
      bytes.set(index(*from));
      return;
    }
    ++at_;
    const auto to = set_byte(bytes);
    if (!to || index(*to) < index(*from)) {
      failed_ = true;
      return;
    }
    bytes |= range(static_cast<int>(index(*from)), static_cast<int>(index(*to)));
  }

  /// Reads `{2}`, `{2,}` or `{2,5}`. False for anything else in braces, which stands for itself.
  bool take_counts(int& least, int& most) {
    const auto end = text_.find('}', at_);
    if (peek() != '{' || end == std::string_view::npos) return false;
    const std::string_view inner = text_.substr(at_ + 1, end - at_ - 1);
    const char* const last = inner.data() + inner.size();
    const auto [rest, error] = std::from_chars(inner.data(), last, least);
    if (error != std::errc()) return false;
    most = least;
    if (rest != last) {
      if (*rest != ',') return false;
      most = -1;
      if (rest + 1 != last) {
        const auto [rest2, error2] = std::from_chars(rest + 1, last, most);
        if (error2 != std::errc() || rest2 != last) return false;
      }
    }
    at_ = end + 1;
    return true;
  }

  void repeat(Pattern& one) {
    for (;;) {
      int least = 0;
      int most = -1;
      if (take("*")) {
      } else if (take("+")) {
        least = 1;
      } else if (take("?")) {
        most = 1;
      } else if (!take_counts(least, most)) {
        return;
      }
      if (!take("?")) take("+");  // lazy and possessive repeats match nearly the same texts
      if (least > kMostRepeats || most > kMostRepeats) failed_ = true;
      Pattern repeated = leaf(Pattern::Kind::repeat);
      repeated.least = least;
      repeated.most = most;
      repeated.inner.push_back(std::move(one));
      one = std::move(repeated);
      return;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool fold_;
  bool failed_ = false;
};

}  // namespace

std::optional<Pattern> parse_pattern(std::string_view text, Case letter_case) {
  if (text.size() > kLongestPattern) return std::nullopt;
  return PatternReader(text, letter_case).run();
}

}  // namespace gatehouse::nginx
