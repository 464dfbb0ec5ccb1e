/// Everything that answers requests, made of one Plan.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/guarded.h"
#include "cli/serve/plan.h"
#include "guard/device_mint.h"
#include "guard/login_guard.h"
#include "handlers/application.h"
#include "http/cookie.h"
#include "mysql/pool.h"
#include "password/new_password.h"
#include "password/verifier.h"
#include "session/sessions.h"
#include "user/authenticator.h"
#include "user/mysql_user_directory.h"
#include "user/table_census.h"

namespace gatehouse::cli {

/// Nothing in it changes once it is made: a reload makes another one, which takes over what the
/// process has learnt (sessions, counts of failures) and whatever its plan leaves as it was
/// (connections to MySQL, what a hash costs here). For a moment both are at work.
///
/// The last reference is to be dropped by the main thread: that waits for threads.
class Service {
 public:
  /// Makes it in the place of `before`, or anew where that is null. After a reload the result is an
  /// error that says why `before` must stay: MySQL refuses a query, or the keys; or it does not
  /// answer, and so cannot say whether new keys, or tables elsewhere, are good. At the start it is
  /// an error only for a label of user.query that is refused (labelled_columns.h), and it is for
  /// the caller to look at refusal(). `on_refusal` is called once by some
  /// thread if MySQL refuses the keys, whenever that is. Throws std::system_error if the system
  /// gives no thread. Only the main thread may call it.
  static Result<std::shared_ptr<Service>> make(Plan plan, const std::shared_ptr<Service>& before,
                                               std::function<void()> on_refusal);
  Service(const Service&) = delete;
  Service(Service&&) = delete;
  Service& operator=(const Service&) = delete;
  Service& operator=(Service&&) = delete;
  ~Service() = default;

  [[nodiscard]] const handlers::Application& application() const noexcept { return application_; }
  [[nodiscard]] const config::Settings& settings() const noexcept { return settings_; }
  /// Why MySQL refuses the keys; empty if it does not.
  [[nodiscard]] std::string refusal() const;
  /// Makes what is shared with the service before go by the settings of this one.
  void take_over() { sessions_.take_over(settings_.session); }

 private:
  /// A pool, with all that it was made of: where a plan has the same, the pool is kept.
  struct SharedPool {
    config::Mysql settings;
    Secret password;
    mysql::Access access = mysql::Access::reading;
    bool of_sessions = false;
    std::shared_ptr<mysql::Pool> pool{};
  };
  /// What is known of the hashes in the table of users.
  struct Hashes {
    Hashes(const config::Password& settings, password::Site site, Secret keys,
           std::unique_ptr<user::HashSource> source);
    const Secret site_keys;  ///< Plan::site_keys
    const password::Verifier verifier;
    const user::TableCensus census;
  };
  struct Pools {
    SharedPool users;
    SharedPool sessions;  ///< without a pool if the sessions are in that of the users
    [[nodiscard]] mysql::Pool& of_sessions() const {
      return sessions.pool ? *sessions.pool : *users.pool;
    }
  };

  Service(Plan plan, Pools pools, const Service* before, std::function<void()> on_refusal);

  static SharedPool pool_for_sessions(const Plan& plan, const Service* before);
  static SharedPool pool_for_users(const Plan& plan, bool of_sessions_too, const Service* before);
  static SharedPool kept_or_opened(SharedPool wanted, const SharedPool* before);
  static Pools pools_of(const Plan& plan, const Service* before);
  std::shared_ptr<Hashes> hashes_of(Plan& plan, const Service* before) const;
  [[nodiscard]] std::shared_ptr<session::Memory> memory_of(const Service* before) const;
  [[nodiscard]] bool reaches_mysql() const noexcept;
  /// Returns when the keys are claimed or refused, or MySQL does not answer.
  void begin();

  const config::Settings settings_;
  const Secret census_password_;  ///< of the connection of the census
  const Pools pools_;
  const std::shared_ptr<Hashes> hashes_;
  user::MysqlUserDirectory users_;
  Guarded<std::string> refusal_;
  // After the census, so that a stop writes the last revocations before it waits for a census.
  session::Sessions sessions_;
  const SystemClock clock_;
  const guard::DeviceMint devices_;
  guard::LoginGuard guard_;
  const std::unique_ptr<session::KeptFailures> failures_;  ///< null without tables
  user::Authenticator authenticator_;
  const password::NewPasswordRules new_passwords_;
  const http::SessionCookie cookie_;
  const handlers::Application application_;
};

}  // namespace gatehouse::cli
