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

/// The files that a configuration consists of, by name. Copied out of a dump, or read when asked
/// for.
class Files {
 public:
  /// Splits the output of `nginx -T`, in which a line `# configuration file NAME:` stands before
  /// each file. Nothing if `text` is no such output.
  [[nodiscard]] static std::optional<Files> of_dump(std::string_view text);
  /// Holds one file; the files that it includes are read from the disk.
  [[nodiscard]] static Files of_plain(std::string_view text, const std::filesystem::path& file);

  /// The name of the file that includes all others.
  [[nodiscard]] const std::string& first() const noexcept { return first_; }
  /// The sorted names of the files that the pattern of an `include` names; empty if there are none.
  [[nodiscard]] std::vector<std::string> named_by(const std::string& pattern) const;
  /// The text of a file; nothing if it cannot be read.
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const;

 private:
  std::string first_;
  std::map<std::string, std::string> texts_;
  bool from_disk_ = false;
};

/// True if nginx takes the name of an `include` for a pattern, which may name no file.
[[nodiscard]] bool is_pattern(std::string_view name) noexcept;

/// Reads all of a file. Nothing if it cannot be read or has more than 16 MiB.
[[nodiscard]] std::optional<std::string> read_whole(const std::filesystem::path& file);

}  // namespace gatehouse::nginx
