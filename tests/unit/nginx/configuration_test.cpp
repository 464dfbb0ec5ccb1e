#include "nginx/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/temporary_folder.h"

namespace gatehouse::nginx {
namespace {

using testing::HasSubstr;

TEST(NginxConfiguration, ReadsTheOutputOfNginxT) {
  const auto read = read_configuration(
      "nginx: configuration file /e/nginx.conf test is successful\n"
      "# configuration file /e/nginx.conf:\na;\ninclude sites/*.conf;\nd;\n"
      "# configuration file /e/sites/2.conf:\nc;\n# configuration file /e/sites/1.conf:\n\nb;\n"
      "# configuration file /e/sites/sub/3.conf:\nx;\n",
      "-");
  ASSERT_TRUE(read) << read.error().what;
  std::string names;
  for (const auto& one : read->directives) names += one.name;
  EXPECT_EQ(names, "abcd");
  EXPECT_EQ(to_string(read->directives[1].place), "/e/sites/1.conf:2");
}

TEST(NginxConfiguration, ReadsFilesBesideAPlainOne) {
  test::TemporaryFolder folder;
  (void)folder.write("one.conf", "b;\n", 0644);
  const auto file = folder.write("site.conf", "a;\ninclude one.conf;\ninclude none*.conf;\n", 0644);
  const auto read = read_configuration("a;\ninclude one.conf;\ninclude none*.conf;\n", file);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->directives.size(), 2);
  ASSERT_EQ(read->includes.size(), 2);
  EXPECT_EQ(read->includes[1].files, 0);
}

TEST(NginxConfiguration, KnowsSnippetsByTheirNamesForSitesAndByThoseOfAnInstallation) {
  EXPECT_EQ(snippet_name("/etc/nginx/gatehouse/snippets/auth.conf"), "snippets/auth.conf");
  EXPECT_EQ(snippet_name("gatehouse/mount.conf"), "mount.conf");
  EXPECT_EQ(snippet_name("/usr/share/gatehouse/nginx/mount.conf"), "mount.conf");
  EXPECT_EQ(snippet_name("/usr/local/share/gatehouse/nginx/snippets/auth.conf"),
            "snippets/auth.conf");
  EXPECT_EQ(snippet_name("/etc/nginx/my-gatehouse/mount.conf"), "");
  EXPECT_EQ(snippet_name("/etc/nginx/gatehouse/own.conf"), "");
}

TEST(NginxConfiguration, StandsInForSnippetsThatAreNotInstalled) {
  const auto read =
      read_configuration("include gatehouse/snippets/identity-proxy.conf;", "/nonexistent/a");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_TRUE(read->includes[0].shipped);
  EXPECT_EQ(read->directives[0].name, "proxy_set_header");
}

TEST(NginxConfiguration, RefusesWhatIsMissingAndWhatHasNoEnd) {
  EXPECT_EQ(read_configuration("\ninclude b;", "/nonexistent/a").error().what,
            "/nonexistent/a:2: there is no file b");
  EXPECT_THAT(read_configuration("# configuration file a:\ninclude a;\n", "-").error().what,
              HasSubstr("includes are nested too deep"));
  EXPECT_THAT(read_configuration("a {", "f").error().what, HasSubstr("f:1: `a` is never closed"));
}

}  // namespace
}  // namespace gatehouse::nginx
