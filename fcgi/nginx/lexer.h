/// The words of a file of nginx's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "nginx/syntax.h"

namespace gatehouse::nginx {

struct Token {
  enum class Kind { word, semicolon, open, close, end };
  Kind kind = Kind::end;
  std::string word;
  int line = 0;
};

/// Reads one token after another, by the rules of nginx's ngx_conf_read_token().
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// Error::invalid for a quote without its end, and for what follows a quoted word without a
  /// blank.
  [[nodiscard]] Result<Token> next();
  /// Steps over Lua up to the brace that closes the block, which was opened just now.
  [[nodiscard]] Result<void> skip_lua();

  [[nodiscard]] int line() const noexcept { return line_; }
  struct Note {
    int line;
    std::string text;
  };
  [[nodiscard]] const std::vector<Note>& comments() const noexcept { return comments_; }

 private:
  [[nodiscard]] bool at_end() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] bool looking_at(std::string_view what) const noexcept {
    return text_.substr(at_).starts_with(what);
  }
  char take() noexcept;
  void skip_blanks_and_comments();
  [[nodiscard]] Result<Token> quoted_word(char quote);
  [[nodiscard]] Token plain_word();
  void take_escaped(std::string& word);
  void skip_to(std::string_view end) noexcept;
  void skip_lua_string(char quote) noexcept;
  bool skip_lua_long_bracket() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<Note> comments_;
};

}  // namespace gatehouse::nginx
