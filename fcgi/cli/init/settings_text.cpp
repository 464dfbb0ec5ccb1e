#include "cli/init/settings_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "base/encoding.h"
#include "config/load.h"

namespace gatehouse::cli::init {
namespace {

using FileLines = std::vector<std::string>;

std::string_view without_blanks(std::string_view line) {
  return trimmed(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
}

FileLines split(const std::string& text) {
  FileLines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  return lines;
}

std::string joined(const FileLines& lines) {
  std::string text;
  for (const auto& line : lines) text.append(line).append("\n");
  return text;
}

bool has_count(std::string_view line, std::string_view mark, bool odd) {
  bool is_odd = false;
  for (auto at = line.find(mark); at != std::string_view::npos; at = line.find(mark, at + 3)) {
    is_odd = !is_odd;
  }
  return is_odd == odd;
}

/// The line after the value that begins in line `first`: a text in three quotes may have several.
std::size_t end_of_value(const FileLines& lines, std::size_t first) {
  for (const std::string_view mark : {R"(""")", "'''"}) {
    if (!has_count(lines[first], mark, true)) continue;
    for (std::size_t i = first + 1; i < lines.size(); ++i) {
      if (lines[i].find(mark) != std::string::npos) return i + 1;
    }
  }
  return first + 1;
}

/// The lines of a section: behind its head, up to the next head or the end.
struct Range {
  std::size_t begin;
  std::size_t end;
};

std::optional<Range> section_of(const FileLines& lines, std::string_view name) {
  const std::string head = fmt::format("[{}]", name);
  std::optional<Range> found;
  for (std::size_t i = 0; i < lines.size(); i = end_of_value(lines, i)) {
    const std::string_view line = without_blanks(lines[i]);
    if (found && line.starts_with('[')) {
      found->end = i;
      return found;
    }
    const std::string_view without = without_blanks(line.substr(0, line.find('#')));
    if (!found && without == head) found = Range{i + 1, lines.size()};
  }
  return found;
}

/// True for `key = …` with blanks wherever they may be, behind `mark`.
bool sets(std::string_view line, std::string_view mark, std::string_view key) {
  line = without_blanks(line);
  if (!line.starts_with(mark)) return false;
  line.remove_prefix(mark.size());
  if (!line.starts_with(key)) return false;
  line.remove_prefix(key.size());
  return without_blanks(line).starts_with('=');
}

void set(FileLines& lines, const Setting& setting) {
  const auto dot = setting.key.find('.');
  const std::string section = setting.key.substr(0, dot);
  const std::string key = setting.key.substr(dot + 1);
  const std::string line = fmt::format("{} = {}", key, setting.toml());
  auto range = section_of(lines, section);
  if (!range) {
    lines.insert(lines.end(), {"", fmt::format("[{}]", section), ""});
    range = Range{lines.size(), lines.size()};
  }
  const auto at = [&](std::size_t index) {
    return lines.begin() + static_cast<FileLines::difference_type>(index);
  };
  for (const std::string_view mark : {"", "#"}) {
    for (std::size_t i = range->begin; i < range->end; i = end_of_value(lines, i)) {
      if (!sets(lines[i], mark, key)) continue;
      lines.erase(at(i), at(mark.empty() ? end_of_value(lines, i) : i + 1));
      lines.insert(at(i), line);
      return;
    }
  }
  lines.insert(at(range->begin), line);
}

}  // namespace

std::string Setting::toml() const {
  return is_toml ? value : toml_string(value);
}

std::string toml_list(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + toml_string(text);
  return '[' + all + ']';
}

std::string toml_string(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text.append("\\").append(1, c);
    } else if (byte < 0x20 || byte == 0x7f) {
      text += fmt::format("\\u{:04X}", byte);
    } else {
      text += c;
    }
  }
  return text + '"';
}

Result<std::string> with_settings(std::string text, const std::vector<Setting>& settings) {
  FileLines lines = split(text);
  for (const Setting& setting : settings) set(lines, setting);
  text = joined(lines);
  const config::Loaded loaded = config::parse(text, "");
  for (const Setting& setting : settings) {
    const auto line = loaded.lines.find(setting.key);
    const auto dot = setting.key.find('.');
    const bool is_there =
        line != loaded.lines.end() && line->second >= 1 && line->second <= lines.size() &&
        sets(lines[line->second - 1], "", std::string_view(setting.key).substr(dot + 1)) &&
        lines[line->second - 1].find(setting.toml()) != std::string::npos;
    if (!is_there) {
      return fail(
          Error::Kind::failed,
          fmt::format("{} cannot be set in this file, whose form is unusual: write it there "
                      "by hand, {}",
                      setting.key, setting.toml()));
    }
  }
  if (!loaded.problems.empty()) {
    return fail(Error::Kind::failed,
                fmt::format("with the new settings line {} would be wrong: {}",
                            loaded.problems.front().line, loaded.problems.front().what));
  }
  return text;
}

}  // namespace gatehouse::cli::init
