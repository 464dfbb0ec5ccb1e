/// Somebody who answers what the test says, and a host whose programs do what the test says.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "cli/init/console.h"
#include "cli/programs.h"

namespace gatehouse::cli::init {

class FakeConsole final : public Console {
 public:
  explicit FakeConsole(std::deque<std::string> answers = {}) : answers_(std::move(answers)) {}

  void say(std::string_view text) override { said += text; }
  [[nodiscard]] bool can_ask() override { return !answers_.empty(); }
  Result<std::string> ask(const std::string& question) override {
    asked.push_back(question);
    if (answers_.empty()) return fail(Error::Kind::unavailable, "interrupted");
    std::string answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  Result<Secret> ask_secret(const std::string& question) override {
    return ask(question).map([](std::string&& answer) { return Secret(std::move(answer)); });
  }

  std::string said;
  std::vector<std::string> asked;

 private:
  std::deque<std::string> answers_;
};

class FakePrograms final : public Programs {
 public:
  Result<Finished> run(const std::vector<std::string>& words,
                       std::optional<Identity> /*as*/) override {
    calls.push_back(words);
    if (answer) return answer(words);
    return fail(Error::Kind::unavailable, "there is no program " + words.front());
  }

  std::vector<std::vector<std::string>> calls;
  std::function<Result<Finished>(const std::vector<std::string>&)> answer;
};

}  // namespace gatehouse::cli::init
