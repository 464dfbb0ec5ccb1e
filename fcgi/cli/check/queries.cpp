/// The queries of the section [user].
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "cli/check/mysql_remedies.h"
#include "cli/check/parts.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli::checks {
namespace {

/// Whether a column of that name holds passwords, as far as names tell.
bool is_named_like_a_password(std::string label) {
  constexpr std::array<std::string_view, 4> kWords = {"pass", "pwd", "hash", "secret"};
  std::transform(label.begin(), label.end(), label.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return label.find(word) != std::string::npos; });
}

/// Reports columns in another order than id, name, hash. In that order the hashes would be what
/// people are called: in answers, headers and logs.
void check_order(mysql::Connection& connection, const mysql::NamedQuery& query,
                 Findings& findings) {
  const auto labels = connection.column_labels(query.sql);
  if (!labels || labels->size() < 3 || is_named_like_a_password(labels->at(2))) return;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_named_like_a_password(labels->at(i))) continue;
    findings.add("user.query",
                 fmt::format("its columns must be the id, the name, and the hash, in this order; "
                             "its {} column is called {}",
                             i == 0 ? "first" : "second", log::quoted(labels->at(i))),
                 "Write the columns behind SELECT in that order");
  }
}

/// Warns of a census that sees less of a row than a login does: it would take the row's hash for
/// another one, cheaper or dearer.
void check_labels(mysql::Connection& connection, const user::LabelledColumns& census,
                  const mysql::NamedQuery& lookup, Findings& findings) {
  const auto labels = connection.column_labels(lookup.sql);
  if (!labels) return;
  for (const auto& [label, place] :
       {std::pair<std::string_view, std::size_t>{"salt", census.salt}, {"scheme", census.scheme}}) {
    const std::string_view name = label;  // clang captures no structured binding
    const bool looked_up = std::any_of(labels->begin(), labels->end(), [&](const auto& each) {
      return equal_ignoring_case(each, name);
    });
    if (!looked_up || place != 0) continue;
    findings.warn("user.census_query",
                  fmt::format("it lacks the column AS {}, which user.query has: the census cannot "
                              "tell how the hashes are computed, nor how long that takes",
                              label),
                  fmt::format("Give it the same column, AS {}, behind the hash", label));
  }
}

}  // namespace

void check_query_texts(const config::User& settings, Findings& findings) {
  findings.add_error_of("user.query", user::parse_lookup(settings));
  findings.add_error_of("user.update_query", user::parse_update(settings));
  findings.add_error_of("user.census_query", user::parse_census(settings));
  findings.add_error_of("user.roles_query", user::parse_roles(settings));
  findings.add_error_of("user.disabled_query", user::parse_disabled(settings));
}

void check_queries(mysql::Connection& connection, const config::Settings& settings,
                   Findings& findings) {
  const config::User& texts = settings.user;
  const auto judge = [&](std::string_view key, const std::string& query, const Result<void>& fine) {
    if (fine) return;
    const std::string right = missing_right(fine.error(), query, settings.mysql.database);
    findings.add(key, fine.error().what, right.empty() ? "" : "As MySQL's administrator: " + right);
  };
  // A query whose text is wrong has been reported.
  if (const auto lookup = user::parse_lookup(texts)) {
    judge("user.query", texts.query, user::check_lookup(connection, *lookup));
    check_order(connection, *lookup, findings);
  }
  if (const auto census = user::parse_census(texts)) {
    const auto places = user::check_census(connection, *census);
    judge("user.census_query", texts.census_query, places.map([](const auto&) {}));
    const auto lookup = user::parse_lookup(texts);
    if (places && lookup) check_labels(connection, *places, *lookup, findings);
  }
  if (const auto roles = user::parse_roles(texts); roles && *roles) {
    judge("user.roles_query", texts.roles_query, user::check_standing(connection, **roles));
  }
  if (const auto disabled = user::parse_disabled(texts); disabled && *disabled) {
    judge("user.disabled_query", texts.disabled_query,
          user::check_standing(connection, **disabled));
  }
  if (const auto update = user::parse_update(texts); update && *update) {
    judge("user.update_query", texts.update_query, user::check_update(connection, **update));
  }
}

}  // namespace gatehouse::cli::checks
