/// A session: one login of one user in one browser. With sessions.h this is all of session/ that
/// other floors include.
#pragma once

#include <atomic>
#include <boost/intrusive/unordered_set_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/made_once.h"
#include "config/settings.h"
#include "session/keys/fingerprint.h"
#include "session/keys/token.h"
#include "user/attributes.h"
#include "user/roles.h"
#include "user/user.h"

namespace gatehouse::session {

using std::chrono::microseconds;

/// Which idle and absolute limits a session has.
enum class Kind : std::uint8_t {
  browser,     ///< its cookie goes with the browser
  persistent,  ///< "remember me"
};

/// A user who has sessions in this process: one object for all sessions under one name. It holds
/// what the tables of users last said of them, so that a lookup needs no database. The hooks and
/// the counter of references are in the object, and attributes apart from it, because a million
/// users pay for each pointer.
/// Thread-safe.
class SessionUser : public boost::intrusive::unordered_set_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::normal_link>> {
 public:
  /// `login_name` is the name as it was typed at the login; nothing where that is the row's name.
  SessionUser(user::UserId with_id, std::string with_name,
              const std::optional<std::string>& login_name)
      : id(std::move(with_id)), name(std::move(with_name)) {
    if (login_name && *login_name != name) details_.get_or_make(*login_name);
  }
  SessionUser(const SessionUser&) = delete;
  SessionUser& operator=(const SessionUser&) = delete;

  const user::UserId id;
  const std::string name;

  /// The name that the site's table is asked for, which is the one that was typed at the login.
  [[nodiscard]] const std::string& lookup_name() const noexcept {
    const Details* const details = details_.get();
    return details == nullptr || details->login_name.empty() ? name : details->login_name;
  }

  /// Takes over what the tables of users say now. `roles` must outlive this object (user::RoleSets
  /// keeps them). Sessions that show another fingerprint are stale from then on.
  void learn(const user::Roles& roles, Fingerprint fingerprint) noexcept {
    roles_ = &roles;
    fingerprint_ = fingerprint;
    lookup_failed_ = false;
    shut_out_.store(false, std::memory_order_relaxed);
  }
  /// Takes over one of the two while the database cannot be asked for the other.
  void learn_roles(const user::Roles& roles) noexcept { roles_ = &roles; }
  void learn_fingerprint(Fingerprint fingerprint) noexcept { fingerprint_ = fingerprint; }
  /// Takes over the attributes that the row has now. It is to be called before learn(), so that
  /// nobody meets a user who is known and lacks them.
  void learn_attributes(const user::Attributes& now);
  /// Null for a user without any. It takes a lock only for one who has, or had, some.
  [[nodiscard]] user::AttributesPtr attributes() const {
    const Details* const details = details_.get();
    const auto* const known = details == nullptr ? nullptr : details->attributes.get();
    return known == nullptr ? nullptr
                            : known->with([](const auto& attributes) { return attributes; });
  }
  /// Notes that the lookup of the user failed: the database answered, but with an error about the
  /// query or its rows, which says nothing of the user. Until a lookup succeeds their sessions are
  /// neither let in nor revoked.
  void set_lookup_failed() noexcept { lookup_failed_ = true; }
  [[nodiscard]] bool lookup_failed() const noexcept { return lookup_failed_; }
  /// Notes that the user may not be logged in any more. True at the first time since they could:
  /// the log is told once.
  [[nodiscard]] bool note_shut_out() noexcept { return !shut_out_.exchange(true); }
  /// Whether the tables of users were asked about this user. After a restart they were not.
  [[nodiscard]] bool known() const noexcept { return fingerprint_ != Fingerprint::unknown; }
  /// Sorted, each once.
  [[nodiscard]] const user::Roles& roles() const noexcept { return *roles_.load(); }
  [[nodiscard]] Fingerprint fingerprint() const noexcept { return fingerprint_; }

  /// Notes that a rehash puts a hash of the same password in the place of another: sessions that
  /// show the `old` fingerprint are not stale under the `fresh` one. Only the last rehash is noted.
  void note_rehash(Fingerprint old, Fingerprint fresh) noexcept {
    rehash_ = rehash_mark(old, fresh);
  }
  [[nodiscard]] bool rehashed(Fingerprint old, Fingerprint fresh) const noexcept {
    return rehash_ == rehash_mark(old, fresh);
  }
  /// Does nothing if a fingerprint other than `old` was learnt meanwhile.
  void replace_fingerprint(Fingerprint old, Fingerprint fresh) noexcept {
    fingerprint_.compare_exchange_strong(old, fresh);
  }

