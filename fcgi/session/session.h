/// One login of one user in one browser.
#pragma once

#include <atomic>
#include <boost/intrusive/unordered_set_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "session/keys/token.h"
#include "user/roles.h"
#include "user/user.h"

namespace gatehouse::session {

/// Which idle and absolute limits a session has.
enum class Kind : std::uint8_t {
  browser,     ///< its cookie ends with the browser
  persistent,  ///< "remember me"
};

/// A keyed fingerprint of the password column (see fingerprint.h). 0: not known.
using Fingerprint = std::uint64_t;

/// A user in this process: one object for all of their sessions. Thread-safe. (Hooks and counter in
/// the object: with a million users each pointer counts.)
class SessionUser : public boost::intrusive::unordered_set_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::normal_link>> {
 public:
  /// `login_name` is what was typed at the login; empty: the same as the row's name.
  SessionUser(user::UserId with_id, std::string with_name, const std::string& login_name = {})
      : id(std::move(with_id)),
        name(std::move(with_name)),
        login_name_(login_name.empty() || login_name == name
                        ? nullptr
                        : std::make_unique<const std::string>(login_name)) {}
  SessionUser(const SessionUser&) = delete;
  SessionUser& operator=(const SessionUser&) = delete;

  const user::UserId id;
  const std::string name;

  /// The name that the site's table is asked for: as it was typed at the login.
  [[nodiscard]] const std::string& asked_by() const noexcept {
    return login_name_ ? *login_name_ : name;
  }

  /// What a look-up of the user gave; `roles` must outlive this (user::RoleSets). Sessions of
  /// another fingerprint are asked about in the store from then on.
  void learn(const user::Roles& roles, Fingerprint fingerprint) noexcept {
    roles_ = &roles;
    fingerprint_ = fingerprint;
    refused_ = false;
  }
  /// Learns one of the two, while the database could not be asked for the other.
  void learn_roles(const user::Roles& roles) noexcept { roles_ = &roles; }
  void learn_fingerprint(Fingerprint fingerprint) noexcept { fingerprint_ = fingerprint; }
  /// The look-up got an answer that is about the query or its rows and says nothing of the user:
  /// until another one succeeds their sessions are neither let in nor revoked.
  void set_refused() noexcept { refused_ = true; }
  [[nodiscard]] bool refused() const noexcept { return refused_; }
  /// Whether there was one: after a restart there was not.
  [[nodiscard]] bool known() const noexcept { return fingerprint_ != 0; }
  /// Sorted, each once.
  [[nodiscard]] const user::Roles& roles() const noexcept { return *roles_.load(); }
  /// 0 while it is not known.
  [[nodiscard]] Fingerprint fingerprint() const noexcept { return fingerprint_; }

  /// A rehash of ours puts a hash of the same password in the place of another: sessions that show
  /// the `old` one need not be asked about under the `fresh` one. The last one only is noted.
  void note_rehash(Fingerprint old, Fingerprint fresh) noexcept {
    rehash_ = rehash_mark(old, fresh);
  }
  [[nodiscard]] bool rehashed(Fingerprint old, Fingerprint fresh) const noexcept {
    return rehash_ == rehash_mark(old, fresh);
  }
  /// Does nothing where another than `old` was learnt meanwhile.
  void replace_fingerprint(Fingerprint old, Fingerprint fresh) noexcept {
    fingerprint_.compare_exchange_strong(old, fresh);
  }

  /// Sessions that the map took in under an earlier stale_count are asked about in the table.
  [[nodiscard]] std::uint32_t stale_count() const noexcept { return stale_count_; }
  void mark_stale() noexcept { ++stale_count_; }

  /// When the last look-up was begun, in whole seconds (floor). A user who was never looked up was
  /// so a century before the boot: a host that has just booted does not take them for checked.
  [[nodiscard]] TimePoint checked() const noexcept {
    constexpr std::chrono::hours kCentury{100 * 365 * 24};
    const std::uint32_t checked = checked_;
    return checked == 0 ? TimePoint(-kCentury) : TimePoint(std::chrono::seconds(checked - 1));
  }
  void set_checked(TimePoint now) noexcept {
    checked_ = 1 + static_cast<std::uint32_t>(
                       std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
  }
  void set_unchecked() noexcept { checked_ = 0; }
  /// At most so many pointers to it are left.
  [[nodiscard]] bool held_by(std::uint32_t most) const noexcept { return references_ <= most; }

 private:
  friend void intrusive_ptr_add_ref(const SessionUser* user) noexcept {
    user->references_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(const SessionUser* user) noexcept {
    if (user->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete user;
  }
  ~SessionUser() = default;

  /// Of both, so that it says nothing under a third one, in whichever order threads write. Half of
  /// each: fingerprints are random and nobody chooses them, one in 2^32 is taken wrongly.
  static std::uint32_t rehash_mark(Fingerprint old, Fingerprint fresh) noexcept {
    constexpr unsigned kHalf = 32;
    const auto mark = static_cast<std::uint32_t>(old >> kHalf) ^ static_cast<std::uint32_t>(fresh);
    return mark == 0 ? 1 : mark;
  }

  const std::unique_ptr<const std::string> login_name_;  // null: the same as name
  std::atomic<const user::Roles*> roles_{&user::no_roles};
  std::atomic<Fingerprint> fingerprint_{0};
  mutable std::atomic<std::uint32_t> references_{0};
  std::atomic<std::uint32_t> stale_count_{0};
  std::atomic<std::uint32_t> checked_{0};  // seconds of BootTime plus 1; 0: never
  std::atomic<std::uint32_t> rehash_{0};   // its mark; 0: there was none
  std::atomic<bool> refused_{false};
};
using SessionUserPtr = boost::intrusive_ptr<SessionUser>;

struct Session {
  SessionId id;
  SessionUserPtr user;
  Kind kind = Kind::browser;
  TimePoint created;
  TimePoint last_used;
  /// False: `created` is when the session was read from a store whose clock was set back behind the
  /// login. How long ago its user typed their password is not known.
  bool login_time_known = true;
};

/// When a session ends by itself: at the earlier of the two.
struct Lifetime {
  std::chrono::seconds idle;      ///< after its last use
  std::chrono::seconds absolute;  ///< after the login

  [[nodiscard]] bool over(TimePoint created, TimePoint last_used, TimePoint now) const noexcept {
    return now - last_used >= idle || now - created >= absolute;
  }
};

struct Lifetimes {
  Lifetime browser;
  Lifetime persistent;

  [[nodiscard]] const Lifetime& of(Kind kind) const noexcept {
    return kind == Kind::persistent ? persistent : browser;
  }
};

}  // namespace gatehouse::session
