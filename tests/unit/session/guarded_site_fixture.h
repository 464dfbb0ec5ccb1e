/// Hosts whose guards share the counts of failures and the places of logins, in simulated time.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "guard/login_guard.h"
#include "session/failures/failure_sync.h"
#include "session/known_places.h"
#include "session/store/memory_session_store.h"
#include "support/fake_clock.h"
#include "support/fakes/fake_failure_store.h"

namespace gatehouse::session {

using namespace std::chrono_literals;

class GuardedSite : public testing::Test {
 protected:
  /// Time stands still between the steps: a hash begins and ends at one, the counts are written and
  /// polled at some.
  static constexpr auto kStep = 50ms;
  static constexpr auto kHash = 250ms;

  struct Host {
    Host(GuardedSite& site)
        : guard(site.settings_, site.clock_, Secret("the key of the counts"), site.devices_,
                site.places_),
          sync(guard.counts(), site.failures_, site.clock_) {}
    guard::LoginGuard guard;
    FailureSynchronisation sync;
  };

  void add_hosts(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) hosts_.push_back(std::make_unique<Host>(*this));
  }

  /// Lets the time pass, in which the hosts exchange their counts and what is due is done.
  void pass(BootTime::duration time) {
    for (const TimePoint end = clock_.now() + time; clock_.now() < end;) {
      clock_.advance(kStep);
      ++steps_;
      // 100 ms and 400 ms, as FailureSync does it; each host at a moment of its own.
      for (std::size_t i = 0; i < hosts_.size(); ++i) {
        if ((steps_ + i) % 2 == 0) {
          EXPECT_TRUE(hosts_[i]->sync.write());
        }
        if ((steps_ + i * 3) % 8 == 0) {
          EXPECT_TRUE(hosts_[i]->sync.poll());
        }
      }
      while (!due_.empty() && due_.begin()->first <= clock_.now()) {
        const auto action = std::move(due_.begin()->second);
        due_.erase(due_.begin());
        action();
      }
    }
  }
  void later(BootTime::duration after, std::function<void()> action) {
    due_.emplace(clock_.now() + after, std::move(action));
  }

  struct Client {
    std::string address;
    std::optional<guard::DeviceCookie> device{};
  };
  static guard::Row row_of(const std::string& name) { return {name, "the hash"}; }

  /// Tries a wrong password, whose hash takes no time. Gives the wait, or nothing if it was looked
  /// at.
  std::optional<std::chrono::seconds> guess(std::size_t host, const Client& client,
                                            const std::string& name) {
    const auto permit = ask(host, client, name);
    return permit ? std::nullopt : std::optional(permit.error());
  }
  /// Tries the right password, or one that is mistyped.
  std::optional<std::chrono::seconds> log_in(std::size_t host, Client& client,
                                             const std::string& name, bool right = true) {
    auto permit = ask(host, client, name);
    if (!permit) return permit.error();
    auto held = std::make_shared<guard::Permit>(*std::move(permit));
    later(kHash, [this, held, &client, name, right]() mutable {
      if (right && held->tries(0)) {
        std::move(*held).accept(0);
        begin_session(client, name);
      }
    });
    return std::nullopt;
  }
  /// What the counts of a host say of an address.
  std::optional<std::chrono::seconds> wait_of_stranger(std::size_t host,
                                                       const std::string& address) {
    auto permit =
        ask(host, {address}, "a name that nobody has asked for " + std::to_string(steps_));
    if (!permit) return permit.error();
    std::move(*permit).give_back();
    return std::nullopt;
  }

  config::Guard settings_{.capacity = 65'536};
  test::FakeClock clock_;
  MemorySessionStore sessions_{clock_, lifetimes_of({})};
  const KeyRing keys_ = *KeyRing::parse(Secret(std::string(43, 'A')));
  Fingerprints prints_{keys_};
  KnownPlaces places_{sessions_, keys_, 30 * 24h};
  const std::array<Secret, 1> device_keys_{Secret(std::string("the key of the devices"))};
  guard::DeviceMint devices_{device_keys_, "gatehouse"};
  test::FakeFailureStore failures_{clock_};
  std::vector<std::unique_ptr<Host>> hosts_;

 private:
  guard::LoginGuard::Answer ask(std::size_t host, const Client& client, const std::string& name) {
    const std::array rows = {guard::Row{name, "the hash"}};
    return hosts_.at(host)->guard.ask(
        {name, {guard::ClientAddress::parse(client.address), client.device}, rows});
  }
  void begin_session(Client& client, const std::string& name) {
    StoredSession session{.id = {}, .user_id = user::UserId(name), .username = name};
    const std::string number = std::to_string(++logins_);
    std::copy(number.begin(), number.end(), session.id.bytes.begin());
    session.fingerprint = prints_.of(session.user_id, "the hash");
    const auto renewed = devices_.renew(client.device, name);
    client.device = devices_.read(renewed.value);
    EXPECT_TRUE(sessions_.add(
        session, {client.address, "", std::string(renewed.id.begin(), renewed.id.end())}));
  }

  std::uint64_t steps_ = 0;
  std::uint64_t logins_ = 0;
  std::multimap<TimePoint, std::function<void()>> due_;
};

}  // namespace gatehouse::session
