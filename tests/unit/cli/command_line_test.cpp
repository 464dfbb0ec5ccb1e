#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

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

TEST(CommandLine, NamesAWrongVerbAndTheOneThatMayBeMeant) {
  EXPECT_THAT(run_with({"sesion", "list"}).err,
              HasSubstr("there is no verb \"sesion\". Did you mean \"session\"?"));
  EXPECT_THAT(run_with({"session", "lsit"}).err, HasSubstr("Did you mean \"list\"?"));
  EXPECT_THAT(run_with({"census"}).err, HasSubstr("Did you mean \"password census\"?"));
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
  for (const auto* const verb : {"serve", "check", "init", "migrate"}) {
    const Outcome outcome = run_with({verb});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("/etc/gatehouse/gatehouse.toml does not exist"));
    EXPECT_THAT(outcome.err, HasSubstr("--config FILE"));
  }
}

}  // namespace
}  // namespace gatehouse::cli
