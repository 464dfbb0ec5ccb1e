/// Where the files of a configuration come from: the output of `nginx -T`, or the disk.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::nginx {

class Files {
 public:
  /// The files of `nginx -T`, each behind a line `# configuration file NAME:`; nothing if `text` is
  /// none.
  [[nodiscard]] static std::optional<Files> of_dump(std::string_view text);
  /// One file; what it includes is read from the disk.
  [[nodiscard]] static Files of_plain(std::string_view text, const std::filesystem::path& file);

  [[nodiscard]] const std::string& first() const noexcept { return first_; }
  /// The names of the files that an `include` means, sorted; none if there are none.
  [[nodiscard]] std::vector<std::string> named_by(const std::string& pattern) const;
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const;

 private:
  std::string first_;
  std::map<std::string, std::string> texts_;
  bool from_disk_ = false;
};

[[nodiscard]] bool is_pattern(std::string_view name) noexcept;

/// All of a file; nothing if it cannot be read or has more than 16 MiB.
[[nodiscard]] std::optional<std::string> read_whole(const std::filesystem::path& file);

}  // namespace gatehouse::nginx
