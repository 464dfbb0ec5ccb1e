#include "cli/serve/service.h"

#include <fmt/format.h>

#include <tuple>
#include <utility>

#include "cli/serve/same_settings.h"
#include "config/load.h"
#include "server/notify.h"
#include "user/mysql_hash_source.h"

namespace gatehouse::cli {
namespace {

/// The demands on a server of the session tables (see mysql/README.md).
mysql::Access session_access(const config::Session& settings) {
  return settings.hosts == config::SessionHosts::several ? mysql::Access::sharing
                                                         : mysql::Access::writing;
}

bool in_mysql(const config::Settings& settings) {
  return settings.session.store == config::SessionStore::mysql;
}

/// The place of the session tables.
auto place_of_tables(const config::Settings& settings) {
  const config::Mysql mysql = config::session_mysql(settings);
  return std::tuple(mysql.socket, mysql.host, mysql.port, mysql.database);
}

void show_spray(const guard::Spray& spray) {
  server::notify_alarm(
      spray.lasting
          ? fmt::format("somebody tries many names: {} failed logins in five minutes", spray.recent)
          : "");
}

Result<void> at(std::string_view key, const Result<void>& result) {
  if (result) return {};
  return fail(result.error().kind, fmt::format("{}: {}", key, result.error().what));
}

/// Asks MySQL for the labels of the lookup query's columns, at the start. The tables of users may
/// be made later, but what a label makes of a column never changes.
Result<void> try_labels(mysql::Pool& pool, const mysql::NamedQuery& lookup) {
  auto tried = pool.with([&](mysql::Connection& connection) -> Result<bool> {
    return at("user.query", user::check_labels(connection, lookup)).map([] { return true; });
  });
  if (tried || tried.error().kind == Error::Kind::unavailable) return {};
  return tl::unexpected(std::move(tried.error()));
}

/// Asks MySQL whether it takes the queries of the table of users. A query that it does not take
/// would answer 503 to everybody of whom it is asked.
Result<void> try_queries(mysql::Pool& pool, const user::Queries& queries) {
  auto tried = pool.with([&](mysql::Connection& connection) -> Result<bool> {
    auto good = at("user.query", user::check_lookup(connection, queries.lookup));
    if (good && queries.update) {
      good = at("user.update_query", user::check_update(connection, *queries.update));
    }
    if (good && queries.roles) {
      good = at("user.roles_query", user::check_standing(connection, *queries.roles));
    }
    if (good && queries.disabled) {
      good = at("user.disabled_query", user::check_standing(connection, *queries.disabled));
    }
    return good.map([] { return true; });
  });
  if (tried || tried.error().kind == Error::Kind::unavailable) return {};
  return tl::unexpected(std::move(tried.error()));
}

}  // namespace

Service::Hashes::Hashes(const config::Password& settings, password::Site site, Secret keys,
                        std::unique_ptr<user::HashSource> source)
    : site_keys(std::move(keys)),
      verifier(settings, std::move(site.policy), std::move(site.transform)),
      census(std::move(source), verifier) {}

Service::SharedPool Service::kept_or_opened(SharedPool wanted, const SharedPool* before) {
  const bool keep = before != nullptr && before->pool && same(before->settings, wanted.settings) &&
                    before->password.equals(wanted.password.view()) &&
                    before->access == wanted.access && before->of_sessions == wanted.of_sessions;
  if (keep) {
    wanted.pool = before->pool;
  } else {
    wanted.pool = std::make_shared<mysql::Pool>(
        wanted.settings, Secret::copy_of(wanted.password.view()), wanted.access,
        wanted.of_sessions ? mysql::WriteProbe(session::prove_writable) : mysql::WriteProbe());
  }
  return wanted;
}

/// The pool of the session tables; none if they share the pool of the user table.
Service::SharedPool Service::pool_for_sessions(const Plan& plan, const Service* before) {
  const config::Settings& settings = plan.settings;
  const bool own =
      in_mysql(settings) && !(settings.session.database.empty() && settings.session.user.empty());
  if (!own) return {};
  return kept_or_opened({.settings = config::session_mysql(settings),
                         .password = Secret::copy_of(plan.session_password.view()),
                         .access = session_access(settings.session),
                         .of_sessions = true},
                        before == nullptr ? nullptr : &before->pools_.sessions);
}

/// The pool of the user table, which serves the session tables as well if they have none of their
/// own.
Service::SharedPool Service::pool_for_users(const Plan& plan, bool of_sessions_too,
                                            const Service* before) {
  const config::Settings& settings = plan.settings;
  const auto access = of_sessions_too                      ? session_access(settings.session)
                      : settings.user.update_query.empty() ? mysql::Access::reading
                                                           : mysql::Access::writing;
  return kept_or_opened({.settings = settings.mysql,
                         .password = Secret::copy_of(plan.mysql_password.view()),
                         .access = access,
                         .of_sessions = of_sessions_too},
                        before == nullptr ? nullptr : &before->pools_.users);
}

Service::Pools Service::pools_of(const Plan& plan, const Service* before) {
  Pools pools;
  pools.sessions = pool_for_sessions(plan, before);
  pools.users = pool_for_users(plan, in_mysql(plan.settings) && !pools.sessions.pool, before);
  return pools;
}

/// Those of the service before, if the plan changes nothing of what they go by: a new verifier does
/// not know yet which hash is the dearest, and a census reads the whole table. The keys of the site
/// may be others in the same files.
std::shared_ptr<Service::Hashes> Service::hashes_of(Plan& plan, const Service* before) const {
  const bool keep = before != nullptr && before->hashes_->site_keys.equals(plan.site_keys.view()) &&
                    same(before->settings_.password, settings_.password) &&
                    same(before->settings_.user, settings_.user) &&
                    same(before->settings_.mysql, settings_.mysql) &&
                    before->census_password_.equals(census_password_.view());
  if (keep) return before->hashes_;
  return std::make_shared<Hashes>(
      settings_.password, std::move(plan.site), std::move(plan.site_keys),
      std::make_unique<user::MysqlHashSource>(settings_, Secret::copy_of(census_password_.view()),
                                              plan.census));
}

/// What the service before knows of sessions; null if there is none, or if the sessions are in
/// other tables now: what it knows is of those tables.
std::shared_ptr<session::Memory> Service::memory_of(const Service* before) const {
  if (before == nullptr) return nullptr;
  const bool keep =
      !in_mysql(settings_) || place_of_tables(settings_) == place_of_tables(before->settings_);
  return keep ? before->sessions_.memory() : nullptr;
}

Service::Service(Plan plan, Pools pools, const Service* before, std::function<void()> on_refusal)
    : settings_(plan.settings),
      census_password_(Secret::copy_of(plan.mysql_password.view())),
      pools_(std::move(pools)),
      hashes_(hashes_of(plan, before)),
      users_(*pools_.users.pool, std::move(plan.queries),
             in_mysql(settings_) ? &pools_.of_sessions() : nullptr, settings_.user.name_collation),
      sessions_(
          settings_, plan.keys, pools_.of_sessions(), users_,
          [this, on_refusal = std::move(on_refusal)](const std::string& why) {
            refusal_.with([&](std::string& refusal) { refusal = why; });
            on_refusal();
          },
          memory_of(before)),
      devices_(plan.keys.derive("device"), settings_.session.realm),
      guard_(settings_.guard, clock_, plan.keys.derive("guard").front(), devices_,
             sessions_.acquaintances(), show_spray,
             before == nullptr ? nullptr : before->guard_.memory()),
      failures_(in_mysql(settings_)
                    ? session::keep_failures(pools_.of_sessions(), guard_.counts(), clock_)
                    : nullptr),
      authenticator_(users_, hashes_->verifier, sessions_.rehash_observer(), guard_),
      new_passwords_(settings_.password, hashes_->verifier.transform()),
      cookie_(settings_.cookie, settings_.logout.clear_cookies),
      application_(
          {.sessions = sessions_,
           .authenticator = authenticator_,
           .new_passwords = new_passwords_,
           .cookie = cookie_,
           .devices = devices_,
           .known_for = settings_.guard.known_for,
           .max_body_bytes = settings_.server.max_body_bytes,
           .ready = [this](session::Patience patience) { return sessions_.ready(patience); },
           .keys_claimed = [this] { return sessions_.keys_claimed(); },
           .unfit_attribute = settings_.user.unfit_attribute}) {}

Result<std::shared_ptr<Service>> Service::make(Plan plan, const std::shared_ptr<Service>& before,
                                               std::function<void()> on_refusal) {
  Pools pools = pools_of(plan, before.get());
  if (before) {
    if (auto taken = try_queries(*pools.users.pool, plan.queries); !taken) {
      return tl::unexpected(std::move(taken.error()));
    }
  }
  const mysql::NamedQuery lookup = plan.queries.lookup;
  std::shared_ptr<Service> made(
      new Service(std::move(plan), std::move(pools), before.get(), std::move(on_refusal)));
  made->begin();
  if (!before) {
    if (auto taken = try_labels(*made->pools_.users.pool, lookup); !taken) {
      return tl::unexpected(std::move(taken.error()));
    }
    return made;
  }
  if (const std::string why = made->refusal(); !why.empty()) {
    return fail(Error::Kind::refused, why);
  }
  if (before->reaches_mysql() && !made->reaches_mysql()) {
    return fail(Error::Kind::unavailable,
                "MySQL cannot be reached by the changed settings of [mysql] or [session]: the log "
                "says why, and so does `gatehouse check`");
  }
  if (before->sessions_.keys_claimed() && !made->sessions_.keys_claimed()) {
    return fail(Error::Kind::unavailable,
                "MySQL does not answer, and must be asked whether the changed keys or session "
                "tables are good: reload again when it is back");
  }
  return made;
}

void Service::begin() {
  sessions_.wait_for_first_claim();
  if (failures_) failures_->wait_for_read_back();
}

bool Service::reaches_mysql() const noexcept {
  return pools_.users.pool->available() && pools_.of_sessions().available();
}

std::string Service::refusal() const {
  return refusal_.with([](const std::string& refusal) { return refusal; });
}

}  // namespace gatehouse::cli
