#include "cli/password.h"

#include <fmt/format.h>

#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "cli/command_line.h"
#include "cli/verb.h"
#include "config/file.h"
#include "config/load.h"
#include "password/column_schemes.h"
#include "password/new_password.h"
#include "password/rehash.h"
#include "password/shape/lists.h"
#include "password/site.h"
#include "password/verifier.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kFromStdin = "--stdin";

int exit_code(const password::Checked& checked) {
  if (!checked) return kUnusableHash;
  return *checked == password::Verdict::match ? kMatch : kNoMatch;
}

/// No configuration is read here, so its key would lead nowhere.
std::string_view why_unusable(password::Objection objection) {
  return objection == password::Objection::weak_refused
             ? "weak scheme, which is checked with --allow-weak only"
             : to_string(objection);
}

/// The keys in a file that the command line names. Others may read it: it is no file of the
/// service.
Result<std::vector<Secret>> keys_in_file(const std::filesystem::path& file) {
  constexpr std::size_t kMostBytes = 64UL << 10U;
  auto bytes = config::read_file(file, kMostBytes, 0);
  if (!bytes) {
    return fail(bytes.error().kind, fmt::format("{}: {}", file.string(), bytes.error().what));
  }
  return password::keys_in(Secret(std::move(*bytes)));
}

/// The keys of all files of `--key-file`.
Result<std::vector<Secret>> keys_of(const VerifyWords& words) {
  std::vector<Secret> keys;
  for (const auto& file : words.key_files) {
    auto read = keys_in_file(file);
    if (!read) return tl::unexpected(std::move(read.error()));
    for (Secret& key : *read) keys.push_back(std::move(key));
  }
  return keys;
}

/// What the site's settings would say, from the words of the command line.
Result<password::Site> site_of(const VerifyWords& words) {
  const auto about = [](std::string_view option, const Error& error) {
    return fail(error.kind, fmt::format("{}: {}", option, error.what));
  };
  const auto keys = [&](std::string_view name) -> Result<std::vector<Secret>> {
    // A name that is no file stands for the key, as FILE does in the manual.
    std::error_code none;
    if (words.key_files.empty() || std::filesystem::exists(name, none)) {
      if (name != "key") return keys_in_file(name);
      return fail(Error::Kind::invalid, "needs a key: give a file with it with --key-file");
    }
    return keys_of(words);
  };
  auto transform = password::Transform::parse(password::split_list(words.transform), keys);
  if (!transform) return about("--transform", transform.error());
  auto all_keys = keys_of(words);
  if (!all_keys) return about("--key-file", all_keys.error());
  auto schemes =
      password::ColumnSchemes::parse(password::split_list(words.scheme), std::move(*all_keys));
  if (!schemes) return about("--scheme", schemes.error());
  password::Site site{{}, std::move(*transform)};
  site.policy.allow_every_weak = words.allow_weak;
  site.policy.columns = std::make_shared<const password::ColumnSchemes>(std::move(*schemes));
  return site;
}

/// The schemes that read the row, or whose mark it bears.
std::string scheme_names(const password::Row& row, const password::Policy& policy) {
  const auto read = password::readings(row, policy.columns.get());
  if (!read.empty()) return password::names_of(read);
  const auto* const scheme = password::find_scheme(row.hash);
  return scheme == nullptr ? "" : std::string(scheme->name);
}

}  // namespace

std::optional<std::string> scheme_for_new(const std::filesystem::path& config_file,
                                          std::ostream& err) {
  if (config_file.empty()) return config::Password().new_scheme;
  const config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) err << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return std::nullopt;
  return loaded.settings.password.new_scheme;
}

int password_hash(const std::string& scheme, PasswordSource source, std::istream& in,
                  std::ostream& out, std::ostream& err) {
  const auto password = read_new_password(source, in, kFromStdin);
  if (!password) return fail_with(password.error(), err);
  const auto hash = password::make_hash(*password, scheme, {});
  if (!hash) {
    err << scheme << ": " << hash.error().what << '\n';
    return kProblems;
  }
  out << *hash << '\n';
  note_carriage_return(*password, source, err);
  const password::NewPasswordRules rules(config::Password().min_length);
  if (rules.problem_of(*password)) {
    err << "note: `gatehouse user add` and the account page would refuse this password: it is too "
           "short, too long, or one of the most common ones\n";
  }
  return kOk;
}

int password_verify(const VerifyWords& words, PasswordSource source, std::istream& in,
                    std::ostream& out, std::ostream& err) {
  auto site = site_of(words);
  if (!site) {
    fail_with(site.error(), err);
    return kUnusableHash;
  }
  const auto password = read_password_from(source, in, kFromStdin);
  if (!password) {
    fail_with(password.error(), err);
    return kUnusableHash;
  }
  const password::Row row(words.hash, words.name, words.salt);
  const std::string names = scheme_names(row, site->policy);
  const Secret text = site->transform.text(*password);
  const password::Verifier verifier(config::Password(), std::move(site->policy),
                                    std::move(site->transform));
  password::Verifier::Attempt attempt(verifier, text);
  const password::Checked checked = attempt.verify(row);
  if (!names.empty()) out << names << ": ";
  out << (checked ? to_string(*checked) : why_unusable(checked.error())) << '\n';
  // In double quotes the shell takes $2y for a variable, so that little is left. What is longer may
  // be a hash, which is not shown.
  constexpr std::size_t kMostLeft = 20;
  if (!checked && checked.error() == password::Objection::unknown_scheme &&
      words.hash.size() <= kMostLeft) {
    err << log::quoted(words.hash) << " is no hash of a known scheme: is it in single quotes?\n";
  }
  note_carriage_return(*password, source, err);
  return exit_code(checked);
}

}  // namespace gatehouse::cli
