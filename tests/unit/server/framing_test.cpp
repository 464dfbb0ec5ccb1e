#include "server/framing.h"

#include <gtest/gtest.h>

#include <string>

#include "support/fastcgi_client.h"

namespace gatehouse::server {
namespace {

using test::record;
using test::request;
using State = Framing::State;

const std::string kBegin("\0\1\1\0\0\0\0\0", 8);
const test::Params kParams = {{"REQUEST_METHOD", "GET"}, {"HTTP_COOKIE", std::string(300, 'c')}};

State state_of(const std::string& bytes) {
  return check_framing({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}).state;
}

TEST(Framing, AcceptsARequestAsNginxSendsIt) {
  EXPECT_EQ(state_of(request(kParams)), State::complete);
  EXPECT_EQ(state_of(request(kParams, "{\"a\":1}")), State::complete);
  EXPECT_EQ(state_of(request({})), State::complete);
}

TEST(Framing, WaitsForTheRestAtEachByte) {
  const std::string whole = request(kParams, "body");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(state_of(whole.substr(0, size)), State::incomplete) << size;
  }
}

TEST(Framing, FollowsPairsAcrossRecords) {
  const std::string pairs = test::pairs(kParams);
  for (std::size_t cut = 1; cut < pairs.size(); ++cut) {
    EXPECT_EQ(state_of(record(1, kBegin) + record(4, pairs.substr(0, cut)) +
                       record(4, pairs.substr(cut)) + record(4, "") + record(5, "")),
              State::complete)
        << cut;
    EXPECT_EQ(state_of(record(1, kBegin) + record(4, pairs.substr(0, cut)) + record(4, "")),
              cut == 19 ? State::incomplete : State::malformed)
        << cut << ": only the border of the two pairs may end the parameters";
  }
}

TEST(Framing, GivesTheIdOfTheRequest) {
  const std::string bytes =
      record(1, kBegin, 0, 700) + record(4, "", 0, 700) + record(5, "", 0, 700);
  const auto framing =
      check_framing({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
  EXPECT_EQ(framing.state, State::complete);
  EXPECT_EQ(framing.request_id, 700);
}

TEST(Framing, RefusesWhatNginxNeverSends) {
  const std::string begin = record(1, kBegin);
  const std::string question = record(9, test::pairs({{"FCGI_MPXS_CONNS", ""}}), 0, 0);
  const std::string name_of_1_mib("\x80\x10\0\0\x01x", 6);
  const std::string value_of_64_kib_and_one("\x01\x80\x01\0\x01x", 6);
  for (const auto& [what, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"garbage", "GET / HTTP/1.1\r\n\r\n"},
           {"one byte of garbage", "G"},
           {"another version", std::string("\2\1\0\1\0\0\0\0", 8)},
           {"FCGI_GET_VALUES first", question},
           {"FCGI_GET_VALUES inside", begin + question},
           {"FCGI_GET_VALUES in the body", begin + record(4, "") + question},
           {"FCGI_GET_VALUES as padding", begin + std::string("\1\4\0\1\0\0\x19\0", 8) + question},
           {"unknown management", record(77, "12345678", 0, 0)},
           {"an unknown type first", record(77, kBegin)},
           {"an unknown type", begin + record(99, "")},
           {"abort", begin + record(2, "")},
           {"data", begin + record(4, "") + record(8, "x")},
           {"a body before the parameters", begin + record(5, "")},
           {"parameters first", record(4, "")},
           {"two begins", begin + begin},
           {"id 0", record(1, kBegin, 0, 0)},
           {"another id inside", begin + record(4, "", 0, 2)},
           {"authorizer", record(1, std::string("\0\2\1\0\0\0\0\0", 8))},
           {"filter", record(1, std::string("\0\3\1\0\0\0\0\0", 8))},
           {"a short begin", record(1, std::string("\0\1\1", 3))},
           {"a padded begin", record(1, kBegin, 8)},
           {"a padded end", begin + record(4, "", 8)},
           {"a name that fits no request", begin + record(4, name_of_1_mib)},
           {"a value that fits no request", begin + record(4, value_of_64_kib_and_one)},
           {"a pair cut by the end", begin + record(4, std::string("\5\0nam", 5)) + record(4, "")},
           {"a second request", request({}) + request({})},
           {"a byte behind", request({}) + "\1"}}) {
    EXPECT_EQ(state_of(bytes), State::malformed) << what;
  }
}

TEST(Framing, TellsABodyThatIsTooLongFromParametersThatAre) {
  std::string body = record(1, kBegin) + record(4, "");
  while (body.size() < kMaxRequestBytes) body += record(5, std::string(8000, 'b'));
  EXPECT_EQ(state_of(body.substr(0, kMaxRequestBytes)), State::oversized);
  EXPECT_EQ(state_of(body.substr(0, kMaxRequestBytes - 1)), State::incomplete);

  std::string params = record(1, kBegin);
  while (params.size() < kMaxRequestBytes) {
    params += record(4, test::pairs({{"X", std::string(8000, 'x')}}));
  }
  EXPECT_EQ(state_of(params.substr(0, kMaxRequestBytes)), State::malformed);
}

}  // namespace
}  // namespace gatehouse::server
