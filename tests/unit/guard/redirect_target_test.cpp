#include "guard/redirect_target.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace gatehouse::guard {
namespace {

/// The origin that a browser ends at when it is sent to `target` from a page of ours: nothing if it
/// is ours. After the WHATWG URL standard, with what browsers do besides (4.4: tabs and line feeds
/// are dropped, a backslash is a slash), written without a look at what is tested.
std::string other_origin(std::string_view target) {
  std::string text;
  for (const char c : target) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    text += c == '\\' ? '/' : c;
  }
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.erase(0, 1);
  if (text.starts_with("//")) return text;
  const auto colon = text.find(':');
  if (colon != std::string::npos && text.find_first_of("/?#") > colon) return text;
  return "";
}

std::string decoded_once(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() && std::isxdigit(text[i + 1]) != 0 &&
        std::isxdigit(text[i + 2]) != 0) {
      byte = static_cast<unsigned>(std::stoul(std::string(text.substr(i + 1, 2)), nullptr, 16));
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

TEST(RedirectTarget, TakesPathsOfThisSite) {
  for (const std::string_view path : {"/",
                                      "/list",
                                      "/list?a=1&b=2",
                                      "/a/b/c.html",
                                      "/list?next=/x&y=%2f%2fevil.example",
                                      "/gatehouse/account",
                                      "/a%20b",
                                      "/%C3%BC?q=%0d%0a",
                                      "/a//b",
                                      "/a/../b",
                                      "/a/./b",
                                      "/.a",
                                      "/..a/b",
                                      "/a?//evil.example",
                                      "/a?http://evil.example/",
                                      "/a:b",
                                      "/a@b",
                                      "/~roy/",
                                      "/a;b=c,d",
                                      "/a%",
                                      "/a%zz",
                                      "/?a",
                                      "/#top",
                                      "/a[]|^`{}"}) {
    EXPECT_EQ(redirect_target(path), path);
  }
}

TEST(RedirectTarget, TakesNoneOfTheKnownAttempts) {
  std::ifstream file(GATEHOUSE_TEST_DATA "/open-redirects.txt");
  std::size_t attempts = 0;
  for (std::string line; std::getline(file, line); ++attempts) {
    const auto taken = redirect_target(line);
    if (!taken) continue;
    // It may be taken where it is but an odd path, however often something decodes it.
    EXPECT_EQ(*taken, line);
    std::string text = line;
    for (int round = 0; round < 4; ++round, text = decoded_once(text)) {
      EXPECT_EQ(other_origin(text), "") << line;
    }
    EXPECT_EQ(line.find_first_not_of('/'), 1U) << line;
  }
  EXPECT_EQ(attempts, 279U);
}

TEST(RedirectTarget, TakesNothingThatLeavesTheSite) {
  for (const std::string_view target : {"",
                                        "list",
                                        "?a",
                                        "#a",
                                        ".",
                                        "..",
                                        "./a",
                                        "../a",
                                        "//",
                                        "//evil.example",
                                        "///evil.example",
                                        "////evil.example",
                                        "http:",
                                        "http://evil.example",
                                        "http:evil.example",
                                        "https:/evil",
                                        "HTTPS://evil.example",
                                        "javascript:alert(1)",
                                        "data:text/html,x",
                                        "mailto:a@b",
                                        " /a",
                                        "\t/a",
                                        "\n//evil.example",
                                        "\\\\evil.example",
                                        "/\\evil.example",
                                        "\\/evil.example",
                                        "/\t/evil.example",
                                        "/\n/evil.example",
                                        "/\r/evil.example",
                                        "/ /evil.example"}) {
    EXPECT_FALSE(redirect_target(target)) << target;
  }
}

TEST(RedirectTarget, TakesNothingThatLeavesTheSiteOnceItIsDecodedOrDotsAreRemoved) {
  for (const std::string_view target : {"/%2fevil.example",
                                        "/%2Fevil.example",
                                        "/%252fevil.example",
                                        "/%25252fevil.example",
                                        "/%5cevil.example",
                                        "/%5Cevil.example",
                                        "/%255cevil.example",
                                        "/%09/evil.example",
                                        "/%0a/evil.example",
                                        "/%0d%0aX:y",
                                        "/%00/evil.example",
                                        "/.//evil.example",
                                        "/..//evil.example",
                                        "/a/..//evil.example",
                                        "/a/b/../..//evil.example",
                                        "/%2e//evil.example",
                                        "/%2e%2e//evil.example",
                                        "/a/%2E%2e//evil.example",
                                        "/a/.%2e//evil.example",
                                        "/a/%252e%252e//evil.example",
                                        "/.%2f/evil.example",
                                        "/a/..%2f%2fevil.example",
                                        "/a%5c",
                                        "/a%0d%0ab",
                                        "/a%7fb",
                                        "/a/../%2fevil.example"}) {
    EXPECT_FALSE(redirect_target(target)) << target;
  }
}

TEST(RedirectTarget, TakesPrintableAsciiAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool plain =
        c > ' ' && byte < 0x7f && std::string_view("\"<>").find(c) == std::string::npos;
    EXPECT_EQ(redirect_target(std::string("/a") + c).has_value(), plain && c != '\\') << byte;
    EXPECT_EQ(redirect_target(std::string("/?a") + c).has_value(), plain) << byte;
  }
}

TEST(RedirectTarget, TakesABackslashBehindThePathAlone) {
  for (const std::string_view target :
       {R"(/a?path=C:\temp)", R"(/?\\evil.example)", R"(/a#\)", R"(/a?b#\/\)"}) {
    EXPECT_EQ(redirect_target(target), target);
  }
  for (const std::string_view target : {R"(/a\?b)", R"(\?/)", R"(/\evil.example?a)", "/%5c?a"}) {
    EXPECT_FALSE(redirect_target(target)) << target;
  }
}

TEST(RedirectTarget, TakesWhatARequestLineOfNginxHolds) {
  EXPECT_TRUE(redirect_target("/" + std::string(8135, 'a')));
  EXPECT_TRUE(redirect_target("/?" + std::string(8134, 'a')));
  EXPECT_FALSE(redirect_target("/" + std::string(8136, 'a')));
}

TEST(RedirectTarget, RefusesAPathThatIsEscapedOverAndOver) {
  std::string chain = "/%";
  while (chain.size() < 8100) chain += "25";
  EXPECT_FALSE(redirect_target(chain + "41"));
  EXPECT_TRUE(redirect_target("/?" + chain + "41"));
}

TEST(RedirectTarget, DecodesTheLongestChainInNoTime) {
  std::string chain = "/%";
  while (chain.size() < 2040) chain += "25";
  EXPECT_FALSE(redirect_target(chain + "2fevil"));
  EXPECT_TRUE(redirect_target(chain + "41"));
}

}  // namespace
}  // namespace gatehouse::guard
