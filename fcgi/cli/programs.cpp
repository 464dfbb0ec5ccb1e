#include "cli/programs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/fd.h"
#include "base/log.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongest = 60s;
constexpr std::size_t kMostOutput = 32U << 20U;
constexpr int kCannotRun = 127;
constexpr const char* kFolders = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(Error::Kind::unavailable, std::generic_category().message(errno));
  }
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

/// Becomes the program. Called in the child, which has this one thread.
[[noreturn]] void become(const std::vector<std::string>& words, std::optional<Identity> as,
                         const Pipe& out, const Pipe& err) {
  ::setpgid(0, 0);  // Ctrl-C is for us: a program that it ended would leave its work half done
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(out.write.get(), STDOUT_FILENO);
  ::dup2(err.write.get(), STDERR_FILENO);
  if (as &&
      (::setgroups(1, &as->group) != 0 || ::setgid(as->group) != 0 || ::setuid(as->user) != 0)) {
    ::_exit(kCannotRun);
  }
  const char* const path = std::getenv("PATH");
  ::setenv("PATH", path == nullptr ? kFolders : fmt::format("{}:{}", path, kFolders).c_str(), 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(kCannotRun);
}

/// Takes what has come. False at the end of the pipe.
bool take(Fd& end, std::string& text) {
  std::array<char, 1U << 16U> buffer{};
  const ssize_t got = ::read(end.get(), buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR;
  if (got == 0 || text.size() > kMostOutput) return false;
  text.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

/// Reads both pipes to their ends. False if that takes too long.
bool collect(Pipe& out, Pipe& err, Finished& finished) {
  const auto limit = std::chrono::steady_clock::now() + kLongest;
  while (out.read || err.read) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        limit - std::chrono::steady_clock::now());
    if (left <= 0ms) return false;
    std::array<pollfd, 2> waiting = {{{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    if (waiting[0].revents != 0 && !take(out.read, finished.out)) out.read.reset();
    if (waiting[1].revents != 0 && !take(err.read, finished.err)) err.read.reset();
  }
  return true;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::optional<Identity> find_identity(const std::string& name) {
  const auto* const entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return Identity{entry->pw_uid, entry->pw_gid};
}

bool systemd_runs() {
  std::error_code error;
  return std::filesystem::is_directory("/run/systemd/system", error);
}

Result<Finished> SystemPrograms::run(const std::vector<std::string>& words,
                                     std::optional<Identity> as) {
  auto out = make_pipe();
  auto err = make_pipe();
  if (!out || !err) return tl::unexpected(!out ? out.error() : err.error());
  const pid_t child = ::fork();
  if (child == 0) become(words, as, *out, *err);
  if (child < 0) return fail(Error::Kind::unavailable, "another program cannot be started");
  out->write.reset();
  err->write.reset();
  Finished finished;
  const bool in_time = collect(*out, *err, finished);
  if (!in_time) ::kill(child, SIGKILL);
  finished.code = wait_for(child);
  if (!in_time) {
    return fail(Error::Kind::unavailable,
                fmt::format("{} did not end within a minute", log::quoted(words.front())));
  }
  if (finished.code == kCannotRun && finished.out.empty() && finished.err.empty()) {
    return fail(Error::Kind::unavailable,
                fmt::format("there is no program {}", log::quoted(words.front())));
  }
  return finished;
}

}  // namespace gatehouse::cli
