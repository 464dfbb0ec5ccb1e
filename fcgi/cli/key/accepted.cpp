#include "cli/key/accepted.h"

#include <fmt/format.h>

#include "cli/session_tables.h"
#include "cli/verb.h"

namespace gatehouse::cli::key {
namespace {

constexpr std::string_view kYes = "yes";
constexpr std::string_view kNo = "no";

/// What the tables say, as text: the question may be asked in another process. Anything else is why
/// they cannot be asked.
std::string ask(const config::Settings& settings, const std::string& mark) {
  const auto tables = open_tables(settings, Reading::some);
  if (!tables) return tables.error().what;
  const auto may = session::may_sign((*tables)->pool, mark);
  if (!may) return may.error().what;
  return std::string(*may ? kYes : kNo);
}

}  // namespace

Result<void> accepted_by_hosts(const config::Settings& settings, const std::string& mark,
                               const std::string& reload) {
  if (settings.session.store == config::SessionStore::memory) return {};
  const auto said = said_by_account(settings, [&] { return ask(settings, mark); });
  if (!said) return fail(Error::Kind::unavailable, said.error().what);
  if (*said == kYes) return {};
  if (*said != kNo) return fail(Error::Kind::unavailable, *said);
  return fail(Error::Kind::refused,
              fmt::format("no running host accepts the key {} yet, so that none may sign by it: "
                          "copy the file to every host as it is, and reload first: {}. Then look "
                          "whether the status of each is \"Serving\", and promote the key",
                          mark, reload));
}

std::optional<bool> is_accepted_by_hosts(const config::Settings& settings,
                                         const std::string& mark) {
  if (settings.session.store == config::SessionStore::memory) return std::nullopt;
  const auto said = said_by_account(settings, [&] { return ask(settings, mark); });
  if (!said || (*said != kYes && *said != kNo)) return std::nullopt;
  return *said == kYes;
}

}  // namespace gatehouse::cli::key
