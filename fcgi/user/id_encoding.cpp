#include "user/id_encoding.h"

#include <utility>

#include "base/encoding.h"

namespace gatehouse::user {

Result<IdEncoding::ColumnType> IdEncoding::learn(mysql::Connection& connection) {
  return connection.binary_columns(lookup_sql_).map([&](const std::vector<bool>& binary) {
    const bool bytes = !binary.empty() && binary.front();
    const ColumnType now = bytes ? ColumnType::bytes : ColumnType::text;
    column_ = now;
    return now;
  });
}

void IdEncoding::encode(mysql::Connection& connection, mysql::Rows& rows) {
  const auto column = learn(connection);
  if (!column || *column != ColumnType::bytes) return;
  for (mysql::Row& row : rows) {
    auto& id = row.front();
    if (id) id = upper_hex_encode(*id);
  }
}

Result<std::string> IdEncoding::decode(mysql::Pool& pool, const UserId& id) {
  ColumnType column = column_;
  if (column == ColumnType::unknown) {
    const auto learnt = pool.with([&](mysql::Connection& connection) { return learn(connection); });
    if (!learnt) return tl::unexpected(learnt.error());
    column = *learnt;
  }
  if (column != ColumnType::bytes) return id.text();
  auto bytes = hex_decode(id.text());
  if (!bytes) {
    return fail(Error::Kind::invalid,
                "the user's id is not hex, and the id column of user.query holds bytes: ids of "
                "other users, or a column whose type was changed");
  }
  return *std::move(bytes);
}

}  // namespace gatehouse::user
