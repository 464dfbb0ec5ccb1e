/// A protected address, asked as a stranger asks.
#include <fmt/format.h>

#include "base/log.h"
#include "cli/check/parts.h"
#include "cli/stranger/ask.h"

namespace gatehouse::cli::checks {
namespace {

/// What an answer to a stranger means, and what to do.
struct Meaning {
  std::string what;  ///< empty if the answer is as it should be
  std::string remedy;
};

Meaning meaning_of(const StrangersAnswer& answer) {
  constexpr int kForbidden = 403;
  constexpr int kNotFound = 404;
  const int status = answer.status;
  if (is_closed(answer)) return {};
  if (status < 300) {
    return {"it is open to everybody", "`gatehouse check-nginx` (as root) says why"};
  }
  if (status < 400) {
    return {fmt::format("it leads a stranger to {} before anybody is asked",
                        log::quoted(answer.location)),
            "Check that address in its place"};
  }
  if (status == kForbidden) {
    return {"it is closed, but not by Gatehouse, which leads a stranger to the login page",
            "nginx's error log says by what"};
  }
  if (status == kNotFound) {
    return {"there is nothing at this address, or another server of nginx answers",
            "Compare the address with server_name and the locations there"};
  }
  if (status >= 500) {
    return {"nginx cannot ask Gatehouse",
            "Is gatehouse/mount.conf included in this server, and does the service run (`systemctl "
            "status gatehouse`)? nginx's error log says more"};
  }
  return {"a stranger must get 303 to the login page, or 401", "nginx's error log may say more"};
}

}  // namespace

void check_address(const std::string& url, Findings& findings) {
  const auto parsed = Url::parse(url);
  if (!parsed) return findings.add({"--url", 0, parsed.error().what});
  const auto answer = ask_as_stranger(*parsed);
  if (!answer) return findings.add({url, 0, answer.error().what});
  const Meaning meaning = meaning_of(*answer);
  if (meaning.what.empty()) {
    return findings.note(fmt::format(
        "{}: a stranger gets {}, so it is closed{}", url, answer->status,
        is_closed_by_gatehouse(*answer)
            ? ""
            : ", but not by Gatehouse: something else asks first (auth_basic, the application)"));
  }
  findings.add(
      {url, 0, fmt::format("answers {}: {}", answer->status, meaning.what), meaning.remedy});
}

}  // namespace gatehouse::cli::checks
