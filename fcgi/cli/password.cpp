#include "cli/password.h"

#include <istream>
#include <iterator>
#include <optional>
#include <ostream>

#include "cli/command_line.h"
#include "cli/terminal.h"
#include "config/load.h"
#include "password/rehash.h"
#include "password/verifier.h"

namespace gatehouse::cli {
namespace {

/// Reads all bytes and drops one newline at the end, which `echo` adds.
Secret read_all(std::istream& in) {
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (bytes.ends_with('\n')) bytes.pop_back();
  return Secret(std::move(bytes));
}

std::optional<Secret> read_once(PasswordSource source, std::istream& in, std::ostream& err) {
  if (source == PasswordSource::standard_input) return read_all(in);
  auto typed = read_password("Password: ");
  if (!typed) err << typed.error().what << '\n';
  return typed ? std::optional(*std::move(typed)) : std::nullopt;
}

/// Reads a new password. At the terminal it asks twice, since a slip would lock someone out.
std::optional<Secret> read_new(PasswordSource source, std::istream& in, std::ostream& err) {
  auto first = read_once(source, in, err);
  if (!first) return std::nullopt;
  if (first->empty()) {
    err << "the password is empty: nothing was hashed\n";
    return std::nullopt;
  }
  if (source == PasswordSource::standard_input) return first;
  const auto second = read_password("Again: ");
  if (second && first->equals(second->view())) return first;
  err << (second ? "the two passwords are not the same: nothing was hashed, try again"
                 : second.error().what)
      << '\n';
  return std::nullopt;
}

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
  const auto password = read_new(source, in, err);
  if (!password) return kProblems;
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
  const auto password = read_once(source, in, err);
  if (!password) return kUnusableHash;
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
