/// Perl-compatible regular expressions, by the library that nginx uses.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::nginx {

class Regex {
 public:
  /// Error::invalid, with the library's reason, for what nginx would not load either.
  [[nodiscard]] static Result<Regex> compile(const std::string& pattern, bool ignoring_case);

  struct Match {
    std::vector<std::string> groups;  ///< 0 is all of it
    std::map<std::string, std::string> named;
  };
  /// Anywhere in `text`. Nothing, too, where finding out would take more than some milliseconds.
  [[nodiscard]] std::optional<Match> match(std::string_view text) const;

  [[nodiscard]] const std::string& pattern() const noexcept { return pattern_; }
  [[nodiscard]] bool ignores_case() const noexcept { return ignores_case_; }

 private:
  Regex() = default;

  std::string pattern_;
  bool ignores_case_ = false;
  std::shared_ptr<void> code_;
  std::vector<std::pair<std::string, std::size_t>> names_;
};

}  // namespace gatehouse::nginx
