/// A configuration in a folder of its own, and what `check` says of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/check.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli {

class Check : public testing::Test {
 protected:
  void SetUp() override {
    (void)folder_.write("keys", std::string(43, 'A') + "\n", 0640);
    (void)folder_.write("password", "secret\n", 0640);
  }

  /// The exit code; `said_` has the findings without the folder, each with the line of its remedy.
  int check(const std::string& text, bool offline = true) {
    return check_with(text, {.offline = offline});
  }
  int check_with(const std::string& text, const CheckOptions& options) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::check(folder_.write("g.toml", text), options, out, err);
    noted_ = err.str();
    said_.clear();
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      const std::string folder = folder_.path().string() + "/";
      for (auto at = line.find(folder); at != std::string::npos; at = line.find(folder)) {
        line.erase(at, folder.size());
      }
      if (line.starts_with("    ") && !said_.empty()) {
        said_.back() += "\n" + line;
      } else {
        said_.push_back(line);
      }
    }
    return code;
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> said_;
  std::string noted_;
};

/// Settings that are right on this machine, with further lines for [mysql].
inline std::string right(const std::string& more = "") {
  return "[server]\nlisten = \"unix:g.sock\"\nsocket_group = \"root\"\n"
         "[session]\nkey_file = \"keys\"\nstore = \"memory\"\n[mysql]\n" +
         more;
}

}  // namespace gatehouse::cli
