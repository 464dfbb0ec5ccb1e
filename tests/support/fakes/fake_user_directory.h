/// Users in memory, with a database that can be away.
#pragma once

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "user/user_directory.h"

namespace gatehouse::test {

/// Names match byte for byte; a name may have several rows. Thread-safe.
class FakeUserDirectory final : public user::UserDirectory {
 public:
  /// A user whose id is 1, 2, 3 … in the order of adding; one of that name gets another hash.
  void add(std::string name, std::string hash) {
    state_.with([&](State& state) {
      user::UserId id(std::to_string(state.rows.size() + 1));
      const std::string called = name;
      state.rows[std::move(name)] = {StoredUser{std::move(id), called, std::move(hash)}};
    });
  }
  /// One more row that `typed` finds, of a user who is called `name`.
  void add_row(const std::string& typed, std::string id, std::string name, std::string hash) {
    state_.with([&](State& state) {
      state.rows[typed].push_back({user::UserId(std::move(id)), std::move(name), std::move(hash)});
    });
  }
  /// One more row that `typed` finds and nobody can read, but for its id.
  void add_unreadable(const std::string& typed, std::string id) {
    state_.with([&](State& state) {
      state.unreadable[typed].push_back({user::UserId(std::move(id)), "unreadable for the test"});
    });
  }
  void remove_row(const std::string& typed, const std::string& id) {
    state_.with([&](State& state) {
      std::erase_if(state.rows[typed], [&](const StoredUser& row) { return row.id.text() == id; });
    });
  }
  void add_with_id(const std::string& name, user::UserId id, std::string hash) {
    state_.with([&](State& state) {
      state.rows[name] = {StoredUser{std::move(id), name, std::move(hash)}};
    });
  }
  /// What every lookup fails with from now on; nothing: it answers.
  void fail_with(std::optional<Error> error) {
    state_.with([&](State& state) { state.error = std::move(error); });
  }
  /// What lookups of names alone fail with; standings are answered.
  void fail_find_with(std::optional<Error> error) {
    state_.with([&](State& state) { state.find_error = std::move(error); });
  }
  /// What the standing of this user fails with; those of others are answered.
  void fail_standing_of(const user::UserId& id, std::optional<Error> error) {
    state_.with([&](State& state) { state.standing_errors[id] = std::move(error); });
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
    return state_.with([&](const State& state) { return state.rows.at(name).front().hash; });
  }
  [[nodiscard]] bool knows(const std::string& name) const {
    return state_.with([&](const State& state) { return state.rows.contains(name); });
  }
  [[nodiscard]] user::UserId id_of(const std::string& name) const {
    return state_.with([&](const State& state) { return state.rows.at(name).front().id; });
  }
  [[nodiscard]] std::size_t lookups() const {
    return state_.with([](const State& state) { return state.lookups; });
  }
  /// How often a row or a name's key was asked for.
  [[nodiscard]] std::size_t questions() const {
    return state_.with([](const State& state) { return state.lookups + state.keys; });
  }

  Result<user::Matches> find(const user::Username& name) override {
    return state_.with([&](State& state) -> Result<user::Matches> {
      ++state.lookups;
      if (state.error) return tl::unexpected(*state.error);
      if (state.find_error) return tl::unexpected(*state.find_error);
      user::Matches found;
      if (const auto rows = state.rows.find(name.text()); rows != state.rows.end()) {
        for (const StoredUser& row : rows->second) {
          found.users.push_back({row.id, row.name, Secret::copy_of(row.hash)});
          found.users.back().attributes = row.attributes;
          if (row.name != name.text()) found.users.back().login_name = name.text();
        }
      }
      const auto unreadable = state.unreadable.find(name.text());
      if (unreadable != state.unreadable.end()) found.unreadable = unreadable->second;
      state.most_rows = std::clamp(found.users.size(), state.most_rows, user::kMostTriedRows);
      return found;
    });
  }
  /// Names that differ in case or in blanks at their end are counted as one.
  Result<std::string> name_key(const user::Username& name) override {
    return state_.with([&](State& state) -> Result<std::string> {
      ++state.keys;
      for (const auto& error : {state.error, state.find_error}) {
        if (error && error->kind == Error::Kind::unavailable) return tl::unexpected(*error);
      }
      std::string key = name.text();
      while (key.ends_with(' ')) key.pop_back();
      std::transform(key.begin(), key.end(), key.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return key;
    });
  }
  [[nodiscard]] std::size_t most_rows() const noexcept override {
    return state_.with([](const State& state) { return state.most_rows; });
  }
  Result<user::Standing> standing(const user::UserId& id) override {
    return state_.with([&](State& state) -> Result<user::Standing> {
      if (state.error) return tl::unexpected(*state.error);
      if (const auto& error = state.standing_errors[id]) return tl::unexpected(*error);
      return state.standings[id];
    });
  }
  void set_standing(const user::UserId& id, user::Standing standing) {
    state_.with([&](State& state) { state.standings[id] = std::move(standing); });
  }
  /// What further columns of that name's row say, from now on.
  void set_attributes(const std::string& name, user::Attributes attributes) {
    state_.with(
        [&](State& state) { state.rows.at(name).front().attributes = std::move(attributes); });
  }
  void set_hash(const std::string& name, std::string hash) {
    state_.with([&](State& state) { state.rows.at(name).front().hash = std::move(hash); });
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
      for (auto& [name, rows] : state.rows) {
        for (StoredUser& row : rows) {
          if (row.id != id || row.hash != old_hash.view()) continue;
          row.hash = hash.view();
          return true;
        }
      }
      return false;
    });
  }

 private:
  struct StoredUser {
    user::UserId id;
    std::string name;
    std::string hash;
    user::Attributes attributes{};
  };
  struct State {
    std::map<std::string, std::vector<StoredUser>> rows;  // by what is typed
    std::map<std::string, std::vector<user::UnreadableRow>> unreadable;
    std::size_t most_rows = 1;
    std::map<user::UserId, user::Standing> standings;
    std::map<user::UserId, std::optional<Error>> standing_errors;
    std::optional<Error> error;
    std::optional<Error> find_error;
    bool writes = false;
    std::function<void(const Secret&)> before_replacing;
    std::size_t lookups = 0;
    std::size_t keys = 0;
  };
  Guarded<State> state_;
};

}  // namespace gatehouse::test
