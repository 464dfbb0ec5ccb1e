#include "config/preset.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "config/file.h"
#include "config/keys.h"
#include "config/syntax_error.h"

namespace gatehouse::config {
namespace {

constexpr std::size_t kMaxPresetBytes = 32U << 10U;  // as that of the configuration (load.cpp)
constexpr std::size_t kMaxPresets = 1000;            // of a folder

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_name(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_small(c) || c == '_'; });
}

/// The names of the placeholders in a text: `prefix` of "`{prefix}users`".
std::vector<std::string_view> placeholders(std::string_view text) {
  std::vector<std::string_view> found;
  for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) break;
    const auto name = text.substr(at + 1, end - at - 1);
    if (is_name(name)) found.push_back(name);
  }
  return found;
}

/// True for the name of a first table that can be taken apart: "{prefix}{model}users", in which
/// either placeholder may be missing.
bool can_be_matched(std::string_view name) {
  for (const std::string_view placeholder : {"{prefix}", "{model}"}) {
    if (name.starts_with(placeholder)) name.remove_prefix(placeholder.size());
  }
  return placeholders(name).empty();
}

/// Walks the tables of a preset, and collects what it says and all problems.
class PresetReading {
 public:
  explicit PresetReading(const std::filesystem::path& file) : file_(file) {
    read_.preset.id = file.stem().string();
  }

  void problem(unsigned line, std::string what) {
    read_.problems.push_back({file_, line, std::move(what)});
  }

  void root(const toml::table& root) {
    for (const auto& [name, value] : root) top_level(name, value);
    check();
  }

