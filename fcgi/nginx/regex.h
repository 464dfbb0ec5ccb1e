/// Perl-compatible regular expressions, by PCRE2, the library that nginx uses, so that an
/// expression means the same here as there.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::nginx {

/// Whether an expression tells capital letters from small ones.
enum class Case { told_apart, ignored };

/// A compiled expression. Copies share it.
class Regex {
 public:
  /// Error::invalid, with the library's reason, if nginx would not load the expression either.
  [[nodiscard]] static Result<Regex> compile(const std::string& pattern, Case letter_case);

  struct Match {
    std::vector<std::string> groups;  ///< group 0 is all that matched
    std::map<std::string, std::string> named;
  };
  /// Searches anywhere in `text`. Nothing if it does not match, and also if the search takes more
  /// than 100,000 steps: such an expression would otherwise run for minutes.
  [[nodiscard]] std::optional<Match> match(std::string_view text) const;

  [[nodiscard]] const std::string& pattern() const noexcept { return pattern_; }
  [[nodiscard]] Case letter_case() const noexcept { return letter_case_; }

 private:
  Regex() = default;

  std::string pattern_;
  Case letter_case_ = Case::told_apart;
  std::shared_ptr<void> code_;
  std::vector<std::pair<std::string, std::size_t>> names_;
};

}  // namespace gatehouse::nginx
