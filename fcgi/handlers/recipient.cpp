#include "handlers/recipient.h"

#include <string_view>

#include "base/encoding.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

/// Whether a person has followed a link: by Sec-Fetch-Mode, and where a browser does not send that,
/// by what it accepts before anything else.
bool navigates(const http::Request& request) noexcept {
  constexpr std::string_view kPage = "text/html";
  const std::string_view mode = request.param("HTTP_SEC_FETCH_MODE");
  if (!mode.empty()) return mode == "navigate";
  return equal_ignoring_case(request.param("HTTP_ACCEPT").substr(0, kPage.size()), kPage);
}

}  // namespace

bool Recipient::sends_form() const noexcept {
  return pages_ != Pages::never && http::is_form(request_);
}

bool Recipient::sees_page() const noexcept {
  return sends_form() || (pages_ == Pages::to_browsers && navigates(request_));
}

}  // namespace gatehouse::handlers
