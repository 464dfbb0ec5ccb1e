#include "mysql/hedged_reader.h"

#include <pthread.h>

#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "base/monitor.h"

namespace gatehouse::mysql {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kForever = Clock::time_point::max();

}  // namespace

/// One read, shared by the threads that were asked to do it. Thread-safe.
class HedgedReader::Question {
 public:
  explicit Question(HedgedReader::Use use) : use_(std::move(use)) {}

  [[nodiscard]] const HedgedReader::Use& use() const noexcept { return use_; }
  /// Notes that one more thread will answer.
  void asked() {
    state_.with([](State& state) { ++state.waiting; });
  }
  void answer(Result<std::any> what) {
    state_.change([&](State& state) {
      --state.waiting;
      if (!state.answered()) state.answer = std::move(what);
    });
  }
  /// Waits for a good answer, until nobody is left to give one, and until `until` at most. True if
  /// there is a good one.
  bool answered_by(Clock::time_point until) {
    state_.wait_until(
        std::stop_token(), until,
        [](const State& state) { return state.answered() || state.waiting == 0; },
        [](const State& /*state*/) {});
    return state_.with([](const State& state) { return state.answered(); });
  }
  Result<std::any> take() {
    return state_.with([](State& state) -> Result<std::any> {
      if (!state.answer) return fail(Error::Kind::unavailable, "no MySQL server answers");
      return std::move(*state.answer);
    });
  }

 private:
  struct State {
    int waiting = 0;                         ///< threads that will answer still
    std::optional<Result<std::any>> answer;  ///< the first good one, else the last bad one
    [[nodiscard]] bool answered() const { return answer && *answer; }
  };
  const HedgedReader::Use use_;
  Monitor<State> state_;
};

/// One server's thread and connection. ask() and stale() are for the caller of HedgedReader.
class HedgedReader::Reader {
 public:
  Reader(config::Mysql server, const Secret& password, Access access)
      : server_(std::move(server)), password_(Secret::copy_of(password.view())), access_(access) {}

  /// Hands the question to the thread. False if that is still busy with an earlier one.
  bool ask(const std::shared_ptr<Question>& question) {
    const bool taken = state_.change_for_one([&](State& state) {
      if (state.question) return false;
      state.question = question;
      state.asked_at = Clock::now();
      question->asked();
      return true;
    });
    if (!taken || start_thread()) return taken;
    state_.with([](State& state) {
      state.question.reset();
      state.failed = true;
    });
    question->answer(fail(Error::Kind::unavailable,
                          "no thread can be made to ask MySQL: see TasksMax= of the unit"));
    return true;
  }
  /// Whether it has failed to answer the latest question, or leaves it without an answer.
  [[nodiscard]] bool stale() const {
    return state_.with([](const State& state) {
      return state.question ? Clock::now() - state.asked_at >= kSilent : state.failed;
    });
  }

 private:
  /// Makes the thread, if there is none yet. False where the system has none to give: the next
  /// question tries again, since an exception here would end the process.
  bool start_thread() {
    if (thread_.joinable()) return true;
    try {
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    } catch (const std::system_error&) {
      return false;
    }
    return true;
  }

  void run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "mysql-read");
    std::shared_ptr<Question> question;
    while (state_.wait(
        stop, [](const State& state) { return state.question != nullptr; },
        [&](const State& state) { question = state.question; })) {
      auto answer = ask_server(question->use());
      state_.with([&](State& state) {
        state.question.reset();
        state.failed = !answer;
      });
      question->answer(std::move(answer));
      question.reset();
    }
  }

  /// Asks once, and once more on a new connection where the kept one has been closed since: that is
  /// no silence of the server.
  Result<std::any> ask_server(const Use& use) {
    const bool kept = connection_ != nullptr;
    const auto begun = Clock::now();
    auto answer = ask_once(use);
    if (!answer && kept && !connection_ && Clock::now() - begun < kPatience) answer = ask_once(use);
    return answer;
  }

  Result<std::any> ask_once(const Use& use) {
    if (!connection_) {
      auto opened = Connection::open(server_, password_, Access::reading);
      if (!opened) return tl::unexpected(std::move(opened.error()));
      connection_ = std::move(*opened);
    }
    auto answer = connection_->with_causal_reads([&]() -> Result<std::any> {
      // This is asked each time, since the server may have left its group after it was connected.
      if (auto current = connection_->prove_current(access_); !current) {
        return tl::unexpected(std::move(current.error()));
      }
      return use(*connection_);
    });
    if (connection_->broken()) connection_.reset();
    return answer;
  }

  struct State {
    std::shared_ptr<Question> question;  ///< null: the thread is idle
    Clock::time_point asked_at;
    bool failed = false;  ///< the latest question
  };
  const config::Mysql server_;
  const Secret password_;
  const Access access_;
  std::unique_ptr<Connection> connection_;  ///< for the thread alone
  Monitor<State> state_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

HedgedReader::HedgedReader(std::vector<config::Mysql> servers, const Secret& password,
                           Access access) {
  for (config::Mysql& server : servers) {
    readers_.push_back(std::make_unique<Reader>(std::move(server), password, access));
  }
}

HedgedReader::~HedgedReader() = default;

HedgedReader::Answer HedgedReader::read(std::size_t first, Use use) {
  reading_.wait(
      std::stop_token(), [](bool taken) { return !taken; }, [](bool& taken) { taken = true; });
  Answer answer = read_alone(first, std::move(use));
  reading_.change_for_one([](bool& taken) { taken = false; });
  return answer;
}

HedgedReader::Answer HedgedReader::read_alone(std::size_t first, Use use) {
  const auto question = std::make_shared<Question>(std::move(use));
  const std::size_t count = readers_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (!readers_[(first + i) % count]->ask(question)) continue;
    const bool last = i + 1 == count;
    if (question->answered_by(last ? kForever : Clock::now() + kPatience)) {
      return {question->take(), i > 0 && readers_[first % count]->stale()};
    }
  }
  // If the last servers were busy with earlier questions, nobody has waited for the others yet.
  question->answered_by(kForever);
  return {question->take(), false};
}

}  // namespace gatehouse::mysql
