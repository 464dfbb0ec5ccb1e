#include "cli/init/site_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/init/console.h"
#include "nginx/access.h"
#include "nginx/lexer.h"

namespace gatehouse::cli::init {
namespace {

using nginx::Level;
using nginx::Token;

constexpr std::string_view kDemand = "auth_request gatehouse:*;";
constexpr std::string_view kPrivate = "include gatehouse/snippets/private.conf;";
constexpr std::string_view kIdentity = "include gatehouse/snippets/identity-fastcgi.conf;";

/// A text that goes into another one at a place of it.
struct Insertion {
  std::size_t at;
  std::string text;
};

bool is_mounted(const Level& server) {
  return std::any_of(server.inner.begin(), server.inner.end(),
                     [](const auto& level) { return level->name == "gatehouse:"; });
}

bool asks_gatehouse(const Level& level) {
  const auto* const line = nginx::auth_request_of(level);
  return line != nullptr && line->argument(0).starts_with("gatehouse");
}

const Level* prefix_called(const Level& server, const std::string& name) {
  for (const auto& level : server.inner) {
    if (level->is_prefix() && level->name == name) return level.get();
  }
  return nullptr;
}

/// The prefix that serves the path now; null if the server itself does.
const Level* longest_prefix(const Level& server, const std::string& path) {
  const Level* longest = nullptr;
  for (const auto& level : server.inner) {
    if (!level->is_prefix() || !path.starts_with(level->name)) continue;
    if (longest == nullptr || longest->name.size() < level->name.size()) longest = level.get();
  }
  return longest;
}

bool has_expressions(const Level& server) {
  return std::any_of(server.inner.begin(), server.inner.end(),
                     [](const auto& level) { return level->kind == Level::Kind::expression; });
}

/// The lines that close a place whose insides are those of `from` (null: there are none), each with
/// this indentation. The one that keeps pages out of caches has an add_header, with which a place
/// inherits none: where the place inherits some now, it is left to the administrator.
std::string closing_lines(const Level* from, const Level& server, std::string_view indentation) {
  const bool has_own = from != nullptr && from->here("add_header") != nullptr;
  const bool inherits = !has_own && server.setting("add_header") != nullptr;
  if (!inherits) return fmt::format("{0}{1}\n{0}{2}\n", indentation, kDemand, kPrivate);
  return fmt::format(
      "{0}{1}\n{0}# Without this line the browser's Back shows pages after the logout. Take it in, "
      "and "
      "repeat the\n{0}# add_header lines of the server or of http beside it, which this place then "
      "inherits no more:\n{0}# {2}\n",
      indentation, kDemand, kPrivate);
}

/// Why what a location does at its own path cannot be had at another one. "" if it can.
std::string why_not_copied(const Level& from) {
  if (from.here("alias") != nullptr) return "its alias would lead to other files";
  if (from.here("auth_request") != nullptr) return "it has an auth_request of its own";
  if (const auto* const proxy = from.here("proxy_pass")) {
    const auto address = proxy->argument(0);
    const auto host = address.find("://");
    const bool has_path =
        address.find('/', host == std::string_view::npos ? 0 : host + 3) != std::string_view::npos;
    if (has_path && !address.starts_with("http://unix:")) {
      return "its proxy_pass has a path, which would lead to other addresses";
    }
  }
  const bool has_inner = std::any_of(from.inner.begin(), from.inner.end(), [](const auto& level) {
    return level->is_prefix() || level->kind == Level::Kind::exact;
  });
  return has_inner ? "it has locations inside" : "";
}

tl::unexpected<Error> by_hand(const Level& level, std::string_view why, const SiteLines& lines) {
  return fail(Error::Kind::refused,
              fmt::format("{}: {} serves {} now, and {}: write the lines by hand, with what the "
                          "place needs inside, and ask as a stranger:\n{}",
                          shown(nginx::to_string(level.place())), shown(level.text()),
                          shown(lines.protect), why, lines_by_hand(lines)));
}

/// The insides of the block, and the block itself.
Result<std::pair<std::string, std::string>> text_of_block(const Level& level, const Disk& disk) {
  const auto place = level.place();
  const auto text = disk.read(*place.file);
  const auto block = text ? block_at(*text, level.directive->name, place.line) : std::nullopt;
  if (!block) {
    return fail(Error::Kind::failed,
                fmt::format("{}: the file has changed meanwhile: run this again",
                            shown(nginx::to_string(place))));
  }
  return std::pair(text->substr(block->open, block->close - block->open),
                   text->substr(block->begin, block->close + 1 - block->begin));
}

/// A copy of an expression's location. A script in it learns who the visitor is.
Result<std::string> copy_of(const Level& expression, const Disk& disk) {
  auto text = text_of_block(expression, disk);
  if (!text) return tl::unexpected(text.error());
  std::string copy = std::move(text->second);
  if (expression.here("fastcgi_pass") != nullptr) {
    copy.pop_back();
    while (!copy.empty() && (copy.back() == ' ' || copy.back() == '\t')) copy.pop_back();
    if (!copy.ends_with('\n')) copy += '\n';
    copy += fmt::format("            {}\n        }}", kIdentity);
  }
  return copy;
}

/// True if the path is a folder on the disk, below a root that is named without variables.
bool is_folder(const Level& level, const std::string& path, const Disk& disk) {
  const auto* const root = level.setting("root");
  return root != nullptr && root->argument(0).find('$') == std::string_view::npos &&
         disk.has_folder(std::string(root->argument(0)) + path);
}

/// The insides of a location whose try_files ends with 404, and not with another address.
std::string without_fallback(std::string body) {
  nginx::Lexer lexer(body);
  bool begins = true;
  bool is_it = false;
  std::string last;
  std::size_t end = 0;
  for (;;) {
    const auto token = lexer.next();
    if (!token || token->kind == Token::Kind::end) return body;
    const bool is_word = token->kind == Token::Kind::word;
    if (is_word && begins) is_it = token->word == "try_files";
    if (is_word && !begins) last = token->word;
    if (is_word) end = lexer.offset();
    const bool leads_on = last.starts_with('/') || last.starts_with('@');
    // A word in quotes is longer in the text, and then stays as it is.
    if (token->kind == Token::Kind::semicolon && is_it && leads_on && last.size() <= end &&
        std::string_view(body).substr(end - last.size(), last.size()) == last) {
      return body.replace(end - last.size(), last.size(), "=404");
    }
    begins = !is_word;
  }
}

/// A location of its own for the path, at the end of the server.
Result<std::string> new_location(const Level& server, const SiteLines& lines, const Disk& disk) {
  const Level* const from = longest_prefix(server, lines.protect);
  std::string text = fmt::format(
      "\n    # Added by `gatehouse init`: only who is logged in comes in here.\n"
      "    location ^~ {} {{\n{}",
      lines.protect, closing_lines(from, server, "        "));
  if (from != nullptr) {
    if (const auto why = why_not_copied(*from); !why.empty()) return by_hand(*from, why, lines);
    const auto inside = text_of_block(*from, disk);
    if (!inside) return tl::unexpected(inside.error());
    const bool files_alone = is_folder(*from, lines.protect, disk);
    const std::string text_inside = files_alone ? without_fallback(inside->first) : inside->first;
    std::string_view body = text_inside;
    while (!body.empty() && (body.front() == '\n' || body.front() == '\r')) body.remove_prefix(1);
    const auto end = body.find_last_not_of(" \t\r\n");
    if (end != std::string_view::npos) text.append(body.substr(0, end + 1)).append("\n");
  }
  const bool expressions_count = from == nullptr || from->kind != Level::Kind::firm_prefix;
  for (const auto& level : server.inner) {
    if (!expressions_count || level->kind != Level::Kind::expression) continue;
    auto copy = copy_of(*level, disk);
    if (!copy) return copy;
    text.append("        ").append(*copy).append("\n");
  }
  return text + "    }\n";
}

/// Whole lines, as they are put behind a brace that ends a line.
std::string inserted(std::string lines) {
  lines.pop_back();
  return "\n" + std::move(lines);
}

Result<std::vector<Insertion>> protection(const Level& server, const Block& block,
                                          const std::string& text, const SiteLines& lines,
                                          const Disk& disk) {
  const std::string& path = lines.protect;
  if (path.empty() || asks_gatehouse(server)) return std::vector<Insertion>();
  if (path == "/") {
    return std::vector<Insertion>{{block.open, inserted(closing_lines(&server, server, "    "))}};
  }
  for (const auto& level : server.inner) {
    if (level->kind == Level::Kind::exact && level->name == path) {
      return by_hand(*level, "it is taken before every other", lines);
    }
  }
  const Level* const there = prefix_called(server, path);
  if (there == nullptr) {
    auto location = new_location(server, lines, disk);
    if (!location) return tl::unexpected(location.error());
    // The end of the line before the brace, so that the brace keeps its own blanks.
    const auto end = text.find_last_not_of(" \t", block.close - 1);
    const std::size_t at = end == std::string::npos ? block.close : end + 1;
    const bool begins_line = at > 0 && text[at - 1] == '\n';
    return std::vector<Insertion>{{at, (begins_line ? "" : "\n") + *location}};
  }
  if (asks_gatehouse(*there)) return std::vector<Insertion>();
  if (there->kind != Level::Kind::firm_prefix && has_expressions(server)) {
    return by_hand(*there, "expressions of the server win over it", lines);
  }
  const auto place = there->place();
  const auto inner = *place.file == *server.place().file
                         ? block_at(text, there->directive->name, place.line)
                         : std::nullopt;
  if (!inner) return by_hand(*there, "it stands in a file of its own", lines);
  return std::vector<Insertion>{{inner->open, inserted(closing_lines(there, server, "        "))}};
}

}  // namespace

std::optional<Block> block_at(std::string_view text, std::string_view name, int line) {
  nginx::Lexer lexer(text);
  std::vector<bool> wanted;  // for each open block, whether it is the one
  Block block;
  bool begins = true;  // the next word is the name of a directive
  bool is_it = false;
  std::string directive;
  for (;;) {
    const auto token = lexer.next();
    if (!token || token->kind == Token::Kind::end) return std::nullopt;
    if (token->kind == Token::Kind::word && begins) {
      directive = token->word;
      is_it = directive == name && token->line == line;
      if (is_it) block.begin = lexer.offset() - directive.size();
    } else if (token->kind == Token::Kind::open) {
      if (directive.ends_with("_by_lua_block")) {
        if (!lexer.skip_lua()) return std::nullopt;
      } else {
        if (is_it) block.open = lexer.offset();
        wanted.push_back(is_it);
      }
      is_it = false;
    } else if (token->kind == Token::Kind::close) {
      if (wanted.empty()) return std::nullopt;
      if (wanted.back()) {
        block.close = lexer.offset() - 1;
        return block;
      }
      wanted.pop_back();
    }
    begins = token->kind != Token::Kind::word;
  }
}

Result<void> check_protected_path(const std::string& path) {
  const bool is_plain = std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._~-").find(c) != std::string_view::npos;
  });
  const bool is_ours = path == "/gatehouse" || path.starts_with("/gatehouse/");
  if (path.starts_with('/') && is_plain && path.find("//") == std::string::npos &&
      path.find("/.") == std::string::npos && !is_ours) {
    return {};
  }
  return fail(
      Error::Kind::invalid,
      fmt::format("--protect {}: it is a path of the site, of letters, digits, and ._~-, for "
                  "example --protect /members/",
                  shown(path)));
}

