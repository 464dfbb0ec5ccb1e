#include "nginx/syntax.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "nginx/lexer.h"

namespace gatehouse::nginx {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostDirectives = 200'000;

/// Recursive descent: a file is a block of directives, and a directive may have a block.
class Parser {
 public:
  Parser(std::string_view text, const std::string& file)
      : lexer_(text), file_(std::make_shared<const std::string>(file)) {}

  Result<Parsed> run() {
    auto directives = block(0);
    if (!directives) return tl::unexpected(directives.error());
    Parsed parsed;
    parsed.directives = std::move(*directives);
    for (const auto& note : lexer_.comments()) {
      parsed.comments.push_back({{file_, note.line}, note.text});
    }
    return parsed;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> wrong(int line, std::string_view what) const {
    return fail(Error::Kind::invalid, fmt::format("{}:{}: {}", *file_, line, what));
  }

  /// Reads directives up to the brace that closes their block, or at depth 0 to the end of the
  /// file.
  Result<std::vector<Directive>> block(int depth) {
    std::vector<Directive> directives;
    for (;;) {
      auto token = lexer_.next();
      if (!token) return wrong(lexer_.line(), token.error().what);
      if (token->kind == Token::Kind::end) {
        if (depth > 0) return brace_missing();
        return directives;
      }
      if (token->kind == Token::Kind::close) {
        if (depth == 0) return wrong(token->line, "this } closes no block");
        close(token->line);
        return directives;
      }
      auto read = directive(std::move(*token), depth);
      if (!read) return tl::unexpected(read.error());
      directives.push_back(std::move(*read));
    }
  }

  Result<Directive> directive(Token first, int depth) {
    if (first.kind != Token::Kind::word) return wrong(first.line, "a directive must have a name");
    if (++count_ > kMostDirectives) return wrong(first.line, "too many directives");
    const auto indentation = lexer_.indentation();
    Directive read;
    read.name = std::move(first.word);
    read.place = {file_, first.line};
    for (;;) {
      auto token = lexer_.next();
      if (!token) return wrong(lexer_.line(), token.error().what);
      switch (token->kind) {
        case Token::Kind::word:
          read.arguments.push_back(std::move(token->word));
          break;
        case Token::Kind::semicolon:
          return read;
        case Token::Kind::open:
          return with_block(std::move(read), indentation, depth);
        case Token::Kind::close:
        case Token::Kind::end:
          return wrong(read.place.line, fmt::format("a ; is missing after `{}`", read.name));
      }
    }
  }

  Result<Directive> with_block(Directive read, std::optional<std::size_t> indentation, int depth) {
    read.has_block = true;
    if (read.name.ends_with("_by_lua_block")) {
      if (auto skipped = lexer_.skip_lua(); !skipped) {
        return wrong(read.place.line, skipped.error().what);
      }
      return read;
    }
    if (depth == kDeepest) return wrong(read.place.line, "blocks are nested too deep");
    open_.push_back({read.place.line, read.text(), indentation});
    auto inner = block(depth + 1);
    if (!inner) return tl::unexpected(inner.error());
    read.block = std::move(*inner);
    return read;
  }

  /// A block that is not closed yet.
  struct Open {
    int line;
    std::string text;
    std::optional<std::size_t> indentation;
  };

  /// Notes the first brace that is indented otherwise than the block that it closes: if a brace
  /// turns out to be missing, it is probably that block's, and this one belongs to a block around.
  void close(int line) {
    const auto here = lexer_.indentation();
    const Open& closed = open_.back();
    if (!suspect_ && here && closed.indentation && *here < *closed.indentation) {
      suspect_ = closed;
      suspect_end_ = line;
    }
    open_.pop_back();
  }

  /// The end of the text says nothing about the place. The block that is indented otherwise than
  /// its brace does, or else the innermost one that is open.
  [[nodiscard]] tl::unexpected<Error> brace_missing() const {
    if (!suspect_) {
      const Open& open = open_.back();
      return wrong(open.line, fmt::format("`{}` is never closed: a }} is missing", open.text));
    }
    return wrong(suspect_->line,
                 fmt::format("a }} is missing, probably that of `{}`: the }} in line "
                             "{} stands further left",
                             suspect_->text, suspect_end_));
  }

  std::vector<Open> open_;
  std::optional<Open> suspect_;
  int suspect_end_ = 0;
  Lexer lexer_;
  std::shared_ptr<const std::string> file_;
  std::size_t count_ = 0;
};

}  // namespace

std::string to_string(const Place& place) {
  return fmt::format("{}:{}", *place.file, place.line);
}

std::string_view Directive::argument(std::size_t index) const {
  return index < arguments.size() ? std::string_view(arguments[index]) : std::string_view();
}

std::string Directive::text() const {
  std::string text = name;
  for (const auto& argument : arguments) {
    const bool is_quoted =
        argument.empty() || argument.find_first_of(" \t;{}\"") != std::string::npos;
    text.append(is_quoted ? " '" : " ").append(argument).append(is_quoted ? "'" : "");
  }
  return text;
}

Result<Parsed> parse(std::string_view text, const std::string& file) {
  return Parser(text, file).run();
}

}  // namespace gatehouse::nginx
