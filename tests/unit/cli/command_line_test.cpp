#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run_with(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "gatehouse");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run(static_cast<int>(arguments.size()), arguments.data());
  std::string out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, SaysItsVersion) {
  const Outcome outcome = run_with({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "gatehouse " GATEHOUSE_VERSION "\n");
}

TEST(CommandLine, SaysItsVerbs) {
  const Outcome outcome = run_with({"--help"});
  EXPECT_EQ(outcome.code, 0);
  for (const auto* const verb : {"serve", "check", "init"}) {
    EXPECT_THAT(outcome.out, HasSubstr(verb));
  }
}

TEST(CommandLine, SaysTheOptionsOfAVerb) {
  const Outcome outcome = run_with({"check", "--help"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("--offline"));
  EXPECT_THAT(outcome.out, HasSubstr("--config FILE"));
}

TEST(CommandLine, IsRefusedWhereItIsWrong) {
  const std::vector<std::vector<const char*>> wrong{{},
                                                    {"fly"},
                                                    {"check", "--config"},
                                                    {"init", "--offline", "--config", "x"},
                                                    {"check", "--config", "x", "y"},
                                                    {"--config", "x", "check"}};
  for (const auto& arguments : wrong) {
    const Outcome outcome = run_with(arguments);
    EXPECT_EQ(outcome.code, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_NE(outcome.err, "");
  }
}

TEST(CommandLine, ReachesEachVerb) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("g.toml", "[log]\nlevel = 1\n").string();
  const std::string problem = file + ":2: log.level: must be a word in quotes, not an integer\n";
  const Outcome check = run_with({"check", "--offline", "--config", file.c_str()});
  EXPECT_EQ(check.code, 1);
  EXPECT_THAT(check.out, HasSubstr(problem));
  const Outcome init = run_with({"init", "--config", file.c_str()});
  EXPECT_EQ(init.code, 1);
  EXPECT_EQ(init.out, problem);
}

TEST(CommandLine, RefusesOptionsOfInitThatDoNotGoTogether) {
  const auto err = [](std::vector<const char*> words) {
    words.insert(words.begin(), {"init", "--yes"});
    const Outcome outcome = run_with(words);
    EXPECT_EQ(outcome.code, 2);
    return outcome.err;
  };
  if (::geteuid() != 0) GTEST_SKIP() << "init wants root";
  EXPECT_THAT(err({"--protect", "/members/"}), HasSubstr("--protect needs --nginx SITE"));
  EXPECT_THAT(err({"--table", "a.b", "--own-table"}), HasSubstr("exclude each other"));
  EXPECT_THAT(err({"--site", "A B"}), HasSubstr("--site shop"));
}

TEST(CommandLine, NamesAWrongVerbAndTheOneThatMayBeMeant) {
  EXPECT_THAT(run_with({"sesion", "list"}).err,
              HasSubstr("there is no verb \"sesion\". Did you mean \"session\"?"));
  EXPECT_THAT(run_with({"session", "lsit"}).err, HasSubstr("Did you mean \"list\"?"));
  EXPECT_THAT(run_with({"census"}).err, HasSubstr("Did you mean \"password census\"?"));
}

TEST(CommandLine, NamesAWrongOptionBehindAnArgumentAndAShortOne) {
  EXPECT_THAT(run_with({"check", "x", "-c"}).err, HasSubstr("there is no option \"-c\"."));
  EXPECT_THAT(run_with({"-v"}).err, HasSubstr("there is no option \"-v\"."));
  EXPECT_THAT(run_with({"check-nginx", "--file", "-", "--rul"}).err,
              HasSubstr("Did you mean \"--rule\"?"));
}

TEST(CommandLine, UnderstandsThatHelpIsWanted) {
  EXPECT_THAT(run_with({"help"}).err, HasSubstr("Did you mean \"--help\"?"));
  EXPECT_THAT(run_with({"session", "help"}).err, HasSubstr("Did you mean \"--help\"?"));
  EXPECT_THAT(run_with({"version"}).err, HasSubstr("Did you mean \"--version\"?"));
  EXPECT_EQ(run_with({"session", "list", "-h"}).code, 0);
}

TEST(CommandLine, HelpsInItsOwnWords) {
  const std::string help = run_with({"session", "revoke", "--help"}).out;
  EXPECT_THAT(help, HasSubstr("\nExactly one of these:\n  --user NAME"));
  EXPECT_THAT(run_with({"session", "list", "--help"}).out, HasSubstr("\nAt most one of these:\n"));
  EXPECT_THAT(run_with({"--help"}).out, HasSubstr("gatehouse [OPTIONS] VERB\n"));
  EXPECT_THAT(run_with({"--help"}).out, HasSubstr("\nVerbs:\n  serve"));
  for (const auto& words : std::vector<std::vector<const char*>>{{"--help"},
                                                                 {"check", "--help"},
                                                                 {"session", "revoke", "--help"},
                                                                 {"password", "verify", "--help"},
                                                                 {"check-nginx", "--help"}}) {
    const std::string text = run_with(words).out;
    for (const auto* const jargon :
         {"ubcommand", "SUBCOMMAND", "Positional", "Group", "Excludes"}) {
      EXPECT_THAT(text, Not(HasSubstr(jargon)));
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(CommandLine, SaysThatAConfigurationIsNotThere) {
  for (const auto& verb : std::vector<std::vector<const char*>>{
           {"check"}, {"session", "list"}, {"key", "list"}, {"init", "--key"}}) {
    auto words = verb;
    words.insert(words.end(), {"--config", "/no/such.toml"});
    const Outcome outcome = run_with(words);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("/no/such.toml does not exist"));
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("`gatehouse init`"));
  }
}

TEST(CommandLine, SaysWhatStandsBehindTwoDashes) {
  EXPECT_THAT(run_with({"key", "promote", "-E5Xo"}).err,
              HasSubstr("(A MARK that begins with - stands behind --)"));
  EXPECT_THAT(run_with({"user", "show", "-bob"}).err, HasSubstr("A NAME that begins with -"));
}

TEST(CommandLine, NamesTheVerbsThatAreMissingBeforeAnOption) {
  EXPECT_THAT(run_with({"user", "role", "--config", "x"}).err,
              HasSubstr("gatehouse user role: a verb is missing: add, remove\n"));
  EXPECT_THAT(run_with({"user", "role", "--config", "x", "add"}).err,
              HasSubstr("stands before its verb"));
}

TEST(CommandLine, KnowsTheWordsOfOtherPrograms) {
  EXPECT_THAT(run_with({"user", "rm", "roy"}).err, HasSubstr("Did you mean \"delete\"?"));
  EXPECT_THAT(run_with({"key", "rm", "x"}).err, HasSubstr("Did you mean \"remove\"?"));
  EXPECT_THAT(run_with({"session", "ls"}).err, HasSubstr("Did you mean \"list\"?"));
  EXPECT_THAT(run_with({"key", "rotate"}).err, HasSubstr("Did you mean \"add\"?"));
  EXPECT_THAT(run_with({"session", "revoke", "roy"}).err, HasSubstr("Did you mean `--user roy`?"));
}

TEST(CommandLine, ListsTheVerbsIfOneIsMissing) {
  EXPECT_THAT(run_with({}).err, HasSubstr("a verb is missing"));
  EXPECT_THAT(run_with({}).err, HasSubstr("check-nginx"));
  EXPECT_THAT(run_with({"session"}).err, HasSubstr("revoke"));
}

TEST(CommandLine, NamesAWrongOptionAndTheOneThatMayBeMeant) {
  EXPECT_THAT(run_with({"check", "--confg", "x"}).err,
              HasSubstr("there is no option \"--confg\". Did you mean \"--config\"?"));
  EXPECT_THAT(run_with({"session", "revoke", "--usr", "x"}).err,
              HasSubstr("Did you mean \"--user\"?"));
}

/// Each in words that say which verb it is and what to type, not in those of a library.
TEST(CommandLine, SaysWhatIsWrongWithEachUse) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> uses{
      {{"session", "revoke"},
       "gatehouse session revoke: one of --user, --id, --handle, --all is needed\n"},
      {{"session", "revoke", "--all", "--user", "roy"},
       "gatehouse session revoke: only one of --user, --id, --handle, --all may be given\n"},
      {{"session", "list", "--user", "roy", "--id", "1"},
       "gatehouse session list: only one of --user, --id may be given\n"},
      {{"check", "--config"}, "gatehouse check: --config needs a value, --config FILE\n"},
      {{"check", "--config", ""},
       "gatehouse check: --config is empty: is a variable of the shell not set?\n"},
      {{"check", "--offline", "--name", "roy"},
       "gatehouse check: --offline and --name exclude each other\n"},
      {{"check", "--offline=maybe"}, "gatehouse check: --offline takes no value\n"},
      {{"user", "add"}, "gatehouse user add: NAME is missing\n"},
      {{"user", "role", "add", "roy"}, "gatehouse user role add: ROLE is missing\n"},
      {{"user", "add", "roy", "--admin-password-file", "x"},
       "gatehouse user add: --admin-password-file needs --admin-user\n"},
      {{"migrate", "now"}, "gatehouse migrate: \"now\" is not expected here"},
      {{"--config", "x", "check"},
       "the option \"--config\" stands before its verb: write it behind\n"},
  };
  for (const auto& [words, says] : uses) {
    const Outcome outcome = run_with(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, testing::StartsWith(says));
  }
  EXPECT_THAT(run_with({"user", "add"}).err,
              testing::EndsWith("\n`gatehouse user add --help` shows how it is written.\n"));
  EXPECT_THAT(run_with({"sesion"}).err,
              testing::EndsWith("\n`gatehouse --help` shows the verbs.\n"));
}

TEST(CommandLine, TakesAHandleThatBeginsWithAHyphen) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("g.toml", "session.store = \"memory\"\n").string();
  for (const auto* const handle : {"-_eoC6c_GCnxF39yziRYsB", "--eoC6c_GCnxF39yziRYsB"}) {
    const Outcome outcome =
        run_with({"session", "revoke", "--handle", handle, "--config", file.c_str()});
    EXPECT_EQ(outcome.code, 1) << outcome.err;  // it came as far as the configuration
    EXPECT_THAT(outcome.err, HasSubstr("session.store is \"memory\""));
  }
}

TEST(CommandLine, SaysWhereItLooksForTheConfiguration) {
  if (std::filesystem::exists("/etc/gatehouse/gatehouse.toml")) GTEST_SKIP();
  for (const auto* const verb : {"serve", "check", "migrate"}) {
    const Outcome outcome = run_with({verb});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("/etc/gatehouse/gatehouse.toml does not exist"));
    EXPECT_THAT(outcome.err, HasSubstr("--config FILE"));
  }
}

}  // namespace
}  // namespace gatehouse::cli
