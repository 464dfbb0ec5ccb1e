/// What is derived from the keys beside tokens: fingerprints, handles and marks.
#include <gtest/gtest.h>

#include <set>

#include "session/keys/fingerprint.h"
#include "session/keys/handle.h"
#include "session/store/refused.h"

namespace gatehouse::session {
namespace {

KeyRing ring(std::string_view keys) {
  std::string text;
  for (const char key : keys) text += std::string(42, key) + "A\n";
  return *KeyRing::parse(Secret(std::move(text)));
}

SessionId id_of(char byte) {
  SessionId id;
  id.bytes.fill(byte);
  return id;
}

TEST(Fingerprints, TellPasswordsUsersAndKeysApart) {
  const Fingerprints a(ring("A"));
  const Fingerprints b(ring("B"));
  const std::set<Fingerprint> all = {Fingerprint::unknown,
                                     a.of(user::UserId("1"), "hash"),
                                     a.of(user::UserId("1"), "hash2"),
                                     a.of(user::UserId("2"), "hash"),
                                     a.of(user::UserId("1"), ""),
                                     b.of(user::UserId("1"), "hash")};
  EXPECT_EQ(all.size(), 6U);
  EXPECT_EQ(a.of(user::UserId("1"), "hash"), Fingerprints(ring("A")).of(user::UserId("1"), "hash"));
}

TEST(Fingerprints, OfEachKeyAreKnownAcrossARotation) {
  const Fingerprints before(ring("AB"));
  const Fingerprints after(ring("BA"));
  EXPECT_EQ(before.all_of(user::UserId("1"), "hash").front(), before.of(user::UserId("1"), "hash"));
  EXPECT_EQ(after.all_of(user::UserId("1"), "hash").back(), before.of(user::UserId("1"), "hash"));
}

TEST(Fingerprints, TellASessionWhoseKeyIsGone) {
  const auto rows = [](std::string id, const char* hash) {
    user::Matches found;
    found.users.push_back({user::UserId(std::move(id)), "roy", Secret(std::string(hash))});
    return found;
  };
  StoredSession session;
  session.user_id = user::UserId("1");
  session.fingerprint = Fingerprints(ring("A")).of(user::UserId("1"), "hash");
  EXPECT_FALSE(is_refused(session, Fingerprints(ring("BA")), rows("1", "hash")))
      << "it signs no more";
  EXPECT_TRUE(is_refused(session, Fingerprints(ring("B")), rows("1", "hash"))) << "it was removed";
  EXPECT_TRUE(is_refused(session, Fingerprints(ring("A")), rows("1", "another hash")));
  EXPECT_FALSE(is_refused(session, Fingerprints(ring("B")), rows("2", "hash"))) << "no row tells";
  session.next_fingerprint = Fingerprints(ring("B")).of(user::UserId("1"), "hash");
  EXPECT_FALSE(is_refused(session, Fingerprints(ring("B")), rows("1", "hash")));
}

TEST(Handles, NameASessionWithoutItsId) {
  const HandleMaker handles(ring("A"));
  EXPECT_EQ(handles.of(id_of('x')).size(), 22U);
  EXPECT_NE(handles.of(id_of('x')), handles.of(id_of('y')));
  EXPECT_NE(handles.of(id_of('x')), HandleMaker(ring("B")).of(id_of('x')));
}

TEST(KeyMarks, NameEachKeyInItsOrder) {
  const auto marks = ring("AB").marks();
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[0].size(), 22U);
  EXPECT_NE(marks[0], marks[1]);
  EXPECT_EQ(ring("BA").marks()[1], marks[0]);
}

}  // namespace
}  // namespace gatehouse::session
