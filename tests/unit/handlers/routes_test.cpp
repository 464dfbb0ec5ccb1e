/// The table of routes: what each row needs is checked before its handler, and nowhere else.
#include "handlers/routes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "support/fakes/endpoint_test.h"

namespace gatehouse::handlers {
namespace {

using test::RequestBuilder;

class RoutesTest : public test::EndpointTest {
 protected:
  /// One request of each method that a row takes, with a live session, from another site's page.
  std::vector<http::Response> from_another_site(const Endpoint& row) {
    std::vector<http::Response> responses;
    const std::string path = row.path.ends_with('/') && row.path.size() > 1
                                 ? std::string(row.path) + "x"
                                 : std::string(row.path);
    for (const auto method : {http::Method::get, http::Method::post, http::Method::del}) {
      if (!row.methods.has(method)) continue;
      responses.push_back(answer(RequestBuilder(to_string(method), path)
                                     .json(test::kLogin)
                                     .with("HTTP_COOKIE", session)
                                     .with("HTTP_ORIGIN", "https://evil.example")
                                     .with("HTTP_SEC_FETCH_SITE", "cross-site")
                                     .build()));
    }
    return responses;
  }

  std::string session = cookie(log_in());
};

bool changes_state(const Endpoint& row) {
  return row.access == http::Access::open &&
         (row.path == "/logout" || !row.methods.has(http::Method::get));
}

TEST_F(RoutesTest, AreClosedToOtherSitesWhereTheyChangeState) {
  users.let_write(true);
  std::size_t closed = 0;
  for (const Endpoint& row : routes()) {
    if (!changes_state(row)) continue;
    for (const auto& response : from_another_site(row)) {
      EXPECT_EQ(response.status, 403) << row.path;
      EXPECT_EQ(header(response, "Set-Cookie"), "") << row.path;
      ++closed;
    }
  }
  EXPECT_EQ(closed, 8U) << "login, logout by GET and POST, one session, the others, password, "
                           "the forms of devices, a link";
  EXPECT_EQ(home(session).status, 200) << "nothing was revoked";
}

TEST_F(RoutesTest, AreProtectedWhereTheirHandlerChangesStateInAnotherRow) {
  std::size_t shared = 0;
  for (const Endpoint& row : routes()) {
    for (const Endpoint& other : routes()) {
      if (&row == &other || row.handle != other.handle || !changes_state(other)) continue;
      EXPECT_TRUE(has(row.needs, Needs::same_site) || has(row.needs, Needs::same_site_link))
          << row.path;
      ++shared;
    }
  }
  EXPECT_EQ(shared, 2U) << "logout by GET and by POST";
}

TEST_F(RoutesTest, AskForASessionBeforeTheirHandlerRuns) {
  users.let_write(true);
  for (const Endpoint& row : routes()) {
    if (!has(row.needs, Needs::session)) continue;
    auto request = RequestBuilder("GET", row.path).build();
    request.let_wait();
    const auto response = application.handle(row, request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 401) << row.path;
    EXPECT_EQ(header(*response, "Vary"), "Cookie") << row.path;
  }
}

TEST_F(RoutesTest, RunNoHandlerBeforeAllThatTheyNeedIsThere) {
  for (const Needs needs : {Needs::password_updates, Needs::same_site, Needs::same_site_link,
                            Needs::readiness, Needs::session}) {
    const Endpoint row{{"/", {http::Method::get}, http::Lane::instant, http::Access::open},
                       [](const Services&, Visitor&) -> http::Response {
                         ADD_FAILURE() << "the handler runs";
                         return {};
                       },
                       needs};
    ready = false;
    auto request = RequestBuilder("GET", "/").with("HTTP_ORIGIN", "https://evil.example").build();
    EXPECT_GE(application.handle(row, request)->status, 400);
  }
}

using Files = std::set<std::string>;

/// The files that stand around the handlers: what is checked for them all is checked here.
const Files kDoor = {"answers.cpp", "application.cpp", "recipient.cpp",
                     "routes.cpp",  "same_site.cpp",   "visitor.cpp"};

/// The sources of the floor, without those of the door or with nothing else, that match.
Files files_that_say(const std::regex& words, bool of_the_door) {
  Files files;
  const std::filesystem::path folder = std::string(GATEHOUSE_SOURCE_DIR) + "/fcgi/handlers";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.path().extension() != ".cpp" || kDoor.contains(name) != of_the_door) continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (std::regex_search(text, words)) files.insert(name);
  }
  return files;
}

/// What a handler leaves to its row: where a request comes from, whether its answer is a page, and
/// whose session it brings.
const std::regex kOfTheRow(
    "same_site|is_form|sends_form|sees_page|see_other|read_json|read_form|CONTENT_TYPE|SEC_FETCH|"
    "HTTP_ORIGIN|HTTP_COOKIE|look_up|sessions\\.find|may_wait|patience");

TEST(Handlers, NameNeitherTheOriginOfARequestNorItsFormNorTheLookupOfItsSession) {
  EXPECT_EQ(files_that_say(kOfTheRow, false), Files{});
  EXPECT_EQ(files_that_say(kOfTheRow, true), kDoor) << "the words above are those of the code";
}

}  // namespace
}  // namespace gatehouse::handlers
