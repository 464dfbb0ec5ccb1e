/// The findings of `gatehouse check`, in three weights.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/load.h"

namespace gatehouse::cli::checks {

/// Collects problems, with which the check fails, warnings of what may be meant so, and notes on
/// what was not looked at. What comes from a setting is reported at its line in the file. Not
/// thread-safe.
class Findings {
 public:
  /// Begins with the problems of the file.
  explicit Findings(const config::Loaded& loaded) : loaded_(loaded), problems_(loaded.problems) {}

  /// Adds a problem, and what to do about it. Does nothing for a setting that is perhaps not the
  /// one that is meant.
  void add(std::string_view key, std::string_view what, std::string remedy = {});
  /// Adds a warning: the setting may be meant so, and does not fail the check.
  void warn(std::string_view key, std::string_view what, std::string remedy = {});
  /// Adds a problem, or a warning, of something that is no setting.
  void add(config::Problem problem) { problems_.push_back(std::move(problem)); }
  void warn(config::Problem warning) { warnings_.push_back(std::move(warning)); }
  /// Says what was not looked at, and why.
  void note(std::string what) { notes_.push_back(std::move(what)); }

  /// Adds the error in `result`, if there is one.
  template <class T>
  void add_error_of(std::string_view key, const Result<T>& result) {
    if (!result) add(key, result.error().what);
  }
  /// Adds the error of reading a file, if there is one, with the file's name if the error lacks it.
  template <class T>
  void add_error_of(std::string_view key, const std::filesystem::path& file,
                    const Result<T>& result) {
    if (!result) add_file_error(key, file, result.error().what);
  }

  /// Whether the section has no problem in the file, and is not perhaps under a wrong name there.
  [[nodiscard]] bool sound(std::string_view section) const;

  [[nodiscard]] const std::vector<config::Problem>& problems() const noexcept { return problems_; }
  [[nodiscard]] const std::vector<config::Problem>& warnings() const noexcept { return warnings_; }
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
  /// The problems in the order of their lines.
  void sort();

 private:
  void add_file_error(std::string_view key, const std::filesystem::path& file,
                      const std::string& what);
  [[nodiscard]] bool trusted(std::string_view key) const;
  [[nodiscard]] bool faulty(std::string_view prefix) const;
  [[nodiscard]] bool lost_sections() const;

  const config::Loaded& loaded_;
  std::vector<config::Problem> problems_;
  std::vector<config::Problem> warnings_;
  std::vector<std::string> notes_;
};

}  // namespace gatehouse::cli::checks
