/// Sessions in the table `session` (sql/migrations), shared by all hosts.
#pragma once

#include <atomic>

#include "base/guarded.h"
#include "mysql/host_lease.h"
#include "mysql/pool.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// Writes a row as a login does and takes it away as the purge does, in one transaction, so that
/// nobody ever sees it. It fails where a login or a logout would: the server is read-only or
/// locked, its disk is full, its cluster has no quorum.
Result<void> prove_writable(mysql::Connection& connection);

/// On MariaDB 10.6 and later, MySQL 8 and 9, Galera and Group Replication. A change that a lock, a
/// deadlock or the conflict of two nodes stopped is tried again, for two seconds at most.
class MysqlSessionStore : public SessionStore {
 public:
  MysqlSessionStore(mysql::Pool& pool, Lifetimes lifetimes);

  [[nodiscard]] bool outlives_map() const noexcept override { return true; }
  Result<Epochs> add(const StoredSession& session, const Origin& origin) override;
  Result<void> revoke(const SessionId& id) override;
  Result<std::optional<std::uint32_t>> revoke_user(const user::UserId& id,
                                                   const std::optional<SessionId>& keep) override;
  Result<void> revoke_all() override;
  Result<std::optional<StoredSession>> find(const SessionId& id) override;
  Result<std::vector<SessionId>> not_revoked(std::span<const SessionId> ids) override;
  Result<std::vector<ListedSession>> list(const user::UserId& id) override;
  Result<void> for_each_live(const std::function<void()>& begin,
                             const std::function<bool(ListedSession&&)>& session) override;
  Result<Page> page(std::optional<std::uint64_t> from) override;
  Result<Revocations> revocations(microseconds window) override;
  Result<void> note_uses(std::span<const StoredUse> uses) override;
  Result<void> change_fingerprint(const user::UserId& id, std::span<const Fingerprint> old,
                                  Fingerprint fresh, bool done) override;
  Result<void> change_fingerprint(const SessionId& id, Fingerprint fresh, bool done) override;
  Result<void> purge() override;
  Result<bool> raise_epoch(const user::UserId& id, std::uint32_t least) override;
  Result<void> probe() override { return pool_.with(&prove_writable); }
  Result<void> claim(std::span<const std::string> key_marks) override;

 private:
  Result<std::uint32_t> revoke_user_in(mysql::Connection& connection, const user::UserId& id,
                                       const std::optional<SessionId>& keep);

  mysql::Pool& pool_;
  const Lifetimes lifetimes_;
  const std::string live_;  // the condition of a live row
  mysql::HostLease purge_lease_{"purge"};
  Guarded<std::string> own_mark_;        ///< of the signing key, once it is claimed
  std::atomic<std::uint64_t> times_{0};  ///< how often it was seen in use: the most that was read
};

}  // namespace gatehouse::session
