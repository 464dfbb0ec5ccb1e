#include "cli/serve/plan.h"

#include <utility>

#include "cli/check/findings.h"
#include "config/load.h"
#include "password/breached.h"

namespace gatehouse::cli {
namespace {

/// Collects what is wrong with the values of the keys, beside the problems of the file itself. A
/// value that is perhaps not the one that is meant has none, as with `gatehouse check`.
class Problems {
 public:
  explicit Problems(const config::Loaded& loaded) : findings_(loaded) {}
  void add(std::string_view key, std::string_view what) { findings_.add(key, what); }
  /// Gives the result on; an error is a problem of the key.
  template <class T>
  Result<T> of(std::string_view key, Result<T> result) {
    if (!result) add(key, result.error().what);
    return result;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& problem : findings_.problems()) all.push_back(config::to_string(problem));
    return all;
  }

 private:
  checks::Findings findings_;
};

void read_files(const config::Loaded& loaded, PlanResult& reading) {
  const config::Settings& settings = loaded.settings;
  Problems problems(loaded);
  password::KeyFiles key_files([&](const auto& file) { reading.files.add(file); });
  auto keys = problems.of("session.key_file", session::KeyRing::load(settings.session.key_file));
  auto password = problems.of("mysql.password_file", config::mysql_password(settings.mysql));
  auto session_password =
      settings.session.user.empty()
          ? config::session_password(settings)
          : problems.of("session.password_file", config::session_password(settings));
  auto lookup = problems.of("user.query", user::parse_lookup(settings.user));
  auto update = problems.of("user.update_query", user::parse_update(settings.user));
  auto roles = problems.of("user.roles_query", user::parse_roles(settings.user));
  auto disabled = problems.of("user.disabled_query", user::parse_disabled(settings.user));
  auto census = problems.of("user.census_query", user::parse_census(settings.user));
  for (const auto& wrong : password::wrong_keys(settings, key_files)) {
    problems.add(wrong.key, wrong.what);
  }
  static_cast<void>(
      problems.of("password.breached_file",
                  password::BreachedPasswords(settings.password.breached_file).check()));
  reading.problems = problems.texts();
  if (!loaded.problems.empty()) return;
  auto site = password::site_of(settings, key_files);
  // Each has a problem above, unless its file has changed since.
  if (!site && reading.problems.empty()) reading.problems.push_back(site.error().what);
  if (!session_password && reading.problems.empty()) {
    reading.problems.push_back(session_password.error().what);
  }
  if (!reading.problems.empty()) return;
  reading.plan.emplace(Plan{.settings = settings,
                            .keys = std::move(*keys),
                            .mysql_password = std::move(*password),
                            .session_password = std::move(*session_password),
                            .queries = {.lookup = std::move(*lookup),
                                        .update = std::move(*update),
                                        .roles = std::move(*roles),
                                        .disabled = std::move(*disabled)},
                            .census = std::move(*census),
                            .site = std::move(*site),
                            .site_keys = key_files.contents()});
}

PlanResult read_once(const std::filesystem::path& config_file) {
  PlanResult reading;
  reading.files.add(config_file);
  const config::Loaded loaded = config::load(config_file);
  reading.files.add(loaded.settings.session.key_file);
  reading.files.add(loaded.settings.mysql.password_file);
  reading.files.add(loaded.settings.session.password_file);
  read_files(loaded, reading);
  return reading;
}

}  // namespace

PlanResult read_plan(const std::filesystem::path& config_file) {
  constexpr int kMost = 5;
  PlanResult reading = read_once(config_file);
  for (int times = 1; times < kMost && reading.files.changed(); ++times) {
    reading = read_once(config_file);
  }
  return reading;
}

}  // namespace gatehouse::cli
