/// Puts the lines for Gatehouse into a site of nginx, and takes them out again unless they hold.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/init/console.h"
#include "cli/init/doors.h"
#include "cli/init/instance.h"
#include "cli/init/nginx_host.h"
#include "cli/init/options.h"
#include "cli/init/site_lines.h"
#include "cli/programs.h"

namespace gatehouse::cli::init {

/// A change of the files of one site. The texts are worked out when it is planned; nothing is
/// written before apply().
class SiteChange {
 public:
  /// `invalid` or `refused`, with the remedy, if the lines cannot go into the site.
  [[nodiscard]] static Result<SiteChange> plan(const NginxHost& host, const Instance& instance,
                                               const Options& options);

  /// True if all lines are there already.
  [[nodiscard]] bool is_empty() const noexcept { return files_.empty(); }
  /// What would change, as `diff -u` shows it.
  [[nodiscard]] std::string difference() const;

  /// Writes the files, each after a copy of it was made, tries the configuration with `nginx -t`,
  /// reloads nginx, and asks for the page as a stranger. Unless the answer is 303 or 401, or if a
  /// signal comes meanwhile, the files become what they were before, and nginx is reloaded again.
  /// The error says so. It is told what it does by `console`.
  [[nodiscard]] Result<void> apply(Programs& programs, Console& console) const;

  /// Asks for the page at every address of the site. `refused` unless all answers are 303 or 401.
  [[nodiscard]] Result<void> ask(Console& console) const;
  /// Where visitors of the site log in; "" if it cannot be asked from here.
  [[nodiscard]] std::string login_page() const;

 private:
  struct Text {
    std::string before;
    std::string after;
    bool is_new = false;
  };
  /// The files in nginx's folder of a further site of this host; there are none for the first.
  [[nodiscard]] Result<void> plan_instance(const std::vector<const nginx::Level*>& servers,
                                           const Instance& instance);
  [[nodiscard]] Result<void> write(Console& console) const;
  [[nodiscard]] Result<void> try_out(Programs& programs, Console& console) const;
  [[nodiscard]] std::string take_back(Programs& programs) const;

  std::map<std::filesystem::path, Text> files_;  ///< those that change
  std::vector<Door> doors_;
  std::string page_;
  std::filesystem::path backups_;
  std::filesystem::path pid_file_;  ///< of nginx
};

}  // namespace gatehouse::cli::init
