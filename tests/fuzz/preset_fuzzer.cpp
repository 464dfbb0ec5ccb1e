/// A preset of any bytes, and the queries of what is left of it: what comes out for a table of any
/// name stays the queries that they were.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/init/applications.h"
#include "cli/init/preset_match.h"
#include "property.h"

namespace {

using gatehouse::fuzz::require;
namespace config = gatehouse::config;
namespace init = gatehouse::cli::init;

/// A prefix that would break out of every quote.
constexpr const char* kPrefix = "x`'\"\\{prefix}_";

/// Puts up the tables that the preset asks for.
init::Schemas tables_for(const config::Preset& preset, const init::Placeholders& placeholders) {
  init::Schemas schemas;
  for (const auto& wanted : preset.tables) {
    init::Table table{"app", placeholders.in(wanted.names.front()), {}};
    for (const auto& column : wanted.columns) {
      table.columns.push_back({placeholders.in(column), "varchar", false, ""});
    }
    if (!table.columns.empty()) schemas.add(std::move(table));
  }
  return schemas;
}

void try_tokens(const std::string& text) {
  const auto once = init::sql_text(init::sql_tokens(text));
  require(init::sql_text(init::sql_tokens(once)) == once, "a query stays what it is");
  (void)init::labels_of(init::sql_tokens(text));
  init::Placeholders placeholders;
  placeholders.texts = {{"prefix", kPrefix}};
  const auto tokens = init::sql_tokens("`{prefix}" + text);
  const auto filled = init::sql_tokens(init::sql_text(placeholders.in(tokens)));
  require(filled.front().kind == init::SqlToken::Kind::name &&
              filled.front().value.starts_with(kPrefix),
          "a name stays one name");
}

void try_preset(const config::Preset& preset) {
  const auto& pattern = preset.tables.front().names.front();
  init::Placeholders placeholders;
  placeholders.texts = {{"prefix", kPrefix}, {"model", "m"}};
  const std::string users = placeholders.in(pattern);
  placeholders.texts["table"] = users;
  const auto apart = init::take_apart(users, pattern);
  require(apart.has_value(), "a name that was made of the pattern fits it");
  const auto schemas = tables_for(preset, placeholders);
  const init::Ask ask = [](const std::string&) -> gatehouse::Result<gatehouse::mysql::Rows> {
    return gatehouse::mysql::Rows{{"admin", "$2y$10$x"}};
  };
  const init::OwnTables own{"gatehouse"};
  const std::vector<config::Preset> alone = {preset};
  for (const auto* table : schemas.all()) {
    (void)init::applications_of(*table, {schemas, ask, own, alone});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLargest = 8192;
  const std::string text(data, data + std::min(size, kLargest));
  try_tokens(text);
  const auto read = config::parse_preset(text, "fuzzed.toml");
  for (const auto& problem : read.problems) require(!problem.what.empty(), "a problem has words");
  if (read.problems.empty()) try_preset(read.preset);
  return 0;
}
