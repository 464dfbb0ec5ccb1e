/// Sessions that are gone when the process is.
#pragma once

#include <deque>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/guarded.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// The store of `session.store = "memory"`: a table in this process, under the map like that of
/// MySQL, so that nothing above it has a case of its own. It never fails. Thread-safe.
class MemorySessionStore : public SessionStore {
 public:
  MemorySessionStore(const Clock& clock, Lifetimes lifetimes)
      : clock_(clock), lifetimes_(lifetimes) {}

  /// Goes by other lifetimes from now on.
  void set_lifetimes(const Lifetimes& lifetimes) {
    lifetimes_.with([&](Lifetimes& mine) { mine = lifetimes; });
  }

  [[nodiscard]] bool outlives_map() const noexcept override { return false; }
  Result<Begun> add(const StoredSession& session, const Origin& origin) override;
  using SessionStore::revoke;
  Result<void> revoke(std::span<const SessionId> ids) override;
  Result<std::optional<Epoch>> revoke_user(const user::UserId& id,
                                           const std::optional<SessionId>& keep) override;
  Result<void> revoke_all() override;
  Result<std::optional<StoredSession>> find(const SessionId& id) override;
  Result<std::vector<SessionId>> not_revoked(std::span<const SessionId> ids) override;
  Result<std::vector<ListedSession>> list(const user::UserId& id) override;
  Result<void> note_logins(std::span<const SessionId> /*ids*/) override { return {}; }
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
  Result<bool> raise_user_epoch(const user::UserId& /*id*/, Epoch /*least*/) override {
    return false;  // it forgets nothing
  }
  Result<bool> raise_site_epoch(Epoch /*least*/) override { return false; }
  Result<void> probe() override { return {}; }
  /// `refused` for keys that a reload brings and by which no session here would be known.
  Result<void> claim(std::span<const std::string> key_marks) override;

 private:
  struct Row {
    StoredSession session;
    Origin origin;
    TimePoint created;
    TimePoint last_used;
  };
  /// The latest login from an address or by a device.
  struct Login {
    SessionId session;
    std::string key;  ///< as login_place.place
    StoredPlace place;
    Epochs epochs;
    TimePoint at;
  };
  struct KeptLink {
    guard::DeviceLink link;
    Fingerprint fingerprint;
    Epochs epochs;
    TimePoint at;
  };
  struct Table {
    std::unordered_map<SessionId, Row, SessionId::Hash> rows;
    std::unordered_multimap<user::UserId, SessionId, user::UserId::Hash> of_user;
    std::unordered_map<user::UserId, Epoch, user::UserId::Hash> epochs;
    std::deque<std::pair<TimePoint, user::UserId>> user_revocations;  ///< the last ones, in order
    Epoch site_epoch{};
    std::vector<std::string> key_marks;  ///< of the keys that were claimed last
    /// From where each user has logged in, the latest first.
    std::unordered_map<user::UserId, std::deque<Login>, user::UserId::Hash> logins;
    std::deque<KeptLink> links;  ///< in the order in which they were made

    [[nodiscard]] Epochs epochs_of(const user::UserId& id) const;
    void note_place(const user::UserId& id, Login login);
    static void forget_too_many(std::deque<Login>& all);
    void note_login(const StoredSession& session, const Origin& origin, TimePoint now);
    void change_fingerprint(const user::UserId& id, std::span<const Fingerprint> old,
                            Fingerprint fresh, HashChange step);
    void erase(const SessionId& id);
    [[nodiscard]] std::vector<SessionId> ids_of(const user::UserId& id) const;
  };
  [[nodiscard]] bool live(const Row& row) const;
  [[nodiscard]] StoredSession session_of(const Row& row) const;

  const Clock& clock_;
  Guarded<Lifetimes> lifetimes_;
  Guarded<Table> table_;
};

}  // namespace gatehouse::session
