#include "mysql/host_lease.h"

#include "base/crypto.h"
#include "base/encoding.h"

namespace gatehouse::mysql {
namespace {

constexpr std::size_t kHolderBytes = 16;

}  // namespace

HostLease::HostLease(std::string name)
    : name_(std::move(name)), holder_(base64url_encode(random_bytes(kHolderBytes))) {}

Result<bool> HostLease::take(Connection& connection, std::chrono::seconds time) const {
  const auto row = connection.execute(
      "INSERT IGNORE INTO gatehouse_lease (name, holder, expires_at)"
      " VALUES (?, '', UTC_TIMESTAMP(6))",
      {name_});
  if (!row) return tl::unexpected(row.error());
  const std::string seconds = std::to_string(time.count());
  return connection
      .execute(
          "UPDATE gatehouse_lease SET holder = ?, expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND"
          " WHERE name = ? AND (holder = ? OR expires_at <= UTC_TIMESTAMP(6))",
          {holder_, seconds, name_, holder_})
      .map([](std::uint64_t changed) { return changed == 1; });
}

Result<void> HostLease::release(Connection& connection) const {
  return connection
      .execute(
          "UPDATE gatehouse_lease SET expires_at = UTC_TIMESTAMP(6) WHERE name = ? AND holder = ?",
          {name_, holder_})
      .map([](std::uint64_t) {});
}

}  // namespace gatehouse::mysql
