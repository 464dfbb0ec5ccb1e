/// Every setting, with its unit and its default. `systemd/gatehouse.toml` documents each key.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gatehouse::config {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Server {
  /// `unix:PATH` or `HOST:PORT` (`[ADDRESS]:PORT` for IPv6). Descriptors handed over by systemd
  /// (sd_listen_fds(3)) take its place.
  std::string listen = "unix:/run/gatehouse/fcgi.sock";
  unsigned socket_mode = 0660;  ///< the mode of a unix socket that we make; 0 to 0777, octal
  std::string socket_group = "www-data";     ///< nginx's group; if empty, it stays as it is made
  unsigned instant_threads = 0;              ///< 0 (half as many as cores) to 256
  unsigned database_threads = 2;             ///< 1 to 64
  unsigned login_threads = 0;                ///< 0 (as many as cores) to 64
  int login_nice = 5;                        ///< 0 to 19: scheduling priority of the login threads
  std::size_t login_queue = 64;              ///< waiting logins, 1 to 10,000; more get 503
  std::size_t max_body_bytes = 16UL << 10U;  ///< 1 KiB to 32 KiB; a longer body gets 413
  milliseconds stop_timeout{10'000};         ///< 0 to 5 min, to finish what is in flight at SIGTERM
};

struct Mysql {
  /// Path of the server's unix socket; empty to use host and port. The default gives way to a
  /// host in the file.
  std::string socket = "/run/mysqld/mysqld.sock";
  /// One or more servers, see mysql_servers.h; over TCP, TLS with a verified certificate is
  /// demanded. The first good one is used (mysql/pool.h).
  std::string host;
  std::uint16_t port = 3306;     ///< 1 to 65535
  std::filesystem::path tls_ca;  ///< PEM file; required with `host` unless it is a loopback address
  std::string database = "gatehouse";
  std::string user = "gatehouse";
  /// A file with the password on its first line; empty means no password. A relative path is looked
  /// up in $CREDENTIALS_DIRECTORY (systemd's LoadCredential=), else beside the configuration file.
  std::filesystem::path password_file;
  milliseconds connect_timeout{2'000};  ///< 100 ms to 60 s (the library counts whole seconds, up)
  milliseconds timeout{2'000};          ///< 100 ms to 60 s, for each read and write
};

/// What becomes of a visitor one of whose attributes no header can carry: /auth refuses them, or
/// lets them in without it.
enum class UnfitAttribute { refuse, leave_out };

struct User {
  /// Gives id, name and hash of the user `:name`, in this order; prepared and checked at start.
  std::string query = "SELECT id, username, password FROM user WHERE username = :name";
  /// Puts `:hash` in the place of `:old_hash` for the user `:id`. If it is empty, hashes are never
  /// written.
  std::string update_query;
  /// Gives every hash of the table, in pieces by a key or as a stream
  /// (user/mysql_hash_source.h). The costs that it finds decide how long a failed login takes.
  std::string census_query =
      "SELECT id, password FROM user WHERE id > :after ORDER BY id LIMIT 1000";
  seconds census_timeout{60};  ///< 1 s to 1 h, for one statement of the census
  /// At most 16 steps that the site's application takes from a typed password to what it hashes
  /// (password/transform.h).
  std::vector<std::string> password_transform;
  /// At most 8 schemes of a column that says nothing of itself (password/column_schemes.h).
  std::vector<std::string> scheme;
  std::filesystem::path key_file;  ///< the site's own keys, a line each; empty for none
  std::filesystem::path folder;    ///< of the configuration: steps name key files as seen from it
  /// Gives the roles of the user `:id`, one a row. If it is empty, our table `user_role` has them.
  std::string roles_query;
  /// Gives a row if the user `:id` may not log in. If it is empty, our table `user_disabled`
  /// counts.
  std::string disabled_query;
  seconds max_age{30};  ///< 1 s to 1 h: the greatest age of what is known of a user in use
  /// The collation by which names are counted (SHOW COLLATION). If it is empty, it is that of the
  /// second column of `query`.
  std::string name_collation;
  UnfitAttribute unfit_attribute = UnfitAttribute::refuse;
};

/// The most that checking one hash may cost. A hash that costs more is refused before it is
/// computed.
struct MaxCost {
  milliseconds time{2'000};                 ///< 1 ms to 60 s, on the reference machine (cost.h)
  std::size_t memory_bytes = 256UL << 20U;  ///< 1 MiB to 4 GiB
};

/// Schemes have their names in the table of password/scheme.cpp; password/policy.h checks them.
struct Password {
  MaxCost max_cost;
  std::vector<std::string> allow_weak;  ///< at most 64 names of weak schemes that are let in
  std::string write = "same";           ///< `same` scheme, or the name of one for every row
  std::string new_scheme = "argon2id";  ///< the scheme of new users' hashes
  std::size_t min_length = 8;           ///< 8 to 64 characters that a changed password must have
  std::vector<std::string> site_words;  ///< at most 64 words that no new password may be like
  std::filesystem::path breached_file;  ///< a list of breached passwords; empty for none
};

enum class SessionStore { mysql, memory };
enum class SessionHosts { one, several };

struct Session {
  SessionStore store = SessionStore::mysql;
  SessionHosts hosts = SessionHosts::one;
  seconds max_stale{60};  ///< 5 s to 1 h: how long one of several hosts answers without the store
  /// The database and the account of our tables, on the server of `mysql`. An empty setting is
  /// taken from there.
  std::string database;
  std::string user;
  std::filesystem::path password_file;
  std::filesystem::path key_file = "/etc/gatehouse/session.keys";
  std::string realm = "gatehouse";  ///< 1 to 64 printable ASCII; other realms' tokens are refused
  seconds idle_timeout{10 * 60};    ///< 10 s to 365 d, not over absolute_lifetime
  seconds absolute_lifetime{12 * 3600};           ///< 10 s to 365 d
  seconds remember_idle_timeout{30 * 24 * 3600};  ///< for "remember me"; same ranges as above
  seconds remember_lifetime{30 * 24 * 3600};
  std::size_t capacity = 1'000'000;  ///< 1 to 100,000,000 sessions in this process
  std::size_t max_per_user = 50;  ///< 1 to 10,000; a further login revokes the one longest unused
};

/// What happens while failures of the whole site have multiplied (guard/spraying.h). A log line and
/// STATUS= come in either case.
enum class OnSpraying { log, wait };

/// How many guesses are let through; guard/README.md tells the rules.
struct Guard {
  unsigned free_guesses = 5;  ///< 1 to 1,000,000 failures of one ring at one name without a wait
  seconds max_wait{15 * 60};  ///< 1 s to 1 h: the longest wait of one ring at one name
  unsigned strangers_free_guesses = 10;  ///< 1 to 1,000,000: likewise, of all strangers at one name
  seconds strangers_max_wait{60};        ///< 1 s to 1 h
  /// 10 to 1,000,000 failures of strangers, without a success of theirs between, that close a name
  /// to strangers. NIST SP 800-63B-4 allows no more than 100.
  unsigned close_after = 100;
  unsigned address_free_guesses = 20;   ///< 1 to 1,000,000 failures of one address
  seconds address_max_wait{30};         ///< 1 s to 1 h, in which one of them is forgotten
  unsigned network_free_guesses = 100;  ///< 1 to 1,000,000 failures of a /24, /56 or /48
  seconds network_max_wait{5};          ///< 1 s to 1 h, likewise
  seconds known_for{30 * 24 * 3600};  ///< 1 h to 365 d after a login its ring and device are known
  std::size_t capacity = 524'288;     ///< 1,024 to 16,777,216 counts, of 40 bytes each
  OnSpraying on_spraying = OnSpraying::log;
};

/// Bounds the table `login_event`, which `gatehouse events` and the account page read.
struct Events {
  seconds keep_for{90 * 24 * 3600};  ///< 1 h to 3,650 d
  std::size_t max_rows = 500'000;    ///< 0 to 5,000,000; 0: nothing is kept
};

enum class CookieSecure { automatic, always };
enum class SameSite { lax, strict, none };

struct Cookie {
  CookieSecure secure = CookieSecure::automatic;  ///< automatic: Secure when nginx says HTTPS
  std::string domain{};                           ///< empty means this host only (`__Host-`)
  SameSite same_site = SameSite::lax;
  std::string name = "gatehouse";  ///< a token (RFC 6265), 1 to 64 bytes; `__Host-` comes before it
};

/// A cookie of another application, with the attributes that the application sets it with.
struct OtherCookie {
  std::string name;
  std::string path = "/";
  std::string domain{};  ///< empty means the host alone
  bool operator==(const OtherCookie&) const = default;
};

struct Logout {
  std::vector<OtherCookie> clear_cookies;  ///< at most 32; a logout takes them away
};

enum class LogLevel { debug, info, warning, error };
/// The form of the lines on standard error, where that is not the journal: as people read them, or
/// with fields for programs.
enum class LogFormat { text, logfmt, json };

struct Settings {
  Server server;
  Mysql mysql;
  User user;
  Password password;
  Session session;
  Guard guard;
  Events events;
  Cookie cookie;
  Logout logout;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::text;
};

}  // namespace gatehouse::config
