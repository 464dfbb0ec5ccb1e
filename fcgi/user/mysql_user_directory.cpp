#include "user/mysql_user_directory.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "user/labelled_columns.h"
#include "user/mysql_standings.h"

namespace gatehouse::user {
namespace {

/// The first columns of user.query, by their places: the site chooses their names. Further ones are
/// known by their labels.
enum Column : std::size_t { kId, kName, kHash, kColumns };
constexpr std::size_t kLongestId = 64;
/// More than kMostRows, so that the log can name some of too many.
constexpr std::size_t kMostRead = 1000;

// The names of the placeholders, in the order in which their values are bound.
constexpr std::array<std::string_view, 1> kLookupNames = {"name"};
constexpr std::array<std::string_view, 1> kIdNames = {"id"};
constexpr std::array<std::string_view, 3> kUpdateNames = {"hash", "id", "old_hash"};

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string wrong_columns(std::size_t count) {
  return "the lookup query must give three columns (id, name, hash), and further ones with a "
         "label (AS salt, AS scheme, AS email …); it gives " +
         std::to_string(count);
}

Result<LabelledColumns> labelled(const std::vector<std::string>& labels) {
  return labelled_columns(labels, kColumns, "the lookup query", OtherLabels::attributes);
}

std::string text_at(mysql::Row& row, std::size_t place) {
  return place == 0 ? std::string() : std::move(row[place]).value_or("");
}

std::string ids_of(const mysql::Rows& rows) {
  std::string ids;
  for (std::size_t i = 0; i < kMostRows; ++i) {
    ids.append(i == 0 ? "" : ", ").append(log::quoted(rows[i].front().value_or("")));
  }
  return ids;
}

/// Attributes do not make another row: the first counts.
bool same_row(const User& left, const User& right) {
  return left.id == right.id && left.name == right.name &&
         left.password_hash.equals(right.password_hash.view()) && left.salt == right.salt &&
         left.scheme == right.scheme;
}

/// Adds a row of kColumns columns to the matches. A row that is there already is left out, since a
/// join gives the same user once for each row that it meets.
void add_row(mysql::Row row, const LabelledColumns& labelled, const Username& typed,
             Matches& matches) {
  std::string text = std::move(row[kId]).value_or("");
  if (text.empty() || text.size() > kLongestId) {
    matches.unreadable.push_back({std::nullopt,
                                  "a row's id, the first column of user.query, is empty or longer "
                                  "than 64 bytes (32 where it "
                                  "holds bytes, which are carried as hex)"});
    return;
  }
  UserId id(std::move(text));
  const auto name = Username::parse(row[kName].value_or(""));
  if (!name) {
    std::string what =
        "the row of the user id " + log::quoted(id.text()) + ": " + name.error().what;
    matches.unreadable.push_back({std::move(id), std::move(what)});
    return;
  }
  User user{std::move(id), name->text(), Secret(std::move(row[kHash]).value_or(""))};
  user.salt = text_at(row, labelled.salt);
  user.scheme = text_at(row, labelled.scheme);
  for (const auto& [place, header] : labelled.attributes) user.attributes.add(header, row[place]);
  if (typed.text() != user.name) user.login_name = typed.text();
  const bool known = std::any_of(matches.users.begin(), matches.users.end(),
                                 [&](const User& other) { return same_row(other, user); });
  if (!known) matches.users.push_back(std::move(user));
}

Result<Matches> to_matches(mysql::Rows rows, const LabelledColumns& labelled,
                           const Username& typed) {
  if (!rows.empty() && rows.front().size() < kColumns) {
    return fail(Error::Kind::failed, wrong_columns(rows.front().size()));
  }
  if (rows.size() > kMostRows) {
    return fail(Error::Kind::refused, "a name finds " + std::to_string(rows.size()) +
                                          " rows, more than 8: the user ids " + ids_of(rows) +
                                          " …");
  }
  Matches matches;
  for (mysql::Row& row : rows) add_row(std::move(row), labelled, typed, matches);
  return matches;
}

Result<std::optional<mysql::NamedQuery>> parse_of_id(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return mysql::NamedQuery::parse(text, kIdNames).map([](mysql::NamedQuery&& query) {
    return std::optional(std::move(query));
  });
}

}  // namespace

Result<mysql::NamedQuery> parse_lookup(const config::User& settings) {
  return mysql::NamedQuery::parse(settings.query, kLookupNames);
}

Result<std::optional<mysql::NamedQuery>> parse_update(const config::User& settings) {
  if (settings.update_query.empty()) return std::nullopt;
  return mysql::NamedQuery::parse(settings.update_query, kUpdateNames)
      .map([](mysql::NamedQuery&& query) { return std::optional(std::move(query)); })
      .map_error([](Error error) {
        if (error.what.starts_with("there is no :")) {
          error.what += ": it ends with WHERE id = :id AND password = :old_hash, and sets :hash";
        }
        return error;
      });
}

Result<std::optional<mysql::NamedQuery>> parse_roles(const config::User& settings) {
  return parse_of_id(settings.roles_query);
}

Result<std::optional<mysql::NamedQuery>> parse_disabled(const config::User& settings) {
  return parse_of_id(settings.disabled_query);
}

Result<Queries> parse_queries(const config::User& settings) {
  auto lookup = parse_lookup(settings);
  if (!lookup) return tl::unexpected(std::move(lookup.error()));
  auto update = parse_update(settings);
  if (!update) return tl::unexpected(std::move(update.error()));
  auto roles = parse_roles(settings);
  if (!roles) return tl::unexpected(std::move(roles.error()));
  auto disabled = parse_disabled(settings);
  if (!disabled) return tl::unexpected(std::move(disabled.error()));
  return Queries{*std::move(lookup), *std::move(update), *std::move(roles), *std::move(disabled)};
}

MysqlUserDirectory::MysqlUserDirectory(mysql::Pool& pool, Queries queries, mysql::Pool* ours,
                                       std::string name_collation)
    : pool_(pool),
      queries_(std::move(queries)),
      id_encoding_(queries_.lookup),
      name_keys_(queries_.lookup, std::move(name_collation)),
      ours_(ours) {}

Result<std::string> MysqlUserDirectory::name_key(const Username& name) {
  return name_keys_.of(pool_, name);
}

Result<Matches> MysqlUserDirectory::find(const Username& name) {
  auto found = rows_of(name);
  if (!found) {
    if (found.error().kind == Error::Kind::refused) note_rows(kMostRows);
    if (found.error().kind != Error::Kind::unavailable)
      lookup_failures_.failed(name.text(), found.error());
    return found;
  }
  note_rows(found->users.size());
  if (found->unreadable.empty()) {
    lookup_failures_.succeeded(name.text());
  } else {
    lookup_failures_.failed(name.text(), {Error::Kind::failed, found->unreadable.front().what});
  }
  return found;
}

Result<Matches> MysqlUserDirectory::rows_of(const Username& name) {
  const auto values = queries_.lookup.bind(std::array<std::string_view, 1>{name.text()});
  LabelledColumns places;
  auto rows = pool_.with([&](mysql::Connection& connection) -> Result<mysql::Rows> {
    auto found = connection.select(queries_.lookup.sql, values, kMostRead);
    if (!found) return found;
    id_encoding_.encode(connection, *found);
    if (found->empty() || found->front().size() <= kColumns) return found;
    auto told = connection.column_labels(queries_.lookup.sql).and_then(labelled);
    if (!told) return tl::unexpected(std::move(told.error()));
    places = *told;
    return found;
  });
  if (rows) return to_matches(std::move(*rows), places, name);
  if (rows.error().kind == Error::Kind::invalid && !is_ascii(name.text())) {
    return Matches{};  // the column's character set cannot hold this name, so no user has it
  }
  if (rows.error().kind == Error::Kind::invalid) rows.error().kind = Error::Kind::failed;
  return tl::unexpected(std::move(rows.error()));
}

void MysqlUserDirectory::note_rows(std::size_t rows) noexcept {
  rows = std::min(rows, kMostTriedRows);
  std::size_t most = most_rows_;
  while (most < rows && !most_rows_.compare_exchange_weak(most, rows)) {
  }
}

Result<Standing> MysqlUserDirectory::told(const UserId& id, Result<Standing> standing) {
  if (standing) {
    standing_failures_.succeeded(id.text());
  } else if (standing.error().kind != Error::Kind::unavailable) {
    standing_failures_.failed(id.text(),
                              {standing.error().kind,
                               "user id " + log::quoted(id.text()) + ": " + standing.error().what});
  }
  return standing;
}

Result<Standing> MysqlUserDirectory::standing(const UserId& id) {
  return told(id,
              MysqlStandings(pool_, ours_, id_encoding_, queries_.roles, queries_.disabled).of(id));
}

std::vector<Result<Standing>> MysqlUserDirectory::standings(std::span<const UserId> ids) {
  auto all = MysqlStandings(pool_, ours_, id_encoding_, queries_.roles, queries_.disabled).of(ids);
  for (std::size_t i = 0; i < ids.size(); ++i) all[i] = told(ids[i], std::move(all[i]));
  return all;
}

bool MysqlUserDirectory::writes() const noexcept {
  return queries_.update.has_value();
}

Result<bool> MysqlUserDirectory::replace_hash(const UserId& id, const Secret& old_hash,
                                              const Secret& hash) {
  const auto bound = id_encoding_.decode(pool_, id);
  if (!bound) return tl::unexpected(bound.error());
  const auto values =
      queries_.update->bind(std::array<std::string_view, 3>{hash.view(), *bound, old_hash.view()});
  return pool_
      .with([&](mysql::Connection& connection) {
        return connection.execute(queries_.update->sql, values);
      })
      .map([](std::uint64_t changed) { return changed > 0; });
}

Result<void> check_lookup(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns < kColumns) return fail(Error::Kind::failed, wrong_columns(*columns));
  const auto labels = connection.column_labels(query.sql).and_then(labelled);
  if (!labels) return tl::unexpected(labels.error());
  return {};
}

Result<void> check_labels(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto labels = connection.column_labels(query.sql);
  if (!labels || labels->size() <= kColumns) return {};
  return labelled(*labels).map([](const auto& /*columns*/) {});
}

Result<void> check_update(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != 0) return fail(Error::Kind::failed, "it gives rows, and should change one");
  return {};
}

Result<void> check_standing(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != 1) {
    return fail(Error::Kind::failed,
                "it must give one column; it gives " + std::to_string(*columns));
  }
  return {};
}

}  // namespace gatehouse::user
