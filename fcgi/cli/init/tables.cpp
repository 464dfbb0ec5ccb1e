#include "cli/init/tables.h"

#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <utility>

#include "cli/command_line.h"
#include "cli/init/proposal.h"
#include "cli/init/rights.h"
#include "cli/init/situation.h"
#include "cli/init/sql_text.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "http/json.h"

namespace gatehouse::cli::init {
namespace {

/// The applications that were found, and the account that needs rights to their tables.
struct Found {
  std::vector<Candidate> applications;
  OwnTables own;
  Grantee grantee;
};

/// The configuration, if there is one that can be read: only root may read that of the service, and
/// the verb needs none.
Result<Configured> configured_for(const Options& options) {
  if (!options.config_file.empty()) return read_configured(options.config_file);
  auto usual = read_configured(Instance::named("")->config_file());
  if (usual) return usual;
  Configured none;
  none.file = Instance::named("")->config_file();
  return none;
}

/// The configuration names a server on another host, and no option one on this.
bool is_elsewhere(const Options& options, const Configured& configured) {
  return !configured.loaded.settings.mysql.host.empty() && options.socket.empty();
}

/// A connection of the administrator's; or the service's, for a server on another host.
Result<std::unique_ptr<mysql::Connection>> connect(const Options& options,
                                                   const Configured& configured, Console& console) {
  const config::Mysql& settings = configured.loaded.settings.mysql;
  if (is_elsewhere(options, configured)) {
    auto password = config::mysql_password(settings);
    if (!password) return tl::unexpected(password.error());
    config::Mysql anywhere = settings;
    anywhere.database.clear();
    mysql::Connection::start_library();
    return mysql::Connection::open(anywhere, *password).map_error([&](const Error& error) {
      return Error{error.kind, fmt::format("mysql.host {}: {}", shown(settings.host), error.what)};
    });
  }
  const auto socket = find_socket(options, configured, console);
  if (!socket) return tl::unexpected(socket.error());
  const auto administrator = Administrator::log_in(*socket, options, console);
  if (!administrator) return tl::unexpected(administrator.error());
  return administrator->connect();
}

/// The service's account; of a server on another host, the one that has let us in.
Result<Grantee> grantee_of(const Options& options, const Configured& configured,
                           const Instance& instance, mysql::Connection& connection) {
  if (is_elsewhere(options, configured)) {
    const auto rows = connection.select("SELECT CURRENT_USER()", {}, 1);
    if (!rows) return tl::unexpected(rows.error());
    const std::string account = rows->at(0).at(0).value_or("");
    const auto at = account.rfind('@');
    return Grantee{quoted_name(account.substr(0, at)) + "@" + quoted_name(account.substr(at + 1)),
                   false};
  }
  const bool is_set = configured.sets("mysql.user");
  return Grantee{account_sql(is_set ? configured.loaded.settings.mysql.user : instance.user())};
}

Result<Found> look(const Options& options, Console& console) {
  const auto presets = presets_with(options.presets);
  if (!presets) return tl::unexpected(presets.error());
  const auto configured = configured_for(options);
  if (!configured) return tl::unexpected(configured.error());
  const auto connection = connect(options, *configured, console);
  if (!connection) return tl::unexpected(connection.error());
  const auto schemas = Schemas::read(**connection, [&](const std::vector<std::string>& names) {
    return tables_of_applications(names, *presets);
  });
  if (!schemas) return tl::unexpected(schemas.error());
  const Instance instance = Instance::of(configured->file);
  auto grantee = grantee_of(options, *configured, instance, **connection);
  if (!grantee) return tl::unexpected(grantee.error());
  Found found{{}, own_tables_of(instance, *configured), std::move(*grantee)};
  const Ask ask = [&](const std::string& sql) {
    return (*connection)->select(sql, {}, kMostAnswered);
  };
  found.applications = find_applications({*schemas, ask, found.own, *presets, configured->file});
  // The table of our own is no application's.
  std::erase_if(found.applications, [](const Candidate& one) { return one.source.preset.empty(); });
  return found;
}

void write_count(const LoginCount& count, http::JsonWriter& json) {
  json.key("rows").begin_object().key("able").number(count.able_of_all());
  json.key("able_of_looked_at").number(count.able).key("looked_at").number(count.looked_at);
  json.key("weak").number(count.weak).key("disabled").number(count.disabled);
  json.key("without_password").number(count.without).key("total").number(count.total);
  json.key("estimated")
      .boolean(!count.whole)
      .key("at_least")
      .boolean(!count.whole && !count.spread);
  json.end_object().key("schemes").begin_array();
  for (const auto& scheme : count.schemes) json.text(scheme);
  json.end_array();
}

void write(const Candidate& candidate, const Found& found, http::JsonWriter& json) {
  const UserSource& source = candidate.source;
  json.begin_object().key("application").text(source.application).key("preset").text(source.preset);
  json.key("versions").text(source.versions).key("schema").text(source.schema);
  json.key("table").text(source.table).key("prefix").text(source.prefix);
  json.key("tested").text(source.tested_by_code ? "code" : "vectors");
  json.key("writes").boolean(source.writes).key("note").text(source.note);
  json.key("trouble").text(candidate.count.trouble);
  write_count(candidate.count, json);
  json.key("settings").begin_object();
  // As the file has them: a text in quotes, or a list.
  for (const auto& setting : settings_of(source, found.own)) {
    json.key(setting.key).text(setting.toml());
  }
  json.end_object().key("update_query").text(source.update_query);
  json.key("section").text(section_text(candidate, found.own, found.grantee));
  json.key("grants").begin_array();
  for (const auto& grant : grants_of(source, found.grantee)) json.text(grant);
  json.end_array().end_object();
}

std::string as_json(const Found& found) {
  http::JsonWriter json;
  json.begin_object().key("applications").begin_array();
  for (const auto& candidate : found.applications) write(candidate, found, json);
  json.end_array().end_object();
  return json.take();
}

void print(const Found& found, const Output& output) {
  cli::Table table({{.heading = "application", .fit = cli::Column::Fit::cut},
                    {.heading = "table", .leads = true},
                    {.heading = "can log in", .align = cli::Column::Align::right},
                    {.heading = "rows", .spare = 1, .align = cli::Column::Align::right},
                    {.heading = "preset", .spare = 2}});
  for (const auto& candidate : found.applications) {
    const LoginCount& count = candidate.count;
    table.add({candidate.source.application, candidate.name(),
               Cell(able_text(count), {}, count.able > 0 ? Style::good : Style::warning),
               (count.whole ? "" : "some ") + std::to_string(count.total),
               candidate.source.preset});
  }
  if (table.empty()) {
    return print_nothing(
        table,
        "no table is that of an application whose preset is there; `gatehouse init "
        "--table SCHEMA.TABLE` takes any other, by its columns",
        output);
  }
  table.print(output.terminal, output.out);
  for (const auto& candidate : found.applications) {
    output.out << '\n' << section_text(candidate, found.own, found.grantee);
  }
}

}  // namespace

int list_tables(const Options& options, bool json, const Output& output) {
  const Interruption interruption;
  TerminalConsole console(output.err);
  const auto found = look(options, console);
  if (!found) return fail_with(found.error(), output.err);
  if (json) {
    output.out << as_json(*found) << '\n';
  } else {
    print(*found, output);
  }
  return kOk;
}

}  // namespace gatehouse::cli::init
