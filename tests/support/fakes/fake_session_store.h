/// A store of sessions that can fail, counts what it is asked, and lets the test act in between.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "session/store/memory_session_store.h"

namespace gatehouse::test {

/// Stands over a real store, in memory or in MySQL.
template <class Store = session::MemorySessionStore>
class FakeSessionStore final : public Store {
 public:
  using Store::Store;

  Result<session::Begun> add(const session::StoredSession& session,
                             const session::Origin& origin) override {
    if (away) return is_away();
    return Store::add(session, origin);
  }
  using Store::revoke;
  Result<void> revoke(std::span<const session::SessionId> ids) override {
    revoked += static_cast<int>(ids.size());
    if (away || failing_revocations > 0) {
      if (failing_revocations > 0) --failing_revocations;
      return is_away();
    }
    return Store::revoke(ids);
  }
  Result<std::optional<session::Epoch>> revoke_user(
      const user::UserId& id, const std::optional<session::SessionId>& keep) override {
    if (!revokes_users) return is_away();
    return Store::revoke_user(id, keep);
  }
  Result<std::optional<session::StoredSession>> find(const session::SessionId& id) override {
    ++finds;
    if (away) return is_away();
    auto found = Store::find(id);
    once(after_find);
    return found;
  }
  Result<std::vector<session::SessionId>> not_revoked(
      std::span<const session::SessionId> ids) override {
    if (away) return is_away();
    std::this_thread::sleep_for(not_revoked_takes);
    return Store::not_revoked(ids);
  }
  Result<session::Page> page(std::optional<std::uint64_t> from) override {
    auto read = Store::page(from);
    once(after_page);
    return read;
  }
  Result<void> note_uses(std::span<const session::StoredUse> uses) override {
    once(before_note_uses);
    if (away) return is_away();
    ++writings;
    uses_noted += uses.size();
    return Store::note_uses(uses);
  }
  Result<void> note_logins(std::span<const session::SessionId> ids) override {
    ++notings;
    if (away) return is_away();
    logins_noted += ids.size();
    most_noted = std::max(most_noted.load(), ids.size());
    return Store::note_logins(ids);
  }
  Result<void> purge() override {
    ++purged;
    return Store::purge();
  }
  Result<void> claim(std::span<const std::string> key_marks) override {
    ++claims;
    if (claim_error) return tl::unexpected(*claim_error);
    return Store::claim(key_marks);
  }

  std::atomic<bool> away{false};                   ///< nothing is found, added, noted or revoked
  std::atomic<int> failing_revocations{0};         ///< so many of the next ones fail
  bool revokes_users = true;                       ///< else revoke_user fails
  std::optional<Error> claim_error;                ///< set before threads start
  std::chrono::milliseconds not_revoked_takes{0};  ///< likewise

  // What happens next time, once: between the reading and its answer, or before the writing.
  std::function<void()> after_find;
  std::function<void()> after_page;
  std::function<void()> before_note_uses;

  std::atomic<int> revoked{0};
  std::atomic<int> finds{0};
  std::atomic<int> writings{0};  ///< calls of note_uses
  std::atomic<std::size_t> uses_noted{0};
  std::atomic<int> notings{0};  ///< calls of note_logins
  std::atomic<std::size_t> logins_noted{0};
  std::atomic<std::size_t> most_noted{0};  ///< by one call
  std::atomic<int> purged{0};
  std::atomic<int> claims{0};

 private:
  static tl::unexpected<Error> is_away() { return fail(Error::Kind::unavailable, "away"); }
  static void once(std::function<void()>& then) {
    if (const auto now = std::exchange(then, nullptr)) now();
  }
};

}  // namespace gatehouse::test
