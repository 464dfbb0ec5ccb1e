#include "server/libfcgi.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/fastcgi_client.h"

namespace gatehouse::server {
namespace {

using test::Params;

const Params kLogin = {{"REQUEST_METHOD", "POST"}, {"DOCUMENT_URI", "/login"}};

std::vector<unsigned char> bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

class FcgiCodecTest : public testing::Test {
 protected:
  FcgiCodecTest() { start_libfcgi(); }
  FcgiCodec codec;
};

TEST_F(FcgiCodecTest, ReadsRequestsAndWritesAnswersWithoutAnySocket) {
  for (const std::string body : {"one", "two", ""}) {
    auto bytes = bytes_of(test::request(kLogin, body));
    auto request = codec.read(bytes);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->path(), "/login");
    EXPECT_EQ(request->take_body().view(), body);
    std::string records;
    EXPECT_TRUE(codec.write("Status: 200 OK\r\n\r\n" + body, records));
    EXPECT_NE(records.find("Status: 200 OK\r\n\r\n" + body), std::string::npos);
  }
}

TEST_F(FcgiCodecTest, WipesTheBytesThatItHasRead) {
  auto bytes = bytes_of(test::request(kLogin, "password"));
  ASSERT_TRUE(codec.read(bytes));
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) { return c == 0; }));
}

TEST_F(FcgiCodecTest, WritesAnAnswerOfAnyLengthWhole) {
  auto bytes = bytes_of(test::request(kLogin));
  ASSERT_TRUE(codec.read(bytes));
  std::string records;
  EXPECT_TRUE(codec.write(std::string(1'000'000, 'a'), records));
  EXPECT_GE(std::count(records.begin(), records.end(), 'a'), 1'000'000);
}

TEST_F(FcgiCodecTest, SaysThatThePeerWantsTheConnectionClosed) {
  auto bytes = bytes_of(test::request(kLogin, "", false));
  ASSERT_TRUE(codec.read(bytes));
  std::string records;
  EXPECT_FALSE(codec.write("Status: 200 OK\r\n\r\n", records));
}

TEST_F(FcgiCodecTest, GivesNoRequestWhereBytesAreMissing) {
  auto bytes = bytes_of(test::request(kLogin, "body"));
  bytes.resize(bytes.size() - 9);
  EXPECT_FALSE(codec.read(bytes));
}

}  // namespace
}  // namespace gatehouse::server
