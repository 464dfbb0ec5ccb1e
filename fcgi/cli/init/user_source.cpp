#include "cli/init/user_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::string_view kTyped = ":name";

}  // namespace

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

/// The queries, with a further one for the table of our own, in which an administrator may add to
/// what the application says. The texts are brought to one collation: those of two tables cannot be
/// mixed in a UNION.
std::string SourceBuilder::either(const std::vector<std::string>& queries,
                                  std::string_view own) const {
  if (queries.empty()) return "";
  std::string all = fmt::format("{}", fmt::join(queries, " UNION "));
  // An id of bytes is compared as bytes in the site's tables, and stands as hex in ours.
  const Column* id = table_.find(id_);
  if (id != nullptr && !id->is_binary()) all += fmt::format(" UNION {}", own);
  return all;
}

UserSource SourceBuilder::build(std::string application) const {
  const std::string table = quoted_name(table_.name);
  const std::string id = quoted_name(id_);
  const std::string hash = quoted_name(hash_);
  UserSource source;
  source.application = std::move(application);
  source.schema = table_.schema;
  source.table = table_.name;
  source.hash_column = hash_;
  source.query = query();
  source.census_query = fmt::format(
      "SELECT {0}, {1} FROM {2} WHERE {0} > :after ORDER BY {0} "
      "LIMIT 1000",
      id, hash, table);
  source.update_query = fmt::format(
      "UPDATE {0} SET {1} = :hash WHERE {2} = :id AND {1} = :old_hash", table, hash, id);
  source.roles_query =
      either(roles_, fmt::format("SELECT CONVERT(role USING utf8mb4) COLLATE utf8mb4_bin FROM {} "
                                 "WHERE user_id = :id",
                                 quoted_name(own_.database, "user_role")));
  if (!closed_.empty()) {
    source.disabled = fmt::format("{}", fmt::join(closed_, " OR "));
    source.disabled_query = either(
        {fmt::format("SELECT 1 FROM {} WHERE {} = :id AND ({})", table, id, source.disabled)},
        fmt::format("SELECT 1 FROM {} WHERE user_id = :id",
                    quoted_name(own_.database, "user_disabled")));
  }
  source.rights = rights_;
  return source;
}

}  // namespace gatehouse::cli::init
