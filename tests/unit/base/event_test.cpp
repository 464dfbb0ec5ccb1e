#include "base/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/journal.h"
#include "base/log.h"
#include "base/log_lines.h"
#include "support/fake_clock.h"

namespace gatehouse::log {
namespace {

using testing::HasSubstr;

const Event kRefused{.kind = EventKind::login_refused,
                     .ending = Ending::failure,
                     .message = "login: wrong password",
                     .reason = "wrong_password",
                     .user_id = "7",
                     .user = "j\xc3\xb6rg\" address=6.6.6.6",
                     .address = "192.0.2.1",
                     .user_agent = "a\nb\xff",
                     .request = "4f2a"};

/// The line that the log has of the event in this form.
std::string line_in(Format form, const Event& event) {
  std::ostringstream text;
  auto logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
  logger->set_formatter(line_formatter(false));
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::move(logger));
  set_format(form);
  tell(event);
  set_format(Format::text);
  spdlog::set_default_logger(before);
  return text.str();
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

const std::filesystem::path kRoot = GATEHOUSE_SOURCE_DIR;

/// The words behind `.It Cm` in a part of gatehouse(8), which ends where the next begins.
std::vector<std::string> listed(const std::string& part) {
  const std::string page = read(kRoot / "systemd/man/gatehouse.8");
  const auto begin = page.find("\n.Ss " + part + "\n");
  const auto end = page.find("\n.S", begin + 1);
  const std::string text = page.substr(begin, end - begin);
  std::vector<std::string> words;
  static const std::regex item("\\.It Cm (\\w+)");
  for (std::sregex_iterator at(text.begin(), text.end(), item), last; at != last; ++at) {
    words.push_back((*at)[1]);
  }
  return words;
}

TEST(Event, IsALineForPeopleWithItsFieldsBehindIt) {
  EXPECT_THAT(line_in(Format::text, kRefused),
              HasSubstr(R"(warning: login: wrong password user="jörg\x22 address=6.6.6.6" )"
                        R"(address=192.0.2.1 event=login_refused outcome=failure )"
                        R"(reason=wrong_password id="7" request=4f2a agent="a\x0ab\xff")"
                        "\n"));
}

TEST(Event, IsALineOfLogfmt) {
  const std::string line = line_in(Format::logfmt, kRefused);
  EXPECT_THAT(line, testing::StartsWith("time=20"));
  EXPECT_THAT(line, HasSubstr(R"(Z level=warning msg="login: wrong password" user="jörg)"));
  EXPECT_THAT(line, HasSubstr("event=login_refused outcome=failure reason=wrong_password id=7"));
}

TEST(Event, IsALineOfJsonInAsciiAlone) {
  const std::string line = line_in(Format::json, kRefused);
  EXPECT_THAT(line, testing::StartsWith("{\"time\":\"20"));
  EXPECT_THAT(line,
              HasSubstr(R"("msg":"login: wrong password","user":"j\u00f6rg\u0022 address=6)"));
  EXPECT_THAT(line, HasSubstr(R"("agent":"a\u000ab\ufffd")"));
  EXPECT_THAT(line, testing::EndsWith("}\n"));
  EXPECT_EQ(json_text("\xf0\x9f\x94\x91"), R"("\ud83d\udd11")");
}

TEST(Event, LeavesOutWhatItDoesNotKnow) {
  EXPECT_EQ(as_text({.kind = EventKind::logout, .message = "logout:"}),
            "logout: event=logout outcome=success");
}

TEST(Event, IsAsLoudAsWhatHasHappened) {
  EXPECT_THAT(line_in(Format::text, {.kind = EventKind::login, .message = "x"}),
              HasSubstr(" info: x"));
  EXPECT_THAT(line_in(Format::text, {.kind = EventKind::account_closed, .message = "x"}),
              HasSubstr(" warning: x"));
  EXPECT_THAT(line_in(Format::text, {.kind = EventKind::login_refused,
                                     .ending = Ending::failure,
                                     .message = "x",
                                     .reason = "unavailable"}),
              HasSubstr(" error: x"));
}

TEST(OrdinaryLines, HaveTheSameForms) {
  std::ostringstream text;
  spdlog::logger logger("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
  logger.set_formatter(line_formatter(false));
  set_format(Format::json);
  logger.info("it \"serves\"");
  set_format(Format::logfmt);
  logger.info("it \"serves\"");
  set_format(Format::text);
  EXPECT_THAT(text.str(), HasSubstr(R"("level":"info","msg":"it \u0022serves\u0022"})"));
  EXPECT_THAT(text.str(), HasSubstr(R"(level=info msg="it \x22serves\x22")"));
}

TEST(Events, StandInTheManPageInTheirOrder) {
  std::vector<std::string> names;
  for (const EventKind kind : event_kinds()) names.emplace_back(to_string(kind));
  EXPECT_EQ(listed("Kinds of events"), names);
}

TEST(Events, HaveFieldsThatTheManPageLists) {
  Event all = kRefused;
  all.session = all.detail = "x";
  std::vector<std::string> names;
  for (const auto& [name, value] : fields_of(all)) names.emplace_back(name);
  EXPECT_EQ(listed("Fields"), names);
}

TEST(Events, HaveReasonsThatTheManPageNames) {
  const std::string page = read(kRoot / "systemd/man/gatehouse.8");
  static const std::regex given(
      R"re((?:reason = (?:[^";]*\? )?|return |: |to_revoke\(stored, |tell_shut_out\(user, )"([a-z]+(?:_[a-z]+)*)")re");
  std::size_t found = 0;
  for (const char* file :
       {"handlers/events.cpp", "handlers/sessions.cpp", "handlers/password.cpp",
        "handlers/same_site.cpp", "session/memory/session_cache.cpp",
        "session/memory/session_cache_users.cpp", "session/sync/sync_threads.cpp",
        "cli/serve/daemon.cpp", "cli/audit.cpp"}) {
    std::istringstream lines(read(kRoot / "fcgi" / file));
    for (std::string line; std::getline(lines, line);) {
      const bool told = line.find("reason") != std::string::npos ||
                        line.find("to_revoke(") != std::string::npos ||
                        line.find("tell_shut_out(") != std::string::npos ||
                        (file == std::string("handlers/events.cpp") &&
                         line.find("return \"") != std::string::npos);
      std::smatch match;
      if (!told || !std::regex_search(line, match, given)) continue;
      ++found;
      EXPECT_THAT(page, HasSubstr(".Cm " + match[1].str())) << file;
    }
  }
  EXPECT_GE(found, 20U);
}

TEST(Journal, IsOnlyTheOneThatSystemdHasGiven) {
  std::FILE* const file = std::tmpfile();
  const auto before = std::getenv("JOURNAL_STREAM");
  ASSERT_EQ(before, nullptr) << "this test sets it";
  EXPECT_FALSE(is_journal(::fileno(file)));
  ::setenv("JOURNAL_STREAM", "1:1", 1);
  EXPECT_FALSE(is_journal(::fileno(file))) << "another file";
  ::unsetenv("JOURNAL_STREAM");
  std::fclose(file);
}

TEST(Bounded, LetsSoManyThroughInAMinuteAndCountsTheOthers) {
  test::FakeClock clock;
  Bounded bounded(2, clock);
  EXPECT_EQ(bounded.happened(), 0U);
  EXPECT_EQ(bounded.happened(), 0U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bounded.happened(), std::nullopt);
  clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(bounded.happened(), 5U);
  EXPECT_EQ(bounded.happened(), 0U);
  EXPECT_EQ(bounded.happened(), std::nullopt);
}

}  // namespace
}  // namespace gatehouse::log
