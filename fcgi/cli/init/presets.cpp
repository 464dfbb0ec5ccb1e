#include "cli/init/presets.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "cli/init/applications.h"
#include "cli/init/preset_match.h"
#include "cli/init/sql_text.h"
#include "user/roles.h"

namespace gatehouse::cli::init {
namespace {

using config::PresetSetting;

/// Makes the settings of a preset that fits.
class Proposal {
 public:
  Proposal(PresetMatch match, const Surroundings& around)
      : match_(std::move(match)), around_(around), users_(*match_.tables.front()) {
    find_ = [this](std::string_view name) { return match_.find(name); };
    for (const auto& values : match_.preset->values) {
      match_.placeholders.queries[values.name] = query_of(texts_of(values));
    }
  }

  UserSource source() {
    const config::Preset& preset = *match_.preset;
    UserSource source;
    source.application = preset.application;
    source.schema = users_.schema;
    source.table = users_.name;
    source.note = preset.note;
    source.preset = preset.id;
    source.versions = preset.versions;
    source.prefix = match_.placeholders.texts["prefix"];
    source.writes = preset.writes;
    source.tested_by_code = preset.tested_by_code;
    source.hashes = preset.hashes;
    const SqlTokens census = query("census_query");
    source.census_query = sql_text(census);
    source.count_query = with_schema(census, find_);
    source.query = text("query", source.rights);
    add_rights_of(census, source.rights);
    const auto labels = labels_of(census);
    const Column* const id = labels.empty() ? nullptr : users_.find(labels.front());
    source.count_disabled_query = with_schema(query("disabled_query"), find_);
    source.roles_query = with_own_roles(text("roles_query", source.rights), id, around_.own);
    source.disabled_query =
        with_own_disabled(text("disabled_query", source.rights), id, around_.own);
    source.update_query = text("update_query", source.update_rights);
    for (const auto& setting : preset.settings) add_more(setting, source);
    return source;
  }

 private:
  /// Names of roles: those that the preset lists, and those that stand in the application's rows.
  [[nodiscard]] std::set<std::string> texts_of(const config::PresetValues& values) const {
    std::set<std::string> texts(values.always.begin(), values.always.end());
    if (values.sql.empty()) return texts;
    const FindTable find = [this](std::string_view name) {
      return around_.schemas.find_any_case(users_.schema, std::string(name));
    };
    const auto sql = with_schema(match_.placeholders.in(sql_tokens(values.sql)), find);
    const auto rows = around_.ask(sql);
    if (!rows) return texts;
    for (const auto& row : *rows) {
      if (const auto role = user::Role::parse(row.front().value_or(""))) texts.insert(role->text());
    }
    return texts;
  }

  [[nodiscard]] static std::string query_of(const std::set<std::string>& texts) {
    std::string sql;
    for (const auto& text : texts) {
      sql += sql.empty() ? "SELECT " + quoted_text(text) + " AS value"
                         : " UNION ALL SELECT " + quoted_text(text);
    }
    return sql.empty() ? "SELECT '' AS value" : sql;
  }

  /// The query of that setting with the names of this server; empty if the preset has none, or it
  /// names what is not there.
  [[nodiscard]] SqlTokens query(std::string_view key) const {
    const PresetSetting* setting = match_.preset->setting(key);
    if (setting == nullptr || setting->kind != PresetSetting::Kind::text) return {};
    SqlTokens tokens = match_.placeholders.in(sql_tokens(setting->texts.front()));
    for (SqlToken& token : tokens) {
      if (token.kind != SqlToken::Kind::name) continue;
      if (const Table* table = match_.find(token.value)) token.value = table->name;
    }
    return match_.can_run(tokens) ? tokens : SqlTokens();
  }

  void add_rights_of(const SqlTokens& tokens, Rights& rights) const {
    const Rights more = rights_of(tokens, find_);
    rights.insert(more.begin(), more.end());
  }

  std::string text(std::string_view key, Rights& rights) const {
    const SqlTokens tokens = query(key);
    add_rights_of(tokens, rights);
    return sql_text(tokens);
  }

  static void add_more(const PresetSetting& setting, UserSource& source) {
    if (setting.key.ends_with("query")) return;
    const std::string key = "user." + setting.key;
    switch (setting.kind) {
      case PresetSetting::Kind::text:
        source.more.push_back({key, setting.texts.front()});
        return;
      case PresetSetting::Kind::list:
        source.more.push_back({key, toml_list(setting.texts), true});
        return;
      case PresetSetting::Kind::other:
        source.more.push_back({key, setting.texts.front(), true});
        return;
    }
  }

  PresetMatch match_;
  const Surroundings& around_;
  const Table& users_;
  FindTable find_;
};

/// Adds the tables that the preset looks at where `users` is the first, if all are there that must
/// be.
void add_tables(const config::Preset& preset, const std::string& users, Placeholders placeholders,
                const std::multimap<std::string, std::string>& by_small,
                std::set<std::string>& all) {
  placeholders.texts["table"] = users;
  std::set<std::string> found = {users};
  for (auto table = preset.tables.begin() + 1; table != preset.tables.end(); ++table) {
    const auto before = found.size();
    for (const auto& name : table->names) {
      const auto [begin, end] = by_small.equal_range(lower(placeholders.in(name)));
      for (auto one = begin; one != end; ++one) found.insert(one->second);
    }
    if (found.size() == before && !table->optional) return;
  }
  all.insert(found.begin(), found.end());
}

}  // namespace

const std::vector<config::Preset>& shipped_presets() {
  static const std::vector<config::Preset> all = [] {
    std::vector<config::Preset> presets;
    for (const auto& file : preset_files()) {
      auto read = config::parse_preset(file.text, file.name);
      if (read.problems.empty()) presets.push_back(std::move(read.preset));
    }
    return presets;
  }();
  return all;
}

Result<std::vector<config::Preset>> presets_with(const std::filesystem::path& folder) {
  std::vector<config::Preset> all = shipped_presets();
  if (folder.empty()) return all;
  auto own = config::load_presets(folder);
  if (!own) return tl::unexpected(own.error());
  for (auto& preset : *own) {
    std::erase_if(all, [&](const config::Preset& one) { return one.id == preset.id; });
    all.push_back(std::move(preset));
  }
  return all;
}

std::vector<UserSource> applications_of(const Table& table, const Surroundings& around) {
  std::vector<PresetMatch> matches;
  for (const auto& preset : around.presets) {
    if (auto found = match(preset, table, around.schemas)) matches.push_back(std::move(*found));
  }
  // Of two that need as many columns, the one that names its table is likelier.
  const auto rank = [](const PresetMatch& one) {
    return std::pair(one.columns, one.placeholders.texts.at("model").empty());
  };
  std::stable_sort(matches.begin(), matches.end(),
                   [&](const auto& left, const auto& right) { return rank(left) > rank(right); });
  std::vector<UserSource> sources;
  sources.reserve(matches.size());
  for (auto& one : matches) sources.push_back(Proposal(std::move(one), around).source());
  return sources;
}

std::set<std::string> tables_of_applications(const std::vector<std::string>& names,
                                             std::span<const config::Preset> presets) {
  std::multimap<std::string, std::string> by_small;
  for (const auto& name : names) by_small.insert({lower(name), name});
  std::set<std::string> all;
  for (const auto& preset : presets) {
    for (const auto& pattern : preset.tables.front().names) {
      for (const auto& name : names) {
        const auto placeholders = take_apart(name, pattern);
        if (placeholders) add_tables(preset, name, *placeholders, by_small, all);
      }
    }
  }
  return all;
}

}  // namespace gatehouse::cli::init
