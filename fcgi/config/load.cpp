#include "config/load.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "base/log.h"
#include "config/file.h"
#include "config/keys.h"
#include "config/rules.h"
#include "config/suggestion.h"
#include "config/syntax_error.h"

namespace gatehouse::config {
namespace {

/// toml++ nests a table for each dot of a key and frees them by recursion. The usual stack of 8 MiB
/// holds 24,000 levels, and a file of this size at most 16,000.
constexpr std::size_t kMaxFileBytes = 32U << 10U;

/// Replaces line breaks, which may come from the library or from a file's name.
std::string one_line(std::string text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(text.begin(), text.end(), control, '?');
  return text;
}

/// Shows a key of the file: bare where TOML lets it be bare, else quoted.
std::string shown(std::string_view key) {
  constexpr std::string_view kBare =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  const bool bare =
      !key.empty() && key.size() <= 64 && key.find_first_not_of(kBare) == std::string_view::npos;
  return bare ? std::string(key) : log::quoted(key);
}

std::string did_you_mean(std::string_view name) {
  return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

/// Guesses which key an unknown one was meant to be: one of this section with a slip, or one that
/// belongs to another section.
std::string_view meant_key(std::string_view section, std::string_view key) {
  std::vector<std::string_view> here;
  std::string_view elsewhere;
  for (const Key& row : keys()) {
    const auto dot = row.name.find('.');
    if (row.name.substr(0, dot) == section) here.push_back(row.name.substr(dot + 1));
    if (row.name.substr(dot + 1) == key) elsewhere = row.name;
  }
  const std::string_view near = nearest(key, here);
  return near.empty() ? elsewhere : near;
}

/// Walks the tables of the file and collects settings and problems.
class Reading {
 public:
  explicit Reading(const std::filesystem::path& file) { loaded_.file = file; }

  void root(const toml::table& root) {
    for (const auto& [name, value] : root) top_level(name, value);
    if (!loaded_.settings.mysql.host.empty() && !loaded_.lines.contains("mysql.socket")) {
      loaded_.settings.mysql.socket.clear();
    }
    for (const Rule& rule : rules()) apply(rule);
  }

  void problem(unsigned line, std::string what) {
    loaded_.problems.push_back({loaded_.file, line, std::move(what)});
  }

  Loaded finish() {
    std::stable_sort(loaded_.problems.begin(), loaded_.problems.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return std::move(loaded_);
  }

 private:
  void top_level(const toml::key& name, const toml::node& value) {
    const unsigned line = name.source().begin.line;
    const bool known = std::count(sections().begin(), sections().end(), name.str()) != 0;
    const toml::table* const keys = value.as_table();
    if (known && keys != nullptr) {
      for (const auto& [key, setting] : *keys) one_key(name.str(), key, setting);
    } else if (known) {
      problem(line, fmt::format("{0}: must be a section, [{0}]", name.str()));
    } else if (keys != nullptr || value.is_array_of_tables()) {
      problem(line, fmt::format("{}: unknown section{}", shown(name.str()),
                                did_you_mean(nearest(name.str(), sections()))));
    } else {
      problem(line, fmt::format("{}: unknown key outside of any section{}", shown(name.str()),
                                did_you_mean(meant_key("", name.str()))));
    }
  }

  void one_key(std::string_view section, const toml::key& key, const toml::node& value) {
    const unsigned line = key.source().begin.line;
    const std::string name = fmt::format("{}.{}", section, key.str());
    const Key* const row = find_key(name);
    if (row == nullptr) {
      problem(line, fmt::format("{}.{}: unknown key{}", section, shown(key.str()),
                                did_you_mean(meant_key(section, key.str()))));
      return;
    }
    loaded_.lines.emplace(name, line);
    const auto read = row->read(value, loaded_.file.parent_path(), loaded_.settings);
    if (read) return;
    refused_.insert(row->name);
    problem(line, fmt::format("{}: {}", name, read.error().what));
  }

  void apply(const Rule& rule) {
    const auto is_refused = [&](std::string_view key) { return refused_.contains(key); };
    if (std::any_of(rule.keys.begin(), rule.keys.end(), is_refused)) return;
    const std::string violation = rule.violation(loaded_.settings);
    if (violation.empty()) return;
    const auto in_file = [&](std::string_view key) { return loaded_.lines.contains(key); };
    const auto* const place = std::find_if(rule.keys.begin(), rule.keys.end(), in_file);
    const bool found = place != rule.keys.end();
    loaded_.problems.push_back(loaded_.problem(found ? *place : rule.keys.front(), violation));
  }

  Loaded loaded_;
  std::set<std::string_view> refused_;
};

}  // namespace

std::string to_string(const Problem& problem) {
  const std::string place = problem.line == 0 ? "" : fmt::format(":{}", problem.line);
  return one_line(fmt::format("{}{}: {}", problem.file.string(), place, problem.what));
}

Problem Loaded::problem(std::string_view key, std::string_view what) const {
  const auto line = lines.find(key);
  return {file, line == lines.end() ? 0 : line->second, fmt::format("{}: {}", key, what)};
}

Loaded load(const std::filesystem::path& file) {
  auto text = read_file(file, kMaxFileBytes);
  if (text) return parse(*text, file);
  Reading reading(file);
  reading.problem(0, text.error().what);
  return reading.finish();
}

Loaded parse(std::string_view text, const std::filesystem::path& file) {
  Reading reading(file);
  if (text.size() > kMaxFileBytes) {
    reading.problem(0, fmt::format("has more than {} bytes", kMaxFileBytes));
    return reading.finish();
  }
  try {
    reading.root(toml::parse(text));
  } catch (const toml::parse_error& error) {
    reading.problem(error.source().begin.line, one_line(plain_syntax_error(error.description())) +
                                                   ". Nothing below it was read");
  }
  return reading.finish();
}

}  // namespace gatehouse::config
