/// The check in front of libfcgi: any bytes as records, and any bytes as content of honest records.
/// What it lets pass goes to libfcgi itself, which must read it to its end.
#include "server/framing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "property.h"
#include "server/libfcgi.h"

namespace {

using gatehouse::fuzz::require;
using gatehouse::server::check_framing;
using gatehouse::server::kMaxRequestBytes;
using State = gatehouse::server::Framing::State;

constexpr std::size_t kHeaderBytes = 8;
constexpr char kStdout = 6;

State state_of(std::string_view bytes) {
  const std::basic_string<unsigned char> unsigned_bytes(bytes.begin(), bytes.end());
  return check_framing(unsigned_bytes).state;
}

unsigned char byte_of(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

std::string record(unsigned type, std::string_view content, std::size_t padding = 0) {
  std::string bytes(kHeaderBytes, '\0');
  bytes[0] = 1;
  bytes[1] = static_cast<char>(type);
  bytes[3] = 7;  // the request's id
  bytes[4] = static_cast<char>(content.size() >> 8U);
  bytes[5] = static_cast<char>(content.size() & 0xffU);
  bytes[6] = static_cast<char>(padding);
  return bytes.append(content).append(padding, '\0');
}

std::string length(std::size_t value) {
  if (value < 128) return {static_cast<char>(value)};
  return {static_cast<char>(0x80U | value >> 24U), static_cast<char>(value >> 16U & 0xffU),
          static_cast<char>(value >> 8U & 0xffU), static_cast<char>(value & 0xffU)};
}

/// `content` cut into records of `chunk` bytes, and the empty record that ends the stream.
std::string stream(unsigned type, std::string_view content, std::size_t chunk,
                   std::size_t padding) {
  std::string bytes;
  for (; !content.empty(); content.remove_prefix(std::min(chunk, content.size()))) {
    bytes += record(type, content.substr(0, chunk), padding);
  }
  return bytes + record(type, {});
}

/// Reads the request as server/ does, and gives its parameter X and the length of its body.
struct Seen {
  std::string x;
  std::size_t body_bytes = 0;
};
Seen read_with_libfcgi(std::string_view bytes) {
  static const bool started = (gatehouse::server::start_libfcgi(), true);
  require(started, "libfcgi starts");
  std::vector<unsigned char> copy(bytes.begin(), bytes.end());
  gatehouse::server::FcgiCodec codec;
  const auto request = codec.read(copy);
  require(request.has_value(), "libfcgi finds what is framed whole");
  std::string answer;
  static_cast<void>(codec.write("Status: 204\r\n\r\n", answer));
  require(answer.size() > kHeaderBytes && answer[1] == kStdout,
          "libfcgi answers the request and nothing else");
  return {std::string(request->param("X")), request->body_size()};
}

void begins_and_ends_as_a_request(std::string_view bytes) {
  require(byte_of(bytes, 0) == 1 && byte_of(bytes, 1) == 1, "BEGIN_REQUEST comes first");
  require(byte_of(bytes, 8) == 0 && byte_of(bytes, 9) == 1, "the role is responder");
  std::size_t last = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned type = byte_of(bytes, i + 1);
    require(type == 1 || type == 4 || type == 5, "no other records pass");
    require(bytes.substr(i + 2, 2) == bytes.substr(2, 2), "all records are of one request");
    last = i;
    i +=
        kHeaderBytes + byte_of(bytes, i + 4) * 256U + byte_of(bytes, i + 5) + byte_of(bytes, i + 6);
    require(i <= bytes.size(), "no record is cut short");
  }
  require(byte_of(bytes, last + 1) == 5, "the body's end comes last");
}

void a_request_is_complete_only_as_a_whole(std::string_view bytes) {
  for (std::size_t cut = 1; cut <= std::min<std::size_t>(bytes.size(), 12); ++cut) {
    require(state_of(bytes.substr(0, bytes.size() - cut)) == State::incomplete,
            "what lacks its end is incomplete");
    require(state_of(bytes.substr(0, cut - 1)) == State::incomplete, "so is its beginning");
  }
  require(state_of(std::string(bytes) + '\1') == State::malformed, "nothing may follow");
}

void any_bytes(std::string_view bytes) {
  if (bytes.size() >= kMaxRequestBytes) return;
  switch (state_of(bytes)) {
    case State::complete:
      begins_and_ends_as_a_request(bytes);
      a_request_is_complete_only_as_a_whole(bytes);
      read_with_libfcgi(bytes);
      break;
    case State::malformed:
      require(state_of(std::string(bytes) + std::string(300, '\0')) == State::malformed,
              "more bytes mend nothing");
      break;
    case State::incomplete:
      break;
    case State::oversized:
      require(false, "what is shorter than the limit is not oversized");
  }
}

/// The first two bytes say how the records are cut and padded, the rest is a value and a body.
void honest_content(std::string_view bytes) {
  if (bytes.size() < 2 || bytes.size() > 1024) return;
  const std::size_t chunk = byte_of(bytes, 0) + 1U;
  const std::size_t padding = byte_of(bytes, 1) % 8U;
  bytes.remove_prefix(2);
  const std::string pair = length(1) + length(bytes.size()) + "X" + std::string(bytes);
  const std::string request = record(1, std::string_view("\0\1\1\0\0\0\0\0", 8)) +
                              stream(4, pair, chunk, padding) + stream(5, bytes, chunk, padding);
  if (request.size() >= kMaxRequestBytes) return;
  require(state_of(request) == State::complete, "an honest request is complete");
  a_request_is_complete_only_as_a_whole(request);
  const Seen seen = read_with_libfcgi(request);
  require(seen.x == bytes.substr(0, bytes.find('\0')), "libfcgi sees the value that was sent");
  require(seen.body_bytes == bytes.size(), "libfcgi sees the body that was sent");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  any_bytes(bytes);
  honest_content(bytes);
  return 0;
}
