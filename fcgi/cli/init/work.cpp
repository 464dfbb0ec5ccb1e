#include "cli/init/work.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/system_group.h"
#include "cli/init/files.h"
#include "cli/init/key_file.h"
#include "cli/serve/same_settings.h"

namespace gatehouse::cli::init {
namespace {

namespace fs = std::filesystem;

bool file_exists(const fs::path& file) {
  std::error_code error;
  return fs::exists(fs::symlink_status(file, error));
}

std::string sysusers_text(const Instance& instance) {
  const std::string site = instance.is_first() ? "" : ", site " + instance.site();
  return fmt::format("u {} - \"Gatehouse login service{}\" /nonexistent /usr/sbin/nologin\n",
                     instance.user(), site);
}

Step folder_step(const fs::path& folder) {
  return {fmt::format("make the folder {}", shown(folder.string())), [folder]() -> Result<void> {
            std::error_code error;
            fs::create_directories(folder, error);
            if (!error) return {};
            return fail(Error::Kind::failed,
                        fmt::format("{}: {}", folder.string(), error.message()));
          }};
}

/// The key's file as the configuration will name it.
fs::path key_file(const Situation& situation) {
  const auto& configured = situation.configured;
  if (configured.sets("session.key_file")) return configured.loaded.settings.session.key_file;
  return configured.file.parent_path() / "session.keys";
}

std::string drop_in_text(const std::string& group) {
  return fmt::format(
      "# Made by `gatehouse init`: the group of nginx's workers.\n"
      "[Socket]\nSocketGroup={}\n",
      group);
}

/// Collects settings, of those that differ.
class Wanted {
 public:
  explicit Wanted(const Configured& configured) : configured_(configured) {}

  /// `now` is what counts without a change: the default needs no line.
  void set(std::string key, const std::string& value, const std::string& now) {
    if (value != now) settings_.push_back({std::move(key), value});
  }
  /// Sets a setting that stands in the file even if it is the default, since it says that this was
  /// decided.
  void set_visibly(std::string key, const std::string& value, const std::string& now) {
    if (value != now || !configured_.sets(key)) settings_.push_back({std::move(key), value});
  }
  /// Sets a setting of [user] if what the file says then means something else.
  void change(Setting setting) {
    const auto text = with_settings(configured_.text, {setting});
    const bool same_meaning = text && same(config::parse(*text, configured_.file).settings.user,
                                           configured_.loaded.settings.user);
    if (!same_meaning) settings_.push_back(std::move(setting));
  }
  [[nodiscard]] std::vector<Setting> take() { return std::move(settings_); }

