#include "config/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/listen_address.h"
#include "config/mysql_servers.h"
#include "config/quantity.h"

namespace gatehouse::config {
namespace {

std::string idle_over_absolute(const Settings& settings) {
  const Session& session = settings.session;
  if (session.idle_timeout <= session.absolute_lifetime) return "";
  return fmt::format(
      "session.idle_timeout ({}) must not be longer than session.absolute_lifetime ({})",
      duration_text(session.idle_timeout), duration_text(session.absolute_lifetime));
}

std::string idle_over_remember(const Settings& settings) {
  const Session& session = settings.session;
  if (session.remember_idle_timeout <= session.remember_lifetime) return "";
  return fmt::format(
      "session.remember_idle_timeout ({}) must not be longer than session.remember_lifetime ({})",
      duration_text(session.remember_idle_timeout), duration_text(session.remember_lifetime));
}

std::string several_hosts_in_memory(const Settings& settings) {
  const Session& session = settings.session;
  if (session.store == SessionStore::mysql || session.hosts == SessionHosts::one) return "";
  return R"(session.hosts = "several" needs session.store = "mysql")";
}

/// Objects to a session.password_file without session.user: it would be read and never used.
std::string password_without_user(const Settings& settings) {
  const Session& session = settings.session;
  if (session.password_file.empty() || !session.user.empty()) return "";
  return "session.password_file is the password of session.user, which is not set: set that too, "
         "or take this line out";
}

std::string socket_xor_host(const Settings& settings) {
  const Mysql& mysql = settings.mysql;
  if (mysql.socket.empty() != mysql.host.empty()) return "";
  return mysql.host.empty() ? "mysql.socket or mysql.host must be set"
                            : "mysql.socket and mysql.host are both set: take one out";
}

std::string host_without_tls(const Settings& settings) {
  const Mysql& mysql = settings.mysql;
  const auto servers = servers_of(mysql);
  const bool here = !servers || std::all_of(servers->begin(), servers->end(), [](const Mysql& one) {
    return one.host.empty() || is_loopback(one.host);
  });
  if (here || !mysql.tls_ca.empty()) return "";
  return "mysql.tls_ca must be set: another host is reached over TLS only";
}

std::string cross_site_without_tls(const Settings& settings) {
  const Cookie& cookie = settings.cookie;
  if (cookie.same_site != SameSite::none || cookie.secure == CookieSecure::always) return "";
  return "browsers take cookie.same_site = \"none\" over TLS only: cookie.secure must be "
         "\"always\"";
}

constexpr std::array<Rule, 7> kRules{{
    {{"session.idle_timeout", "session.absolute_lifetime"}, idle_over_absolute},
    {{"session.remember_idle_timeout", "session.remember_lifetime"}, idle_over_remember},
    {{"session.hosts", "session.store"}, several_hosts_in_memory},
    {{"session.password_file", "session.user"}, password_without_user},
    {{"mysql.host", "mysql.socket"}, socket_xor_host},
    {{"mysql.host", "mysql.tls_ca"}, host_without_tls},
    {{"cookie.same_site", "cookie.secure"}, cross_site_without_tls},
}};

}  // namespace

std::span<const Rule> rules() {
  return kRules;
}

}  // namespace gatehouse::config