  ReadPreset finish() {
    std::stable_sort(read_.problems.begin(), read_.problems.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return std::move(read_);
  }

 private:
  using Texts = std::vector<std::string>;

  static unsigned line_of(const toml::key& key) { return key.source().begin.line; }

  void top_level(const toml::key& name, const toml::node& value) {
    if (name == "table") return tables(name, value);
    const toml::table* const keys = value.as_table();
    constexpr std::array<std::string_view, 4> kSections = {"application", "choices", "values",
                                                           "user"};
    const bool known = std::find(kSections.begin(), kSections.end(), name.str()) != kSections.end();
    if (!known || keys == nullptr) {
      return problem(line_of(name),
                     fmt::format("{}: a preset has the sections [application], [[table]], "
                                 "[choices], [values.NAME] and [user]",
                                 log::quoted(name.str())));
    }
    for (const auto& [key, setting] : *keys) {
      if (name == "application") application(key, setting);
      if (name == "choices") choice(key, setting);
      if (name == "values") values(key, setting);
      if (name == "user") user(key, setting);
    }
  }

  void text(const toml::key& key, const toml::node& value, std::string& place) {
    if (const auto* const given = value.as_string(); given != nullptr) {
      place = given->get();
    } else {
      problem(line_of(key), fmt::format("{} must be a text in quotes", log::quoted(key.str())));
    }
  }

  void texts(const toml::key& key, const toml::node& value, Texts& place) {
    const auto* const given = value.as_array();
    const auto is_text = [](const toml::node& one) { return one.is_string(); };
    if (given == nullptr || !std::all_of(given->begin(), given->end(), is_text)) {
      return problem(line_of(key),
                     fmt::format("{} must be a list of texts", log::quoted(key.str())));
    }
    for (const auto& one : *given) place.push_back(one.as_string()->get());
  }

  /// One of two words, of which `yes` is true.
  void either(const toml::key& key, const toml::node& value, std::string_view yes,
              std::string_view no, bool& place) {
    const auto* const given = value.as_string();
    place = given != nullptr && given->get() == yes;
    if (place || (given != nullptr && given->get() == no)) return;
    problem(line_of(key), fmt::format(R"({} must be "{}" or "{}")", key.str(), yes, no));
  }

  void unknown(std::string_view section, const toml::key& key) {
    problem(line_of(key), fmt::format("{}: unknown key {}", section, log::quoted(key.str())));
  }

  void application(const toml::key& key, const toml::node& value) {
    Preset& preset = read_.preset;
    if (key == "name") return text(key, value, preset.application);
    if (key == "versions") return text(key, value, preset.versions);
    if (key == "source") return text(key, value, preset.source);
    if (key == "note") return text(key, value, preset.note);
    if (key == "hashes") return texts(key, value, preset.hashes);
    if (key == "tested") return either(key, value, "code", "vectors", preset.tested_by_code);
    if (key == "writes") return either(key, value, "yes", "no", preset.writes);
    unknown("[application]", key);
  }

  void tables(const toml::key& name, const toml::node& value) {
    const auto* const all = value.as_array();
    if (all == nullptr) return problem(line_of(name), "each table has a section [[table]]");
    for (const auto& one : *all) {
      const auto* const keys = one.as_table();
      if (keys == nullptr) {
        problem(line_of(name), "each table has a section [[table]]");
        continue;
      }
      PresetTable& table = read_.preset.tables.emplace_back();
      for (const auto& [key, setting] : *keys) table_key(key, setting, table);
      if (table.names.empty() || table.columns.empty()) {
        problem(one.source().begin.line, "[[table]]: name and columns must be there");
      }
    }
  }

  void table_key(const toml::key& key, const toml::node& value, PresetTable& table) {
    if (key == "name" && value.is_string()) return text(key, value, table.names.emplace_back());
    if (key == "name") return texts(key, value, table.names);
    if (key == "columns") return texts(key, value, table.columns);
    if (key == "absent") return texts(key, value, table.absent);
    if (key == "optional_columns") return texts(key, value, table.optional_columns);
    if (key == "optional" && value.is_boolean()) {
      table.optional = value.as_boolean()->get();
      return;
    }
    if (key == "optional") return problem(line_of(key), "optional must be true or false");
    unknown("[[table]]", key);
  }

  void choice(const toml::key& key, const toml::node& value) {
    PresetChoice& choice = read_.preset.choices.emplace_back();
    choice.name = key.str();
    texts(key, value, choice.columns);
  }

  void values(const toml::key& name, const toml::node& value) {
    PresetValues& values = read_.preset.values.emplace_back();
    values.name = name.str();
    const auto* const keys = value.as_table();
    if (keys == nullptr) return problem(line_of(name), "values are a section [values.NAME]");
    for (const auto& [key, setting] : *keys) {
      if (key == "sql") {
        text(key, setting, values.sql);
      } else if (key == "always") {
        texts(key, setting, values.always);
      } else {
        unknown("[values]", key);
      }
    }
  }

  /// The readers of the configuration itself say whether they take the key and its value.
  void user(const toml::key& key, const toml::node& value) {
    const Key* const row = find_key(fmt::format("user.{}", key.str()));
    if (row == nullptr) return unknown("[user]", key);
    Settings ignored;
    if (const auto taken = row->read(value, file_.parent_path(), ignored); !taken) {
      problem(line_of(key), fmt::format("user.{}: {}", key.str(), taken.error().what));
    }
    PresetSetting& setting = read_.preset.settings.emplace_back();
    setting.key = key.str();
    if (value.is_string()) {
      setting.texts.push_back(value.as_string()->get());
    } else if (value.is_array()) {
      setting.kind = PresetSetting::Kind::list;
      texts(key, value, setting.texts);
    } else {
      std::ostringstream text;
      value.visit([&](const auto& one) { text << one; });
      setting.kind = PresetSetting::Kind::other;
      setting.texts.push_back(text.str());
    }
  }

  void check() {
    const Preset& preset = read_.preset;
    const bool has_id = !preset.id.empty() && preset.id.size() <= 64 &&
                        std::all_of(preset.id.begin(), preset.id.end(), [](char c) {
                          return is_small(c) || c == '-' || c == '_' || (c >= '0' && c <= '9');
                        });
    if (!has_id) problem(0, "its name must be of small letters, digits, - and _");
    if (preset.application.empty()) problem(0, "[application]: name is missing");
    if (preset.tables.empty()) problem(0, "there is no [[table]]");
    for (const auto* const key : {"query", "census_query"}) {
      if (preset.setting(key) == nullptr) problem(0, fmt::format("[user]: {} is missing", key));
    }
    check_names();
    for (const auto& setting : preset.settings) {
      if (setting.key.ends_with("query")) check_placeholders(setting.texts, "user." + setting.key);
    }
    for (const auto& table : preset.tables) {
      check_placeholders(table.names, "[[table]]");
      check_placeholders(table.columns, "[[table]]");
    }
    for (const auto& values : preset.values) check_placeholders({values.sql}, "[values]");
  }

  void check_names() {
    const Preset& preset = read_.preset;
    if (!preset.tables.empty()) {
      const PresetTable& users = preset.tables.front();
      if (users.optional) problem(0, "[[table]]: the first, that of the users, must be there");
      for (const auto& name : users.names) {
        if (can_be_matched(name)) continue;
        problem(0, fmt::format("[[table]]: {} must be {{prefix}}, {{model}} and a text, in this "
                               "order: the first table is known by it",
                               log::quoted(name)));
      }
    }
    for (const auto& choice : preset.choices) check_name(choice.name);
    for (const auto& values : preset.values) check_name(values.name);
  }

  void check_name(const std::string& name) {
    if (is_name(name)) return;
    problem(0, fmt::format("{}: a placeholder is of small letters and _", log::quoted(name)));
  }

  [[nodiscard]] bool is_known(std::string_view placeholder) const {
    const auto is_it = [&](const auto& one) { return one.name == placeholder; };
    const Preset& preset = read_.preset;
    return placeholder == "prefix" || placeholder == "model" || placeholder == "table" ||
           std::any_of(preset.choices.begin(), preset.choices.end(), is_it) ||
           std::any_of(preset.values.begin(), preset.values.end(), is_it);
  }

  void check_placeholders(const Texts& all, std::string_view where) {
    for (const auto& one : all) {
      for (const auto name : placeholders(one)) {
        if (!is_known(name)) problem(0, fmt::format("{}: {{{}}} stands for nothing", where, name));
      }
    }
  }

  std::filesystem::path file_;
  ReadPreset read_;
};

}  // namespace

