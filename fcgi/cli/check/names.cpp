#include "cli/check/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/log.h"

namespace gatehouse::cli::checks {
namespace {

constexpr std::size_t kMostNames = 100;

using Ids = std::set<user::UserId>;

std::string list_of(const Ids& ids) {
  std::string list;
  for (const auto& id : ids) list.append(list.empty() ? "" : ", ").append(log::quoted(id.text()));
  return list;
}

/// The names that people logged in with last, each with the ids of the users who did.
Result<std::map<std::string, Ids>> last_names(session::SessionStore& store) {
  const auto page = store.page(std::nullopt);
  if (!page) return tl::unexpected(page.error());
  std::map<std::string, Ids> names;
  for (const auto& session : page->sessions) {
    const std::string& name = session.lookup_name();
    if (names.size() == kMostNames && !names.contains(name)) break;
    names[name].insert(session.user_id);
  }
  return names;
}

/// Says what a login does with a name that has that many rows.
std::string login_with(std::size_t rows) {
  return rows <= user::kMostTriedRows
             ? std::string("a login is that of the one row whose password matches")
             : fmt::format("more than the {} that a login tries: nobody can log in with it",
                           user::kMostTriedRows);
}

std::string named(const std::string& name) {
  return "the name " + log::quoted(name);
}

/// Says what is surprising about one name, whose sessions belong to `ids`.
void examine(const std::string& name, const Ids& ids, const user::Matches& found,
             std::vector<std::string>& said) {
  Ids there;
  for (const auto& row : found.users) there.insert(row.id);
  if (found.users.size() > 1) {
    said.push_back(fmt::format("{} finds {} rows: the user ids {}; {}", named(name),
                               found.users.size(), list_of(there), login_with(found.users.size())));
  }
  for (const auto& row : found.unreadable) {
    said.push_back(
        fmt::format("{} finds a row that nobody can log in with: {}", named(name), row.what));
  }
  for (const auto& id : ids) {
    if (there.contains(id) || found.may_hide(id)) continue;
    said.push_back(fmt::format(
        "it does not find the user id {} by the name {} any more: sessions that were begun "
        "with it are revoked at their next use",
        log::quoted(id.text()), log::quoted(name)));
  }
}

}  // namespace

Result<std::vector<std::string>> surprises_of_names(session::SessionStore& store,
                                                    user::UserDirectory& users) {
  const auto names = last_names(store);
  if (!names) return tl::unexpected(names.error());
  std::vector<std::string> said;
  std::map<std::string, Ids> called;
  for (const auto& [name, ids] : *names) {
    const auto username = user::Username::parse(name);
    if (!username) continue;
    const auto found = users.find(*username);
    if (!found && found.error().kind == Error::Kind::refused) {
      said.push_back(fmt::format("nobody can log in with {}: {}", named(name), found.error().what));
      continue;
    }
    if (!found) return tl::unexpected(found.error());
    examine(name, ids, *found, said);
    for (const auto& row : found->users) {
      called[std::string(row.attributes.value_of(user::kRemoteUser).value_or(row.name))].insert(
          row.id);
    }
  }
  for (const auto& [name, ids] : called) {
    if (ids.size() < 2) continue;
    said.push_back(
        fmt::format("the user ids {} have one name, {}: Remote-User does not tell them "
                    "apart for an application, Remote-Id does",
                    list_of(ids), log::quoted(name)));
  }
  return said;
}

Result<std::vector<std::string>> describe_name(user::UserDirectory& users,
                                               const std::string& name) {
  const auto username = user::Username::parse(name);
  if (!username) return tl::unexpected(username.error());
  const auto found = users.find(*username);
  if (!found && found.error().kind == Error::Kind::refused) {
    return std::vector{
        fmt::format("nobody can log in with {}: {}", named(name), found.error().what)};
  }
  if (!found) return tl::unexpected(found.error());
  std::vector<std::string> lines;
  for (const auto& row : found->users) {
    lines.push_back(fmt::format("{} finds the user id {}, called {}", named(name),
                                log::quoted(row.id.text()), log::quoted(row.name)));
    row.attributes.for_each([&](const auto& one) {
      lines.push_back(
          one.fits ? fmt::format("applications are told {}: {}", one.header, log::quoted(one.text))
                   : fmt::format("applications cannot be told {}: {}", one.header, one.text));
    });
  }
  for (const auto& row : found->unreadable) {
    lines.push_back(
        fmt::format("{} finds a row that nobody can log in with: {}", named(name), row.what));
  }
  if (lines.empty()) {
    lines.push_back(fmt::format("{} finds no row: nobody can log in with it", named(name)));
  } else if (found->users.size() > user::kMostTriedRows) {
    lines.push_back(fmt::format("{} finds {} rows, {}", named(name), found->users.size(),
                                login_with(found->users.size())));
  } else if (found->users.size() > 1) {
    lines.push_back(login_with(found->users.size()));
  }
  return lines;
}

}  // namespace gatehouse::cli::checks
