/// The names of an instance of Gatehouse: its files, its accounts and its units.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::cli::init {

/// One host may have several Gatehouses, each for another site: the one that a package brings, and
/// those that `gatehouse init --site NAME` makes of the units `gatehouse@.service` and
/// `gatehouse@.socket`.
class Instance {
 public:
  /// The instance of that name; the first one for "". `invalid` if the name is not one of a to z,
  /// 0 to 9 and hyphens, at most 20 characters, beginning with a letter: it becomes part of the
  /// name of a system user, which has at most 31.
  [[nodiscard]] static Result<Instance> named(std::string_view site);

  /// The instance whose configuration this is; the first one for a file elsewhere.
  [[nodiscard]] static Instance of(const std::filesystem::path& config_file);

  /// The name of `--site`; "" for the first one.
  [[nodiscard]] const std::string& site() const noexcept { return site_; }
  [[nodiscard]] bool is_first() const noexcept { return site_.empty(); }
  /// The system's user and group, the account of the database and the database of our tables. They
  /// are alike, since unix_socket lets a system user in to the account of the same name.
  [[nodiscard]] std::string user() const;
  [[nodiscard]] std::filesystem::path folder() const;
  [[nodiscard]] std::filesystem::path config_file() const;
  /// The socket on which nginx reaches it.
  [[nodiscard]] std::string listen() const;
  [[nodiscard]] std::string service_unit() const;
  [[nodiscard]] std::string socket_unit() const;
  /// The drop-in that names nginx's group for the socket.
  [[nodiscard]] std::filesystem::path socket_drop_in() const;
  /// The sysusers.d(5) file that makes the system's user. The package has that of the first one.
  [[nodiscard]] std::filesystem::path sysusers_file() const;
  /// The name of nginx's upstream.
  [[nodiscard]] std::string upstream() const { return user(); }
  /// The files of a further instance below nginx's folder: its upstream, and the names of the
  /// servers that ask it.
  [[nodiscard]] std::filesystem::path upstream_file() const;
  [[nodiscard]] std::filesystem::path names_file() const;

 private:
  explicit Instance(std::string_view site) : site_(site) {}
  std::string site_;
};

}  // namespace gatehouse::cli::init
