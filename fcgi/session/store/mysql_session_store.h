/// Sessions in the table `session` (sql/migrations), which all hosts share.
#pragma once

#include <atomic>

#include "base/guarded.h"
#include "mysql/host_lease.h"
#include "mysql/pool.h"
#include "session/store/missing_tables.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// The store of `session.store = "mysql"`, on MariaDB 10.6 and later, MySQL 8 and 9, Galera and
/// Group Replication. It retries on transient conflicts (deadlock, lock timeout, certification by
/// another node) for two seconds. Thread-safe.
class MysqlSessionStore : public SessionStore {
 public:
  /// Where users have logged in is kept for `known_for`.
  MysqlSessionStore(mysql::Pool& pool, Lifetimes lifetimes,
                    std::chrono::seconds known_for = config::Guard{}.known_for);

  [[nodiscard]] bool outlives_map() const noexcept override { return true; }
  Result<Begun> add(const StoredSession& session, const Origin& origin) override;
  using SessionStore::revoke;
  Result<void> revoke(std::span<const SessionId> ids) override;
  Result<std::optional<Epoch>> revoke_user(const user::UserId& id,
                                           const std::optional<SessionId>& keep) override;
  Result<void> revoke_all() override;
  Result<std::optional<StoredSession>> find(const SessionId& id) override;
  Result<std::vector<SessionId>> not_revoked(std::span<const SessionId> ids) override;
  Result<std::vector<ListedSession>> list(const user::UserId& id) override;
  Result<void> note_logins(std::span<const SessionId> ids) override;
  Result<std::vector<StoredPlace>> places(const user::UserId& id,
                                          std::chrono::seconds within) override;
  Result<void> keep_link(const guard::DeviceLink& link, Fingerprint fingerprint) override;
  Result<bool> use_link(const guard::DeviceLink& link, const std::string& device) override;
  Result<void> for_each_live(const std::function<void()>& begin,
                             const std::function<bool(ListedSession&&)>& session) override;
  Result<Page> page(std::optional<std::uint64_t> from) override;
  Result<Revocations> revocations(microseconds window) override;
  Result<void> note_uses(std::span<const StoredUse> uses) override;
  Result<void> change_fingerprint(const user::UserId& id, std::span<const Fingerprint> old,
                                  Fingerprint fresh, HashChange step) override;
  Result<void> change_fingerprint(const SessionId& id, Fingerprint fresh, HashChange step) override;
  Result<void> purge() override;
  Result<bool> raise_user_epoch(const user::UserId& id, Epoch least) override;
  Result<bool> raise_site_epoch(Epoch least) override;
  Result<void> probe() override { return pool_.with(&prove_writable); }
  Result<void> claim(std::span<const std::string> key_marks) override;

 private:
  /// Whether a new row has the column `device`, which migration 5 has added.
  enum class Device : bool { left_out, kept };
  Result<Begun> insert(const StoredSession& session, const Origin& origin, Device device);
  Result<void> change_rows(const std::string& sessions, const mysql::Values& of_sessions,
                           const std::string& places, const mysql::Values& of_places);
  [[nodiscard]] bool went_back(const std::string& mark);

  mysql::Pool& pool_;
  const Lifetimes lifetimes_;
  const std::chrono::seconds known_for_;
  const std::string live_;          ///< the SQL condition of a live row
  const std::string before_login_;  ///< the SQL of what add() reads first; it takes the id twice
  mysql::HostLease purge_lease_{"purge"};
  MissingTables missing_;
  Guarded<std::string> own_mark_;  ///< the mark of the signing key, once it is claimed
  /// How often that key was claimed, as far as polls know. It only grows, unless the tables go back
  /// in time.
  std::atomic<std::uint64_t> times_{0};
};

}  // namespace gatehouse::session
