#include "cli/check/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/keys.h"

namespace gatehouse::cli::checks {

void Findings::add(std::string_view key, std::string_view what, std::string remedy) {
  if (!trusted(key)) return;
  problems_.push_back(loaded_.problem(key, what));
  problems_.back().remedy = std::move(remedy);
}

void Findings::warn(std::string_view key, std::string_view what, std::string remedy) {
  if (!trusted(key)) return;
  warnings_.push_back(loaded_.problem(key, what));
  warnings_.back().remedy = std::move(remedy);
}

void Findings::add_file_error(std::string_view key, const std::filesystem::path& file,
                              const std::string& what) {
  add(key, what.starts_with(file.string()) ? what : fmt::format("{}: {}", file.string(), what));
}

bool Findings::sound(std::string_view section) const {
  const std::string name(section);
  if (faulty(name + ".") || faulty(name + ":")) return false;
  const auto first = loaded_.lines.lower_bound(name + ".");
  return !lost_sections() || (first != loaded_.lines.end() && first->first.starts_with(name + "."));
}

void Findings::sort() {
  std::stable_sort(problems_.begin(), problems_.end(), [&](const auto& left, const auto& right) {
    const bool of_file = left.file == loaded_.file;
    if (of_file != (right.file == loaded_.file)) return of_file;
    return of_file && left.line < right.line;
  });
}

bool Findings::trusted(std::string_view key) const {
  if (sound(key.substr(0, key.find('.')))) return true;
  return loaded_.lines.find(key) != loaded_.lines.end() && !faulty(std::string(key) + ":");
}

bool Findings::faulty(std::string_view prefix) const {
  return std::any_of(loaded_.problems.begin(), loaded_.problems.end(),
                     [&](const auto& problem) { return problem.what.starts_with(prefix); });
}

/// Whether there is an unknown section, or the file could not be read to its end.
bool Findings::lost_sections() const {
  return std::any_of(loaded_.problems.begin(), loaded_.problems.end(), [](const auto& problem) {
    const auto names = config::sections();
    const auto section = problem.what.substr(0, problem.what.find_first_of(".:"));
    return std::find(names.begin(), names.end(), section) == names.end();
  });
}

}  // namespace gatehouse::cli::checks
