/// Notices that a file was changed, replaced, made or removed.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::cli {

/// Files, each with its state at the moment at which it was added. Asking costs one system call a
/// file, once a second and only while something is wrong: inotify(7) would need a watch on each
/// folder of each path, since editors put a new file in the place of the old one.
class FileStamps {
 public:
  /// To be called before the file is read, so that no change is missed. An empty path is left out.
  void add(const std::filesystem::path& file);
  /// Whether one of them is not as it was.
  [[nodiscard]] bool changed() const;
  /// The same files as they are now.
  [[nodiscard]] FileStamps now() const;
  bool operator==(const FileStamps&) const = default;

 private:
  std::vector<std::pair<std::filesystem::path, std::string>> files_;
};

}  // namespace gatehouse::cli
