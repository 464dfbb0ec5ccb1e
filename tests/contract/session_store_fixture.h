/// The suite of every SessionStore: a store, in memory or in MySQL, and short words for its calls.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "session/store/memory_session_store.h"
#include "session/store/mysql_session_store.h"
#include "support/fake_clock.h"
#include "support/session_tables.h"

namespace gatehouse::test {

/// A store whose time the test moves.
class StoreUnderTest {
 public:
  StoreUnderTest() = default;
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;
  virtual ~StoreUnderTest() = default;
  virtual session::SessionStore& store() = 0;
  virtual void let_pass(session::microseconds time) = 0;
};

class InMemory final : public StoreUnderTest {
 public:
  session::SessionStore& store() override { return store_; }
  void let_pass(session::microseconds time) override { clock_.advance(time); }

 private:
  FakeClock clock_;
  session::MemorySessionStore store_{clock_, kTestLifetimes};
};

class InMysql final : public StoreUnderTest {
 public:
  session::SessionStore& store() override { return store_; }
  void let_pass(session::microseconds time) override { tables_.let_pass(time); }

 private:
  SessionTables tables_;
  session::MysqlSessionStore store_{tables_.pool(), kTestLifetimes};
};

struct Storage {
  const char* name;
  std::unique_ptr<StoreUnderTest> (*make)();
};

/// A real database's clock goes on during a test.
inline constexpr session::microseconds kLate = std::chrono::seconds(20);

class SessionStoreTest : public testing::TestWithParam<Storage> {
 protected:
  session::SessionStore& store() { return under_test_->store(); }
  void let_pass(session::microseconds time) { under_test_->let_pass(time); }

  void add(const session::StoredSession& session) {
    const auto added = store().add(session, {"192.0.2.1", "Browser/1.0"});
    ASSERT_TRUE(added) << added.error().what;
  }
  void add(std::uint64_t number, std::string_view user = "7") { add(stored_session(number, user)); }
  std::optional<session::StoredSession> find(std::uint64_t number) {
    const auto found = store().find(session_id(number));
    EXPECT_TRUE(found) << found.error().what;
    return found.value_or(std::nullopt);
  }
  bool lives(std::uint64_t number) { return find(number).has_value(); }
  std::vector<session::SessionId> listed(const std::string& user) {
    std::vector<session::SessionId> ids;
    const auto list = store().list(user::UserId(user));
    EXPECT_TRUE(list) << list.error().what;
    if (list) {
      for (const auto& one : *list) ids.push_back(one.session.id);
    }
    return ids;
  }
  /// Those of everybody, the latest logins first.
  std::vector<session::SessionId> all_listed() {
    std::vector<session::SessionId> ids;
    const auto listed = store().for_each_live([&] { ids.clear(); },
                                              [&](session::ListedSession&& one) {
                                                ids.push_back(one.session.id);
                                                return true;
                                              });
    EXPECT_TRUE(listed) << listed.error().what;
    return ids;
  }
  void use(std::uint64_t number, session::microseconds ago = session::microseconds(0)) {
    const std::vector<session::StoredUse> uses = {{session_id(number), ago}};
    const auto noted = store().note_uses(uses);
    ASSERT_TRUE(noted) << noted.error().what;
  }
  session::Revocations revocations(session::microseconds window) {
    auto revocations = store().revocations(window);
    EXPECT_TRUE(revocations) << revocations.error().what;
    return revocations.value_or(session::Revocations{});
  }
  std::uint32_t revoke_user(const std::string& user, std::optional<session::SessionId> keep = {}) {
    const auto epoch = store().revoke_user(user::UserId(user), keep);
    EXPECT_TRUE(epoch) << epoch.error().what;
    return epoch ? number_of(epoch->value_or(session::Epoch{})) : 0;
  }

  std::unique_ptr<StoreUnderTest> under_test_ = GetParam().make();
};

inline auto every_storage() {
  return testing::Values(
      Storage{"Memory",
              []() -> std::unique_ptr<StoreUnderTest> { return std::make_unique<InMemory>(); }},
      Storage{"Mysql",
              []() -> std::unique_ptr<StoreUnderTest> { return std::make_unique<InMysql>(); }});
}

inline std::string name_of_storage(const testing::TestParamInfo<Storage>& storage) {
  return storage.param.name;
}

}  // namespace gatehouse::test
