#include "cli/stranger/stream.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/fd.h"

namespace gatehouse::cli {
namespace {

using Deadline = Stream::Deadline;

constexpr std::size_t kPiece = 4096;

tl::unexpected<Error> away(std::string why) {
  return fail(Error::Kind::unavailable, std::move(why));
}

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// Waits for the events of poll(2). False at the deadline.
bool wait_for(int fd, short events, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

tl::unexpected<Error> no_answer() {
  return away("no answer in time");
}

struct FreeAddresses {
  void operator()(addrinfo* all) const { ::freeaddrinfo(all); }
};

Result<Fd> connect_to(const addrinfo& address, Deadline deadline) {
  Fd fd(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                 address.ai_protocol));
  if (!fd) return away(reason(errno));
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return fd;
  if (errno != EINPROGRESS) return away(reason(errno));
  if (!wait_for(fd.get(), POLLOUT, deadline)) return no_answer();
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return away(reason(error));
  return fd;
}

/// Tries the addresses of the host one after the other.
Result<Fd> connect_to(const Url& url, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed =
      ::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (failed != 0) return away(fmt::format("{}: {}", url.host, ::gai_strerror(failed)));
  const std::unique_ptr<addrinfo, FreeAddresses> all(found);
  Result<Fd> last = away(url.host + " has no address");
  for (const addrinfo* one = all.get(); one != nullptr && !last; one = one->ai_next) {
    last = connect_to(*one, deadline);
  }
  return last;
}

class PlainStream final : public Stream {
 public:
  PlainStream(Fd fd, Deadline deadline) : fd_(std::move(fd)), deadline_(deadline) {}

  Result<void> write(std::string_view text) override {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        text.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno != EAGAIN && errno != EINTR) {
        return away(reason(errno));
      } else if (!wait_for(fd_.get(), POLLOUT, deadline_)) {
        return no_answer();
      }
    }
    return {};
  }

  Result<std::string> read() override {
    std::array<char, kPiece> buffer{};
    for (;;) {
      const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
      if (got >= 0) return std::string(buffer.data(), static_cast<std::size_t>(got));
      if (errno != EAGAIN && errno != EINTR) return away(reason(errno));
      if (!wait_for(fd_.get(), POLLIN, deadline_)) return no_answer();
    }
  }

 private:
  const Fd fd_;
  const Deadline deadline_;
};

struct FreeTls {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
  void operator()(SSL* tls) const { ::SSL_free(tls); }
};

class TlsStream final : public Stream {
 public:
  TlsStream(Fd fd, Deadline deadline)
      : fd_(std::move(fd)), deadline_(deadline), context_(::SSL_CTX_new(::TLS_client_method())) {
    if (context_) tls_.reset(::SSL_new(context_.get()));
  }

  Result<void> shake_hands(const std::string& host) {
    if (!tls_ || !prepare(host)) return away("OpenSSL cannot be used");
    const auto done = repeat([&] { return ::SSL_connect(tls_.get()); });
    if (done) return {};
    const long verdict = ::SSL_get_verify_result(tls_.get());
    if (verdict == X509_V_OK) return away("TLS: " + done.error().what);
    return away(fmt::format("the certificate is not good for {}: {}", host,
                            ::X509_verify_cert_error_string(verdict)));
  }

  Result<void> write(std::string_view text) override {
    // Without SSL_MODE_ENABLE_PARTIAL_WRITE all of it is written, or none.
    return repeat(
               [&] { return ::SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())); })
        .map([](int) {});
  }

  Result<std::string> read() override {
    std::array<char, kPiece> buffer{};
    return repeat([&] {
             return ::SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
           })
        .map([&](int got) { return std::string(buffer.data(), static_cast<std::size_t>(got)); });
  }

 private:
  /// An address in the certificate is another kind of name, and no server name is sent for it.
  bool prepare(const std::string& host) {
    ::SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    if (::SSL_CTX_set_default_verify_paths(context_.get()) != 1) return false;
    ::SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    ::SSL_set_verify(tls_.get(), SSL_VERIFY_PEER, nullptr);
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
    auto* const parameters = ::SSL_get0_param(tls_.get());
    if (is_address && ::X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1) return false;
    if (!is_address && (::SSL_set1_host(tls_.get(), host.c_str()) != 1 || send_name(host) != 1)) {
      return false;
    }
    return ::SSL_set_fd(tls_.get(), fd_.get()) == 1;
  }

  /// What the macro SSL_set_tlsext_host_name() does, without its old casts.
  long send_name(std::string host) {
    return ::SSL_ctrl(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                      host.data());
  }

  /// Calls `use` until it is done; 0 is the end of what comes.
  template <class Use>
  Result<int> repeat(const Use& use) {
    for (;;) {
      ::ERR_clear_error();
      const int done = use();
      if (done > 0) return done;
      const int error = ::SSL_get_error(tls_.get(), done);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      const bool reads = error == SSL_ERROR_WANT_READ;
      if (!reads && error != SSL_ERROR_WANT_WRITE) return away(why(error));
      if (!wait_for(fd_.get(), reads ? POLLIN : POLLOUT, deadline_)) return no_answer();
    }
  }

  static std::string why(int error) {
    const auto* const text = ::ERR_reason_error_string(::ERR_peek_last_error());
    if (text != nullptr) return text;
    return error == SSL_ERROR_SYSCALL && errno != 0 ? reason(errno) : "the connection was closed";
  }

  const Fd fd_;
  const Deadline deadline_;
  std::unique_ptr<SSL_CTX, FreeTls> context_;
  std::unique_ptr<SSL, FreeTls> tls_;
};

}  // namespace

Result<std::unique_ptr<Stream>> Stream::open(const Url& url, Deadline deadline) {
  auto fd = connect_to(url, deadline);
  if (!fd) return tl::unexpected(std::move(fd.error()));
  if (!url.tls) return std::make_unique<PlainStream>(std::move(*fd), deadline);
  auto stream = std::make_unique<TlsStream>(std::move(*fd), deadline);
  if (auto shaken = stream->shake_hands(url.host); !shaken) {
    return tl::unexpected(std::move(shaken.error()));
  }
  return stream;
}

}  // namespace gatehouse::cli
