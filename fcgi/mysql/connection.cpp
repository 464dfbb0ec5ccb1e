#include "mysql/connection.h"

#include <cppconn/driver.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <utility>

#include "base/log.h"
#include "config/mysql_servers.h"
#include "mysql/connect.h"
#include "mysql/server_error.h"
#include "mysql/server_state.h"
#include "mysql/statement_cache.h"

namespace gatehouse::mysql {
namespace {

Error error(std::string what) {
  return {Error::Kind::failed, std::move(what)};
}

Result<void> bind_values(const Prepared& prepared, const Values& values) {
  if (prepared.parameters != values.size()) {
    return tl::unexpected(error("the statement has " + std::to_string(prepared.parameters) +
                                " parameters, not " + std::to_string(values.size())));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    prepared.statement->setString(static_cast<unsigned>(i + 1),
                                  sql::SQLString(values[i].data(), values[i].size()));
  }
  return {};
}

/// MySQL cannot prepare the statements of a transaction, nor those that prepare others.
bool goes_unprepared(std::string_view sql) {
  return sql.starts_with("START TRANSACTION") || sql == "COMMIT" || sql == "ROLLBACK" ||
         sql.starts_with("PREPARE ") || sql.starts_with("EXECUTE ") ||
         sql.starts_with("DEALLOCATE PREPARE ");
}

/// Puts the current row into `row`, which has a place for each column.
void read(const sql::ResultSet& result, Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto column = static_cast<unsigned>(i + 1);
    if (result.isNull(column)) {
      row[i].reset();
    } else {
      row[i] = result.getString(column).asStdString();
    }
  }
}

/// Runs the statement and takes all of its result, so that it may run again.
Result<Rows> fetch(Prepared& prepared, std::size_t max_rows) {
  const std::unique_ptr<sql::ResultSet> result(prepared.statement->executeQuery());
  if (result->rowsCount() > max_rows) {
    return fail(Error::Kind::refused, "more rows than " + std::to_string(max_rows));
  }
  // The columns are asked for each time, since an altered table changes what `*` stands for.
  prepared.binary = binary_columns_of(*result->getMetaData());
  Rows rows;
  while (result->next()) read(*result, rows.emplace_back(prepared.binary.size()));
  return rows;
}

/// Refuses a server that did not take our session settings. In another character set a name would
/// be somebody else's, and in another mode values would be cut.
Result<void> examine_text(Connection& connection) {
  const auto rows = connection.select(
      "SELECT @@SESSION.sql_mode, @@SESSION.character_set_client,"
      " @@SESSION.character_set_connection, @@SESSION.character_set_results",
      {}, 1);
  if (!rows) return tl::unexpected(rows.error());
  const Row& row = rows->front();
  if (std::any_of(row.begin() + 1, row.end(), [](const auto& set) { return set != "utf8mb4"; })) {
    return tl::unexpected(error("the server does not take utf8mb4 for the character set"));
  }
  const std::string mode = row.front().value_or("");
  if (mode.find("STRICT_ALL_TABLES") == std::string::npos ||
      mode.find("EMPTY_STRING_IS_NULL") != std::string::npos) {
    return tl::unexpected(error("the server does not take our sql_mode; it has " + mode));
  }
  return {};
}

/// Refuses a connection without TLS: the library falls back to plain text without a word.
Result<void> refuse_plain_text(Connection& connection) {
  const auto cipher = connection.select("SHOW SESSION STATUS LIKE 'Ssl_cipher'", {}, 1);
  if (!cipher) return tl::unexpected(cipher.error());
  if (cipher->empty() || cipher->front().back().value_or("").empty()) {
    return tl::unexpected(error("the connection to MySQL is not encrypted"));
  }
  return {};
}

}  // namespace

struct Connection::Impl {
  std::unique_ptr<sql::Connection> connection;
  StatementCache statements;  ///< after the connection, so that it is destroyed before that
  ServerKind kind = ServerKind::single;
  std::optional<Error> cause_of_death{};

  /// Runs `use` and turns what it throws into an error.
  template <class T, class Use>
  Result<T> run(const Use& use) {
    if (cause_of_death) return tl::unexpected(*cause_of_death);
    try {
      return use();
    } catch (const sql::SQLException& exception) {
      Error failure = statement_error(exception);
      if (breaks_connection(exception.getErrorCode())) cause_of_death = failure;
      return tl::unexpected(std::move(failure));
    } catch (const std::exception& exception) {
      return tl::unexpected(error(exception.what()));
    }
  }

