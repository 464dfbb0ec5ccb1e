#include "cli/device.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace gatehouse::cli {
namespace {

std::string value_in(const std::string& line) {
  const auto begin = line.find("\": \"") + 4;
  return line.substr(begin, line.rfind('"') - begin);
}

TEST(Device, HasTheNameThatTheAccountPageShows) {
  std::ifstream file(GATEHOUSE_TEST_DATA "/user-agents.json");
  std::string agent;
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.find("\"agent\":") != std::string::npos) agent = value_in(line);
    if (line.find("\"name\":") == std::string::npos) continue;
    EXPECT_EQ(device_name(agent), value_in(line)) << agent;
    ++count;
  }
  EXPECT_GE(count, 12);
}

TEST(Device, IsUnknownIfNothingIsKnownOfIt) {
  EXPECT_EQ(device_name(""), "Unknown browser");
  EXPECT_EQ(device_name("something"), "Unknown browser");
  EXPECT_EQ(device_name("curl/7.88.1"), "curl");
}

}  // namespace
}  // namespace gatehouse::cli
