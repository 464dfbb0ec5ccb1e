#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/init/situation.h"

namespace gatehouse::cli::init {
namespace {

Table schema_of_own_users(const std::string& database) {
  return {database,
          "user",
          {{"id", "int", false, "PRI"},
           {"username", "varchar", false, "UNI"},
           {"password", "varchar", true, ""}}};
}

/// True if the settings are those of the table of sql/schema.sql, in the database of our own.
bool names_own_users(const Configured& configured, const OwnTables& own) {
  const auto& settings = configured.loaded.settings;
  return !configured.sets("user.query") && settings.mysql.database == own.database;
}

/// The candidate that the configuration has already.
std::optional<Candidate> configured_one(const std::vector<Candidate>& candidates,
                                        const config::Settings& settings) {
  const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& one) {
    return one.source.schema == settings.mysql.database && one.source.query == settings.user.query;
  });
  return found == candidates.end() ? std::nullopt : std::optional(*found);
}

/// Decides where the users are.
class UsersChoice {
 public:
  UsersChoice(const Options& options, const Configured& configured, Console& console,
              const Surroundings& around)
      : options_(options), configured_(configured), console_(console), around_(around) {}

  Result<void> decide(DatabaseSide& side) {
    if (!options_.table.empty()) return take(candidate_of(options_.table, around_), side);
    const bool configured_own =
        configured_.has_users() && names_own_users(configured_, around_.own);
    side.users_stay = configured_own;
    if (options_.own_table || configured_own) return take_own(side);
    auto candidates = find_candidates(around_);
    if (configured_.has_users()) {
      auto same = configured_one(candidates, configured_.loaded.settings);
      if (same) {
        side.users_stay = true;
        return take(std::move(*same), side);
      }
      console_.say(
          fmt::format("{}: user.query is the site's own and stays, and so do the rights of "
                      "the account to that table (--table SCHEMA.TABLE chooses another)\n",
                      shown(configured_.file.string())));
      return {};
    }
    auto chosen = choose(std::move(candidates), console_, !options_.yes);
    if (!chosen) return tl::unexpected(chosen.error());
    if (*chosen) return take(std::move(**chosen), side);
    return offer_own(side);
  }

 private:
  Result<void> take(Result<Candidate> candidate, DatabaseSide& side) {
    if (!candidate) return tl::unexpected(candidate.error());
    console_.say(fmt::format("The users: {}\n", candidate->text()));
    if (!candidate->source.note.empty()) console_.say(candidate->source.note + "\n");
    side.own_users = candidate->source.application == "Gatehouse";
    side.users = std::move(candidate->source);
    return {};
  }

  Result<void> take_own(DatabaseSide& side) {
    const Table table = schema_of_own_users(around_.own.database);
    side.users = own_table(table, around_);
    side.own_users = true;
    return {};
  }

  Result<void> offer_own(DatabaseSide& side) {
    console_.say("No table of this server looks like users.\n");
    if (!options_.yes && console_.can_ask()) {
      const auto wanted = console_.confirm("Shall Gatehouse make one, for `gatehouse user add`?");
      if (!wanted) return tl::unexpected(wanted.error());
      if (*wanted) return take_own(side);
    } else if (options_.yes) {
      return take_own(side);
    }
    return fail(Error::Kind::refused,
                "Name the table, --table SCHEMA.TABLE, or let init make one: --own-table");
  }

  const Options& options_;
  const Configured& configured_;
  Console& console_;
  const Surroundings& around_;
};

LoginBy login_of(const Options& options, const Configured& configured) {
  const bool has_password = !configured.loaded.settings.mysql.password_file.empty();
  return options.with_password || has_password ? LoginBy::password : LoginBy::socket;
}

}  // namespace

OwnTables own_tables_of(const Instance& instance, const Configured& configured) {
  const bool decided = configured.sets("session.database") || configured.sets("mysql.database");
  if (!decided) return {instance.user()};
  return {config::session_mysql(configured.loaded.settings).database};
}

Result<DatabaseSide> look_at_database(const Options& options, const Instance& instance,
                                      const Configured& configured, Console& console) {
  const auto socket = find_socket(options, configured, console);
  if (!socket) return tl::unexpected(socket.error());
  auto administrator = Administrator::log_in(*socket, options, console);
  if (!administrator) return tl::unexpected(administrator.error());
  const auto connection = administrator->connect();
  if (!connection) return tl::unexpected(connection.error());
  const auto product = product_of(**connection);
  if (!product) return tl::unexpected(product.error());
  const std::string user =
      configured.sets("mysql.user") ? configured.loaded.settings.mysql.user : instance.user();
  auto account = find_account(**connection, user);
  if (!account) return tl::unexpected(account.error());
  auto schemas = Schemas::read_all(**connection);
  if (!schemas) return tl::unexpected(schemas.error());
  DatabaseSide side{
      std::move(*administrator),    *product, own_tables_of(instance, configured), user, *account,
      login_of(options, configured)};
  const Ask ask = [&](const std::string& sql) {
    return (*connection)->select(sql, {}, kPieceRows);
  };
  auto presets = presets_with(options.presets);
  if (!presets) return tl::unexpected(presets.error());
  const Surroundings around{*schemas, ask, side.own, *presets, configured.file};
  if (auto decided = UsersChoice(options, configured, console, around).decide(side); !decided) {
    return tl::unexpected(decided.error());
  }
  if (options.rehash && side.users && !side.users->writes) {
    return fail(
        Error::Kind::invalid,
        fmt::format("--rehash: {} does not read what Gatehouse would write into {}.{}",
                    side.users->application, shown(side.users->schema), shown(side.users->table)));
  }
  const bool rehashes = !configured.loaded.settings.user.update_query.empty();
  side.rehash = options.rehash || (side.users_stay ? rehashes : side.own_users);
  return side;
}

}  // namespace gatehouse::cli::init
