/// A session store that lets a test act between two steps of another host.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "base/error.h"
#include "session/mysql_session_store.h"

namespace gatehouse::test {

/// A store of sessions on a real database that does something at the worst moment: after it has
/// read and before it gives what it read, or before it writes.
class PausingStore final : public session::MysqlSessionStore {
 public:
  using MysqlSessionStore::MysqlSessionStore;

  Result<std::optional<session::StoredSession>> find(const session::SessionId& id) override {
    ++finds;
    auto found = MysqlSessionStore::find(id);
    pause(after_find);
    return found;
  }
  Result<session::Page> page(std::optional<std::uint64_t> from) override {
    auto read = MysqlSessionStore::page(from);
    pause(after_page);
    return read;
  }
  Result<void> note_uses(std::span<const session::StoredUse> uses) override {
    pause(before_note_uses);
    noted += uses.size();
    return MysqlSessionStore::note_uses(uses);
  }
  Result<void> revoke(const session::SessionId& id) override {
    if (away) return fail(Error::Kind::unavailable, "away");
    return MysqlSessionStore::revoke(id);
  }

  std::function<void()> after_find;
  std::function<void()> after_page;
  std::function<void()> before_note_uses;
  std::atomic<int> finds{0};
  std::atomic<std::size_t> noted{0};  ///< uses
  bool away = false;

 private:
  /// Does it once only.
  static void pause(std::function<void()>& then) {
    if (const auto now = std::exchange(then, nullptr)) now();
  }
};

}  // namespace gatehouse::test