  /// Runs `use` on the prepared `sql`. A statement that has failed is prepared anew the next time.
  template <class T, class Use>
  Result<T> with(std::string_view sql, const Use& use) {
    auto result = run<T>([&] { return use(statements.get(*connection, sql)); });
    if (!result) statements.forget(sql);
    return result;
  }
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

void Connection::start_library() {
  ::get_driver_instance();
}

std::string_view to_string(ServerKind kind) noexcept {
  switch (kind) {
    case ServerKind::single:
      return "a single server";
    case ServerKind::galera:
      return "a Galera node";
    case ServerKind::group_replication:
      return "a member of Group Replication";
    case ServerKind::replica:
      return "an asynchronous replica";
  }
  return "a server";
}

Result<std::unique_ptr<Connection>> Connection::open(const config::Mysql& settings,
                                                     const Secret& password, Access access,
                                                     Preference* preferred) {
  const auto servers = config::servers_of(settings);
  if (!servers) return tl::unexpected(servers.error());
  const std::size_t count = servers->size();
  const std::size_t first = preferred == nullptr ? 0 : preferred->index.load();
  if (preferred != nullptr) preferred->met_read_only = false;
  for (std::size_t i = 0;; ++i) {
    const std::size_t index = (first + i) % count;
    const config::Mysql& server = servers->at(index);
    auto opened = open_one(server, password, access, preferred);
    if (opened && preferred != nullptr && i > 0) preferred->index = index;
    if (opened || i + 1 == count) return opened;
    spdlog::debug("MySQL at {}:{}: {}", server.host, server.port, opened.error().what);
  }
}

Result<std::unique_ptr<Connection>> Connection::open_one(const config::Mysql& settings,
                                                         const Secret& password, Access access,
                                                         Preference* preferred) {
  if (demands_tls(settings) && settings.tls_ca.empty()) {
    return tl::unexpected(error("mysql.tls_ca must be set: another host is reached over TLS only"));
  }
  auto impl = std::make_unique<Impl>();
  try {
    impl->connection = connect(settings, password);
  } catch (const sql::SQLException& exception) {
    return tl::unexpected(connect_error(exception));
  } catch (const std::exception& exception) {
    return tl::unexpected(error(exception.what()));
  }
  std::unique_ptr<Connection> connection(new Connection(std::move(impl)));
  if (auto examined = connection->examine(settings, access, preferred); !examined) {
    return tl::unexpected(std::move(examined.error()));
  }
  return connection;
}

/// Tries what `access` demands: a server may let us in and yet answer nothing, answer with what is
/// long past, or take no writes.
Result<void> Connection::examine(const config::Mysql& settings, Access access,
                                 Preference* preferred) {
  if (demands_tls(settings)) {
    if (auto encrypted = refuse_plain_text(*this); !encrypted) return encrypted;
  }
  if (auto text = examine_text(*this); !text) return text;
  const auto state = state_of(*this);
  if (!state) return tl::unexpected(state.error());
  impl_->kind = state->kind;
  if (access == Access::reading) return read_a_table(*this);
  if (auto writable = refuse_read_only(*this, *state); !writable) {
    if (preferred != nullptr) preferred->met_read_only = true;
    return writable;
  }
  if (access == Access::sharing && state->kind == ServerKind::replica) {
    return fail(Error::Kind::unavailable,
                "the server is an asynchronous replica: what other hosts write comes there late");
  }
  return with_causal_reads([&] { return read_a_table(*this); });
}

ServerKind Connection::server_kind() const noexcept {
  return impl_->kind;
}

Result<Rows> Connection::select(std::string_view sql,
                                std::initializer_list<std::string_view> values,
                                std::size_t max_rows) {
  return select(sql, Values(values), max_rows);
}

Result<Rows> Connection::select(std::string_view sql, const Values& values, std::size_t max_rows) {
  return impl_->with<Rows>(sql, [&](Prepared& prepared) -> Result<Rows> {
    // The library reads through a null pointer where there is no result.
    if (prepared.columns == 0) return tl::unexpected(error("the statement gives no rows"));
    if (auto bound = bind_values(prepared, values); !bound) return tl::unexpected(bound.error());
    return fetch(prepared, max_rows);
  });
}

Result<std::uint64_t> Connection::execute(std::string_view sql, const Values& values) {
  if (goes_unprepared(sql)) {
    return impl_->run<std::uint64_t>([&]() -> Result<std::uint64_t> {
      const std::unique_ptr<sql::Statement> statement(impl_->connection->createStatement());
      statement->execute(sql::SQLString(sql.data(), sql.size()));
      return 0;
    });
  }
  return impl_->with<std::uint64_t>(sql, [&](Prepared& prepared) -> Result<std::uint64_t> {
    if (prepared.columns != 0) return tl::unexpected(error("the statement gives rows"));
    if (auto bound = bind_values(prepared, values); !bound) return tl::unexpected(bound.error());
    return static_cast<std::uint64_t>(prepared.statement->executeUpdate());
  });
}

Result<std::uint64_t> Connection::for_each(const std::string& sql,
                                           const std::function<bool(const Row&)>& row) {
  return impl_->run<std::uint64_t>([&]() -> Result<std::uint64_t> {
    const std::unique_ptr<sql::Statement> statement(impl_->connection->createStatement());
    // The server keeps the errors of an earlier statement until the next one that names a table,
    // and SHOW ERRORS below would take them for ours.
    std::unique_ptr<sql::ResultSet> none(
        statement->executeQuery("SELECT 1 FROM information_schema.ENGINES LIMIT 0"));
    none.reset();
    // Otherwise the library takes all rows before it gives the first.
    statement->setResultSetType(sql::ResultSet::TYPE_FORWARD_ONLY);
    const std::unique_ptr<sql::ResultSet> result(statement->executeQuery(sql));
    Row current(result->getMetaData()->getColumnCount());
    std::uint64_t rows = 0;
    while (result->next()) {
      ++rows;
      read(*result, current);
      if (!row(current)) return rows;
    }
    // To `next` a statement that the server gave up looks like the end of the rows.
    const std::unique_ptr<sql::ResultSet> errors(statement->executeQuery("SHOW ERRORS"));
    if (errors->next()) {
      return tl::unexpected(error("after " + std::to_string(rows) +
                                  " rows: " + errors->getString("Message").asStdString()));
    }
    return rows;
  });
}

Result<void> Connection::set_reads(Reads reads) {
  const bool causal = reads == Reads::causal;
  const auto set = [this](std::string_view sql) { return execute(sql).map([](std::uint64_t) {}); };
  switch (impl_->kind) {
    case ServerKind::galera:
      return set(causal ? "SET SESSION wsrep_sync_wait = 1"
                        : "SET SESSION wsrep_sync_wait = DEFAULT");
    case ServerKind::group_replication:
      return set(causal ? "SET SESSION group_replication_consistency = 'BEFORE'"
                        : "SET SESSION group_replication_consistency = DEFAULT");
    case ServerKind::single:
    case ServerKind::replica:
      return {};
  }
  return {};
}

/// Waits once for the other nodes, by a read that is thrown away: what is read after it is at least
/// as new. If every statement waited, each would cost a round of the group, which takes a second
/// while the group has lost a member. False where our table cannot be read: then each statement
/// waits by itself.
Result<bool> Connection::pass_barrier() {
  if (impl_->kind == ServerKind::single || impl_->kind == ServerKind::replica) return true;
  if (auto ready = set_reads(Reads::causal); !ready) return tl::unexpected(ready.error());
  const auto read = select("SELECT 1 FROM session LIMIT 1", {}, 1);
  if (!read && read.error().kind != Error::Kind::unavailable) return false;
  if (!broken()) {
    if (auto ready = set_reads(Reads::usual); !ready) return tl::unexpected(ready.error());
  }
  if (!read) return tl::unexpected(read.error());
  return true;
}

Result<void> Connection::prove_current(Access access) {
  return refuse_stale(*this, impl_->kind, access);
}

Result<std::size_t> Connection::prepare(std::string_view sql) {
  return impl_->with<std::size_t>(
      sql, [](Prepared& prepared) -> Result<std::size_t> { return prepared.columns; });
}

Result<std::vector<bool>> Connection::binary_columns(std::string_view sql) {
  return impl_->with<std::vector<bool>>(
      sql, [](Prepared& prepared) -> Result<std::vector<bool>> { return prepared.binary; });
}

Result<std::vector<std::string>> Connection::column_labels(std::string_view sql) {
  return impl_->with<std::vector<std::string>>(
      sql, [](Prepared& prepared) -> Result<std::vector<std::string>> {
        sql::ResultSetMetaData* const columns = prepared.statement->getMetaData();
        std::vector<std::string> labels;
        for (unsigned i = 1; i <= prepared.columns; ++i) {
          labels.push_back(columns->getColumnLabel(i).asStdString());
        }
        return labels;
      });
}

bool Connection::broken() const noexcept {
  return impl_->cause_of_death.has_value();
}

const Error& Connection::cause_of_death() const noexcept {
  return *impl_->cause_of_death;
}

}  // namespace gatehouse::mysql
