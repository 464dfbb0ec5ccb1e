/// The words for the most frequent lists of user.password_transform.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

/// The steps that a text stands for: those of the words `none`, `trim`, `html` (phpBB up to 3.3.7)
/// and `slash` (WordPress), else one step of that name.
[[nodiscard]] std::vector<std::string> transform_steps(std::string_view text);
/// The text that stands for the steps: a word, or the list as it would stand in
/// the configuration.
[[nodiscard]] std::string transform_text(const std::vector<std::string>& steps);

}  // namespace gatehouse::config
