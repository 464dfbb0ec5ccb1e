#include "mysql/hedged_reader.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace gatehouse::mysql {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

/// What the threads that were asked have said so far.
class HedgedReader::Question {
 public:
  explicit Question(HedgedReader::Use use) : use_(std::move(use)) {}

  [[nodiscard]] const HedgedReader::Use& use() const noexcept { return use_; }
  void asked() {
    const std::lock_guard lock(mutex_);
    ++waiting_;
  }
  void answer(Result<std::any> what) {
    {
      const std::lock_guard lock(mutex_);
      --waiting_;
      if (!answer_ || !*answer_) answer_ = std::move(what);
    }
    changed_.notify_all();
  }
  /// Returns when there is an answer, when nobody is left to give one, or at `until`.
  bool answered_by(std::optional<Clock::time_point> until) {
    std::unique_lock lock(mutex_);
    const auto decided = [this] { return (answer_ && *answer_) || waiting_ == 0; };
    if (until) {
      changed_.wait_until(lock, *until, decided);
    } else {
      changed_.wait(lock, decided);
    }
    return answer_ && *answer_;
  }
  Result<std::any> take() {
    const std::lock_guard lock(mutex_);
    if (!answer_) return fail(Error::Kind::unavailable, "no server answers");
    return std::move(*answer_);
  }

 private:
  const HedgedReader::Use use_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  std::optional<Result<std::any>> answer_;  ///< the first good one, else the last bad one
};

/// One server's thread and connection.
class HedgedReader::Reader {
 public:
  Reader(config::Mysql server, const Secret& password, Access access)
      : server_(std::move(server)), password_(Secret::copy_of(password.view())), access_(access) {}

  /// False if it is still busy with an earlier question.
  bool ask(const std::shared_ptr<Question>& question) {
    const std::lock_guard lock(mutex_);
    if (question_) return false;
    question_ = question;
    asked_at_ = Clock::now();
    question->asked();
    if (!start_thread()) {
      question_.reset();
      failed_ = true;
      question->answer(fail(Error::Kind::unavailable, "no thread can be made to ask MySQL"));
      return true;
    }
    changed_.notify_all();
    return true;
  }
  /// Whether it has failed to answer the latest question, or leaves it without an answer.
  [[nodiscard]] bool stale() {
    const std::lock_guard lock(mutex_);
    return question_ ? Clock::now() - asked_at_ >= kSilent : failed_;
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
    for (;;) {
      std::shared_ptr<Question> question;
      {
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [this] { return question_ != nullptr; })) return;
        question = question_;
      }
      auto answer = ask_server(question->use());
      {
        const std::lock_guard lock(mutex_);
        question_.reset();
        failed_ = !answer;
      }
      question->answer(std::move(answer));
    }
  }

  /// A kept connection may have been closed since: that is no silence, and a new one is tried.
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
      // Each time: it may have left its group since the connection was opened.
      if (auto current = connection_->prove_current(access_); !current) {
        return tl::unexpected(std::move(current.error()));
      }
      return use(*connection_);
    });
    if (connection_->broken()) connection_.reset();
    return answer;
  }

  const config::Mysql server_;
  const Secret password_;
  const Access access_;
  std::unique_ptr<Connection> connection_;  // the thread's
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::shared_ptr<Question> question_;  // under mutex_; null: it is idle
  Clock::time_point asked_at_;          // under mutex_
  bool failed_ = false;                 // under mutex_
  std::jthread thread_;                 // last: it ends before what it uses
};

HedgedReader::HedgedReader(std::vector<config::Mysql> servers, const Secret& password,
                           Access access) {
  for (config::Mysql& server : servers) {
    readers_.push_back(std::make_unique<Reader>(std::move(server), password, access));
  }
}

HedgedReader::~HedgedReader() = default;

HedgedReader::Answer HedgedReader::read(std::size_t first, Use use) {
  const auto question = std::make_shared<Question>(std::move(use));
  const std::size_t count = readers_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (!readers_[(first + i) % count]->ask(question)) continue;
    const bool last = i + 1 == count;
    if (question->answered_by(last ? std::nullopt : std::optional(Clock::now() + kPatience))) {
      return {question->take(), i > 0 && readers_[first % count]->stale()};
    }
  }
  // The last ones may have been busy with earlier questions.
  static_cast<void>(question->answered_by(std::nullopt));
  return {question->take(), false};
}

}  // namespace gatehouse::mysql
