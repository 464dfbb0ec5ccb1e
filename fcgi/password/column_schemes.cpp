#include "password/column_schemes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.h"
#include "password/format/salt_column.h"
#include "password/shape/expression.h"
#include "password/shape/lists.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kNestedDigest = "nested-digest";
constexpr std::string_view kGitea = "gitea";
constexpr std::string_view kGiteaWithoutAlgorithm = "gitea-v1";

/// True for what Gitea's column passwd_hash_algo holds.
bool is_gitea_algorithm(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"pbkdf2", "argon2", "scrypt", "bcrypt"};
  const std::string_view name = text.substr(0, text.find_first_of("$_"));
  const bool known = std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  const bool more = text.size() > name.size();
  return known && (more || (name != "bcrypt" && text == name));
}

/// The rows of the scheme table that read one form by its argument, as a strong hash or a weak one.
struct StrongAndWeak {
  std::string_view strong;
  std::string_view weak;
};
constexpr std::array kByArgument = {StrongAndWeak{"pbkdf2", "pbkdf2-weak"},
                                    StrongAndWeak{"symfony", "symfony-weak"}};

/// The row for that argument, whichever of the two was named.
const Scheme* by_argument(const Scheme* scheme, std::string_view argument) {
  for (const auto& [strong, weak] : kByArgument) {
    if (scheme->name != strong && scheme->name != weak) continue;
    return scheme_named(has_weak_rounds(argument) ? weak : strong);
  }
  return scheme;
}

bool takes_argument(const Scheme& scheme) noexcept {
  const bool either = std::any_of(kByArgument.begin(), kByArgument.end(), [&](const auto& each) {
    return scheme.name == each.strong || scheme.name == each.weak;
  });
  return either || scheme.name == kGitea || scheme.name == kNestedDigest;
}

/// An entry of the form NAME(ARGUMENT) or NAME:ARGUMENT.
struct NamedScheme {
  const Scheme* scheme;
  std::string_view argument;
};
std::optional<NamedScheme> named(std::string_view text) {
  const auto end = text.find_first_of("(:");
  const Scheme* const scheme = scheme_named(text.substr(0, end));
  if (scheme == nullptr) return std::nullopt;
  if (end == std::string_view::npos) return NamedScheme{by_argument(scheme, {}), {}};
  std::string_view argument = text.substr(end + 1);
  if (text[end] == '(') {
    if (!argument.ends_with(')')) return std::nullopt;
    argument.remove_suffix(1);
  }
  if (!takes_argument(*scheme)) return std::nullopt;
  return NamedScheme{by_argument(scheme, argument), argument};
}

}  // namespace

std::string known_column_schemes() {
  return "a name in the table of schemes, pbkdf2(sha512, 1000, 40), symfony(sha512, 5000), "
         "gitea(pbkdf2$50000$50), or digests such as md5(md5(salt) + md5(password))";
}

Result<ColumnSchemes::Entry> ColumnSchemes::parse_entry(std::string_view text) {
  if (text != "pbkdf2") {
    if (const auto found = named(text)) {
      if (found->scheme->name != kNestedDigest) {
        return Entry{found->scheme, std::string(found->argument), found->scheme->name == "espocrm"};
      }
      text = found->argument;
    }
  }
  if (is_gitea_algorithm(text)) return Entry{scheme_named(kGitea), std::string(text), false};
  const auto expression = Expression::parse(text);
  if (expression) {
    return Entry{scheme_named(kNestedDigest), std::string(text), expression->reads_key()};
  }
  return fail(Error::Kind::invalid,
              fmt::format("{} is no scheme: {}. A scheme is {}", log::quoted(text),
                          expression.error().what, known_column_schemes()));
}

Result<ColumnSchemes> ColumnSchemes::parse(std::span<const std::string> entries,
                                           std::vector<Secret> keys) {
  ColumnSchemes schemes;
  for (const std::string& text : entries) {
    auto entry = parse_entry(text);
    if (!entry) return tl::unexpected(std::move(entry.error()));
    if (entry->keyed && keys.empty()) {
      return fail(
          Error::Kind::invalid,
          fmt::format("{} needs a key: set user.key_file to a file with it", log::quoted(text)));
    }
    schemes.entries_.push_back(std::move(*entry));
  }
  schemes.keys_ = std::move(keys);
  return schemes;
}

void ColumnSchemes::add(const Entry& entry, const Row& row, std::vector<Reading>& all) const {
  const std::size_t count = entry.keyed ? keys_.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view key = keys_.empty() ? std::string_view() : keys_[i].view();
    auto stored = entry.scheme->parse(
        row.hash, {.row = row, .key = key, .argument = entry.argument, .named = true});
    if (stored) all.push_back({entry.scheme, *std::move(stored)});
    if (entry.scheme->name != kGitea) continue;
    const Scheme* const old = scheme_named(kGiteaWithoutAlgorithm);
    stored = old->parse(row.hash, {.row = row, .argument = entry.argument, .named = true});
    if (stored) all.push_back({old, *std::move(stored)});
  }
}

std::vector<Reading> ColumnSchemes::readings(const Row& row) const {
  std::vector<Reading> all;
  if (!row.scheme.empty()) {
    const auto own = parse_entry(row.scheme);
    if (own) add(*own, row, all);
    return all;
  }
  for (const Entry& entry : entries_) add(entry, row, all);
  return all;
}

}  // namespace gatehouse::password
