#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <utility>

#include "cli/init/files.h"
#include "cli/init/server_sockets.h"
#include "cli/init/situation.h"

namespace gatehouse::text {
extern const std::string_view default_configuration;
}  // namespace gatehouse::text

namespace gatehouse::cli::init {
namespace {

Result<std::string> ask_for_socket(const std::vector<std::string>& sockets, const Options& options,
                                   Console& console) {
  std::string all = "Several database servers answer on this host:\n";
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    all += fmt::format("  {}  {}\n", i + 1, shown(sockets[i]));
  }
  if (options.yes || !console.can_ask()) {
    return fail(Error::Kind::refused,
                all + "Name the one that has the users: gatehouse init --socket PATH");
  }
  console.say(all);
  for (;;) {
    auto answer = console.ask(fmt::format("Which of them has the users? [1-{}] ", sockets.size()));
    if (!answer) return answer;
    std::size_t number = 0;
    std::from_chars(answer->data(), answer->data() + answer->size(), number);
    if (number >= 1 && number <= sockets.size()) return sockets[number - 1];
  }
}

Result<std::optional<SiteChange>> plan_site(const Options& options, const Instance& instance,
                                            const std::optional<NginxHost>& nginx) {
  if (options.nginx.empty()) return std::optional<SiteChange>();
  if (!nginx) {
    return fail(
        Error::Kind::refused,
        fmt::format("--nginx {}: there is no nginx on this host (no program nginx in PATH or "
                    "/usr/sbin): install it first",
                    shown(options.nginx)));
  }
  return SiteChange::plan(*nginx, instance, options).map([](SiteChange&& change) {
    return std::optional(std::move(change));
  });
}

Result<void> check_options(const Options& options) {
  if (!options.protect.empty() && options.nginx.empty()) {
    return fail(Error::Kind::invalid, "--protect needs --nginx SITE, the site whose path that is");
  }
  if (options.own_table && !options.table.empty()) {
    return fail(Error::Kind::invalid, "--own-table and --table exclude each other");
  }
  return options.protect.empty() ? Result<void>() : check_protected_path(options.protect);
}

}  // namespace

Result<Configured> read_configured(const std::filesystem::path& file) {
  Configured configured;
  configured.file = file;
  auto text = text_of(file);
  if (!text) return tl::unexpected(text.error());
  configured.exists = text->has_value();
  configured.text = text->value_or(std::string(text::default_configuration));
  configured.loaded = config::parse(configured.text, file);
  if (configured.loaded.problems.empty()) return configured;
  std::string all;
  for (const auto& problem : configured.loaded.problems) all += config::to_string(problem) + "\n";
  return fail(Error::Kind::failed,
              all + "Mend this first, or move the file away: init then writes a new one.");
}

Result<std::string> find_socket(const Options& options, const Configured& configured,
                                Console& console) {
  std::string named = options.socket;
  if (named.empty() && configured.sets("mysql.socket")) {
    named = configured.loaded.settings.mysql.socket;
  }
  if (!named.empty() && greets_as_database(named)) return named;
  if (!options.socket.empty()) {
    return fail(Error::Kind::unavailable,
                fmt::format("--socket {}: no database server answers there", shown(named)));
  }
  const auto sockets = find_sockets();
  if (sockets.size() == 1) return sockets.front();
  if (!sockets.empty()) return ask_for_socket(sockets, options, console);
  return fail(
      Error::Kind::unavailable,
      "no MySQL or MariaDB answers on a unix socket of this host: start it (systemctl start "
      "mariadb), or name its socket, --socket PATH. For a server on another host an "
      "administrator runs sql/grants.sql there, and mysql.host names it in the "
      "configuration (README, \"Installing by hand\")");
}

Result<Situation> look_around(const Options& options, Console& console, Programs& programs) {
  if (auto fits = check_options(options); !fits) return tl::unexpected(fits.error());
  auto instance = Instance::named(options.site);
  if (!instance) return tl::unexpected(instance.error());
  auto configured =
      read_configured(options.config_file.empty() ? instance->config_file() : options.config_file);
  if (!configured) return tl::unexpected(configured.error());
  // nginx comes first, since it asks nothing: a wrong --nginx is told before any question.
  auto nginx = NginxHost::read(programs);
  if (!nginx) return tl::unexpected(nginx.error());
  auto site = plan_site(options, *instance, *nginx);
  if (!site) return tl::unexpected(site.error());
  std::optional<DatabaseSide> database;
  if (configured->loaded.settings.mysql.host.empty()) {
    auto side = look_at_database(options, *instance, *configured, console);
    if (!side) return tl::unexpected(side.error());
    database = std::move(*side);
  }
  return Situation{
      options,           std::move(*instance), std::move(*configured), std::move(database),
      std::move(*nginx), std::move(*site)};
}

}  // namespace gatehouse::cli::init
