#include "mysql/named_query.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace gatehouse::mysql {
namespace {

constexpr bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
/// True if MySQL takes the byte for a part of an unquoted name.
constexpr bool continues_name(char c) noexcept {
  return starts_name(c) || (c >= '0' && c <= '9') || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Walks through the text by the lexical rules of MySQL's manual ("String Literals", "Comments"):
/// each step takes one token and appends it, or what stands for it, to the query.
class Translator {
 public:
  Translator(std::string_view text, std::span<const std::string_view> names)
      : rest_(text), names_(names) {}

  Result<NamedQuery> run() {
    if (rest_.find('\0') != std::string_view::npos) error_ = "there is a NUL byte in it";
    while (!rest_.empty() && !error_) step();
    if (!error_) look_for_all();
    if (error_) return fail(Error::Kind::invalid, std::move(*error_));
    return std::move(query_);
  }

 private:
  /// Each name must be there.
  void look_for_all() {
    std::string missing;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto& order = query_.order;
      if (std::find(order.begin(), order.end(), i) != order.end()) continue;
      missing.append(missing.empty() ? "there is no :" : " and no :").append(names_[i]);
    }
    if (!missing.empty()) error_ = missing + " in it";
  }

  void step() {
    const char c = rest_.front();
    if (const std::size_t length = comment_length(); length > 0) return copy(length);
    if (is_space(c)) return copy(1);
    if (ended_) return refuse("there is a second statement after ;");
    if (c == '\'' || c == '"' || c == '`') return quoted(c);
    if (c == ':') return colon();
    if (c == ';') return end();
    if (c == '?') return refuse("there is a ? in it: placeholders have names");
    copy(1);
  }

  void copy(std::size_t length) {
    query_.sql += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  void refuse(std::string why) { error_ = std::move(why); }

  /// 0 where no comment begins.
  std::size_t comment_length() {
    if (rest_.front() == '#' || starts_dash_comment()) {
      return std::min(rest_.find('\n'), rest_.size());
    }
    if (!rest_.starts_with("/*")) return 0;
    if (rest_.starts_with("/*!") || rest_.starts_with("/*M!")) {
      refuse("there is a comment in it that MySQL executes");
    }
    const auto end = rest_.find("*/", 2);
    if (end != std::string_view::npos) return end + 2;
    refuse("a comment is not closed");
    return rest_.size();
  }

  /// `5--3` is a subtraction: only with a space after them are two dashes a comment.
  [[nodiscard]] bool starts_dash_comment() const {
    return rest_.starts_with("--") &&
           (rest_.size() == 2 || static_cast<unsigned char>(rest_[2]) <= ' ');
  }

  /// A doubled quote inside reads as two strings in a row, which is as good here.
  void quoted(char quote) {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) return copy(i + 1);
      if (rest_[i] == '\\' && quote != '`') ++i;
    }
    refuse(std::string("a ") + quote + " is not closed");
  }

  void colon() {
    if (rest_.starts_with("::") || rest_.starts_with(":=")) return copy(2);
    if (rest_.size() < 2 || !starts_name(rest_[1])) return copy(1);
    std::size_t end = 1;
    while (end < rest_.size() && continues_name(rest_[end])) ++end;
    const std::string_view name = rest_.substr(1, end - 1);
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known == names_.end()) return refuse("there is no placeholder :" + std::string(name));
    query_.sql += '?';
    query_.order.push_back(static_cast<std::size_t>(known - names_.begin()));
    rest_.remove_prefix(end);
  }

  /// The server does not need it; nothing but comments may follow.
  void end() {
    ended_ = true;
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  const std::span<const std::string_view> names_;
  NamedQuery query_;
  bool ended_ = false;
  std::optional<std::string> error_;
};

}  // namespace

Result<NamedQuery> NamedQuery::parse(std::string_view text,
                                     std::span<const std::string_view> names) {
  return Translator(text, names).run();
}

Values NamedQuery::bind(std::span<const std::string_view> of_names) const {
  Values values;
  values.reserve(order.size());
  for (const std::size_t name : order) values.push_back(of_names[name]);
  return values;
}

}  // namespace gatehouse::mysql
