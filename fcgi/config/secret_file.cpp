#include <fmt/format.h>

#include <sys/stat.h>
#include <string>
#include <string_view>
#include <utility>

#include "config/file.h"
#include "config/load.h"

namespace gatehouse::config {

Result<Secret> read_secret_file(const std::filesystem::path& file) {
  return read_file(file, 64U << 10U, S_IRWXO)
      .map([](std::string&& bytes) { return Secret(std::move(bytes)); })
      .map_error([&](const Error& error) {
        return Error{error.kind, fmt::format("{}: {}", file.string(), error.what)};
      });
}

Result<Secret> mysql_password(const Mysql& settings) {
  if (settings.password_file.empty()) return Secret();
  return read_secret_file(settings.password_file).map([](const Secret& bytes) {
    const std::string_view text = bytes.view();
    return Secret::copy_of(text.substr(0, text.find_first_of("\r\n")));
  });
}

Mysql session_mysql(const Settings& settings) {
  Mysql mysql = settings.mysql;
  const Session& session = settings.session;
  if (!session.database.empty()) mysql.database = session.database;
  if (!session.user.empty()) {
    mysql.user = session.user;
    mysql.password_file = session.password_file;
  }
  return mysql;
}

Result<Secret> session_password(const Settings& settings) {
  return mysql_password(session_mysql(settings));
}

}  // namespace gatehouse::config
