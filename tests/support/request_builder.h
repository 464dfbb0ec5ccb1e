/// Requests as nginx would forward them.
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace gatehouse::test {

class RequestBuilder {
 public:
  RequestBuilder(std::string_view method, std::string_view path) {
    with("REQUEST_METHOD", method).with("DOCUMENT_URI", path);
    with("HTTP_HOST", "example.com").with("REMOTE_ADDR", "192.0.2.1");
  }
  RequestBuilder& with(std::string_view name, std::string_view value) {
    params_.add(name, value);
    return *this;
  }
  RequestBuilder& json(std::string_view body) {
    body_ = body;
    return with("CONTENT_TYPE", "application/json")
        .with("CONTENT_LENGTH", std::to_string(body.size()));
  }
  RequestBuilder& form(std::string_view body) {
    body_ = body;
    return with("CONTENT_TYPE", "application/x-www-form-urlencoded")
        .with("CONTENT_LENGTH", std::to_string(body.size()));
  }
  RequestBuilder& body(std::string_view bytes) {
    body_ = bytes;
    return *this;
  }
  [[nodiscard]] http::Request build() { return {std::move(params_), Secret::copy_of(body_)}; }

 private:
  http::Params params_;
  std::string body_;
};

}  // namespace gatehouse::test
