/// One connection to MySQL or MariaDB over Connector/C++ 1.1, the only way to it. No exception of
/// the library leaves this floor.
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

/// A column is nothing where it is NULL. Bytes as they are stored: binary data is intact.
using Row = std::vector<std::optional<std::string>>;
using Rows = std::vector<Row>;
using Values = std::vector<std::string_view>;

/// What a server is to those who read from it what others have committed elsewhere.
enum class ServerKind {
  single,             ///< everything is committed here
  galera,             ///< a node: waits for the others where it is asked to (wsrep_sync_wait)
  group_replication,  ///< a member: likewise (group_replication_consistency)
  replica,            ///< replicates asynchronously: what is committed elsewhere comes at any time
};
[[nodiscard]] std::string_view to_string(ServerKind kind) noexcept;

/// What a connection is for, and so which servers are passed over.
enum class Access {
  reading,  ///< any that reads a table
  writing,  ///< those that also read causally within Mysql::timeout, and take writes
  sharing,  ///< those among them that are no asynchronous replica: hosts share what is written
            ///< there
};

/// Which of several servers is in use, for all who open connections to them. Thread-safe.
struct Preference {
  std::atomic<std::size_t> index{0};
  /// The last search came to a server that answers but takes no writes now.
  std::atomic<bool> met_read_only{false};
};

/// Errors: `unavailable` when the connection is dead or the server does not answer in time (the
/// connection is then `broken` for good; of a write the outcome may be unknown), and when something
/// kept the server from answering: a lock, a deadlock, a time limit, no room (nothing was done; the
/// connection is whole); `invalid` where the column's character set cannot hold a value; `refused`
/// where there are more rows than may be read; `failed` for what else the server refuses (its error
/// number and text are in `what`).
/// Transactions: execute "START TRANSACTION", "COMMIT", "ROLLBACK".
/// One thread at a time uses a connection; it may be another one each time.
class Connection {
 public:
  /// Must be called once, in the main thread, before any other thread starts: the library's own
  /// start is not thread-safe.
  static void start_library();

  /// Of several servers the first that lets us in and is good for `access`, beginning with the
  /// `preferred` one, which it becomes then. Takes at most Mysql::connect_timeout to reach a server
  /// and Mysql::timeout for each of its answers. Over TCP to another host the connection is refused
  /// unless it is encrypted and the certificate verified. Character set utf8mb4, whatever the
  /// server's is; what does not fit a column is an error, never cut (STRICT_ALL_TABLES beside the
  /// server's own sql_mode, which decides how queries are read). `refused` where the server has no
  /// room for one more connection; `failed` for a wrong password (1045), a missing database (1049)
  /// and the like.
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

  /// The same for a statement without a result; gives the number of changed rows.
  Result<std::uint64_t> execute(std::string_view sql, const Values& values = {});

  /// Runs `sql`, which has no `?`, and hands over its rows one by one as they come: for tables that
  /// do not fit the memory. All of it may take Mysql::timeout, as any statement. `row` must be
  /// quick, and leave this connection alone; where it says false, it gets no more. Gives the number
  /// of rows; after an error some may have been handed over.
  Result<std::uint64_t> for_each(const std::string& sql,
                                 const std::function<bool(const Row&)>& row);

  /// Found out when it was opened.
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
    if (auto ready = wait_for_other_nodes(false); !ready) {
      return tl::unexpected(std::move(ready.error()));
    }
    return outcome;
  }

  /// Before causal reads on a server that may not be good for `access`: `unavailable` if it may
  /// answer them with what is long past.
  Result<void> prove_current(Access access);

  /// Prepares `sql` (and keeps it): whether the server accepts it, without running it. Gives the
  /// number of its result columns.
  Result<std::size_t> prepare(std::string_view sql);
  /// Whether each result column of `sql` is of a type that holds bytes (BINARY, VARBINARY, BLOB),
  /// as its last run here had it; without one it is prepared, and kept.
  Result<std::vector<bool>> binary_columns(std::string_view sql);

  /// True once the connection died: to be destroyed, never used again.
  [[nodiscard]] bool broken() const noexcept;
  /// Why; only of a broken one.
  [[nodiscard]] const Error& cause_of_death() const noexcept;

 private:
  static Result<std::unique_ptr<Connection>> open_one(const config::Mysql& settings,
                                                      const Secret& password, Access access,
                                                      Preference* preferred);
  Result<void> examine(const config::Mysql& settings, Access access, Preference* preferred);

  struct Impl;
  Result<void> wait_for_other_nodes(bool wait);
  Result<bool> pass_barrier();
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::mysql
