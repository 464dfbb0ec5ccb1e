#include "cli/serve/file_stamps.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

namespace gatehouse::cli {
namespace {

std::string stamp_of(const std::filesystem::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) return fmt::format("error {}", errno);
  // The time of the last change of state also moves by chmod(1) and chown(1).
  return fmt::format("{} {} {} {}.{}", state.st_dev, state.st_ino, state.st_size,
                     state.st_ctim.tv_sec, state.st_ctim.tv_nsec);
}

}  // namespace

void FileStamps::add(const std::filesystem::path& file) {
  if (!file.empty()) files_.emplace_back(file, stamp_of(file));
}

bool FileStamps::changed() const {
  return now() != *this;
}

FileStamps FileStamps::now() const {
  FileStamps stamps;
  for (const auto& file : files_) stamps.add(file.first);
  return stamps;
}

}  // namespace gatehouse::cli
