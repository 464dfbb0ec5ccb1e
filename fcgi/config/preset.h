/// A preset: the tables by which an application is known, and the settings of [user] for it, in a
/// file of sql/presets (whose README tells the format).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"

namespace gatehouse::config {

/// A table of the application. Names and columns may hold placeholders, `{prefix}users`.
struct PresetTable {
  std::vector<std::string> names;    ///< one of them is enough
  std::vector<std::string> columns;  ///< it has all of these
  std::vector<std::string> absent;   ///< and none of these
  std::vector<std::string> optional_columns;
  bool optional = false;  ///< the application is known without it
};

/// What stands last among the columns of a choice, where the table may have none of them.
inline constexpr std::string_view kNoColumn = "NULL";

/// `{name}` is the first of these columns that the first table has, or NULL (kNoColumn).
struct PresetChoice {
  std::string name;
  std::vector<std::string> columns;
};

/// `{name}` is a query of the column `value` with these texts, and with what `sql` gives.
struct PresetValues {
  std::string name;
  std::vector<std::string> always;
  std::string sql;  ///< empty if there is none
};

/// A setting of the section [user].
struct PresetSetting {
  enum class Kind {
    text,   ///< one text, in which a query has its placeholders
    list,   ///< a list of texts
    other,  ///< a number or truth value, as TOML writes it
  };
  std::string key;  ///< without the section: "query"
  Kind kind = Kind::text;
  std::vector<std::string> texts;
};

struct Preset {
  std::string id;           ///< the name of its file, without ".toml"
  std::string application;  ///< "WordPress"
  std::string versions;
  std::string source;  ///< what it rests on, in words
  std::string note;    ///< a sentence for the administrator; may be empty
  bool tested_by_code = false;
  bool writes = false;              ///< the application reads what Gatehouse writes
  std::vector<std::string> hashes;  ///< schemes, of which a sample shows one; empty for any
  std::vector<PresetTable> tables;  ///< the first is that of the users
  std::vector<PresetChoice> choices;
  std::vector<PresetValues> values;
  std::vector<PresetSetting> settings;

  /// The setting of that key; null if it has none.
  [[nodiscard]] const PresetSetting* setting(std::string_view key) const;
};

/// A preset, which is usable only if there is no problem.
struct ReadPreset {
  Preset preset;
  std::vector<Problem> problems;
};

/// Parses a text of at most 32 KiB. `file` names it in problems, and its stem is the id. It accepts
/// every text, and does not throw.
[[nodiscard]] ReadPreset parse_preset(std::string_view text, const std::filesystem::path& file);

/// The presets of a folder's `*.toml`, in the order of their names. `failed` if the folder cannot
/// be read; `invalid`, with all problems of all files, if there is one.
[[nodiscard]] Result<std::vector<Preset>> load_presets(const std::filesystem::path& folder);

}  // namespace gatehouse::config
