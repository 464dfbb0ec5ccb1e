#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "cli/command_line.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/user/refusals.h"
#include "cli/user/role_names.h"
#include "cli/user/verbs.h"
#include "cli/verb.h"
#include "http/json.h"

namespace gatehouse::cli::users {
namespace {

struct Entry {
  user::TableRow row;
  user::Standing standing;
};

/// Reads the users page by page, with their standings, and hands over those that the filter lets
/// through.
class Reading {
 public:
  Reading(Database& database, const Filter& filter) : database_(database), filter_(filter) {}

  /// The next users that are shown, perhaps none; nothing at the end of the table.
  Result<std::optional<std::vector<Entry>>> next() {
    auto page = database_.read_users(
        [&](mysql::Connection& connection) { return database_.table_on(connection).page(last_); });
    if (!page) return tl::unexpected(explained(std::move(page.error())));
    if (page->empty()) return std::nullopt;
    last_ = page->back().id;
    return with_standings(std::move(*page));
  }

 private:
  Result<std::optional<std::vector<Entry>>> with_standings(std::vector<user::TableRow> page) {
    std::vector<user::UserId> ids;
    ids.reserve(page.size());
    for (const auto& row : page) ids.push_back(row.id);
    auto standings = database_.users().standings(ids);
    std::vector<Entry> shown;
    for (std::size_t i = 0; i < page.size(); ++i) {
      if (!standings[i]) return tl::unexpected(explained(std::move(standings[i].error())));
      if (lets_through(*standings[i])) {
        shown.push_back({std::move(page[i]), std::move(*standings[i])});
      }
    }
    return shown;
  }

  [[nodiscard]] bool lets_through(const user::Standing& standing) const {
    if (filter_.disabled && !standing.disabled) return false;
    return !filter_.role ||
           std::any_of(standing.roles.begin(), standing.roles.end(),
                       [&](const user::Role& role) { return role.text() == *filter_.role; });
  }

  Database& database_;
  const Filter& filter_;
  std::optional<user::UserId> last_;
};

std::string as_json(const Entry& entry) {
  http::JsonWriter json;
  json.begin_object().key("id").text(entry.row.id.text()).key("username").text(entry.row.name);
  json.key("disabled").boolean(entry.standing.disabled).key("roles").begin_array();
  for (const auto& role : entry.standing.roles) json.text(role.text());
  json.end_array().end_object();
  return json.take();
}

/// Writes the users as one JSON object, of which only a page is in memory.
Result<void> write_json(Reading& reading, std::ostream& out) {
  out << R"({"users":[)";
  std::string_view separator;
  for (;;) {
    const auto page = reading.next();
    if (!page) return tl::unexpected(page.error());
    if (!*page) break;
    for (const Entry& entry : **page) {
      out << separator << as_json(entry);
      separator = ",";
    }
  }
  out << "]}\n";
  return {};
}

Table table_of(const std::vector<Entry>& page) {
  Table table({{.heading = "id", .align = Column::Align::right},
               {.heading = "name", .fit = Column::Fit::cut},
               {.heading = "disabled", .spare = 1},
               {.heading = "roles", .fit = Column::Fit::cut, .spare = 2}});
  for (const Entry& entry : page) {
    const bool disabled = entry.standing.disabled;
    table.add({entry.row.id.text(), printable(entry.row.name),
               Cell(disabled ? "yes" : "no", {}, disabled ? Style::warning : Style::plain),
               joined(entry.standing.roles)});
  }
  return table;
}

/// The sentence for a list without a user.
std::string nobody(const Filter& filter) {
  const std::string role =
      filter.role ? fmt::format(" with the role {}", log::quoted(*filter.role)) : "";
  if (filter.disabled) return fmt::format("no user{} is disabled", role);
  return role.empty() ? "there is no user" : fmt::format("there is no user{}", role);
}

/// Prints a table for each page of which something is shown.
Result<void> write_tables(Reading& reading, const Filter& filter, const Output& output) {
  bool any = false;
  for (;;) {
    const auto page = reading.next();
    if (!page) return tl::unexpected(page.error());
    if (!*page) break;
    if ((*page)->empty()) continue;
    table_of(**page).print(output.terminal, output.out);
    any = true;
  }
  if (!any) print_nothing(table_of({}), nobody(filter), output);
  return {};
}

}  // namespace

int list_users(const UserVerb& verb, const Filter& filter, bool json) {
  const auto database = open_database(verb.config_file, verb.account, verb.err);
  if (!database) return kProblems;
  if (const auto refused = foreign_table(*database, "listed")) return fail_with(*refused, verb.err);
  Reading reading(*database, filter);
  const auto written = json ? write_json(reading, verb.out)
                            : write_tables(reading, filter, {verb.out, verb.err, verb.terminal});
  return written ? kOk : fail_with(written.error(), verb.err);
}

}  // namespace gatehouse::cli::users
