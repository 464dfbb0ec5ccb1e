#include "nginx/files.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace gatehouse::nginx {
namespace {

constexpr std::string_view kMark = "# configuration file ";
constexpr std::streamsize kLargestFile = 16 << 20;

/// The file's name in a line of `nginx -T` that begins a file; "" for any other line.
std::string_view marked(std::string_view line) {
  if (!line.starts_with(kMark) || !line.ends_with(':')) return {};
  return line.substr(kMark.size(), line.size() - kMark.size() - 1);
}

/// True for a line that may stand before the first file: nginx prints its messages to standard
/// error, and `nginx -T > FILE 2>&1` puts both into one file.
bool is_message(std::string_view line) {
  return line.empty() || line.starts_with("nginx: ");
}

std::vector<std::string> globbed(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> names;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return names;
}

}  // namespace

bool is_pattern(std::string_view name) noexcept {
  return name.find_first_of("*?[") != std::string_view::npos;
}

std::optional<std::string> read_whole(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (stream.bad() || text.size() > kLargestFile) return std::nullopt;
  return text;
}

std::optional<Files> Files::of_dump(std::string_view text) {
  Files files;
  std::string* current = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (const auto name = marked(line); !name.empty()) {
      if (files.first_.empty()) files.first_ = name;
      current = &files.texts_[std::string(name)];
      current->clear();
    } else if (current) {
      current->append(line).append("\n");
    } else if (!is_message(line)) {
      return std::nullopt;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!current) return std::nullopt;
  return files;
}

Files Files::of_plain(std::string_view text, const std::filesystem::path& file) {
  Files files;
  files.first_ = file.string();
  files.texts_.emplace(files.first_, text);
  files.from_disk_ = true;
  return files;
}

std::vector<std::string> Files::named_by(const std::string& pattern) const {
  const std::filesystem::path beside = std::filesystem::path(first_).parent_path();
  if (from_disk_) {
    for (const auto& folder : {beside, beside / "..", std::filesystem::path("/etc/nginx")}) {
      // `folder / pattern` is the pattern itself if it is absolute.
      auto names = globbed((folder / pattern).string());
      if (!names.empty()) return names;
    }
    return {};
  }
  const std::string whole = (beside / pattern).string();
  std::vector<std::string> names;
  for (const auto& [name, text] : texts_) {
    if (name == whole || ::fnmatch(whole.c_str(), name.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
      names.push_back(name);
    }
  }
  return names;
}

std::optional<std::string> Files::read(const std::string& name) const {
  if (const auto found = texts_.find(name); found != texts_.end()) return found->second;
  return from_disk_ ? read_whole(name) : std::nullopt;
}

}  // namespace gatehouse::nginx
