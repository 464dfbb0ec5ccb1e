/// A configuration, and the names of what is found in it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "nginx/rules.h"

namespace gatehouse::nginx {

/// `http { … }` with the program's own snippets: what is found, as "rule", or "(rule)" for a
/// warning.
class NginxRules : public testing::Test {
 protected:
  std::vector<std::string> found(const std::string& http) {
    auto configuration = read_configuration("http {\n" + http + "\n}", "/nonexistent/site.conf");
    EXPECT_TRUE(configuration) << configuration.error().what;
    if (!configuration) return {"unreadable"};
    auto site = Site::build(std::move(*configuration));
    EXPECT_TRUE(site) << site.error().what;
    if (!site) return {"unreadable"};
    all_ = inspect(*site, [](std::string_view demand) {
      return demand == "*" || demand == "admin" || demand == "admin/300";
    });
    std::vector<std::string> names;
    for (const auto& one : all_) {
      EXPECT_NE(std::find(finding_names().begin(), finding_names().end(), one.rule),
                finding_names().end())
          << one.rule << " is missing in finding_names()";
      names.push_back(one.weight == Finding::Weight::open ? one.rule : "(" + one.rule + ")");
    }
    return names;
  }
  /// The same of a server that mounts Gatehouse.
  std::vector<std::string> mounted(const std::string& body) {
    return found(
        "include gatehouse/http.conf;\nserver {\nroot /srv/www;\ninclude gatehouse/mount.conf;\n" +
        body + "\n}");
  }
  std::vector<Finding> all_;
};

inline constexpr const char* kPhp =
    "location ~ \\.php$ { fastcgi_pass unix:/p; fastcgi_param SCRIPT_FILENAME "
    "$document_root$fastcgi_script_name; }\n";
inline constexpr const char* kMembers = "location ^~ /members/ { auth_request gatehouse:*; }\n";

}  // namespace gatehouse::nginx
