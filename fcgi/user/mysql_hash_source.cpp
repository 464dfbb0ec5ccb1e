#include "user/mysql_hash_source.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/encoding.h"
#include "mysql/estimate.h"

namespace gatehouse::user {
namespace {

using Use = std::function<bool(const password::Row&)>;

constexpr std::array<std::string_view, 1> kNames = {"after"};
constexpr std::size_t kMostRowsOfAPiece = 10'000;

bool is_word_byte(char c) noexcept {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether the keyword LIMIT stands in it. A comment or a string that holds the word passes, too:
/// then kMostRowsOfAPiece stops the reading.
bool has_limit(std::string_view sql) {
  constexpr std::string_view kLimit = "LIMIT";
  for (std::size_t i = 0; i + kLimit.size() <= sql.size(); ++i) {
    const bool begins = i == 0 || !is_word_byte(sql[i - 1]);
    const std::size_t end = i + kLimit.size();
    const bool ends = end == sql.size() || !is_word_byte(sql[end]);
    if (begins && ends && equal_ignoring_case(sql.substr(i, kLimit.size()), kLimit)) return true;
  }
  return false;
}

std::string_view text_of(const std::optional<std::string>& column) {
  return column ? std::string_view(*column) : std::string_view();
}

/// Finds out that a sequence repeats itself, whatever the length of its period, with one value
/// kept (Brent's algorithm): the value at each power of two is compared with all up to the next.
class Repetition {
 public:
  [[nodiscard]] bool shown_by(const std::string& value) {
    if (count_ > 0 && value == kept_) return true;
    if (++count_ == next_) {
      kept_ = value;
      next_ *= 2;
    }
    return false;
  }

 private:
  std::string kept_;
  std::uint64_t count_ = 0;
  std::uint64_t next_ = 1;
};

/// Reads the column once.
class Reading {
 public:
  Reading(mysql::Connection& connection, const Use& use, LabelledColumns places)
      : connection_(connection), use_(use), places_(std::move(places)) {}

  Result<std::uint64_t> stream(const std::string& sql) {
    return connection_.for_each(
        sql, [&](const mysql::Row& row) { return use_(census_row(row, 0, places_)); });
  }

  Result<std::uint64_t> pieces(const mysql::NamedQuery& query) {
    std::uint64_t rows = 0;
    std::string after;
    Repetition repetition;
    for (;;) {
      began_ = SystemClock().now();
      const auto values = query.bind(std::array<std::string_view, 1>{after});
      auto piece = connection_.select(query.sql, values, kMostRowsOfAPiece);
      if (!piece) return tl::unexpected(std::move(piece.error()));
      if (piece->empty()) return rows;
      for (const auto& row : *piece) {
        ++rows;
        password::Row read = census_row(row, 1, places_);
        read.id = text_of(row.front());
        if (!use_(read)) return rows;
      }
      auto& last = piece->back().front();
      if (!last) return fail(Error::Kind::failed, "a key (the first column) is NULL");
      after = std::move(*last);
      if (repetition.shown_by(after)) {
        return fail(Error::Kind::failed,
                    "the same keys come again and again: it must give, in their order, the rows "
                    "whose key is greater than :after");
      }
    }
  }

  /// How long the last statement took, or the one that is under way has taken.
  [[nodiscard]] auto taken() const { return SystemClock().now() - began_; }

 private:
  mysql::Connection& connection_;
  const Use& use_;
  const LabelledColumns places_;
  TimePoint began_ = SystemClock().now();
};

config::Mysql with_limit(const config::Settings& settings) {
  config::Mysql mysql = settings.mysql;
  mysql.timeout = settings.user.census_timeout;
  return mysql;
}

/// Adds the setting that the error is about.
Error explained(Error error) {
  error.what = "user.census_query: " + error.what;
  return error;
}

}  // namespace

password::Row census_row(const mysql::Row& columns, std::size_t hash,
                         const LabelledColumns& places) {
  const auto scheme = places.scheme == 0 ? std::string_view() : text_of(columns[places.scheme]);
  if (places.salt != 0) {
    return {text_of(columns[hash]), "somebody", text_of(columns[places.salt]), scheme};
  }
  password::Row row(text_of(columns[hash]));
  row.scheme = scheme;
  return row;
}

Result<CensusQuery> parse_census(const config::User& settings) {
  const std::string& text = settings.census_query;
  auto pieces = mysql::NamedQuery::parse(text, kNames);
  if (!pieces) {
    if (text.find(":after") == std::string::npos) return CensusQuery{.stream = text};
    return tl::unexpected(std::move(pieces.error()));
  }
  if (has_limit(pieces->sql)) return CensusQuery{.pieces = std::move(*pieces)};
  return fail(Error::Kind::invalid,
              fmt::format("with :after it needs a LIMIT (of at most {}) and an ORDER BY its key",
                          kMostRowsOfAPiece));
}

MysqlHashSource::MysqlHashSource(const config::Settings& settings, Secret password,
                                 CensusQuery query)
    : settings_(with_limit(settings)), password_(std::move(password)), query_(std::move(query)) {}

Result<std::uint64_t> MysqlHashSource::for_each(const Use& row) {
  const auto connection = mysql::Connection::open(settings_, password_);
  if (!connection) return tl::unexpected(connection.error());
  auto places = check_census(**connection, query_);
  if (!places) return tl::unexpected(explained(std::move(places.error())));
  Reading reading(**connection, row, *places);
  auto rows = query_.pieces ? reading.pieces(*query_.pieces) : reading.stream(query_.stream);
  if (rows) return rows;
  // The server ends a statement a little before the limit.
  const bool out_of_time = reading.taken() * 4 >= settings_.timeout * 3;
  Error error = explained(std::move(rows.error()));
  if (out_of_time) error.what += " (a statement of it may take as long as user.census_timeout)";
  return tl::unexpected(std::move(error));
}

Result<LabelledColumns> check_census(mysql::Connection& connection, const CensusQuery& query) {
  const std::string& sql = query.pieces ? query.pieces->sql : query.stream;
  const std::size_t unlabelled = query.pieces ? 2 : 1;
  const auto columns = connection.prepare(sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns == unlabelled) return LabelledColumns{};
  const std::string_view form = query.pieces
                                    ? "with :after it must give two columns, the key and the hash"
                                    : "without :after it must give one column, the hash";
  if (*columns < unlabelled) {
    return fail(Error::Kind::failed, fmt::format("{}; it gives {}", form, *columns));
  }
  const auto labels = connection.column_labels(sql);
  if (!labels) return tl::unexpected(labels.error());
  return labelled_columns(*labels, unlabelled, "the query").map_error([&](const Error& error) {
    return Error{error.kind, fmt::format("{}; {}", form, error.what)};
  });
}

bool has_ids(mysql::Connection& connection, const CensusQuery& census,
             const mysql::NamedQuery& lookup) {
  if (!census.pieces) return false;
  const auto keys = connection.column_labels(census.pieces->sql);
  const auto ids = connection.column_labels(lookup.sql);
  return keys && ids && !keys->empty() && !ids->empty() &&
         equal_ignoring_case(keys->front(), ids->front());
}

std::optional<std::uint64_t> estimate_census(mysql::Connection& connection,
                                             const CensusQuery& query) {
  if (!query.pieces) return mysql::estimate_rows(connection, query.stream);
  const auto values = query.pieces->bind(std::array<std::string_view, 1>{""});
  return mysql::estimate_rows(connection, query.pieces->sql, values);
}

}  // namespace gatehouse::user
