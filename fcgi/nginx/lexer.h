/// Splits the text of a configuration into words, semicolons and braces.
#pragma once

#include <optional>
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

/// Reads one token after another, by the rules of nginx's ngx_conf_read_token(). It follows nginx
/// in what looks like mistakes, too: a file that nginx reads differently would be judged wrongly.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The next token; the kind `end` at the end of the text, as often as it is asked for.
  /// Error::invalid if a quote has no end, or if something follows a quoted word without a blank.
  [[nodiscard]] Result<Token> next();
  /// Skips a block of Lua, whose opening brace was the last token, up to the brace that closes it.
  /// Error::invalid if there is none.
  [[nodiscard]] Result<void> skip_lua();

  /// The line that the lexer has come to, for messages.
  [[nodiscard]] int line() const noexcept { return line_; }
  /// The place in the text behind the last token, for those who change the text.
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }
  /// The blanks at the beginning of the line that the last token ends in; nothing if another token
  /// stands before it in that line.
  [[nodiscard]] std::optional<std::size_t> indentation() const noexcept;
  /// A comment, without its `#`.
  struct Note {
    int line;
    std::string text;
  };
  /// The comments that were skipped so far.
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
