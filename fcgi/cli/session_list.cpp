/// `gatehouse session list`.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "base/time_text.h"
#include "cli/command_line.h"
#include "cli/device.h"
#include "cli/hints.h"
#include "cli/session_tables.h"
#include "cli/session_verbs.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "http/json.h"

namespace gatehouse::cli {
namespace {

using session::ListedSession;

constexpr std::size_t kMostListed = 10'000;

/// Keeps the last used ones of many sessions, which come one by one, in bounded memory.
class LastUsed {
 public:
  void clear() {
    sessions_.clear();
    count_ = 0;
  }
  void add(ListedSession&& session) {
    ++count_;
    sessions_.push_back(std::move(session));
    if (sessions_.size() >= 2 * kMostListed) cut();
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// Returns them in order, the last used first. It may be called once.
  std::vector<ListedSession> take() {
    cut();
    std::stable_sort(sessions_.begin(), sessions_.end(), used_later);
    return std::move(sessions_);
  }

 private:
  static bool used_later(const ListedSession& left, const ListedSession& right) {
    return left.session.since_use < right.session.since_use;
  }
  void cut() {
    if (sessions_.size() <= kMostListed) return;
    const auto end = sessions_.begin() + kMostListed;
    std::nth_element(sessions_.begin(), end, sessions_.end(), used_later);
    sessions_.erase(end, sessions_.end());
  }

  std::vector<ListedSession> sessions_;
  std::size_t count_ = 0;
};

Result<void> gather(SessionTables& tables, const config::Settings& settings, const Whose& whose,
                    Progress& progress, LastUsed& sessions) {
  if (whose.everybody()) {
    return for_each_session(
        tables, "reading the sessions", progress, [&] { sessions.clear(); },
        [&](ListedSession&& one) {
          sessions.add(std::move(one));
          return true;
        });
  }
  const auto ids = ids_of(settings, whose);
  if (!ids) return tl::unexpected(ids.error());
  for (const auto& id : *ids) {
    auto listed = tables.store->list(id);
    if (!listed) return tl::unexpected(listed.error());
    for (auto& one : *listed) sessions.add(std::move(one));
  }
  return {};
}

using MaybeHandles = std::optional<session::HandleMaker>;

Cell time_cell(session::microseconds age) {
  return {time_ago(age), short_age(age)};
}

void print(const std::vector<ListedSession>& sessions, const MaybeHandles& handles,
           const Output& output) {
  using Fit = Column::Fit;
  Table table({{.heading = "logged in", .spare = 2},
               {.heading = "last used"},
               {.heading = "remember", .spare = 3},
               {.heading = "address", .fit = Fit::cut},
               {.heading = "handle"},
               {.heading = "device", .fit = Fit::cut, .least = 17},
               {.heading = "user", .fit = Fit::cut, .leads = true},
               {.heading = "id", .fit = Fit::cut, .spare = 1}});
  for (const auto& [one, origin] : sessions) {
    table.add({time_cell(one.since_login), time_cell(one.since_use),
               one.kind == session::Kind::persistent ? "yes" : "no", printable(origin.address),
               handles ? handles->of(one.id) : "-", device_name(origin.user_agent),
               printable(one.username), printable(one.user_id.text())});
  }
  if (table.empty()) {
    return print_nothing(table, "there is no live session", output);
  }
  table.print(output.terminal, output.out);
}

std::string as_json(const std::vector<ListedSession>& sessions, const MaybeHandles& handles) {
  http::JsonWriter json;
  json.begin_object().key("sessions").begin_array();
  for (const auto& [one, origin] : sessions) {
    json.begin_object().key("created").text(time_ago(one.since_login));
    json.key("last_used").text(time_ago(one.since_use));
    json.key("remember").boolean(one.kind == session::Kind::persistent);
    json.key("address").text(origin.address);
    if (handles) json.key("handle").text(handles->of(one.id));
    json.key("device").text(device_name(origin.user_agent));
    json.key("user_agent").text(origin.user_agent);
    json.key("username").text(one.username).key("id").text(one.user_id.text());
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

/// The handles; nothing, and why on `err`, if the keys cannot be read.
MaybeHandles handles_of(const config::Settings& settings, std::ostream& err) {
  auto handles = handle_maker(settings);
  if (handles) return std::move(*handles);
  err << "no handles are shown: " << with_config(handles.error().what) << '\n';
  return std::nullopt;
}

}  // namespace

int list_sessions(const std::filesystem::path& config_file, const Whose& whose, bool json,
                  const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto tables = open_tables(*settings, whose.everybody() ? Reading::all : Reading::some);
  if (!tables) return fail_with(tables.error(), output.err);
  LastUsed sessions;
  const auto gathered = [&] {
    Progress progress("waiting for MySQL", output.err, output.err_terminal);
    return gather(**tables, *settings, whose, progress, sessions);
  }();
  if (!gathered) return fail_with(gathered.error(), output.err);
  const std::size_t count = sessions.count();
  auto listed = sessions.take();
  remove_refused(*settings, listed);
  const auto handles = handles_of(*settings, output.err);
  if (json) {
    output.out << as_json(listed, handles) << '\n';
  } else {
    print(listed, handles, output);
  }
  if (count > kMostListed) {
    output.err << fmt::format(
        "{} more sessions, which were used before these, are not shown: choose with --user NAME\n",
        count - kMostListed);
  }
  return kOk;
}

}  // namespace gatehouse::cli
