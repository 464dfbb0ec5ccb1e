/// `gatehouse user …`: administrators look at users and change them, gatehouse(8).
///
/// The users are those of sql/schema.sql, or another program's. That one's table is read by
/// user.query and written by user.update_query alone; whatever these cannot do is refused with a
/// word on who can. Roles and disabled users are in tables of Gatehouse's own in either case,
/// unless the site has queries for them.
///
/// What a verb changes and what that means for sessions is committed together, as far as the tables
/// let it (a password in another program's table is changed first); every host learns of it within
/// a second. Names are quoted in what is printed, and bound in what is asked. No password, and no
/// hash, is ever printed.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cli/read_password.h"
#include "cli/terminal.h"
#include "cli/user/account.h"
#include "cli/user/database.h"

namespace gatehouse::cli::users {

/// What every one of these verbs needs. Each returns kOk, or kProblems with the reason on `err`.
struct UserVerb {
  const std::filesystem::path& config_file;
  const Account& account;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Terminal terminal{};  ///< that of `out`
};

/// Adds a user with a new password, in the scheme of password.new, and with roles.
int add_user(const UserVerb& verb, const std::string& name, const std::vector<std::string>& roles,
             PasswordSource source);
/// Gives the user a new password, by the rules of POST /password, and revokes all sessions. The row
/// keeps its scheme where Gatehouse writes that.
int change_password(const UserVerb& verb, const Whom& whom, PasswordSource source);
/// Keeps the user out and revokes all sessions. A second call does so again.
int disable_user(const UserVerb& verb, const Whom& whom);
int enable_user(const UserVerb& verb, const Whom& whom);
/// Removes the user with roles and sessions. Asks at the terminal first, unless `sure`.
int delete_user(const UserVerb& verb, const Whom& whom, bool sure);
/// A session that goes on has the new roles on every host within a second.
int add_role(const UserVerb& verb, const Whom& whom, const std::string& role);
int remove_role(const UserVerb& verb, const Whom& whom, const std::string& role);

/// Which users `list` shows: those for whom all that is set holds.
struct Filter {
  std::optional<std::string> role{};
  bool disabled = false;
};
/// Prints the users in the order of their ids. It reads and prints page by page, so that a table of
/// any size fits the memory.
int list_users(const UserVerb& verb, const Filter& filter, bool json);
/// Prints what is known of one user, but not the hash.
int show_user(const UserVerb& verb, const Whom& whom, bool json);

}  // namespace gatehouse::cli::users
