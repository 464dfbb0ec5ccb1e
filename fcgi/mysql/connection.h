/// One connection to MySQL or MariaDB over Connector/C++ 1.1. There is no other way to the server,
/// and no exception of the library leaves this floor.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::mysql {

/// The fields of one row, nothing for NULL. Bytes are as they are stored: binary data is intact.
using Row = std::vector<std::optional<std::string>>;
using Rows = std::vector<Row>;
using Values = std::vector<std::string_view>;

/// How a server learns what others have committed elsewhere.
enum class ServerKind {
  single,             ///< everything is committed here
  galera,             ///< a node: waits for the others where it is asked to (wsrep_sync_wait)
  group_replication,  ///< a member: likewise (group_replication_consistency)
  replica,            ///< replicates asynchronously: what is committed elsewhere comes at any time
};
[[nodiscard]] std::string_view to_string(ServerKind kind) noexcept;

/// The use of a connection, which decides which servers are good enough (README.md).
enum class Access {
  reading,  ///< any server that reads a table
  writing,  ///< one that also takes writes, and reads causally within Mysql::timeout
  sharing,  ///< one that also is no asynchronous replica: for what several hosts share
};

/// Which of several servers is in use. All who open connections share it. Thread-safe.
struct Preference {
  std::atomic<std::size_t> index{0};
  /// The last search met a server that answers but takes no writes now.
  std::atomic<bool> met_read_only{false};
};

/// Errors:
/// - `unavailable` when the connection is dead or the server does not answer in time. It is then
///   broken() for good, and whether a write was done may be unknown.
/// - `unavailable`, on a connection that is whole, when something kept the server from answering: a
///   lock, a deadlock, a time limit, no room. Nothing was done.
/// - `invalid` where the column's character set cannot hold a value.
/// - `refused` where there are more rows than may be read.
/// - `failed` for whatever else the server refuses; its error number and text are in `what`.
///
/// A transaction is begun and ended by execute(): "START TRANSACTION", "COMMIT", "ROLLBACK".
/// One thread at a time uses a connection; it may be another one each time.
class Connection {
 public:
  /// Starts the library. It must be called in the main thread before any other thread starts, since
  /// that is not thread-safe; more calls do nothing.
  static void start_library();

  /// Connects to the first server that lets us in and is good for `access`, and begins with the
  /// `preferred` one; the server that is found becomes that. Takes at most Mysql::connect_timeout
  /// to reach a server and Mysql::timeout for each of its answers. A TCP connection to another host
  /// is refused unless it is encrypted and the certificate verified. The character set is utf8mb4,
  /// whatever the server's is. The server's own sql_mode decides how queries are read;
  /// STRICT_ALL_TABLES is added, so that what does not fit a column is an error and never cut.
  /// `refused` where the server has no room for one more connection; `failed` for a wrong password
  /// (1045), a missing database (1049) and the like.
  static Result<std::unique_ptr<Connection>> open(const config::Mysql& settings,
                                                  const Secret& password,
                                                  Access access = Access::reading,
                                                  Preference* preferred = nullptr);

  Connection(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// Runs `sql` with its `?` bound to `values`, as a prepared statement that is prepared once and
  /// kept (the 64 last used). `refused` if there are more than `max_rows` rows: nothing is ever cut
  /// silently; but they have all been transferred, so a query that may give many has a LIMIT.
  Result<Rows> select(std::string_view sql, std::initializer_list<std::string_view> values,
                      std::size_t max_rows);
  Result<Rows> select(std::string_view sql, const Values& values, std::size_t max_rows);

  /// Runs a statement that gives no rows, prepared likewise. Gives the number of changed rows.
  Result<std::uint64_t> execute(std::string_view sql, const Values& values = {});

  /// Runs `sql`, which has no `?`, and hands over its rows one by one as they come. It is for
  /// tables that do not fit the memory. All of it may take Mysql::timeout, as any statement. `row`
  /// must be quick, and leave this connection alone; where it says false, it gets no more. Gives
  /// the number of rows; after an error some may have been handed over.
  Result<std::uint64_t> for_each(const std::string& sql,
                                 const std::function<bool(const Row&)>& row);

  /// The kind of the server as it was when the connection was opened.
  [[nodiscard]] ServerKind server_kind() const noexcept;

  /// Runs `use`, which gives a Result and only reads, after everything that other nodes have
  /// committed has come here (Galera, Group Replication); on a single server at once, and on a
  /// replica too, which cannot be waited for. A node that has no quorum, or does not apply what the
  /// others write, does not answer within Mysql::timeout: `unavailable`, and the connection broken.
  template <class Use>
  auto with_causal_reads(const Use& use) -> decltype(use()) {
    auto passed = pass_barrier();
    if (!passed) return tl::unexpected(std::move(passed.error()));
    auto outcome = use();
    if (*passed) return outcome;
    if (auto ready = set_reads(Reads::usual); !ready) {
      return tl::unexpected(std::move(ready.error()));
    }
    return outcome;
  }

  /// `unavailable` if the server may answer causal reads with what is long past, for `access`. To
  /// be called before such reads on a connection that was opened for less.
  Result<void> prove_current(Access access);

  /// Tells whether the server accepts `sql`, by preparing (and keeping) it without running it.
  /// Gives the number of its result columns.
  Result<std::size_t> prepare(std::string_view sql);
  /// Tells for each result column of `sql` whether its type holds bytes (BINARY, VARBINARY, BLOB),
  /// as it was at the last run here; without one `sql` is prepared, and kept.
  Result<std::vector<bool>> binary_columns(std::string_view sql);

  /// The names of the result columns of `sql`, which is prepared, and kept.
  Result<std::vector<std::string>> column_labels(std::string_view sql);

  /// True once the connection has died. It is to be destroyed then; each use would fail.
  [[nodiscard]] bool broken() const noexcept;
  /// Says why it has died. Only a connection that is broken() may be asked.
  [[nodiscard]] const Error& cause_of_death() const noexcept;

 private:
  static Result<std::unique_ptr<Connection>> open_one(const config::Mysql& settings,
                                                      const Secret& password, Access access,
                                                      Preference* preferred);
  Result<void> examine(const config::Mysql& settings, Access access, Preference* preferred);

  struct Impl;
  /// Whether a read waits until all that other nodes have committed has come here.
  enum class Reads : bool { usual, causal };
  Result<void> set_reads(Reads reads);
  Result<bool> pass_barrier();
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::mysql
