#include "cli/init/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>
#include <utility>

#include "base/fd.h"
#include "nginx/files.h"

namespace gatehouse::cli::init {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot(const fs::path& file, std::string_view what, int error = errno) {
  return fail(Error::Kind::failed, fmt::format("{}: cannot be {}: {}", file.string(), what,
                                               std::generic_category().message(error)));
}

bool write_all(const Fd& fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd.get(), text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Gives the new file the owner and mode of the one that it replaces. A file for a secret is closed
/// to others whatever it was.
bool take_after(const Fd& fd, const fs::path& old, mode_t mode) {
  struct stat status {};
  const bool is_secret = (mode & (S_IRWXG | S_IRWXO)) == 0;
  if (::stat(old.c_str(), &status) != 0 || is_secret) return ::fchmod(fd.get(), mode) == 0;
  return ::fchown(fd.get(), status.st_uid, status.st_gid) == 0 &&
         ::fchmod(fd.get(), status.st_mode & 07777U) == 0;
}

void sync_folder(const fs::path& folder) {
  const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) static_cast<void>(::fsync(fd.get()));
}

}  // namespace

Result<std::optional<std::string>> text_of(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (error) return cannot(file, "read", error.value());
    return std::optional<std::string>();
  }
  auto text = nginx::read_whole(file);
  if (!text) return cannot(file, "read");
  return text;
}

Result<void> replace_file(const fs::path& file, std::string_view text, mode_t mode) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(file, error);
  if (error) return cannot(file, "written", error.value());
  fs::create_directories(real.parent_path(), error);
  if (error) return cannot(real.parent_path(), "made", error.value());
  // Nobody else writes to a file of this name: of two who replace the same file each writes a whole
  // one, and the later one stays.
  std::string beside =
      real.parent_path() / fmt::format(".{}.gatehouse-new.XXXXXX", real.filename().string());
  const Fd fd(::mkostemp(beside.data(), O_CLOEXEC));
  if (!fd) return cannot(real, "written");
  if (!take_after(fd, real, mode) || !write_all(fd, text) || ::fsync(fd.get()) != 0 ||
      ::rename(beside.c_str(), real.c_str()) != 0) {
    auto failed = cannot(real, "written");
    ::unlink(beside.c_str());
    return failed;
  }
  sync_folder(real.parent_path());
  return {};
}

Result<Fd> lock_folder_of(const fs::path& file) {
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(file, error).parent_path();
  Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return cannot(folder, "opened");
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return cannot(folder, "locked");
  }
  return fd;
}

Result<fs::path> back_up(const fs::path& file, const fs::path& folder) {
  const auto text = text_of(file);
  if (!text) return tl::unexpected(text.error());
  std::error_code error;
  std::string name = fs::weakly_canonical(file, error).string();
  std::replace(name.begin(), name.end(), '/', '-');
  std::tm parts{};
  const std::time_t now = std::time(nullptr);
  ::gmtime_r(&now, &parts);
  const fs::path copy = folder / fmt::format("{}.{:04}{:02}{:02}T{:02}{:02}{:02}Z", name.substr(1),
                                             parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                             parts.tm_hour, parts.tm_min, parts.tm_sec);
  struct stat status {};
  const bool known = ::stat(file.c_str(), &status) == 0;
  auto written = replace_file(copy, text->value_or(""), known ? status.st_mode & 07777U : 0600U);
  if (!written) return tl::unexpected(written.error());
  return copy;
}

}  // namespace gatehouse::cli::init
