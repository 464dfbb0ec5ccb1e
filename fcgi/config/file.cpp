#include "config/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/fd.h"
#include "base/secret.h"

namespace gatehouse::config {
namespace {

tl::unexpected<Error> cannot_be_read(int error) {
  const char* const advice =
      error == EACCES ? ": run this as root or as the user of the service" : "";
  return fail(Error::Kind::failed,
              fmt::format("cannot be read: {}{}", std::generic_category().message(error), advice));
}

Result<void> acceptable(const Fd& fd, const std::filesystem::path& file, mode_t closed_to) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return cannot_be_read(errno);
  if (!S_ISREG(status.st_mode)) return fail(Error::Kind::failed, "is not a regular file");
  if ((status.st_mode & closed_to) != 0) {
    return fail(Error::Kind::refused,
                fmt::format("every user of this host may use it (mode {:04o}): run chmod o= {}",
                            status.st_mode & 07777U, file.string()));
  }
  return {};
}

/// Reads up to the end of the file or until `bytes` is full. Returns the number of bytes read.
Result<std::size_t> fill(const Fd& fd, std::string& bytes) {
  std::size_t length = 0;
  while (length < bytes.size()) {
    const ssize_t got = ::read(fd.get(), bytes.data() + length, bytes.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_be_read(errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  return length;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file, std::size_t max_bytes,
                              mode_t closed_to) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return cannot_be_read(errno);
  if (auto fine = acceptable(fd, file, closed_to); !fine) return tl::unexpected(fine.error());
  // It has its full size from the start: a string that grows would leave copies of a secret behind.
  std::string bytes(max_bytes + 1, '\0');
  const auto length = fill(fd, bytes);
  if (length && *length <= max_bytes) {
    bytes.resize(*length);
    return bytes;
  }
  wipe(bytes);
  if (!length) return tl::unexpected(length.error());
  return fail(Error::Kind::failed, fmt::format("has more than {} bytes", max_bytes));
}

}  // namespace gatehouse::config
