/// Runs other programs: nginx, systemctl, systemd-sysusers, and this one as another user.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace gatehouse::cli {

struct Finished {
  int code = 0;  ///< the exit code, or 128 and the number of the signal that ended it
  std::string out;
  std::string err;
};

/// The user that a program runs as.
struct Identity {
  uid_t user = 0;
  gid_t group = 0;
};
/// The system's user of that name. Nothing if there is none.
[[nodiscard]] std::optional<Identity> find_identity(const std::string& name);

/// A test has programs of its own.
class Programs {
 public:
  virtual ~Programs() = default;
  /// Runs a program to its end and gives what it said. No shell reads the words. It is looked for
  /// in PATH and in the folders of administrators' programs, has no standard input, is not ended by
  /// Ctrl-C, and speaks English. `unavailable` if there is no such program, or it does not end
  /// within a minute.
  virtual Result<Finished> run(const std::vector<std::string>& words,
                               std::optional<Identity> as = std::nullopt) = 0;
};

class SystemPrograms final : public Programs {
 public:
  Result<Finished> run(const std::vector<std::string>& words, std::optional<Identity> as) override;
};

/// True if systemd runs this host, so that there is somebody for systemctl to ask (sd_booted(3)).
[[nodiscard]] bool systemd_runs();

}  // namespace gatehouse::cli
