#include "cli/user_unlock.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/session_tables.h"
#include "cli/strangers.h"
#include "cli/verb.h"
#include "config/load.h"
#include "guard/count_keys.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

/// The counts of strangers at a name and its rows, and whether it has a row.
struct Counts {
  std::vector<guard::FailureKey> keys;
  std::vector<std::string> names;  ///< those that are counted
  bool has_row;
};

/// Adds the counts that belong to a name alone.
Result<void> add_name(user::MysqlUserDirectory& users, const guard::CountKeys& keys,
                      const user::Username& name, Counts& counts) {
  if (std::find(counts.names.begin(), counts.names.end(), name.text()) != counts.names.end()) {
    return {};
  }
  const auto name_key = users.name_key(name);
  if (!name_key) return tl::unexpected(name_key.error());
  counts.keys.push_back(keys.of(guard::CountKind::strangers, *name_key));
  counts.keys.push_back(keys.of(guard::CountKind::no_row, *name_key));
  counts.names.push_back(name.text());
  return {};
}

Result<Counts> counts_of(const config::Settings& settings, const user::Username& name) {
  const auto ring = session::KeyRing::load(settings.session.key_file);
  if (!ring) return tl::unexpected(ring.error());
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  mysql::Pool pool(settings.mysql, std::move(*password), mysql::Access::reading);
  user::MysqlUserDirectory users(pool, std::move(*queries), nullptr, settings.user.name_collation);
  const auto found = users.find(name);
  if (!found) return tl::unexpected(found.error());
  const guard::CountKeys keys(ring->derive("guard").front());
  Counts counts{{}, {}, !found->users.empty() || !found->unreadable.empty()};
  if (auto added = add_name(users, keys, name, counts); !added) {
    return tl::unexpected(added.error());
  }
  for (const user::User& row : found->users) {
    counts.keys.push_back(keys.of(guard::CountKind::row, row.id.text()));
    // Its owner may type either: the login, or the mail address that was typed here.
    const auto other = user::Username::parse(row.name);
    if (!other) continue;
    if (auto added = add_name(users, keys, *other, counts); !added) {
      return tl::unexpected(added.error());
    }
  }
  return counts;
}

/// Says what has changed for strangers.
void tell(const Counts& counts, std::uint64_t failures, const config::Guard& guard,
          std::ostream& out) {
  std::string names;
  for (const std::string& one : counts.names) {
    names.append(names.empty() ? "" : " and ").append(log::quoted(one));
  }
  const bool several = counts.names.size() > 1;
  if (failures >= guard.close_after) {
    out << names << (several ? " are open again\n" : " is open again\n");
    return;
  }
  out << names << (several ? " were not closed to strangers" : " was not closed to strangers")
      << (failures > 0 ? fmt::format(": {} wrong password{} of theirs {} forgotten\n", failures,
                                     failures == 1 ? "" : "s", failures == 1 ? "is" : "are")
                       : "\n");
}

}  // namespace

int unlock_user(const std::filesystem::path& config_file, const std::string& name,
                const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto username = user::Username::parse(name);
  if (!username) return fail_with(username.error(), output.err);
  mysql::Connection::start_library();
  const auto tables = open_tables(*settings, Reading::some);
  if (!tables) return fail_with(tables.error(), output.err);
  const auto counts = counts_of(*settings, *username);
  if (!counts) return fail_with(counts.error(), output.err);
  const auto failures = session::most_failures((*tables)->pool, counts->keys);
  if (!failures) return fail_with(failures.error(), output.err);
  const auto cleared = session::clear_failures((*tables)->pool, counts->keys);
  if (!cleared) return fail_with(cleared.error(), output.err);
  tell(*counts, *failures, settings->guard, output.out);
  log::Event event{.kind = log::EventKind::account_opened, .message = "login: opened to strangers"};
  if (counts->has_row) event.user = username->text();
  audit(std::move(event));
  if (!counts->has_row) {
    output.out << "(user.query finds no row by this name: is it spelled as its owner types it?)\n";
  } else {
    // Who asks for this is mostly an owner who has mistyped.
    output.out << fmt::format("An address that has failed itself still waits, {} at most: {}\n",
                              wait_text(longest_wait_of_address(settings->guard)), link_hint(name));
  }
  return kOk;
}

}  // namespace gatehouse::cli
