#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "config/keys.h"
#include "config/load.h"

namespace gatehouse::config {
namespace {

std::string shipped(const std::string& name) {
  std::ifstream file(std::string(GATEHOUSE_SOURCE_DIR) + "/systemd/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `# key = value` and `#key = value` become settings.
std::string with_comments_taken_off(const std::string& text) {
  return std::regex_replace(text, std::regex("(^|\n)#([a-z_]+ = )"), "$1$2");
}

TEST(ShippedConfiguration, IsRight) {
  const Loaded loaded = parse(shipped("gatehouse.toml"), "/etc/gatehouse/gatehouse.toml");
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
  EXPECT_EQ(loaded.settings.session.idle_timeout, std::chrono::minutes(30));
}

TEST(ShippedConfiguration, NamesEachKey) {
  const Loaded loaded = parse(with_comments_taken_off(shipped("gatehouse.toml")), "/etc/g.toml");
  for (const Key& key : keys()) EXPECT_TRUE(loaded.lines.contains(key.name)) << key.name;
}

TEST(ShippedConfiguration, ShowsValuesThatAreAccepted) {
  const Loaded loaded = parse(with_comments_taken_off(shipped("gatehouse.toml")), "/etc/g.toml");
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
}

/// What the man page says of a section.
std::string section_of(const std::string& page, const std::string& name) {
  const auto begin = page.find(".Ss [" + name + "]\n");
  if (begin == std::string::npos) return "";
  return page.substr(begin, page.find("\n.Ss ", begin) - begin);
}

TEST(ManPage, NamesEachKey) {
  const std::string page = shipped("man/gatehouse.toml.5");
  for (const Key& key : keys()) {
    const auto dot = key.name.find('.');
    const std::string section(key.name.substr(0, dot));
    const std::string name(key.name.substr(dot + 1));
    EXPECT_NE(section_of(page, section).find("\n.It Cm " + name + "\n"), std::string::npos)
        << key.name;
  }
}

}  // namespace
}  // namespace gatehouse::config
