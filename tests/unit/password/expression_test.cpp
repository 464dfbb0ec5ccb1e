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

TEST(Expression, KnowsHmac) {
  const Inputs inputs{"correct horse", "s@lt", "a key", "Roy"};
  EXPECT_EQ(hex_of("hmac-sha256(key, password)", inputs),
            "016e117dc5b7a48dae8c380130a714a082d8908bfdb4c7fbea205c15d0452cf1");
  EXPECT_EQ(hex_of("hmac-md5(lower(name), password)", inputs), "7c2ab1e88230273c979f294fb612882c");
  EXPECT_EQ(hex_of("hmac-sha512(salt, password)", inputs),
            "acda4162c178473ad988f89ceec9de59dd2d4077c14ad071881a2856f1abf8bca4286d7048f33ca82a939d"
            "86e53bba6be5988727301792488451cb4db9de5ea7");
  EXPECT_EQ(hex_of("hmac-sha1(key, md5(password) + salt)", inputs),
            "b69468e461e02e0a1424a2b0d4935ecc35dea8ab");
  EXPECT_EQ(hex_of("sha1(hmac-md5(salt + key, password))", inputs),
            "9268d060aaec99ea1ddd5850edb7a1750dfdd8e3");
  EXPECT_THAT(why_no_expression("hmac-sha1(password, salt)"), HasSubstr("must not be made of"));
  EXPECT_THAT(why_no_expression("hmac-sha1(password)"), HasSubstr("must not be made of"));
  EXPECT_THAT(why_no_expression("hmac-sha1(key)"), HasSubstr("a comma"));
  EXPECT_THAT(why_no_expression("hmac-sha1(key, salt)"), HasSubstr("does not hash the password"));
  EXPECT_THAT(why_no_expression("hmac-upper(key, password)"), HasSubstr("is no function"));
  EXPECT_THAT(why_no_expression("md5(sha1(md5(hmac-md5(key, password))))"),
              HasSubstr("more than three"));
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
