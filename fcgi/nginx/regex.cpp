#include "nginx/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <cstdint>

namespace gatehouse::nginx {
namespace {

constexpr std::uint32_t kMostMatchSteps = 100'000;

// PCRE2 takes unsigned bytes.
PCRE2_SPTR bytes(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());  // NOLINT(*-reinterpret-cast)
}

std::string message(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  const int length = pcre2_get_error_message(code, text.data(), text.size());
  return {text.begin(), text.begin() + (length > 0 ? length : 0)};
}

/// The names of the groups and their numbers. PCRE2's table has entries of one size; each begins
/// with the number in two bytes.
std::vector<std::pair<std::string, std::size_t>> names_of(const pcre2_code* code) {
  std::uint32_t count = 0;
  std::uint32_t size = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
  std::vector<std::pair<std::string, std::size_t>> names;
  for (std::uint32_t i = 0; i < count; ++i, table += size) {
    std::string name;
    for (PCRE2_SPTR at = table + 2; *at != 0; ++at) name += static_cast<char>(*at);
    names.emplace_back(name, static_cast<std::size_t>(table[0]) << 8 | table[1]);
  }
  return names;
}

}  // namespace

Result<Regex> Regex::compile(const std::string& pattern, Case letter_case) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::uint32_t options = letter_case == Case::ignored ? PCRE2_CASELESS : 0U;
  pcre2_code* code =
      pcre2_compile(bytes(pattern), pattern.size(), options, &error, &offset, nullptr);
  if (!code) return fail(Error::Kind::invalid, pattern + ": " + message(error));
  Regex regex;
  regex.pattern_ = pattern;
  regex.letter_case_ = letter_case;
  regex.names_ = names_of(code);
  regex.code_ = std::shared_ptr<void>(
      code, [](void* one) { pcre2_code_free(static_cast<pcre2_code*>(one)); });
  return regex;
}

std::optional<Regex::Match> Regex::match(std::string_view text) const {
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
      pcre2_match_data_create_from_pattern(code, nullptr), pcre2_match_data_free);
  const std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> limits(
      pcre2_match_context_create(nullptr), pcre2_match_context_free);
  pcre2_set_match_limit(limits.get(), kMostMatchSteps);
  const int count = pcre2_match(code, bytes(text), text.size(), 0, 0, data.get(), limits.get());
  if (count <= 0) return std::nullopt;
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
  Match match;
  for (std::size_t i = 0; i < pcre2_get_ovector_count(data.get()); ++i) {
    const bool set = i < static_cast<std::size_t>(count) && ends[2 * i] != PCRE2_UNSET;
    const auto begin = set ? ends[2 * i] : 0;
    // A `\K` in a look-ahead can put the end of the match before its beginning.
    const bool forward = set && ends[2 * i + 1] >= begin;
    match.groups.emplace_back(forward ? text.substr(begin, ends[2 * i + 1] - begin)
                                      : std::string_view());
  }
  for (const auto& [name, number] : names_) match.named[name] = match.groups[number];
  return match;
}

}  // namespace gatehouse::nginx
