/// A protected address, asked as a stranger asks.
#include <fmt/format.h>

#include "base/log.h"
#include "cli/check/parts.h"
#include "cli/stranger/ask.h"

namespace gatehouse::cli::checks {
namespace {

/// What an answer to a stranger means, and what to do; "" if it is as it should be.
std::string meaning_of(const StrangersAnswer& answer) {
  constexpr int kSeeOther = 303;
  constexpr int kUnauthorized = 401;
  constexpr int kForbidden = 403;
  constexpr int kNotFound = 404;
  const int status = answer.status;
  if (status == kSeeOther || status == kUnauthorized) return "";
  if (status < 300) {
    return "it is open to everybody: `gatehouse check-nginx` (as root) says why";
  }
  if (status < 400) {
    return fmt::format("it leads a stranger to {} before anybody is asked: check that address",
                       log::quoted(answer.location));
  }
  if (status == kForbidden) {
    return "it is closed, but not by Gatehouse, which leads a stranger to the login page: look at "
           "nginx's error log";
  }
  if (status == kNotFound) {
    return "there is nothing at this address, or another server of nginx answers: check "
           "server_name "
           "and the address";
  }
  if (status >= 500) {
    return "nginx cannot ask Gatehouse: is gatehouse/mount.conf included in this server, and does "
           "the service run (`systemctl status gatehouse`)? nginx's error log says more";
  }
  return "a stranger must get 303 or 401";
}

config::Problem problem(const std::string& url, std::string what) {
  return {url, 0, std::move(what)};
}

}  // namespace

void check_address(const std::string& url, Findings& findings) {
  const auto parsed = Url::parse(url);
  if (!parsed) return findings.add({"--url", 0, parsed.error().what});
  const auto answer = ask_as_stranger(*parsed);
  if (!answer) return findings.add(problem(url, answer.error().what));
  if (const std::string meaning = meaning_of(*answer); !meaning.empty()) {
    findings.add(problem(url, fmt::format("answers {}: {}", answer->status, meaning)));
  }
}

}  // namespace gatehouse::cli::checks
