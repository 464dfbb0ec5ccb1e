#include "password/similar.h"

#include <algorithm>
#include <cstddef>

#include "password/shape/text_steps.h"

namespace gatehouse::password {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// A letter of ASCII, or a byte of any other character.
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80);
}

/// The letter that somebody means who writes this. `1`, `l` and `i` are one.
char meant_by(char c) noexcept {
  switch (c) {
    case '0':
      return 'o';
    case '1':
    case '!':
    case '|':
    case 'l':
      return 'i';
    case '3':
      return 'e';
    case '4':
    case '@':
      return 'a';
    case '5':
    case '$':
      return 's';
    case '7':
    case '+':
      return 't';
    default:
      return c;
  }
}

/// In lower case, of Unicode's form KC, letters and digits alone. With `meant`, signs that stand
/// for letters become these.
Secret folded(std::string_view text, bool meant) {
  const Secret lower = lower_case(form_kc(text).view());
  Secret out = Secret::copy_of(lower.view());
  std::size_t size = 0;
  for (const char c : lower.view()) {
    const char letter = meant ? meant_by(c) : c;
    if (is_letter(letter) || is_digit(letter)) out.data()[size++] = letter;
  }
  return Secret::copy_of(out.view().substr(0, size));
}

/// Without digits and signs at both ends.
std::string_view core_of(std::string_view text) noexcept {
  while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
  while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
  return text;
}

/// Whether little is left of the text without the word.
bool little_beside(std::string_view text, std::string_view word) {
  constexpr std::size_t kFewest = 8;
  constexpr std::size_t kFewestLetters = 4;
  constexpr std::size_t kShortWord = 3;
  if (word.size() < kShortWord) return text == word;
  std::size_t letters = 0;
  std::size_t left = 0;
  bool found = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(word)) {
      found = true;
      at += word.size();
      continue;
    }
    letters += is_letter(text[at]) ? 1U : 0U;
    ++left;
    ++at;
  }
  return found && left < kFewest && letters < kFewestLetters;
}

bool is_like(std::string_view text, std::string_view word) {
  const std::string backwards(word.rbegin(), word.rend());
  return little_beside(text, word) || little_beside(text, backwards);
}

void add_word(std::vector<std::string>& words, std::string_view word) {
  if (std::any_of(word.begin(), word.end(), is_letter)) words.emplace_back(word);
}

}  // namespace

std::vector<std::string> words_of_name(std::string_view name) {
  constexpr std::size_t kPart = 4;
  std::vector<std::string> words;
  add_word(words, name);
  std::string_view local = name.substr(0, name.find('@'));
  if (local.size() < name.size()) add_word(words, local);
  while (!local.empty()) {
    const auto end = std::min(local.find_first_of(" ._-+"), local.size());
    if (end >= kPart) add_word(words, local.substr(0, end));
    local.remove_prefix(std::min(end + 1, local.size()));
  }
  return words;
}

std::vector<std::string> words_of_host(std::string_view host) {
  std::vector<std::string> words;
  if (host.starts_with('[')) return words;
  host = host.substr(0, host.find(':'));
  const auto last = host.rfind('.');
  if (last != std::string_view::npos) host = host.substr(0, last);
  while (!host.empty()) {
    const auto end = std::min(host.find('.'), host.size());
    const std::string_view label = host.substr(0, end);
    if (label != "www" && label.size() > 2) add_word(words, label);
    host.remove_prefix(std::min(end + 1, host.size()));
  }
  return words;
}

bool is_like(const Secret& password, std::span<const std::string> words) {
  const Secret plain = folded(password.view(), false);
  const Secret meant = folded(password.view(), true);
  const Secret core = folded(core_of(password.view()), true);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    const Secret word_plain = folded(word, false);
    const Secret word_meant = folded(word, true);
    if (word_plain.empty()) return false;
    return is_like(plain.view(), word_plain.view()) || is_like(meant.view(), word_meant.view()) ||
           is_like(core.view(), word_meant.view());
  });
}

}  // namespace gatehouse::password
