/// How Gatehouse reads the users of a table: the settings of [user], and the rights that they need.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/init/rights.h"
#include "cli/init/schema.h"
#include "cli/init/settings_text.h"
#include "config/settings.h"

namespace gatehouse::cli::init {

/// The settings of [user] for one table.
struct UserSource {
  std::string application;  ///< "WordPress"; "a table of users" if it is none that is known
  std::string schema;
  std::string table;
  std::string query;
  std::string census_query;
  std::string update_query;  ///< as it would be; used only where rehashing was asked for
  std::string roles_query;
  std::string disabled_query;
  std::vector<Setting> more;  ///< the other settings of [user], such as password_transform
  Rights rights;              ///< for all of them but update_query
  Rights update_rights;       ///< what update_query needs beside them
  std::string note;  ///< what the administrator should know of it, a sentence; may be empty

  /// The census, and the condition of a user :id who may not log in as the application has it (may
  /// be empty), for a connection that is in no database.
  std::string count_query;
  std::string count_disabled_query;

  std::string preset{};               ///< the id of the preset; empty if there is none
  std::string versions{};             ///< of the application
  std::string prefix{};               ///< of its tables
  bool writes = true;                 ///< the application reads what Gatehouse writes
  bool tested_by_code = false;        ///< see config::Preset
  std::vector<std::string> hashes{};  ///< the schemes of the application; empty for any
};

/// The database of our own tables, whose user_role and user_disabled count beside what the
/// application says.
struct OwnTables {
  std::string database;
};

/// The query of roles, or of disabled users, with a further one for the table of our own, in which
/// an administrator may add to what the application says. `id` is the column of the users' ids.
[[nodiscard]] std::string with_own_roles(const std::string& query, const Column* id,
                                         const OwnTables& own);
[[nodiscard]] std::string with_own_disabled(const std::string& query, const Column* id,
                                            const OwnTables& own);

/// Builds a UserSource from the columns' names. The names stand as they are in the table; they are
/// quoted here.
class SourceBuilder {
 public:
  SourceBuilder(const Table& table, std::string_view id, std::string_view hash,
                const OwnTables& own);

  /// The users log in by this column and are called by it.
  SourceBuilder& login(std::string_view column);
  /// They may log in by this column, too. A row whose login is what was typed comes first.
  SourceBuilder& mail(std::string_view column);
  /// They are called by this column.
  SourceBuilder& called(std::string_view column);
  /// `%` in the text stands for the typed name, as in "LOWER(%)", by which the login is compared.
  SourceBuilder& typed_as(std::string_view text);
  /// A row that does not fulfil this condition is not a user's. `columns` are those in it.
  SourceBuilder& only(const std::string& condition, const std::vector<std::string>& columns);
  /// A user whose row fulfils this condition may not log in.
  SourceBuilder& closed(const std::string& condition, const std::vector<std::string>& columns);
  /// A query of one column for the roles of the user :id.
  SourceBuilder& roles(const std::string& query);
  /// Such a query that reads columns of another table in the same database.
  SourceBuilder& reads(const std::string& table, const std::vector<std::string>& columns);

  [[nodiscard]] UserSource build(std::string application) const;

 private:
  [[nodiscard]] std::string query() const;

  const Table& table_;
  const OwnTables& own_;
  std::string id_;
  std::string hash_;
  std::string login_;
  std::string mail_;
  std::string called_;
  std::string typed_ = "%";
  std::string only_;
  std::vector<std::string> closed_;
  std::vector<std::string> roles_;
  Rights rights_;
};

}  // namespace gatehouse::cli::init
