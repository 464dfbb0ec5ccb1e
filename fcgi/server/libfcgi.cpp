#include "server/libfcgi.h"

#include <fcgios.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/secret.h"
#include "server/framing.h"

namespace gatehouse::server {
namespace {

/// libfcgi takes this for the connection's descriptor. It must not be negative, or FCGX_Accept_r
/// would accept a connection by itself. The kernel gives no descriptor this number, so libfcgi's
/// own close, which happens after an error and would wait up to two seconds for the peer of a real
/// socket, fails at once and harms nothing.
constexpr int kNoDescriptor = INT_MAX;

/// The bytes that OS_Read still has to give on this thread.
thread_local std::span<const unsigned char> unread;
/// The part of libfcgi's own buffer, of which each request has one, that OS_Read has filled.
thread_local std::span<char> filled;
/// OS_Write appends to this text what libfcgi writes on this thread.
thread_local std::string* written = nullptr;

/// Makes `bytes` what libfcgi reads on this thread for as long as it lives, then wipes them and the
/// buffer into which libfcgi has copied them. `request` must have been read to its end before.
class Input {
 public:
  Input(std::span<unsigned char> bytes, const FCGX_Request& request) noexcept
      : bytes_(bytes), request_(request) {
    unread = bytes;
    filled = {};
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    unread = {};
    // libfcgi has freed the buffer of a request that it refused. The framing check lets no such
    // request come here.
    if (request_.in != nullptr) wipe(filled);
    filled = {};
    wipe(bytes_);
  }

 private:
  std::span<unsigned char> bytes_;
  const FCGX_Request& request_;
};

/// Appends what libfcgi writes on this thread to `text` for as long as it lives.
class Output {
 public:
  explicit Output(std::string& text) noexcept { written = &text; }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { written = nullptr; }
};

/// BEGIN_REQUEST (responder, keep the connection), an empty PARAMS, an empty STDIN.
constexpr std::array<unsigned char, 32> kEmptyRequest = {
    1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0};

/// Reads a request, writes an answer, and reads where nothing is left, which must be an error. With
/// functions of libfcgi's own the first two would fail, since kNoDescriptor does not exist.
bool libfcgi_calls_ours() {
  FcgiCodec codec;
  auto bytes = kEmptyRequest;
  std::string records;
  if (!codec.read(bytes) || !codec.write("Status: 204\r\n\r\n", records)) return false;
  return !records.empty() && !codec.read(std::span(bytes).first(0));
}

}  // namespace

void start_libfcgi() {
  ::FCGX_Init();
  if (!libfcgi_calls_ours()) {
    throw std::runtime_error(
        "libfcgi does not read and write through OS_Read and OS_Write as its Debian packages do: "
        "use the shared library of the package libfcgi0ldbl");
  }
}

FcgiCodec::FcgiCodec() noexcept {
  ::FCGX_InitRequest(&request_, -1, 0);
}

FcgiCodec::~FcgiCodec() {
  request_.ipcFd = -1;
  ::FCGX_Free(&request_, 0);
}

std::optional<http::Request> FcgiCodec::read(std::span<unsigned char> bytes) {
  const Input input(bytes, request_);
  request_.ipcFd = kNoDescriptor;
  request_.keepConnection = 1;  // otherwise FCGX_Accept_r first closes and then accepts
  if (::FCGX_Accept_r(&request_) != 0) return std::nullopt;
  if (::FCGX_GetError(request_.in) != 0) return std::nullopt;
  http::Params params = take_params(bytes.size());
  http::Request request(std::move(params), read_body());
  if (::FCGX_GetError(request_.in) != 0) return std::nullopt;
  return request;
}

/// Copies the parameters and wipes libfcgi's own copies, among them the session cookie.
http::Params FcgiCodec::take_params(std::size_t most_bytes) {
  http::Params params(most_bytes);
  for (char** pair = request_.envp; *pair != nullptr; ++pair) {
    const std::string_view text(*pair);
    const auto equals = text.find('=');
    params.add(text.substr(0, equals), text.substr(std::min(text.size(), equals + 1)));
    wipe(std::span(*pair, text.size()));
  }
  return params;
}

/// Reads the body to its end, whatever the request is: only there does libfcgi say whether all of
/// it came.
Secret FcgiCodec::read_body() {
  std::string body;
  std::array<char, 512> part{};
  int size = 0;
  do {
    size = ::FCGX_GetStr(part.data(), static_cast<int>(part.size()), request_.in);
    // This makes it one allocation at most: a second would leave a copy of the first behind.
    if (size == static_cast<int>(part.size())) body.reserve(kMaxRequestBytes);
    body.append(part.data(), static_cast<std::size_t>(size));
  } while (size == static_cast<int>(part.size()));
  // Wiping is slow, and most requests have no body; a body longer than `part` has filled all of it.
  wipe(std::span(part).first(std::min(part.size(), body.size())));
  return Secret(std::move(body));
}

bool FcgiCodec::write(std::string_view answer, std::string& records) {
  const Output output(records);
  records.reserve(records.size() + answer.size() + answer.size() / 64 + 256);  // for the headers
  ::FCGX_PutStr(answer.data(), static_cast<int>(answer.size()), request_.out);
  const bool keep = request_.keepConnection != 0;
  // This is what FCGX_Finish_r does, without its closing of the descriptor.
  const bool failed = ::FCGX_FClose(request_.err) != 0 || ::FCGX_FClose(request_.out) != 0 ||
                      ::FCGX_GetError(request_.in) != 0;
  request_.ipcFd = -1;
  ::FCGX_Free(&request_, 0);
  return keep && !failed;
}

}  // namespace gatehouse::server

// NOLINTBEGIN(readability-identifier-naming): the names are libfcgi's

/// Gives the next bytes of the current request; 0 at their end, as read(2) does at the end of a
/// stream, which libfcgi takes for an error.
int OS_Read(int /*fd*/, char* buffer, std::size_t size) {
  using gatehouse::server::filled;
  using gatehouse::server::unread;
  const auto part = unread.first(std::min(size, unread.size()));
  std::memcpy(buffer, part.data(), part.size());
  filled = {buffer, std::max(part.size(), filled.size())};
  unread = unread.subspan(part.size());
  return static_cast<int>(part.size());
}

/// Takes what libfcgi writes; the connection sends it when the peer takes it. libfcgi itself gives
/// up at the first write that a socket does not take at once, which would cut an answer longer than
/// the socket's buffer. Wipes the bytes, which stand in a buffer that libfcgi frees as it is: the
/// cookie of a new session would stay in it.
int OS_Write(int /*fd*/, char* bytes, std::size_t size) {
  if (gatehouse::server::written == nullptr) return -1;
  gatehouse::server::written->append(bytes, size);
  gatehouse::wipe(std::span(bytes, size));
  return static_cast<int>(size);
}

// NOLINTEND(readability-identifier-naming)
