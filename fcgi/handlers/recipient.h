/// Who gets an answer, and in which form.
#pragma once

#include "handlers/endpoint.h"
#include "http/request.h"

namespace gatehouse::handlers {

/// Says whether the answer to a request is a page or JSON, from the request and its row alone: it
/// needs no service, so that a process that has none can answer, too. Lives while one request is
/// handled, on one thread.
class Recipient {
 public:
  Recipient(const Endpoint& endpoint, const http::Request& request) noexcept
      : request_(request), pages_(endpoint.pages) {}

  [[nodiscard]] const http::Request& request() const noexcept { return request_; }

  /// Whether the answer is a page, as the row says. Application and answers.h ask it: a handler
  /// names the outcome.
  [[nodiscard]] bool sees_page() const noexcept;
  /// Whether the body is a form, where the row has pages for those who send one.
  [[nodiscard]] bool sends_form() const noexcept;
  /// Whether it is a form of the account page, which then tells the outcome. (The login page tells
  /// that of other forms.)
  [[nodiscard]] bool comes_from_account() const noexcept {
    return pages_ == Pages::to_forms_of_account && sends_form();
  }

 private:
  const http::Request& request_;
  Pages pages_;
};

}  // namespace gatehouse::handlers
