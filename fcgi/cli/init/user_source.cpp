#include "cli/init/user_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "cli/init/sql_text.h"
#include "cli/init/sql_tokens.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::string_view kTyped = ":name";

/// The texts are brought to one collation: those of two tables cannot be mixed in a UNION.
std::string with_own(const std::string& query, const Column* id, const std::string& own) {
  // An id of bytes is compared as bytes in the site's tables, and stands as hex in ours.
  const bool can_be = !query.empty() && id != nullptr && !id->is_binary();
  return can_be ? fmt::format("{} UNION {}", query, own) : query;
}

}  // namespace

std::string with_own_roles(const std::string& query, const Column* id, const OwnTables& own) {
  return with_own(query, id,
                  fmt::format("SELECT CONVERT(role USING utf8mb4) COLLATE utf8mb4_bin FROM {} "
                              "WHERE user_id = :id",
                              quoted_name(own.database, "user_role")));
}

std::string with_own_disabled(const std::string& query, const Column* id, const OwnTables& own) {
  return with_own(query, id,
                  fmt::format("SELECT 1 FROM {} WHERE user_id = :id",
                              quoted_name(own.database, "user_disabled")));
}

SourceBuilder::SourceBuilder(const Table& table, std::string_view id, std::string_view hash,
                             const OwnTables& own)
    : table_(table), own_(own), id_(id), hash_(hash) {
  add_rights(rights_, table.schema, table.name, {id_, hash_});
}

SourceBuilder& SourceBuilder::login(std::string_view column) {
  login_ = column;
  if (called_.empty()) called_ = column;
  add_rights(rights_, table_.schema, table_.name, {login_});
  return *this;
}

SourceBuilder& SourceBuilder::mail(std::string_view column) {
  mail_ = column;
  add_rights(rights_, table_.schema, table_.name, {mail_});
  return *this;
}

SourceBuilder& SourceBuilder::called(std::string_view column) {
  called_ = column;
  add_rights(rights_, table_.schema, table_.name, {called_});
  return *this;
}

SourceBuilder& SourceBuilder::typed_as(std::string_view text) {
  typed_ = text;
  return *this;
}

SourceBuilder& SourceBuilder::only(const std::string& condition,
                                   const std::vector<std::string>& columns) {
  only_ = condition;
  add_rights(rights_, table_.schema, table_.name, columns);
  return *this;
}

SourceBuilder& SourceBuilder::closed(const std::string& condition,
                                     const std::vector<std::string>& columns) {
  closed_.push_back(condition);
  add_rights(rights_, table_.schema, table_.name, columns);
  return *this;
}

SourceBuilder& SourceBuilder::roles(const std::string& query) {
  roles_.push_back(query);
  return *this;
}

SourceBuilder& SourceBuilder::reads(const std::string& table,
                                    const std::vector<std::string>& columns) {
  add_rights(rights_, table_.schema, table, columns);
  return *this;
}

std::string SourceBuilder::query() const {
  std::string typed = typed_;
  if (const auto at = typed.find('%'); at != std::string::npos) typed.replace(at, 1, kTyped);
  const std::string by_login = fmt::format("{} = {}", quoted_name(login_), typed);
  std::string condition = by_login;
  std::string order;
  if (!mail_.empty()) {
    condition = fmt::format("({} OR {} = {})", by_login, quoted_name(mail_), kTyped);
    order = fmt::format(" ORDER BY {} DESC LIMIT 1", by_login);
  }
  if (!only_.empty()) condition += fmt::format(" AND ({})", only_);
  return fmt::format("SELECT {}, {}, {} FROM {} WHERE {}{}", quoted_name(id_), quoted_name(called_),
                     quoted_name(hash_), quoted_name(table_.name), condition, order);
}

UserSource SourceBuilder::build(std::string application) const {
  const std::string table = quoted_name(table_.name);
  const std::string id = quoted_name(id_);
  const std::string hash = quoted_name(hash_);
  UserSource source;
  source.application = std::move(application);
  source.schema = table_.schema;
  source.table = table_.name;
  source.query = query();
  source.census_query = fmt::format(
      "SELECT {0}, {1} FROM {2} WHERE {0} > :after ORDER BY {0} "
      "LIMIT 1000",
      id, hash, table);
  source.update_query = fmt::format(
      "UPDATE {0} SET {1} = :hash WHERE {2} = :id AND {1} = :old_hash", table, hash, id);
  const Column* const id_column = table_.find(id_);
  source.roles_query =
      with_own_roles(fmt::format("{}", fmt::join(roles_, " UNION ")), id_column, own_);
  const FindTable find = [&](std::string_view name) {
    return name == table_.name ? &table_ : nullptr;
  };
  if (!closed_.empty()) {
    const auto closed = fmt::format("SELECT 1 FROM {} WHERE {} = :id AND ({})", table, id,
                                    fmt::join(closed_, " OR "));
    source.disabled_query = with_own_disabled(closed, id_column, own_);
    source.count_disabled_query = with_schema(sql_tokens(closed), find);
  }
  source.count_query = with_schema(sql_tokens(source.census_query), find);
  add_rights(source.update_rights, table_.schema, table_.name, {hash_}, "UPDATE");
  source.rights = rights_;
  return source;
}

}  // namespace gatehouse::cli::init
