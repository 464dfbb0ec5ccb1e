#include "support/database_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace gatehouse::test {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Starts a program whose standard input is `input` and whose output goes to `log`. It gets
/// SIGKILL when the thread that started it ends.
pid_t spawn(const std::vector<std::string>& command, const fs::path& log,
            const fs::path& input = "/dev/null") {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int in = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
  if (child < 0) throw std::runtime_error("fork failed");
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// A child of this program.
class OwnServer final : public DatabaseServer {
 public:
  OwnServer(fs::path folder, std::vector<std::string> command)
      : folder_(std::move(folder)), command_(std::move(command)) {}
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;
  ~OwnServer() override {
    if (process_ > 0) end(SIGKILL);
  }

  void start() override { process_ = spawn(command_, log()); }
  void stop() override { end(SIGTERM); }
  void kill() override { end(SIGKILL); }
  void freeze() override {
    ::kill(process_, SIGSTOP);
    // Until the last of its threads has stopped: one of them may still be answering.
    while (::waitpid(process_, nullptr, WUNTRACED) < 0 && errno == EINTR) {
    }
  }
  void thaw() override { ::kill(process_, SIGCONT); }
  void expect_running() override {
    if (::waitpid(process_, nullptr, WNOHANG) == 0) return;
    process_ = -1;
    throw std::runtime_error(content(log()));
  }
  [[nodiscard]] std::string socket() const override { return folder_ / "s.sock"; }

 private:
  [[nodiscard]] fs::path log() const { return folder_ / "server.log"; }
  void end(int signal) {
    ::kill(process_, signal);
    ::kill(process_, SIGCONT);  // a frozen one would not notice SIGTERM
    wait_for(process_);
    process_ = -1;
  }

  fs::path folder_;
  std::vector<std::string> command_;
  pid_t process_ = -1;
};

std::vector<std::string> server_command(std::vector<std::string> command, const fs::path& folder,
                                        const std::vector<std::string>& options) {
  const std::string in = folder.string();
  command.insert(command.end(), {"--user=root", "--datadir=" + in + "/data",
                                 // At its start each server clears what others left there.
                                 "--tmpdir=" + in + "/tmp", "--socket=" + in + "/s.sock",
                                 "--pid-file=" + in + "/pid", "--innodb-buffer-pool-size=16M",
                                 "--innodb-flush-log-at-trx-commit=0", "--performance-schema=OFF"});
  if (options.empty()) command.emplace_back("--skip-networking");
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

class GaleraNode final : public DatabaseServer {
 public:
  explicit GaleraNode(fs::path cluster) : cluster_(std::move(cluster)) {}
  GaleraNode(const GaleraNode&) = delete;
  GaleraNode& operator=(const GaleraNode&) = delete;
  ~GaleraNode() override = default;

  void start() override { script("start"); }
  void stop() override { script("stop"); }
  void kill() override { script("kill"); }
  void freeze() override {
    ::kill(process(), SIGSTOP);
    while (!all_threads_stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  void thaw() override { ::kill(process(), SIGCONT); }
  void expect_running() override {
    if (::kill(process(), 0) != 0) throw std::runtime_error(content(cluster_ / "1.log"));
  }
  [[nodiscard]] std::string socket() const override { return cluster_ / "1.sock"; }

 private:
  void script(const char* verb) {
    run_program({"sh", GATEHOUSE_SOURCE_DIR "/tests/support/galera.sh", verb, cluster_, "1"},
                cluster_ / "script.log");
  }
  [[nodiscard]] pid_t process() const { return std::stoi(content(cluster_ / "1.pid")); }
  [[nodiscard]] bool all_threads_stopped() const {
    const fs::directory_iterator threads("/proc/" + std::to_string(process()) + "/task");
    return std::all_of(begin(threads), end(threads), [](const auto& thread) {
      return content(thread.path() / "status").find("State:\tT") != std::string::npos;
    });
  }

  fs::path cluster_;
};

}  // namespace

std::unique_ptr<DatabaseServer> make_mariadb(const fs::path& folder,
                                             std::vector<std::string> options) {
  fs::create_directory(folder / "tmp");
  // --force: it is content without a lookup of the host's name (a chroot has no /etc/hosts).
  run_program({"mariadb-install-db", "--no-defaults", "--user=root", "--force",
               "--datadir=" + folder.string() + "/data", "--tmpdir=" + folder.string() + "/tmp",
               "--auth-root-authentication-method=normal", "--skip-test-db"},
              folder / "install.log");
  return std::make_unique<OwnServer>(
      folder, server_command({"mariadbd", "--no-defaults"}, folder, options));
}

std::unique_ptr<DatabaseServer> make_mysql(const std::string& mysqld, const fs::path& folder,
                                           std::vector<std::string> options) {
  fs::create_directory(folder / "tmp");
  run_program(
      {mysqld, "--user=root", "--datadir=" + folder.string() + "/data", "--initialize-insecure"},
      folder / "install.log");
  return std::make_unique<OwnServer>(
      folder, server_command({mysqld, "--mysqlx=OFF", "--secure-file-priv=NULL", "--skip-log-bin"},
                             folder, options));
}

std::unique_ptr<DatabaseServer> make_galera_node(const fs::path& cluster) {
  return std::make_unique<GaleraNode>(cluster);
}

void run_program(const std::vector<std::string>& command, const fs::path& log,
                 const fs::path& input) {
  if (wait_for(spawn(command, log, input)) != 0) throw std::runtime_error(content(log));
}

}  // namespace gatehouse::test
