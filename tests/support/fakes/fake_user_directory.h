/// Users in memory, with a database that can be away.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/guarded.h"
#include "user/user_directory.h"

namespace gatehouse::test {

/// Names match byte for byte. Thread-safe.
class FakeUserDirectory final : public user::UserDirectory {
 public:
  /// A user whose id is 1, 2, 3 … in the order of adding.
  void add(std::string name, std::string hash) {
    state_.with([&](State& state) {
      const std::string id = std::to_string(state.rows.size() + 1);
      state.rows.insert_or_assign(std::move(name), StoredUser{id, std::move(hash)});
    });
  }
  void add_with_id(std::string name, user::UserId id, std::string hash) {
    state_.with([&](State& state) {
      state.rows.insert_or_assign(std::move(name), StoredUser{std::move(id), std::move(hash)});
    });
  }
  /// What every look-up fails with from now on; nothing: it answers.
  void fail_with(std::optional<Error> error) {
    state_.with([&](State& state) { state.error = std::move(error); });
  }
  /// Whether hashes may be replaced.
  void let_write(bool writes) {
    state_.with([&](State& state) { state.writes = writes; });
  }
  /// What happens just before the next hash is replaced, once. It is told of the new one.
  void before_replacing(std::function<void(const Secret& hash)> happens) {
    state_.with([&](State& state) { state.before_replacing = std::move(happens); });
  }
  [[nodiscard]] std::string hash_of(const std::string& name) const {
    return state_.with([&](const State& state) { return state.rows.at(name).hash; });
  }
  [[nodiscard]] bool knows(const std::string& name) const {
    return state_.with([&](const State& state) { return state.rows.contains(name); });
  }
  [[nodiscard]] user::UserId id_of(const std::string& name) const {
    return state_.with([&](const State& state) { return state.rows.at(name).id; });
  }
  [[nodiscard]] std::size_t lookups() const {
    return state_.with([](const State& state) { return state.lookups; });
  }

  Result<std::optional<user::User>> find(const user::Username& name) override {
    return state_.with([&](State& state) -> Result<std::optional<user::User>> {
      ++state.lookups;
      if (state.error) return tl::unexpected(*state.error);
      const auto row = state.rows.find(name.text());
      if (row == state.rows.end()) return std::nullopt;
      return user::User{row->second.id, row->first, Secret::copy_of(row->second.hash)};
    });
  }
  Result<user::Standing> standing(const user::UserId& id) override {
    return state_.with([&](State& state) -> Result<user::Standing> {
      if (state.error) return tl::unexpected(*state.error);
      return state.standings[id];
    });
  }
  void set_standing(const user::UserId& id, user::Standing standing) {
    state_.with([&](State& state) { state.standings[id] = std::move(standing); });
  }
  void set_hash(const std::string& name, std::string hash) {
    state_.with([&](State& state) { state.rows.at(name).hash = std::move(hash); });
  }
  void remove(const std::string& name) {
    state_.with([&](State& state) { state.rows.erase(name); });
  }
  [[nodiscard]] bool writes() const noexcept override {
    return state_.with([](const State& state) { return state.writes; });
  }
  Result<bool> replace_hash(const user::UserId& id, const Secret& old_hash,
                            const Secret& hash) override {
    const auto happens =
        state_.with([](State& state) { return std::exchange(state.before_replacing, nullptr); });
    if (happens) happens(hash);
    return state_.with([&](State& state) -> Result<bool> {
      if (state.error) return tl::unexpected(*state.error);
      for (auto& [name, row] : state.rows) {
        if (row.id != id || row.hash != old_hash.view()) continue;
        row.hash = hash.view();
        return true;
      }
      return false;
    });
  }
  Result<std::uint64_t> for_each_hash(const std::function<void()>& begin,
                                      const std::function<bool(std::string_view)>& hash) override {
    return state_.with([&](const State& state) -> Result<std::uint64_t> {
      if (state.error) return tl::unexpected(*state.error);
      begin();
      std::uint64_t rows = 0;
      for (const auto& [name, row] : state.rows) {
        ++rows;
        if (!hash(row.hash)) break;
      }
      return rows;
    });
  }

 private:
  struct StoredUser {
    std::string id;
    std::string hash;
  };
  struct State {
    std::map<std::string, StoredUser> rows;
    std::map<std::string, user::Standing> standings;
    std::optional<Error> error;
    bool writes = false;
    std::function<void(const Secret&)> before_replacing;
    std::size_t lookups = 0;
  };
  Guarded<State> state_;
};

}  // namespace gatehouse::test
