#include "cli/init/preset_match.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::string_view kPrefix = "{prefix}";
constexpr std::string_view kModel = "{model}";

bool take(std::string_view& text, std::string_view beginning) {
  if (!text.starts_with(beginning)) return false;
  text.remove_prefix(beginning.size());
  return true;
}

bool has_all(const Table& table, const std::vector<std::string>& columns,
             const Placeholders& placeholders) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return table.find(placeholders.in(column)) != nullptr;
  });
}

bool has_none(const Table& table, const std::vector<std::string>& columns) {
  return std::none_of(columns.begin(), columns.end(),
                      [&](const std::string& column) { return table.find(column) != nullptr; });
}

/// Collects what a preset finds.
class Matching {
 public:
  Matching(const config::Preset& preset, Placeholders placeholders, const Schemas& schemas)
      : schemas_(schemas) {
    match_.preset = &preset;
    match_.placeholders = std::move(placeholders);
  }

  std::optional<PresetMatch> with(const Table& users) {
    match_.placeholders.texts["table"] = users.name;
    for (const auto& wanted : match_.preset->tables) {
      const bool first = &wanted == &match_.preset->tables.front();
      const Table* table = first ? &users : beside(users, wanted);
      if (!accept(table, wanted)) return std::nullopt;
    }
    return choose(users) ? std::optional(std::move(match_)) : std::nullopt;
  }

 private:
  [[nodiscard]] const Table* beside(const Table& users, const config::PresetTable& wanted) const {
    for (const auto& name : wanted.names) {
      const auto* table = schemas_.find_any_case(users.schema, match_.placeholders.in(name));
      if (table != nullptr) return table;
    }
    return nullptr;
  }

  /// False if the table must be there and is another one, or none.
  bool accept(const Table* table, const config::PresetTable& wanted) {
    const bool fits = table != nullptr && has_all(*table, wanted.columns, match_.placeholders) &&
                      has_none(*table, wanted.absent);
    if (!fits) {
      for (const auto& name : wanted.names) miss(match_.placeholders.in(name));
      return wanted.optional;
    }
    match_.tables.push_back(table);
    if (!wanted.optional) match_.columns += wanted.columns.size();
    for (const auto& column : wanted.optional_columns) {
      if (table->find(column) == nullptr) miss(column);
    }
    return true;
  }

  void miss(const std::string& name) { match_.missing.insert(lower(name)); }

  bool choose(const Table& users) {
    for (const auto& choice : match_.preset->choices) {
      const Column* column = nullptr;
      for (const auto& name : choice.columns) {
        if (column == nullptr) column = users.find(name);
      }
      if (column != nullptr) {
        match_.placeholders.columns[choice.name] = column->name;
      } else if (!choice.columns.empty() && choice.columns.back() == config::kNoColumn) {
        match_.placeholders.queries[choice.name] = config::kNoColumn;
      } else {
        return false;
      }
    }
    return true;
  }

  const Schemas& schemas_;
  PresetMatch match_;
};

}  // namespace

const Table* PresetMatch::find(std::string_view name) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table* table) {
    return equal_ignoring_case(table->name, name);
  });
  return found == tables.end() ? nullptr : *found;
}

bool PresetMatch::can_run(const SqlTokens& tokens) const {
  return std::none_of(tokens.begin(), tokens.end(), [&](const SqlToken& token) {
    return token.is_name() && missing.contains(lower(token.value));
  });
}

std::optional<Placeholders> take_apart(std::string_view name, std::string_view pattern) {
  const bool has_prefix = take(pattern, kPrefix);
  const bool has_model = take(pattern, kModel);
  if (name.size() < pattern.size()) return std::nullopt;
  const auto end = name.size() - pattern.size();
  if (!equal_ignoring_case(name.substr(end), pattern)) return std::nullopt;
  std::string_view prefix = name.substr(0, end);
  std::string_view model;
  if (has_model) {
    const auto line = prefix.rfind('_');
    const auto begin = line == std::string_view::npos ? 0 : line + 1;
    model = prefix.substr(begin);
    prefix = prefix.substr(0, begin);
    if (model.empty()) return std::nullopt;
  }
  if (!has_prefix && !prefix.empty()) return std::nullopt;
  Placeholders found;
  found.texts = {{"prefix", std::string(prefix)}, {"model", std::string(model)}};
  return found;
}

std::optional<PresetMatch> match(const config::Preset& preset, const Table& users,
                                 const Schemas& schemas) {
  for (const auto& name : preset.tables.front().names) {
    auto placeholders = take_apart(users.name, name);
    if (!placeholders) continue;
    if (auto found = Matching(preset, std::move(*placeholders), schemas).with(users)) return found;
  }
  return std::nullopt;
}

}  // namespace gatehouse::cli::init
