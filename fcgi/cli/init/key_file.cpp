#include "cli/init/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/fd.h"
#include "base/secret.h"
#include "base/system_group.h"
#include "cli/command_line.h"
#include "config/load.h"
#include "session/sessions.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr mode_t kKeyMode = 0640;
/// The group of the service, which alone reads the key beside root.
constexpr const char* kServiceGroup = "gatehouse";

tl::unexpected<Error> refused_by_system(int error) {
  return fail(Error::Kind::failed, std::generic_category().message(error));
}

Secret new_key_text() {
  std::string key = random_bytes(kKeyBytes);
  std::string encoded = base64url_encode(key);
  std::string text;
  text.reserve(256);  // a string that grows would leave copies of the key behind
  text += "# Session keys of Gatehouse: the first signs, all are accepted. Keep them secret.\n";
  text += encoded;
  text += '\n';
  wipe(key);
  wipe(encoded);
  return Secret(std::move(text));
}

/// A mark with a hyphen at its beginning would be taken for an option where it is typed.
Secret new_key_with_a_plain_mark() {
  for (;;) {
    Secret text = new_key_text();
    const auto ring = session::KeyRing::parse(text);
    if (!ring || !ring->marks().front().starts_with('-')) return text;
  }
}

Result<void> write_all(const Fd& fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refused_by_system(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Sets group and mode before the secret is written, and syncs to disk before anyone relies on the
/// key.
Result<void> fill(const Fd& fd, const Secret& text, const std::string& name) {
  const auto group = ::geteuid() == 0 ? find_group(name) : std::nullopt;
  if (group && ::fchown(fd.get(), static_cast<uid_t>(-1), *group) != 0) {
    return refused_by_system(errno);
  }
  if (::fchmod(fd.get(), kKeyMode) != 0) return refused_by_system(errno);
  if (auto written = write_all(fd, text.view()); !written) return written;
  if (::fsync(fd.get()) != 0) return refused_by_system(errno);
  return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const Fd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return refused_by_system(errno);
  return {};
}

int report(const std::filesystem::path& file, std::string_view what, int exit_code,
           std::ostream& out) {
  out << file.string() << ": " << what << '\n';
  return exit_code;
}

}  // namespace

Result<bool> make_key_file(const std::filesystem::path& file, const std::string& group) {
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd && errno == EEXIST) return false;
  if (!fd) return refused_by_system(errno);
  auto filled = fill(fd, new_key_with_a_plain_mark(), group);
  if (filled) filled = sync_folder(file.parent_path());
  if (filled) return true;
  ::unlink(file.c_str());
  return tl::unexpected(filled.error());
}

static int make_or_keep(const std::filesystem::path& file, std::ostream& out) {
  const auto made = make_key_file(file, kServiceGroup);
  if (!made) return report(file, made.error().what, kProblems, out);
  if (*made) return report(file, "made, with a new key", kOk, out);
  const auto keys = session::KeyRing::load(file);
  if (keys) return report(file, "is there already; left as it is", kOk, out);
  return report(file, "is there already but of no use; left as it is: " + keys.error().what,
                kProblems, out);
}

int init_key(const std::filesystem::path& config_file, std::ostream& out) {
  if (std::error_code error; !std::filesystem::exists(config_file, error) && !error) {
    out << config_file.string()
        << " does not exist: `gatehouse init` makes it; or name the configuration with --config "
           "FILE\n";
    return kProblems;
  }
  const config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) out << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return kProblems;
  return make_or_keep(loaded.settings.session.key_file, out);
}

}  // namespace gatehouse::cli
