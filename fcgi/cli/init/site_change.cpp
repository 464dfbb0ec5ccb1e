#include "cli/init/site_change.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "cli/init/files.h"
#include "cli/init/nginx_reload.h"
#include "cli/stranger/ask.h"
#include "nginx/files.h"

namespace gatehouse::cli::init {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A page that is closed to strangers wherever Gatehouse is mounted.
constexpr const char* kOwnPage = "/gatehouse/account";
/// How long something else may take to be ready after a reload.
constexpr auto kReadyTime = 4s;

/// The name by which a site includes mount.conf. Empty if it is not installed.
std::string mount_name(const std::string& nginx_folder) {
  constexpr const char* kShared = "/usr/share/gatehouse/nginx/mount.conf";
  std::error_code error;
  if (fs::exists(fs::path(nginx_folder) / "gatehouse/mount.conf", error)) {
    return "gatehouse/mount.conf";
  }
  return fs::exists(kShared, error) ? kShared : "";
}

Result<void> check_host(const NginxHost& host, const Instance& instance) {
  if (!host.knows_gatehouse()) {
    return fail(Error::Kind::refused,
                fmt::format("nginx does not read conf.d/gatehouse.conf: put `include "
                            "{0}/conf.d/*.conf;` into the http block of {0}/nginx.conf, or install "
                            "Gatehouse's files for nginx, and run this again",
                            host.folder()));
  }
  if (!instance.is_first() && !host.knows_instances()) {
    return fail(Error::Kind::refused,
                "Gatehouse's files for nginx are of a version that knows of one Gatehouse alone "
                "(there is no $gatehouse_upstream): install those of this version");
  }
  return {};
}

/// The lines `NAME gatehouse-shop;` by which the servers ask this instance.
Result<std::string> names_text(std::string text, const std::vector<const nginx::Level*>& servers,
                               const Instance& instance) {
  for (const auto* server : servers) {
    const auto names = server_names(*server);
    if (names.empty() || names.front().find_first_of("*~;{}\"'\\ ") != std::string::npos) {
      return fail(Error::Kind::refused,
                  fmt::format("{}: a site of a further Gatehouse needs a plain first server_name, "
                              "by which nginx knows whom to ask: add one",
                              server_text(*server)));
    }
    const std::string line = fmt::format("{} {};\n", names.front(), instance.upstream());
    if (("\n" + text).find("\n" + line) == std::string::npos) text += line;
  }
  return text;
}

/// In the form of nginx/upstream.conf, which says why.
std::string upstream_text(const Instance& instance) {
  constexpr int kNames = 32;
  std::string text = fmt::format(
      "# The Gatehouse of the site {0}: gatehouse@{0}.service. Made by `gatehouse init`.\n"
      "# gatehouse/upstream.conf says why the server is named more than once.\n"
      "upstream {1} {{\n",
      instance.site(), instance.upstream());
  for (int i = 0; i < kNames; ++i) {
    text += fmt::format("    server {} max_fails=0;\n", instance.listen());
  }
  text += fmt::format("    keepalive {};\n}}\n", kNames - 2);
  return text;
}

/// The status of the answer to a stranger.
Result<int> status_at(const Door& door) {
  const auto answer = ask_as_stranger(door.url, 5s, door.address);
  if (answer) return answer->status;
  return fail(answer.error().kind,
              fmt::format("{} does not answer at {} port {}: {}. Does nginx run?", door.url.text(),
                          door.address, door.url.port, answer.error().what));
}

}  // namespace

Result<SiteChange> SiteChange::plan(const NginxHost& host, const Instance& instance,
                                    const Options& options) {
  const std::string& protect = options.protect;
  if (auto fits = check_host(host, instance); !fits) return tl::unexpected(fits.error());
  const SiteLines lines{mount_name(host.folder()), protect};
  if (lines.mount.empty()) {
    return fail(Error::Kind::refused,
                fmt::format("there is no {}/gatehouse/mount.conf: install Gatehouse's files for "
                            "nginx, and run this again",
                            host.folder()));
  }
  auto servers = servers_called(host.site(), options.nginx);
  if (!servers) return tl::unexpected(servers.error());
  // From the last line to the first, so that the lines of those before stay right.
  std::stable_sort(servers->begin(), servers->end(), [](const auto* left, const auto* right) {
    return left->place().line > right->place().line;
  });
  SiteChange change;
  change.backups_ = options.backups;
  change.pid_file_ = host.pid_file();
  change.page_ = protect.empty() ? kOwnPage : protect;
  const Disk disk{[&](const std::string& file) -> std::optional<std::string> {
                    const auto known = change.files_.find(file);
                    return known != change.files_.end() ? known->second.before
                                                        : nginx::read_whole(file);
                  },
                  [](const std::string& path) {
                    std::error_code error;
                    return fs::is_directory(path, error);
                  }};
  for (const auto* server : *servers) {
    const fs::path file = *server->place().file;
    auto& text = change.files_[file];
    if (text.before.empty()) {
      auto whole = nginx::read_whole(file);
      if (!whole) return fail(Error::Kind::failed, shown(file.string()) + ": cannot be read");
      text.before = *whole;
      text.after = std::move(*whole);
    }
    auto changed = with_lines(*server, text.after, lines, disk);
    if (!changed) return tl::unexpected(changed.error());
    text.after = std::move(*changed);
    for (auto& door : doors_of(*server)) {
      door.url.target = change.page_;
      change.doors_.push_back(std::move(door));
    }
  }
  if (auto planned = change.plan_instance(*servers, instance); !planned) {
    return tl::unexpected(std::move(planned.error()));
  }
  std::erase_if(change.files_,
                [](const auto& one) { return one.second.before == one.second.after; });
  return change;
}

