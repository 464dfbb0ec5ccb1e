#include "support/mariadb.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace gatehouse::test {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "gatehouse-mariadb-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  return name;
}

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

}  // namespace

MariaDb::MariaDb(std::vector<std::string> options)
    : folder_(make_folder()), options_(std::move(options)) {
  mysql::Connection::start_library();
  install();
  start();
  config::Mysql anywhere = settings();
  anywhere.database.clear();
  auto root = mysql::Connection::open(anywhere, Secret());
  if (!root || !(*root)->execute("CREATE DATABASE gatehouse")) {
    throw std::runtime_error("no database gatehouse");
  }
}

MariaDb::~MariaDb() {
  if (server_ > 0) end(SIGKILL);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

MariaDb& MariaDb::shared() {
  static MariaDb server;
  return server;
}

void MariaDb::install() {
  const fs::path log = folder_ / "install.log";
  fs::create_directory(folder_ / "tmp");
  // --force: it is content without a look-up of the host's name (a chroot has no /etc/hosts).
  const pid_t installer =
      spawn({"mariadb-install-db", "--no-defaults", "--user=root", "--force",
             "--datadir=" + folder_.string() + "/data", "--tmpdir=" + folder_.string() + "/tmp",
             "--auth-root-authentication-method=normal", "--skip-test-db"},
            log);
  if (wait_for(installer) != 0) throw std::runtime_error(content(log));
}

void MariaDb::start() {
  const std::string folder = folder_.string();
  std::vector<std::string> command = {
      "mariadbd", "--no-defaults", "--user=root", "--datadir=" + folder + "/data",
      // At its start each server clears what others left there.
      "--tmpdir=" + folder + "/tmp", "--socket=" + folder + "/s.sock",
      "--pid-file=" + folder + "/pid", "--innodb-buffer-pool-size=16M",
      "--innodb-flush-log-at-trx-commit=0", "--performance-schema=OFF"};
  if (options_.empty()) command.emplace_back("--skip-networking");
  command.insert(command.end(), options_.begin(), options_.end());
  server_ = spawn(command, folder_ / "server.log");
  wait_until_it_answers();
}

void MariaDb::wait_until_it_answers() {
  config::Mysql anywhere = settings();
  anywhere.database.clear();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!mysql::Connection::open(anywhere, Secret())) {
    const bool ended = ::waitpid(server_, nullptr, WNOHANG) != 0;
    if (ended || std::chrono::steady_clock::now() > limit) {
      if (ended) server_ = -1;
      throw std::runtime_error(content(folder_ / "server.log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void MariaDb::stop() {
  end(SIGTERM);
}
void MariaDb::kill() {
  end(SIGKILL);
}
void MariaDb::freeze() {
  ::kill(server_, SIGSTOP);
  // Until the last of its threads has stopped: one of them may still be answering.
  while (::waitpid(server_, nullptr, WUNTRACED) < 0 && errno == EINTR) {
  }
}

void MariaDb::thaw() {
  ::kill(server_, SIGCONT);
}

void MariaDb::restart() {
  stop();
  start();
}

void MariaDb::end(int signal) {
  ::kill(server_, signal);
  ::kill(server_, SIGCONT);  // a frozen one would not notice SIGTERM
  wait_for(server_);
  server_ = -1;
}

config::Mysql MariaDb::settings() const {
  config::Mysql settings;
  settings.socket = (folder_ / "s.sock").string();
  settings.user = "root";
  settings.connect_timeout = std::chrono::seconds(2);
  settings.timeout = std::chrono::seconds(2);
  return settings;
}

std::unique_ptr<mysql::Connection> MariaDb::connect() const {
  auto connection = mysql::Connection::open(settings(), Secret());
  if (!connection) throw std::runtime_error(connection.error().what);
  return std::move(*connection);
}

void MariaDb::run(std::initializer_list<std::string_view> statements) const {
  const auto root = connect();
  for (const auto statement : statements) {
    if (auto done = root->execute(statement); !done) {
      throw std::runtime_error(fmt::format("{}: {}", statement, done.error().what));
    }
  }
}

void MariaDb::run_file(const fs::path& sql) const {
  const fs::path log = folder_ / "client.log";
  const pid_t client =
      spawn({"mariadb", "--no-defaults", "-uroot", "-S", settings().socket, settings().database},
            log, sql);
  if (wait_for(client) != 0) throw std::runtime_error(content(log));
}

}  // namespace gatehouse::test
