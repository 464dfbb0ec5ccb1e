#include "password/shape/expression.h"

#include <gmock/gmock.h>

#include "base/encoding.h"

namespace gatehouse::password {
namespace {

using testing::HasSubstr;

std::string hex_of(const std::string& text, const Inputs& inputs) {
  const auto expression = Expression::parse(text);
  EXPECT_TRUE(expression) << text;
  return expression ? hex_encode(expression->digest(inputs)) : "";
}
std::string why_no_expression(const std::string& text) {
  const auto expression = Expression::parse(text);
  return expression ? "" : expression.error().what;
}

/// Rows of tests/data/applications.tsv.
TEST(Expression, ComputesWhatApplicationsWrite) {
  const auto correct = [](const std::string& text, std::string_view salt, std::string_view key = "",
                          std::string_view name = "") {
    return hex_of(text, {"correct horse", salt, key, name});
  };
  EXPECT_EQ(correct("md5(md5(salt) + md5(password))", "d9323db4"),
            "96a89ba7f9dd8d07b55eb7c02a8183ec");
  EXPECT_EQ(correct("sha1(salt + sha1(salt + sha1(password)))", "fsUDPOBNn"),
            "51966a6a9cc39b63c122183ff643a4a5a63cc889");
  EXPECT_EQ(correct("sha1(salt + sha1(password))", "969dd59a6ed082deb44167e94dad4a81"),
            "a242d817c1b310c6a896925cc98e87218d58004a");
  EXPECT_EQ(correct("md5(password + key)", "", "a+b4lqK7%Uw5z"),
            "74e6f4a236a4ebf2bda2f332f3122a5e");
  EXPECT_EQ(correct("sha1(password + '{' + salt + '}')", "p0k9z8y7x6w5v4u3t2s1r0q9p8o7n6m"),
            "03ab76ae6864340fda30b9fd1445bd112faa0922");
  EXPECT_EQ(hex_of("sha1(lower(name) + password)", {"Tür & Tor \"9\"", "", "", "Roy"}),
            "4acce19a39b9b3c07ace782259ac126a4130d867");
  EXPECT_EQ(hex_of("sha256(password + upper(hex(salt)))",
                   {"correct horse",
                    *hex_decode("D0237B59C0E269046F4183B89CF33A90F799F7363EC23E61ACB6849F33CB0CA5"),
                    "", ""}),
            "b6ac63b870d3efa64bd535a0012cb7b77ee3771d755bf86e085d175ce1a184bc");
}

TEST(Expression, TakesTheWordsOfOtherNotations) {
  const Inputs inputs{"pw", "s", "k", "n"};
  const std::string usual = hex_of("md5(md5(password) + salt)", inputs);
  for (const char* const text :
       {"MD5(md5($pass).$salt)", "md5hex(md5hex(password)+salt)",
        " md5( hex(md5(password)) + salt ) ", "upper(md5(md5(password) + salt))"}) {
    EXPECT_EQ(hex_of(text, inputs), usual) << text;
  }
  EXPECT_NE(hex_of("md5(raw(md5(password)) + salt)", inputs), usual);
  EXPECT_NE(hex_of("md5(upper(md5(password)) + salt)", inputs), usual);
  EXPECT_NE(hex_of("md5(base64(md5(password)) + salt)", inputs), usual);
}

TEST(Expression, SaysWhatIsWrong) {
  EXPECT_THAT(why_no_expression(""), HasSubstr("missing"));
  EXPECT_THAT(why_no_expression("md5(salt)"), HasSubstr("does not hash the password"));
  EXPECT_THAT(why_no_expression("password"), HasSubstr("outermost part must be a digest"));
  EXPECT_THAT(why_no_expression("md5(password"), HasSubstr("a ) is missing"));
  EXPECT_THAT(why_no_expression("md5(password))"), HasSubstr("stands behind it"));
  EXPECT_THAT(why_no_expression("md5(pasword)"), HasSubstr("\"pasword\" is unknown"));
  EXPECT_THAT(why_no_expression("md6(password)"), HasSubstr("\"md6\" is no function"));
  EXPECT_THAT(why_no_expression("md5('a + password)"), HasSubstr("quote"));
  EXPECT_THAT(why_no_expression("md5(md5(md5(md5(password))))"), HasSubstr("more than three"));
  EXPECT_EQ(why_no_expression("md5(md5(md5(password)) + md5(md5(salt)))"), "");
  EXPECT_THAT(why_no_expression("md5(hex(hex(hex(hex(password)))))"), HasSubstr("more than three"));
  EXPECT_EQ(why_no_expression("md5(hex(hex(hex(password))) + upper(hex(md5(upper(hex(salt))))))"),
            "");
  EXPECT_THAT(why_no_expression("md5(password" + std::string(300, ' ') + ")"),
              HasSubstr("256 bytes"));
}

}  // namespace
}  // namespace gatehouse::password