Result<void> SiteChange::plan_instance(const std::vector<const nginx::Level*>& servers,
                                       const Instance& instance) {
  if (instance.is_first()) return {};
  const auto upstream = text_of(instance.upstream_file());
  const auto names = text_of(instance.names_file());
  if (!upstream || !names) return tl::unexpected(!upstream ? upstream.error() : names.error());
  auto with_names = names_text(names->value_or(""), servers, instance);
  if (!with_names) return tl::unexpected(with_names.error());
  files_[instance.upstream_file()] = {upstream->value_or(""), upstream_text(instance), !*upstream};
  files_[instance.names_file()] = {names->value_or(""), std::move(*with_names), !*names};
  return {};
}

std::string SiteChange::login_page() const {
  if (doors_.empty()) return "";
  Url url = doors_.front().url;
  url.target = "/gatehouse/login";
  return url.text();
}

std::string SiteChange::difference() const {
  std::string all;
  for (const auto& [file, text] : files_) all += init::difference(text.before, text.after, file);
  return all;
}

Result<void> SiteChange::write(Console& console) const {
  for (const auto& [file, text] : files_) {
    if (!text.is_new) {
      const auto now = nginx::read_whole(file);
      if (now != text.before) {
        return fail(Error::Kind::failed,
                    shown(file.string()) + ": the file has changed meanwhile: run this again");
      }
      const auto copy = back_up(file, backups_);
      if (!copy) return tl::unexpected(copy.error());
      console.say(fmt::format("{}: the file as it was is {}\n", shown(file.string()),
                              shown(copy->string())));
    }
    if (auto written = replace_file(file, text.after); !written) return written;
  }
  return {};
}

/// Where nginx runs in a way that its workers are not to be seen, the first answers may be those of
/// the old ones.
Result<void> SiteChange::ask(Console& console) const {
  if (doors_.empty()) {
    return fail(Error::Kind::refused,
                "the site listens where it cannot be asked (a unix socket, or with the PROXY "
                "protocol): ask for " +
                    page_ + " from outside; 303 or 401 is closed, 200 is open");
  }
  for (const Door& door : doors_) {
    const auto limit = std::chrono::steady_clock::now() + kReadyTime;
    auto status = status_at(door);
    while (!(status && is_closed(*status)) && std::chrono::steady_clock::now() < limit &&
           !Interruption::came()) {
      std::this_thread::sleep_for(100ms);
      status = status_at(door);
    }
    if (!status) return tl::unexpected(status.error());
    if (!is_closed(*status)) {
      const std::string_view why =
          *status < 400    ? "anybody sees it, or is led elsewhere: something of the site answers "
                             "before Gatehouse is asked (gatehouse check-nginx says what)"
          : *status >= 500 ? "nobody gets in: nginx does not reach Gatehouse (systemctl status "
                             "gatehouse.service, and nginx's error log)"
                           : "nobody sees it, whoever they are: is the path right?";
      return fail(Error::Kind::refused, fmt::format("{} answers a stranger {}, not 303 or 401: {}",
                                                    door.url.text(), *status, why));
    }
    console.say(fmt::format("{} answers a stranger {}: closed\n", door.url.text(), *status));
  }
  return {};
}

Result<void> SiteChange::try_out(Programs& programs, Console& console) const {
  if (auto written = write(console); !written) return written;
  if (auto fits = test_nginx(programs); !fits) return fits;
  if (auto reloaded = reload_nginx(programs, pid_file_); !reloaded) return reloaded;
  if (auto closed = ask(console); !closed) return closed;
  if (Interruption::came()) return fail(Error::Kind::unavailable, "interrupted");
  return {};
}

/// Says how it went, for the end of a message.
std::string SiteChange::take_back(Programs& programs) const {
  std::vector<std::string> left;
  for (const auto& [file, text] : files_) {
    // What somebody has changed meanwhile is not ours to take back.
    const auto now = nginx::read_whole(file);
    if (!now || *now != text.after) {
      if (now && *now != text.before) left.push_back(file.string());
      continue;
    }
    if (text.is_new ? ::unlink(file.c_str()) != 0 : !replace_file(file, text.before)) {
      left.push_back(file.string());
    }
  }
  if (!left.empty()) {
    return fmt::format(
        "The lines could not be taken out of {}: do so by hand, then nginx -t && "
        "systemctl reload nginx.",
        shown(fmt::format("{}", fmt::join(left, ", "))));
  }
  const auto fits = test_nginx(programs);
  const auto reloaded = fits ? reload_nginx(programs, pid_file_) : fits;
  return reloaded ? "The lines were taken out again, and the site is as it was before."
                  : "The lines were taken out again. " + reloaded.error().what;
}

Result<void> SiteChange::apply(Programs& programs, Console& console) const {
  auto done = try_out(programs, console);
  if (done) return done;
  return fail(done.error().kind, done.error().what + "\n" + take_back(programs));
}

}  // namespace gatehouse::cli::init
