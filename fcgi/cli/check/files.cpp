/// The files and folders that the configuration names, as the one who runs this meets them.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/system_group.h"
#include "cli/check/parts.h"
#include "config/listen_address.h"
#include "password/breached.h"
#include "password/site.h"
#include "session/sessions.h"

namespace gatehouse::cli::checks {
namespace {

std::string reason() {
  return std::generic_category().message(errno);
}

void check_socket(const config::Server& server, const Scene& scene, Findings& findings) {
  const auto add = [&](std::string_view key, const std::string& what, std::string remedy) {
    if (scene.activated) {
      findings.warn(key, what + ", which is not used while systemd holds the socket",
                    std::move(remedy));
    } else {
      findings.add(key, what, std::move(remedy));
    }
  };
  const auto address = config::ListenAddress::parse(server.listen);
  if (!address || address->path.empty()) return;
  const auto folder = std::filesystem::path(address->path).parent_path();
  // The folder need not be writable, since systemd may make the socket.
  if (std::error_code error; !std::filesystem::is_directory(folder, error)) {
    add("server.listen", fmt::format("there is no folder {}", folder.string()),
        "`systemd-tmpfiles --create` makes /run/gatehouse; make any other yourself");
  }
  if (!server.socket_group.empty() && !find_group(server.socket_group)) {
    add("server.socket_group", fmt::format("there is no group {}", server.socket_group),
        "Name that of nginx's workers (`id -gn` of the user in nginx.conf)");
  }
}

/// How a file comes to be read by the service's user. Whoever else runs this may be refused
/// although the service is not, and would close the file to the service by following that advice.
std::string let_it_be_read(const std::filesystem::path& file, const Scene& scene) {
  if (!scene.as_service) {
    return "Run this as root, who judges what the service's user may read; the file may be right";
  }
  return fmt::format("`chgrp {0} {1}` and `chmod 0640 {1}` let the service read it",
                     scene.service_group, file.string());
}

void check_certificate(const std::filesystem::path& file, Findings& findings) {
  if (file.empty() || ::access(file.c_str(), R_OK) == 0) return;
  findings.add("mysql.tls_ca", fmt::format("{} cannot be read: {}", file.string(), reason()),
               "Name a PEM file with the certificate of the authority, which the service may read "
               "(mode 0644)");
}

void check_keys(const std::filesystem::path& file, const Scene& scene, Findings& findings) {
  const auto keys = session::KeyRing::load(file);
  const int why = keys || ::access(file.c_str(), R_OK) == 0 ? 0 : errno;
  if (why == ENOENT || why == EACCES) {
    findings.add(
        "session.key_file",
        fmt::format("{}: cannot be read: {}", file.string(), std::generic_category().message(why)),
        why == ENOENT ? "`gatehouse init --key` makes it" : let_it_be_read(file, scene));
  } else {
    findings.add_error_of("session.key_file", file, keys);
  }
}

/// The unit hands over the two files of these names beside the configuration, which it reads as
/// root (LoadCredential=). The service need not be able to read them.
bool is_handed_over(const std::filesystem::path& file, const std::filesystem::path& config_file) {
  const auto name = file.filename();
  return file.parent_path() == config_file.parent_path() &&
         (name == "mysql.password" || name == "session.password");
}

/// A file that the unit hands over need not be there: the account then has no password
/// (SetCredential=).
Result<Secret> unless_optional(const std::filesystem::path& file,
                               const std::filesystem::path& config_file, Result<Secret> read) {
  std::error_code error;
  const bool missing = !std::filesystem::exists(file, error) && !error;
  if (!read && missing && is_handed_over(file, config_file)) return Secret();
  return read;
}

/// Reports a password file that cannot be read: by root, or else by the service.
void check_password_file(std::string_view key, const std::filesystem::path& file,
                         const Result<Secret>& password, const Scene& scene, Findings& findings) {
  findings.add_error_of(key, file, password);
  if (!password || file.empty() || !scene.as_service) return;
  if (is_handed_over(file, scene.config_file) || ::access(file.c_str(), R_OK) == 0) return;
  findings.add(key, fmt::format("{} cannot be read by the service: {}", file.string(), reason()),
               let_it_be_read(file, scene) +
                   "; or put it beside the configuration as mysql.password (or session.password), "
                   "which systemd reads for the service");
}

}  // namespace

Passwords read_passwords(const config::Loaded& loaded) {
  const config::Settings& settings = loaded.settings;
  return {unless_optional(settings.mysql.password_file, loaded.file,
                          config::mysql_password(settings.mysql)),
          unless_optional(config::session_mysql(settings).password_file, loaded.file,
                          config::session_password(settings))};
}

void check_files(const config::Settings& settings, const Scene& scene, Findings& findings) {
  if (scene.as_service && ::access(scene.config_file.c_str(), R_OK) != 0) {
    findings.add(
        {scene.config_file, 0, fmt::format("the service cannot read it: {}", reason()),
         fmt::format("Its folders need mode 0755, the file 0644 (or 0640 and the group {})",
                     scene.service_group)});
  }
  check_socket(settings.server, scene, findings);
  check_certificate(settings.mysql.tls_ca, findings);
  check_password_file("mysql.password_file", settings.mysql.password_file, scene.passwords.mysql,
                      scene, findings);
  if (!settings.session.user.empty()) {  // otherwise it is the file of the user table's account
    check_password_file("session.password_file", settings.session.password_file,
                        scene.passwords.session, scene, findings);
  }
  check_keys(settings.session.key_file, scene, findings);
}

void check_password_rules(const config::Settings& settings, Findings& findings) {
  const auto all_wrong = password::wrong_keys(settings);
  for (const auto& wrong : all_wrong) findings.add(wrong.key, wrong.what);
  const auto& list = settings.password.breached_file;
  if (const auto good = password::BreachedPasswords(list).check(); !good) {
    findings.add("password.breached_file", good.error().what);
  }
  const std::string& write = settings.password.write;
  if (write != "same" && all_wrong.empty()) {
    findings.warn("password.write", "every row becomes " + write + " at its next login",
                  "Be sure that the site's application reads it: otherwise it locks its users out");
  }
}

}  // namespace gatehouse::cli::checks
