/// The parts of `gatehouse check`. Each adds what it finds; none changes anything. Private to the
/// verb and its tests.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "base/secret.h"
#include "cli/check/findings.h"
#include "config/settings.h"
#include "mysql/connection.h"
#include "mysql/named_query.h"
#include "nginx/site.h"

namespace gatehouse::cli::checks {

/// The passwords of the database accounts, or why they cannot be read.
struct Passwords {
  Result<Secret> mysql;
  Result<Secret> session;
};
/// Reads them as whoever runs this. That may be root, who reads for the service what systemd reads
/// for it. One that the unit hands over, and that is not there, is empty.
[[nodiscard]] Passwords read_passwords(const config::Loaded& loaded);

/// Who looks, at what.
struct Scene {
  const std::filesystem::path& config_file;
  const Passwords& passwords;
  /// The process has become the service's user (service_user.h), so that what it cannot read the
  /// service cannot.
  bool as_service = false;
  bool activated = false;                   ///< CheckOptions::activated
  std::string service_group = "gatehouse";  ///< of that user, for advice
};

/// The files that the configuration names (files.cpp).
void check_files(const config::Settings& settings, const Scene& scene, Findings& findings);
/// The section [password] (files.cpp).
void check_password_rules(const config::Settings& settings, Findings& findings);
/// The texts of the queries, without MySQL (queries.cpp).
void check_query_texts(const config::User& settings, Findings& findings);
/// The queries as MySQL takes them (queries.cpp).
void check_queries(mysql::Connection& connection, const config::Settings& settings,
                   Findings& findings);

/// MySQL's answers: the accounts, the queries, the tables, each of several servers (database.cpp).
void check_database(const config::Settings& settings, const Passwords& passwords,
                    Findings& findings);
/// Runs the lookup query for the names of those who are logged in, and reports surprises only; and
/// for each of `names`, and writes to `out` what it finds (database.cpp). For when all else is
/// right.
void try_names(const config::Settings& settings, const Passwords& passwords,
               const std::vector<std::string>& names, Findings& findings, std::ostream& out);
/// Other accounts of the server that may write users or sessions, as far as ours may see their
/// rights (rights.cpp).
void check_rights_of_others(const config::Settings& settings, Findings& findings);

/// What nginx does with Gatehouse: who gets in, whether its workers reach the socket, whether the
/// includes are of this version (nginx.cpp).
void check_site(const nginx::Site& site, const config::Settings& settings, Findings& findings);
/// TLS, and proxies in front (transport.cpp).
void check_transport(const nginx::Site& site, const config::Settings& settings, Findings& findings);
/// Asks the address as somebody without a cookie, who must not get in (address.cpp).
void check_address(const std::string& url, Findings& findings);

}  // namespace gatehouse::cli::checks