 private:
  const Configured& configured_;
  std::vector<Setting> settings_;
};

/// The settings of [user] that only some applications need. One that this application does not
/// need, and that another one has left, goes back to its default.
void add_more(const UserSource& users, const Configured& configured, Wanted& wanted) {
  constexpr std::array<std::string_view, 4> kOfApplications = {
      "user.password_transform", "user.scheme", "user.key_file", "user.name_collation"};
  for (const auto key : kOfApplications) {
    const bool needed = std::any_of(users.more.begin(), users.more.end(),
                                    [&](const Setting& one) { return one.key == key; });
    if (!needed && configured.sets(key)) wanted.change({std::string(key), ""});
  }
  for (const Setting& setting : users.more) wanted.change(setting);
}

void add_users(const DatabaseSide& side, const Situation& situation, Wanted& wanted) {
  const config::Settings& now = situation.configured.loaded.settings;
  const UserSource& users = *side.users;
  if (side.users_stay) {
    if (situation.options.rehash) {
      wanted.set("user.update_query", users.update_query, now.user.update_query);
    }
    return;
  }
  wanted.set_visibly("mysql.database", users.schema, now.mysql.database);
  wanted.set("user.query", users.query, now.user.query);
  wanted.set("user.census_query", users.census_query, now.user.census_query);
  wanted.set("user.roles_query", users.roles_query, now.user.roles_query);
  wanted.set("user.disabled_query", users.disabled_query, now.user.disabled_query);
  add_more(users, situation.configured, wanted);
  // A site's own table is written only if that was asked for, now or before.
  const bool stays = !side.rehash && now.user.query == users.query;
  const std::string update = side.rehash ? users.update_query : stays ? now.user.update_query : "";
  wanted.set("user.update_query", update, now.user.update_query);
}

}  // namespace

Result<void> must_run(Programs& programs, const std::vector<std::string>& words) {
  const auto done = programs.run(words);
  if (!done) return tl::unexpected(done.error());
  if (done->code == 0) return {};
  return fail(Error::Kind::failed, fmt::format("{} fails ({}): {}", fmt::join(words, " "),
                                               done->code, shown_text(done->err + done->out)));
}

void add_system_steps(const Situation& situation, Programs& programs, std::vector<Step>& steps) {
  const Instance& instance = situation.instance;
  if (!find_identity(instance.user())) {
    fs::path file = instance.sysusers_file();
    if (instance.is_first() && !file_exists(file)) file = "/etc/sysusers.d/gatehouse.conf";
    if (!file_exists(file)) {
      steps.push_back({fmt::format("write {}", shown(file.string())),
                       [file, &instance] { return replace_file(file, sysusers_text(instance)); }});
    }
    steps.push_back({fmt::format("make the system's user {} (systemd-sysusers)", instance.user()),
                     [file, &programs] {
                       return must_run(programs, {"systemd-sysusers", file.string()});
                     }});
  }
  const auto folder = situation.configured.file.parent_path();
  if (!file_exists(folder)) steps.push_back(folder_step(folder));
  const fs::path sockets = "/run/gatehouse";
  if (!file_exists(sockets)) steps.push_back(folder_step(sockets));
  const auto file = key_file(situation);
  if (!file_exists(file)) {
    steps.push_back({fmt::format("make the key file {}", shown(file.string())),
                     [file, &instance]() -> Result<void> {
                       const auto made = make_key_file(file, instance.user());
                       if (made) return {};
                       return fail(made.error().kind,
                                   fmt::format("{}: {}", file.string(), made.error().what));
                     }});
  }
}

std::vector<Setting> wanted_settings(const Situation& situation) {
  const Configured& configured = situation.configured;
  const config::Settings& now = configured.loaded.settings;
  const Instance& instance = situation.instance;
  Wanted wanted(configured);
  if (!instance.is_first()) wanted.set("server.listen", instance.listen(), now.server.listen);
  if (situation.nginx) {
    wanted.set("server.socket_group", situation.nginx->workers().group, now.server.socket_group);
  }
  if (situation.database) {
    const DatabaseSide& side = *situation.database;
    wanted.set("mysql.socket", side.administrator.socket(), now.mysql.socket);
    wanted.set("mysql.user", side.user, now.mysql.user);
    if (side.login_by == LoginBy::password && now.mysql.password_file.empty()) {
      wanted.set("mysql.password_file", "mysql.password", "");
    }
    if (side.users) add_users(side, situation, wanted);
    const std::string users = side.users ? side.users->schema : now.mysql.database;
    const bool named = !now.session.database.empty();
    if (named || side.own.database != users) {
      wanted.set("session.database", side.own.database, now.session.database);
    }
  }
  if (key_file(situation) != now.session.key_file) {
    wanted.set("session.key_file", "session.keys", "");
  }
  return wanted.take();
}

Result<void> add_configuration_step(const Situation& situation, std::vector<Step>& steps) {
  const Configured& configured = situation.configured;
  const auto settings = wanted_settings(situation);
  if (settings.empty() && configured.exists) return {};
  const auto text = with_settings(configured.text, settings);
  if (!text) {
    return fail(text.error().kind, configured.file.string() + ": " + text.error().what);
  }
  const auto file = configured.file;
  // The lines around show the comments of the file; the changed ones are what is of interest.
  steps.push_back(
      {fmt::format("{} {}:\n{}", configured.exists ? "change" : "write", shown(file.string()),
                   shown_text(difference(configured.text, *text, file))),
       [file, text = *text, old = configured.exists,
        backups = situation.options.backups]() -> Result<void> {
         if (old) {
           if (auto copy = back_up(file, backups); !copy) return tl::unexpected(copy.error());
         }
         return replace_file(file, text);
       }});
  return {};
}

void add_service_steps(const Situation& situation, Programs& programs, bool restarts,
                       std::vector<Step>& steps) {
  const Instance& instance = situation.instance;
  const std::string group = situation.nginx ? situation.nginx->workers().group : "www-data";
  const auto drop_in = instance.socket_drop_in();
  const auto now = text_of(drop_in);
  const bool has_one = now && now->has_value();
  const bool needs_one = group != "www-data" || has_one;
  const bool group_changes = needs_one && (!has_one || **now != drop_in_text(group));
  if (group_changes) {
    steps.push_back({fmt::format("write {}: SocketGroup={}", shown(drop_in.string()), shown(group)),
                     [drop_in, group] { return replace_file(drop_in, drop_in_text(group)); }});
  }
  if (!systemd_runs()) return;
  if (group_changes) {
    steps.push_back({"systemctl daemon-reload", [&programs] {
                       return must_run(programs, {"systemctl", "daemon-reload"});
                     }});
  }
  const auto command = [&](std::vector<std::string> words) {
    steps.push_back({fmt::format("{}", fmt::join(words, " ")),
                     [words, &programs] { return must_run(programs, words); }});
  };
  if (restarts || group_changes) {
    // A restart of the socket ends the service, too.
    command(group_changes
                ? std::vector<std::string>{"systemctl", "try-restart", instance.socket_unit(),
                                           instance.service_unit()}
                : std::vector<std::string>{"systemctl", "try-restart", instance.service_unit()});
  }
  if (situation.site) {
    const auto active =
        programs.run({"systemctl", "--quiet", "is-active", instance.service_unit()});
    if (!active || active->code != 0) {
      command({"systemctl", "enable", "--now", instance.socket_unit(), instance.service_unit()});
    }
  }
}

Result<std::vector<Step>> steps_of(const Situation& situation, Programs& programs) {
  std::vector<Step> steps;
  add_system_steps(situation, programs, steps);
  if (situation.database) {
    if (auto added = add_database_steps(*situation.database, situation, steps); !added) {
      return tl::unexpected(added.error());
    }
  }
  const std::size_t before = steps.size();
  if (auto added = add_configuration_step(situation, steps); !added) {
    return tl::unexpected(added.error());
  }
  add_service_steps(situation, programs, steps.size() > before, steps);
  return steps;
}

}  // namespace gatehouse::cli::init
