#include "cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/text.h"

namespace gatehouse::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Fit = Column::Fit;

Table table_of_sessions() {
  Table table({{.heading = "last used"},
               {.heading = "handle"},
               {.heading = "device", .fit = Fit::cut},
               {.heading = "user", .fit = Fit::cut},
               {.heading = "remember", .spare = 2},
               {.heading = "id", .spare = 1, .align = Column::Align::right}});
  table.add({{"2026-11-28T05:44:13Z", "4 min ago"},
             "P_eoC6c_GCnxF39yziRYsA",
             "Firefox on Windows",
             "山田太郎",
             "no",
             "7"});
  table.add({{"2026-11-27T05:44:13Z", "24 h ago"},
             "-_eoC6c_GCnxF39yziRYsB",
             "Chrome on Android",
             "roy",
             "yes",
             "1234"});
  return table;
}

std::vector<std::string> lines_of(const Table& table, const Terminal& terminal) {
  std::ostringstream out;
  table.print(terminal, out);
  std::istringstream in(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Table, IsWholeWhereThereIsNoTerminal) {
  EXPECT_THAT(lines_of(table_of_sessions(), {}),
              ElementsAre("last used             handle                  device              user  "
                          "    remember    id",
                          "2026-11-28T05:44:13Z  P_eoC6c_GCnxF39yziRYsA  Firefox on Windows  "
                          "山田太郎  no           7",
                          "2026-11-27T05:44:13Z  -_eoC6c_GCnxF39yziRYsB  Chrome on Android   roy   "
                          "    yes       1234"));
}

TEST(Table, IsWholeInATerminalThatHasRoom) {
  EXPECT_EQ(lines_of(table_of_sessions(), {.width = 90}), lines_of(table_of_sessions(), {}));
}

TEST(Table, TakesBriefTextsFirst) {
  EXPECT_THAT(
      lines_of(table_of_sessions(), {.width = 89}),
      ElementsAre(
          "last used  handle                  device              user      remember    id",
          "4 min ago  P_eoC6c_GCnxF39yziRYsA  Firefox on Windows  山田太郎  no           7",
          "24 h ago   -_eoC6c_GCnxF39yziRYsB  Chrome on Android   roy       yes       1234"));
}

TEST(Table, CutsWhatMayBeCutThen) {
  EXPECT_THAT(
      lines_of(table_of_sessions(), {.width = 73}),
      ElementsAre("last used  handle                  device        user      remember    id",
                  "4 min ago  P_eoC6c_GCnxF39yziRYsA  Firefox on …  山田太郎  no           7",
                  "24 h ago   -_eoC6c_GCnxF39yziRYsB  Chrome on A…  roy       yes       1234"));
}

TEST(Table, LeavesOutColumnsThenAndSaysWhich) {
  EXPECT_THAT(lines_of(table_of_sessions(), {.width = 60}),
              ElementsAre("last used  handle                  device     user        id",
                          "4 min ago  P_eoC6c_GCnxF39yziRYsA  Firefox …  山田太郎     7",
                          "24 h ago   -_eoC6c_GCnxF39yziRYsB  Chrome o…  roy       1234",
                          "(no room for: remember; --json shows all)"));
}

TEST(Table, BecomesBlocksAtLastAndShowsAll) {
  EXPECT_THAT(lines_of(table_of_sessions(), {.width = 35}),
              ElementsAre("last used  2026-11-28T05:44:13Z", "handle     P_eoC6c_GCnxF39yziRYsA",
                          "device     Firefox on Windows", "user       山田太郎", "remember   no",
                          "id         7", "", "last used  2026-11-27T05:44:13Z",
                          "handle     -_eoC6c_GCnxF39yziRYsB", "device     Chrome on Android",
                          "user       roy", "remember   yes", "id         1234"));
}

TEST(Table, IsNeverWiderThanTheTerminal) {
  for (std::size_t width = 33; width < 120; ++width) {
    for (const auto& line : lines_of(table_of_sessions(), {.width = width})) {
      // The line that names what is left out may wrap.
      if (!line.starts_with("(no room")) {
        EXPECT_LE(width_of(line), width) << line;
      }
    }
  }
}

TEST(Table, NeverCutsWhatSomebodyCopies) {
  for (std::size_t width = 1; width < 120; ++width) {
    std::ostringstream out;
    table_of_sessions().print({.width = width}, out);
    EXPECT_THAT(out.str(), HasSubstr("P_eoC6c_GCnxF39yziRYsA")) << width;
  }
}

TEST(Table, HasColoursOnlyIfTheTerminalHas) {
  Table table({{.heading = "user"}, {.heading = "state"}});
  table.add({"roy", {"disabled", "", Style::bad}});
  EXPECT_THAT(
      lines_of(table, {.width = 80, .colours = true}),
      ElementsAre("\x1b[1muser\x1b[0m  \x1b[1mstate\x1b[0m", "roy   \x1b[31mdisabled\x1b[0m"));
  EXPECT_THAT(lines_of(table, {.width = 80}), ElementsAre("user  state", "roy   disabled"));
}

TEST(Table, EndsNoLineWithBlanks) {
  Table table({{.heading = "rows", .align = Column::Align::right},
               {.heading = "scheme"},
               {.heading = "state"}});
  table.add({"2", "bcrypt", "fine"});
  table.add({"2", "in all", ""});
  table.add({"", "", "fine"});
  table.add({"", "", ""});
  EXPECT_THAT(lines_of(table, {}), ElementsAre("rows  scheme  state", "   2  bcrypt  fine",
                                               "   2  in all", "              fine", ""));
}

TEST(Table, KeepsSoMuchOfATextThatItStillSaysSomething) {
  Table table({{.heading = "device", .fit = Fit::cut, .least = 12}, {.heading = "id", .spare = 1}});
  table.add({"Firefox on Windows", "17"});
  EXPECT_THAT(lines_of(table, {.width = 16}), ElementsAre("device        id", "Firefox on …  17"));
  EXPECT_THAT(lines_of(table, {.width = 15}),
              ElementsAre("device", "Firefox on Win…", "(no room for: id; --json shows all)"));
}

TEST(Table, HasItsHeadingWithoutRows) {
  const Table table({{.heading = "user"}, {.heading = "id"}});
  EXPECT_TRUE(table.empty());
  EXPECT_THAT(lines_of(table, {}), ElementsAre("user  id"));
}

/// Somebody who looks for a user reads the first column, and not the fifth.
TEST(Table, PutsTheColumnThatLeadsFirstWhereItIsNarrow) {
  Table table({{.heading = "last used"}, {.heading = "user", .fit = Fit::cut, .leads = true}});
  table.add({{"2026-11-28T05:44:13Z", "4 min ago"}, "roy"});
  EXPECT_THAT(lines_of(table, {}),
              ElementsAre("last used             user", "2026-11-28T05:44:13Z  roy"));
  EXPECT_THAT(lines_of(table, {.width = 20}), ElementsAre("user  last used", "roy   4 min ago"));
  EXPECT_THAT(lines_of(table, {.width = 10}),
              ElementsAre("user       roy", "last used  2026-11-28T05:44:13Z"));
}

TEST(Table, EndsWithTheSumOfItsRows) {
  Table table({{.heading = "rows", .align = Column::Align::right},
               {.heading = "scheme"},
               {.heading = "a login"}});
  table.add({"7", "bcrypt", "fine"});
  table.add_total("17", "in all");
  EXPECT_THAT(lines_of(table, {}),
              ElementsAre("rows  scheme  a login", "   7  bcrypt  fine", "  17  in all"));
  EXPECT_THAT(lines_of(table, {.width = 10}),
              ElementsAre("rows     7", "scheme   bcrypt", "a login  fine", "", "17 in all"));
}

TEST(EmptyTable, SaysSoInASentenceAndKeepsItsHeadingForPrograms) {
  const Table table({{.heading = "id"}, {.heading = "name"}});
  std::ostringstream out;
  std::ostringstream err;
  print_nothing(table, "there is no user", {out, err});
  EXPECT_EQ(out.str(), "id  name\n");
  EXPECT_EQ(err.str(), "there is no user\n");
  std::ostringstream shown;
  std::ostringstream quiet;
  print_nothing(table, "there is no user", {shown, quiet, {.width = 80}});
  EXPECT_EQ(shown.str() + quiet.str(), "there is no user\n");
}

}  // namespace
}  // namespace gatehouse::cli
