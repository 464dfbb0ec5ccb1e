#include "nginx/lexer.h"

#include <algorithm>

namespace gatehouse::nginx {
namespace {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Token token(Token::Kind kind, int line, std::string word = "") {
  return {kind, std::move(word), line};
}

}  // namespace

char Lexer::take() noexcept {
  const char c = text_[at_++];
  if (c == '\n') ++line_;
  return c;
}

void Lexer::skip_blanks_and_comments() {
  while (!at_end()) {
    if (text_[at_] == '#') {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      comments_.push_back({line_, std::string(text_.substr(at_ + 1, end - at_ - 1))});
      at_ = end;
    } else if (is_blank(text_[at_])) {
      take();
    } else {
      return;
    }
  }
}

/// nginx resolves these escapes only. It leaves the backslash of all others in the word, so that
/// regular expressions need no second backslash.
void Lexer::take_escaped(std::string& word) {
  take();
  if (at_end()) {
    word += '\\';
    return;
  }
  switch (const char c = take()) {
    case '"':
    case '\'':
    case '\\':
      word += c;
      break;
    case 't':
      word += '\t';
      break;
    case 'r':
      word += '\r';
      break;
    case 'n':
      word += '\n';
      break;
    default:
      word += '\\';
      word += c;
  }
}

Result<Token> Lexer::quoted_word(char quote) {
  const int line = line_;
  take();
  std::string word;
  while (!at_end() && text_[at_] != quote) {
    if (text_[at_] == '\\') {
      take_escaped(word);
    } else {
      word += take();
    }
  }
  if (at_end()) return fail(Error::Kind::invalid, "the quote has no end");
  take();
  // nginx lets a closing parenthesis follow and takes it for the beginning of the next word, as in
  // `if ($x = "y")`.
  const bool ends = at_end() || is_blank(text_[at_]) ||
                    std::string_view(";{)").find(text_[at_]) != std::string_view::npos;
  if (!ends) return fail(Error::Kind::invalid, "a blank, ; or { must follow the closing quote");
  return token(Token::Kind::word, line, std::move(word));
}

Token Lexer::plain_word() {
  const int line = line_;
  std::string word;
  while (!at_end() && !is_blank(text_[at_]) && text_[at_] != ';' && text_[at_] != '{') {
    if (text_[at_] == '\\') {
      take_escaped(word);
    } else if (looking_at("${")) {
      // The brace in `${name}` belongs to the variable; it does not open a block.
      word += take();
      word += take();
    } else {
      word += take();
    }
  }
  return token(Token::Kind::word, line, std::move(word));
}

Result<Token> Lexer::next() {
  skip_blanks_and_comments();
  if (at_end()) return token(Token::Kind::end, line_);
  const int line = line_;
  switch (text_[at_]) {
    case ';':
      take();
      return token(Token::Kind::semicolon, line);
    case '{':
      take();
      return token(Token::Kind::open, line);
    case '}':
      take();
      return token(Token::Kind::close, line);
    case '"':
    case '\'':
      return quoted_word(text_[at_]);
    default:
      return plain_word();
  }
}

std::optional<std::size_t> Lexer::indentation() const noexcept {
  constexpr std::size_t kFarthest = 256;  // a text without line breaks must not cost its square
  const std::size_t from = at_ - std::min(at_, kFarthest);
  const std::string_view near = text_.substr(from, at_ - from);
  const auto line_break = near.rfind('\n');
  if (line_break == std::string_view::npos && from > 0) return std::nullopt;
  const auto line = line_break == std::string_view::npos ? near : near.substr(line_break + 1);
  const auto first = std::min(line.find_first_not_of(" \t"), line.size());
  const auto end = std::min(line.find_first_of(" \t;{}", first), line.size());
  const bool stands_alone = end + 1 >= line.size();
  return stands_alone ? std::optional(first) : std::nullopt;
}

void Lexer::skip_to(std::string_view end) noexcept {
  while (!at_end() && !looking_at(end)) take();
  for (std::size_t i = 0; i < end.size() && !at_end(); ++i) take();
}

void Lexer::skip_lua_string(char quote) noexcept {
  take();
  while (!at_end() && text_[at_] != quote && text_[at_] != '\n') {
    if (take() == '\\' && !at_end()) take();
  }
  if (!at_end()) take();
}

/// Skips `[[ … ]]`, `[=[ … ]=]` and so on, in which braces and quotes mean nothing. False, and
/// nothing is skipped, if the bracket here opens no such text.
bool Lexer::skip_lua_long_bracket() noexcept {
  std::size_t equals = 0;
  while (at_ + 1 + equals < text_.size() && text_[at_ + 1 + equals] == '=') ++equals;
  if (at_ + 1 + equals >= text_.size() || text_[at_ + 1 + equals] != '[') return false;
  skip_to("]" + std::string(equals, '=') + "]");
  return true;
}

Result<void> Lexer::skip_lua() {
  for (int depth = 1; !at_end();) {
    const char c = text_[at_];
    if (looking_at("--")) {
      at_ += 2;
      if (at_end() || text_[at_] != '[' || !skip_lua_long_bracket()) skip_to("\n");
    } else if (c == '"' || c == '\'') {
      skip_lua_string(c);
    } else if (c == '[' && skip_lua_long_bracket()) {
      continue;
    } else {
      take();
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) return {};
    }
  }
  return fail(Error::Kind::invalid, "the block of Lua has no end");
}

}  // namespace gatehouse::nginx
