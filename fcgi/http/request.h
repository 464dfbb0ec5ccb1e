/// One request, as nginx forwards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "guard/client_address.h"
#include "http/transport.h"

namespace gatehouse::http {

enum class Method : std::uint8_t { get, head, post, put, del, options, other };
[[nodiscard]] Method parse_method(std::string_view text) noexcept;
[[nodiscard]] std::string_view to_string(Method method) noexcept;

/// The CGI parameters (RFC 3875 §4.1). If a name is repeated, the last value counts, as in PHP;
/// several HTTP_COOKIE are joined by "; " (RFC 9113 §8.2.3). They hold tokens, so the destructor
/// wipes them. Not thread-safe.
class Params {
 public:
  Params() = default;
  /// Makes room for names and values of `bytes` in all, since growing would leave copies behind.
  explicit Params(std::size_t bytes);
  Params(Params&&) noexcept = default;
  Params& operator=(Params&&) noexcept = default;
  Params(const Params&) = delete;
  Params& operator=(const Params&) = delete;
  ~Params();

  void add(std::string_view name, std::string_view value);
  /// The value of the parameter; empty if it is absent. It is valid until the next `add`.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
  /// True if a GATEHOUSE_* name came twice, so that nginx's configuration contradicts itself.
  [[nodiscard]] bool contradictory() const noexcept { return contradictory_; }

 private:
  struct Span {
    std::uint32_t offset;
    std::uint32_t size;
  };
  struct Entry {
    Span name;
    Span value;
  };
  [[nodiscard]] std::string_view text(Span span) const noexcept {
    return {bytes_.data() + span.offset, span.size};
  }
  Span append(std::string_view text);
  Entry* find(std::string_view name) noexcept;

  std::string bytes_;  // all names and values, one after the other
  std::vector<Entry> entries_;
  std::uint64_t marks_ = 0;  // of all names (mark_of)
  bool contradictory_ = false;
};

/// A whole request with its body.
class Request {
 public:
  Request(Params params, Secret body);

  [[nodiscard]] Method method() const noexcept { return method_; }
  /// The path that chooses the route: PATH_INFO if nginx sends a non-empty one, else DOCUMENT_URI.
  [[nodiscard]] std::string_view path() const noexcept;
  /// TLS if nginx says that the visitor came over it (HTTPS=on), or the settings do
  /// (came_over_tls).
  [[nodiscard]] Transport transport() const noexcept { return transport_; }
  void came_over_tls() noexcept { transport_ = Transport::tls; }
  /// True if nginx vouches for this as a request of its own (GATEHOUSE_INTERNAL=1).
  [[nodiscard]] bool internal() const noexcept;
  [[nodiscard]] std::string_view param(std::string_view name) const noexcept {
    return params_.get(name);
  }
  [[nodiscard]] bool contradictory() const noexcept { return params_.contradictory(); }
  [[nodiscard]] guard::ClientAddress client() const {
    return guard::ClientAddress::parse(param("REMOTE_ADDR"));
  }

  /// True if the thread that handles it may wait for the database. Those of the instant lane may
  /// not.
  [[nodiscard]] bool may_wait() const noexcept { return may_wait_; }
  void let_wait() noexcept { may_wait_ = true; }

  [[nodiscard]] std::size_t body_size() const noexcept { return body_.size(); }
  /// True if CONTENT_LENGTH is absent or equals the length of the body that came.
  [[nodiscard]] bool body_complete() const noexcept;
  /// Hands the body over. The request's own is empty from then on.
  [[nodiscard]] Secret take_body() noexcept { return std::move(body_); }

 private:
  Params params_;
  Secret body_;
  Method method_;
  Transport transport_;
  bool may_wait_ = false;
};

}  // namespace gatehouse::http