const PresetSetting* Preset::setting(std::string_view key) const {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const PresetSetting& one) { return one.key == key; });
  return found == settings.end() ? nullptr : &*found;
}

ReadPreset parse_preset(std::string_view text, const std::filesystem::path& file) {
  PresetReading reading(file);
  if (text.size() > kMaxPresetBytes) {
    reading.problem(0, fmt::format("has more than {} bytes", kMaxPresetBytes));
    return reading.finish();
  }
  try {
    reading.root(toml::parse(text));
  } catch (const toml::parse_error& error) {
    reading.problem(error.source().begin.line, plain_syntax_error(error.description()));
  }
  return reading.finish();
}

Result<std::vector<Preset>> load_presets(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".toml") files.push_back(at->path());
    if (files.size() > kMaxPresets) error = std::make_error_code(std::errc::file_too_large);
  }
  if (error) {
    return fail(Error::Kind::failed, fmt::format("{}: {}", folder.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  std::vector<Preset> all;
  std::string problems;
  for (const auto& file : files) {
    const auto text = read_file(file, kMaxPresetBytes);
    if (!text) {
      problems += fmt::format("{}: {}\n", file.string(), text.error().what);
      continue;
    }
    auto read = parse_preset(*text, file);
    for (const auto& problem : read.problems) problems += to_string(problem) + "\n";
    all.push_back(std::move(read.preset));
  }
  if (problems.empty()) return all;
  problems.pop_back();
  return fail(Error::Kind::invalid, problems);
}

}  // namespace gatehouse::config
