#include "user/id_encoding.h"

#include <utility>

#include "base/encoding.h"

namespace gatehouse::user {

Result<IdForm::State> IdForm::learn(mysql::Connection& connection) {
  return connection.binary_columns(look_up_).map([&](const std::vector<bool>& binary) {
    const State now = !binary.empty() && binary.front() ? State::bytes : State::text;
    state_ = now;
    return now;
  });
}

void IdForm::carry(mysql::Connection& connection, mysql::Rows& rows) {
  const auto state = learn(connection);
  if (!state || *state != State::bytes) return;
  for (mysql::Row& row : rows) {
    auto& id = row.front();
    if (id) id = upper_hex_encode(*id);
  }
}

Result<std::string> IdForm::stored(mysql::Pool& pool, const UserId& id) {
  State state = state_;
  if (state == State::unknown) {
    const auto learnt = pool.with([&](mysql::Connection& connection) { return learn(connection); });
    if (!learnt) return tl::unexpected(learnt.error());
    state = *learnt;
  }
  if (state != State::bytes) return id;
  auto bytes = hex_decode(id);
  if (!bytes) return fail(Error::Kind::invalid, "the id is not the hex of bytes");
  return *std::move(bytes);
}

}  // namespace gatehouse::user
