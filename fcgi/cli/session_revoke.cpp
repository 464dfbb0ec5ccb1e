/// `gatehouse session revoke`.
#include <fmt/format.h>

#include <optional>
#include <ostream>
#include <vector>

#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/confirm.h"
#include "cli/hints.h"
#include "cli/session_tables.h"
#include "cli/session_verbs.h"
#include "cli/verb.h"

namespace gatehouse::cli {
namespace {

/// The name for messages: `"roy"`, with the ids if the name finds several.
std::string name_of(const Whose& whose, const std::vector<user::UserId>& ids) {
  if (whose.id) return "the user id " + log::quoted(*whose.id);
  if (ids.size() == 1) return log::quoted(whose.user.value());
  std::string list;
  for (const auto& id : ids) list.append(list.empty() ? "" : ", ").append(log::quoted(id.text()));
  return fmt::format("{} (user ids {})", log::quoted(whose.user.value()), list);
}

/// Looks for the session of that handle. A handle is computed from the session's id, so that all
/// sessions must be looked through.
Result<std::optional<session::SessionId>> find(SessionTables& tables,
                                               const session::HandleMaker& handles,
                                               const std::string& handle, const Output& output) {
  std::optional<session::SessionId> id;
  Progress progress("waiting for MySQL", output.err, output.err_terminal);
  const auto searched = for_each_session(
      tables, "looking for the session", progress, [&] { id.reset(); },
      [&](session::ListedSession&& one) {
        if (handles.of(one.session.id) != handle) return true;
        id = one.session.id;
        return false;
      });
  if (!searched) return tl::unexpected(searched.error());
  return id;
}

/// Revokes the one session of that handle.
int revoke_one(SessionTables& tables, const config::Settings& settings, const std::string& handle,
               const Output& output) {
  const auto handles = handle_maker(settings);
  if (!handles) return fail_with(handles.error(), output.err);
  const auto id = find(tables, *handles, handle, output);
  if (!id) return fail_with(id.error(), output.err);
  if (!*id) {
    output.err << with_config(fmt::format(
        "there is no live session with the handle {}, so none is revoked: `gatehouse session list` "
        "shows the handles\n",
        log::quoted(handle)));
    return kProblems;
  }
  const auto revoked = tables.store->revoke(**id);
  if (!revoked) return fail_with(revoked.error(), output.err);
  audit({.kind = log::EventKind::session_revoked,
         .message = "sessions: one revoked",
         .session = handle});
  output.out << "the session " << log::quoted(handle) << " is revoked\n";
  return kOk;
}

/// Revokes all sessions of these users. Returns how many were live.
Result<std::size_t> revoke(session::SessionStore& store, const std::vector<user::UserId>& ids) {
  std::size_t live = 0;
  for (const auto& id : ids) {
    const auto listed = store.list(id);
    if (!listed) return tl::unexpected(listed.error());
    live += listed->size();
    const auto revoked = store.revoke_user(id, std::nullopt);
    if (!revoked) return tl::unexpected(revoked.error());
    audit({.kind = log::EventKind::session_revoked,
           .message = "sessions: all of a user revoked",
           .user_id = id.text()});
  }
  return live;
}

/// How many sessions are live, for whoever wants to know what was revoked. Nothing if that cannot
/// be read within mysql.timeout: then the revocation must not wait for it. It has connections of
/// its own, since they count as broken after that.
std::optional<std::size_t> count_live(const config::Settings& settings) {
  const auto tables = open_tables(settings, Reading::some);
  if (!tables) return std::nullopt;
  std::size_t live = 0;
  const auto read = (*tables)->store->for_each_live([&] { live = 0; },
                                                    [&](session::ListedSession&& /*one*/) {
                                                      ++live;
                                                      return true;
                                                    });
  return read ? std::optional(live) : std::nullopt;
}

/// An error unless the administrator says yes.
Result<void> ask_first(std::optional<std::size_t> live) {
  const auto agreed = confirm(
      fmt::format("Log out everybody{}? [y/N] ",
                  live ? fmt::format(" ({} session{})", *live, *live == 1 ? "" : "s") : ""));
  if (!agreed) {
    return fail(agreed.error().kind, agreed.error().what + ": say with --yes that all are meant");
  }
  if (!*agreed) return fail(Error::Kind::invalid, "nothing is revoked");
  return {};
}

int revoke_all(session::SessionStore& store, const config::Settings& settings, bool sure,
               const Output& output) {
  const auto live = count_live(settings);
  if (!sure) {
    if (const auto asked = ask_first(live); !asked) return fail_with(asked.error(), output.err);
  }
  const auto revoked = store.revoke_all();
  if (!revoked) return fail_with(revoked.error(), output.err);
  audit(
      {.kind = log::EventKind::session_revoked, .message = "sessions: those of everybody revoked"});
  output.out << "everybody is logged out: all sessions are revoked"
             << (live ? fmt::format(" ({} live)", *live) : "") << '\n';
  return kOk;
}

/// Revokes those of one user. A name was found in the site's table; an id may be mistyped, and then
/// the sessions that were meant go on, so it says if the id has none.
int revoke_users(session::SessionStore& store, const config::Settings& settings, const Whose& whose,
                 const Output& output) {
  const auto ids = ids_of(settings, whose);
  if (!ids) return fail_with(ids.error(), output.err);
  const auto live = revoke(store, *ids);
  if (!live) return fail_with(live.error(), output.err);
  if (*live == 0 && whose.id) {
    output.err << name_of(whose, *ids)
               << with_config(
                      " has no live session, so none is revoked: `gatehouse session list` shows "
                      "the ids of those who are logged in\n");
    return kProblems;
  }
  output.out << name_of(whose, *ids) << " is " << logged_out_text(*live) << '\n';
  return kOk;
}

}  // namespace

std::string logged_out_text(std::optional<std::size_t> sessions) {
  std::string everywhere = "logged out everywhere";
  if (!sessions) return everywhere;
  if (*sessions == 0) return everywhere + " (there was no live session)";
  return fmt::format("{} ({} session{})", everywhere, *sessions, *sessions == 1 ? "" : "s");
}

int revoke_sessions(const std::filesystem::path& config_file, const Whose& whose, bool sure,
                    const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto tables = open_tables(*settings, whose.handle ? Reading::all : Reading::some);
  if (!tables) return fail_with(tables.error(), output.err);
  if (whose.handle) return revoke_one(**tables, *settings, *whose.handle, output);
  if (whose.everybody()) return revoke_all(*(*tables)->store, *settings, sure, output);
  return revoke_users(*(*tables)->store, *settings, whose, output);
}

}  // namespace gatehouse::cli
