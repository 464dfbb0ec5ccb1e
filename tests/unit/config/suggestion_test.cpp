#include "config/suggestion.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace gatehouse::config {
namespace {

constexpr std::array<std::string_view, 4> kNames{"server", "session", "log", "idle_timeout"};

TEST(Suggestion, FindsASlip) {
  EXPECT_EQ(nearest("idle_timeot", kNames), "idle_timeout");
  EXPECT_EQ(nearest("idle_tiemout", kNames), "idle_timeout");
  EXPECT_EQ(nearest("idel_timeoutt", kNames), "idle_timeout");
  EXPECT_EQ(nearest("sever", kNames), "server");
  EXPECT_EQ(nearest("sesion", kNames), "session");
  EXPECT_EQ(nearest("logs", kNames), "log");
}

TEST(Suggestion, PrefersTheNearestOne) {
  constexpr std::array<std::string_view, 2> names{"max_bodies", "max_body"};
  EXPECT_EQ(nearest("max_bdy", names), "max_body");
}

TEST(Suggestion, IsSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest("", kNames), "");
  EXPECT_EQ(nearest("colour", kNames), "");
  EXPECT_EQ(nearest("dog", kNames), "log");
  EXPECT_EQ(nearest("dig", kNames), "");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), kNames), "");
}

}  // namespace
}  // namespace gatehouse::config
