#include "cli/serve/plan.h"

#include <utility>

#include "config/load.h"
#include "password/breached.h"

namespace gatehouse::cli {
namespace {

/// Collects what is wrong with the values of the keys.
class Problems {
 public:
  Problems(const config::Loaded& loaded, std::vector<std::string>& into)
      : loaded_(loaded), into_(into) {}
  void add(std::string_view key, std::string_view what) {
    into_.push_back(config::to_string(loaded_.problem(key, what)));
  }
  /// Gives the result on; an error is a problem of the key.
  template <class T>
  Result<T> of(std::string_view key, Result<T> result) {
    if (!result) add(key, result.error().what);
    return result;
  }

 private:
  const config::Loaded& loaded_;
  std::vector<std::string>& into_;
};

void read_files(const config::Loaded& loaded, PlanResult& reading) {
  const config::Settings& settings = loaded.settings;
  Problems problems(loaded, reading.problems);
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
  for (const auto& problem : loaded.problems) {
    reading.problems.push_back(config::to_string(problem));
  }
  if (loaded.problems.empty()) read_files(loaded, reading);
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