Result<std::string> with_lines(const Level& server, const std::string& text, const SiteLines& lines,
                               const Disk& disk) {
  const auto place = server.place();
  const auto block = block_at(text, "server", place.line);
  if (!block) {
    return fail(Error::Kind::failed,
                fmt::format("{}: the file has changed meanwhile: run this again",
                            shown(nginx::to_string(place))));
  }
  auto insertions = protection(server, *block, text, lines, disk);
  if (!insertions) return tl::unexpected(insertions.error());
  std::string changed = text;
  // From the end to the beginning, so that the places stay right.
  std::reverse(insertions->begin(), insertions->end());
  for (const auto& one : *insertions) changed.insert(one.at, one.text);
  if (!is_mounted(server)) {
    changed.insert(block->open,
                   fmt::format("\n    # Added by `gatehouse init`. It stands above every set and "
                               "rewrite of the server.\n    include {};",
                               lines.mount));
  }
  return changed;
}

std::string lines_by_hand(const SiteLines& lines) {
  std::string text = fmt::format("    include {};\n", lines.mount);
  const std::string path = lines.protect.empty() ? "/members/" : lines.protect;
  if (path == "/") return text + fmt::format("    {}\n    {}\n", kDemand, kPrivate);
  return text + fmt::format("    location ^~ {} {{\n        {}\n        {}\n    }}\n", path,
                            kDemand, kPrivate);
}

}  // namespace gatehouse::cli::init