  /// How often all sessions of this user were made stale. A session that the map took in when it
  /// was less often is stale: the store must be asked whether it still lives.
  [[nodiscard]] std::uint32_t times_made_stale() const noexcept { return times_made_stale_; }
  void make_sessions_stale() noexcept { ++times_made_stale_; }

  /// When the last lookup of the user began, rounded down to whole seconds. For a user who was
  /// never looked up it is a century before the boot; with zero, a host that has just booted would
  /// take them for checked.
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
  /// True if no more than `most` references exist.
  [[nodiscard]] bool held_by(std::uint32_t most) const noexcept { return references_ <= most; }

 private:
  friend void intrusive_ptr_add_ref(const SessionUser* user) noexcept {
    user->references_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(const SessionUser* user) noexcept {
    if (user->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete user;
  }
  ~SessionUser() = default;

  /// Mixes half of each fingerprint, so that one word can be written at once by several threads and
  /// says nothing about a third fingerprint. Nobody chooses a fingerprint, and one pair in 2^32 is
  /// taken wrongly.
  static std::uint32_t rehash_mark(Fingerprint old, Fingerprint fresh) noexcept {
    constexpr unsigned kHalf = 32;
    const auto mark = static_cast<std::uint32_t>(static_cast<std::uint64_t>(old) >> kHalf) ^
                      static_cast<std::uint32_t>(fresh);
    return mark == 0 ? 1 : mark;
  }

  /// What most users have none of.
  struct Details {
    Details() = default;
    explicit Details(std::string typed) : login_name(std::move(typed)) {}
    const std::string login_name;  // empty: the same as name
    MadeOnce<Guarded<user::AttributesPtr>> attributes;
  };
  static_assert(sizeof(Details) <= sizeof(std::string) + 8, "malloc gives 40 bytes for 32, too");

  MadeOnce<Details> details_;
  std::atomic<const user::Roles*> roles_{&user::no_roles};
  std::atomic<Fingerprint> fingerprint_{Fingerprint::unknown};
  mutable std::atomic<std::uint32_t> references_{0};
  std::atomic<std::uint32_t> times_made_stale_{0};
  std::atomic<std::uint32_t> checked_{0};  // seconds of BootTime plus 1; 0: never
  std::atomic<std::uint32_t> rehash_{0};   // a rehash_mark; 0: there was no rehash
  std::atomic<bool> lookup_failed_{false};
  std::atomic<bool> shut_out_{false};  // the log was told of it
};
using SessionUserPtr = boost::intrusive_ptr<SessionUser>;

struct Session {
  SessionId id;
  SessionUserPtr user;
  Kind kind = Kind::browser;
  TimePoint created;
  TimePoint last_used;
  /// False if `created` is only when the session was read, because the clock of the store was set
  /// back to before the login. How long ago the user typed their password is then not known.
  bool login_time_known = true;
};

/// The answer to "does this session live?", the same type from the map up to the handler.
struct Lookup {
  enum class State : std::uint8_t {
    live,
    none,         ///< there is no such session, or it has expired or is revoked
    ask_store,    ///< memory cannot tell: the store or the tables of users must be asked, by a
                  ///< thread that may wait
    unavailable,  ///< the database does not answer, or not with what it was asked for
  };
  State state = State::none;
  /// Set if `live`. With `ask_store` it may be set too: then only the user must be looked up.
  std::optional<Session> session{};
};

/// Whether the thread that asks may wait for the database.
enum class Patience { none, some };

/// The times after which a session expires; the earlier of the two counts.
struct Lifetime {
  std::chrono::seconds idle;      ///< after its last use
  std::chrono::seconds absolute;  ///< after the login

  [[nodiscard]] bool expired(TimePoint created, TimePoint last_used, TimePoint now) const noexcept {
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
[[nodiscard]] Lifetimes lifetimes_of(const config::Session& settings);

/// Where a session was begun, as its user sees it in the list of their sessions.
struct Origin {
  std::string address;
  std::string user_agent;  ///< at most 255 bytes of UTF-8
  std::string device{};    ///< a guard::DeviceId; empty where the browser was given none
};

}  // namespace gatehouse::session
