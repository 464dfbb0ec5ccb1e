#include "cli/password.h"

#include <istream>
#include <optional>
#include <ostream>
#include <string_view>

#include "cli/command_line.h"
#include "cli/verb.h"
#include "config/load.h"
#include "password/rehash.h"
#include "password/verifier.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kFromStdin = "--stdin";

int exit_code(const password::Checked& checked) {
  if (!checked) return kUnusableHash;
  return *checked == password::Verdict::match ? kMatch : kNoMatch;
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
  return kOk;
}

int password_verify(const std::string& hash, bool allow_weak, PasswordSource source,
                    std::istream& in, std::ostream& out, std::ostream& err) {
  const auto password = read_password_from(source, in, kFromStdin);
  if (!password) {
    fail_with(password.error(), err);
    return kUnusableHash;
  }
  password::Policy policy;
  policy.allow_every_weak = allow_weak;
  const password::Verifier verifier(config::Password(), std::move(policy));
  const password::Checked checked = verifier.verify(*password, hash);
  const auto* const scheme = password::find_scheme(hash);
  if (scheme != nullptr) out << scheme->name << ": ";
  out << (checked ? to_string(*checked) : to_string(checked.error())) << '\n';
  return exit_code(checked);
}

}  // namespace gatehouse::cli
