#include "password/shape/lists.h"

#include <algorithm>

#include "base/encoding.h"

namespace gatehouse::password {
namespace {

std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> entries;
  std::string entry;
  int depth = 0;
  char quote = '\0';
  for (const char c : text) {
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == ',' && depth <= 0) {
      entries.emplace_back(without_blanks(entry));
      entry.clear();
      continue;
    }
    entry += c;
  }
  entries.emplace_back(without_blanks(entry));
  if (entries.size() == 1 && entries.front().empty()) entries.clear();
  return entries;
}

Result<Call> parse_call(std::string_view text) {
  text = without_blanks(text);
  const auto open = text.find('(');
  if (open == std::string_view::npos) {
    if (text.find(')') != std::string_view::npos) {
      return fail(Error::Kind::invalid, "has a ) without a (");
    }
    return Call{std::string(text)};
  }
  const auto close = text.rfind(')');
  if (close == std::string_view::npos || close < open) {
    return fail(Error::Kind::invalid, "lacks a )");
  }
  Call call{std::string(without_blanks(text.substr(0, open))),
            split_list(text.substr(open + 1, close - open - 1))};
  std::string_view behind = without_blanks(text.substr(close + 1));
  if (behind.empty()) return call;
  if (behind.front() != ':' && behind.front() != '-') {
    return fail(Error::Kind::invalid, "has something behind its )");
  }
  for (std::string& flag : flag_words(behind.substr(1))) call.arguments.push_back(std::move(flag));
  return call;
}

std::vector<std::string> flag_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view rest = text; !rest.empty();) {
    const auto dash = rest.starts_with("over") || rest.starts_with("only")
                          ? rest.size()
                          : std::min(rest.find_first_of("-:"), rest.size());
    words.emplace_back(rest.substr(0, dash));
    rest.remove_prefix(std::min(rest.size(), dash + 1));
  }
  return words;
}

}  // namespace gatehouse::password
